"""The customer: everything that a customer can reach belongs to one organization. Beside it its own tones of voice."""

import secrets
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from accounts import openers
from scribe import gdpr
from scribe.errors import Conflict
from scribe.messages import _
from scribe.rows import OrganizationRow, Principal, Row

PLATFORM_SLUG = "platform"


class OrganizationRows(models.QuerySet["Organization"]):
    def visible_to(self, principal: Principal) -> Self:
        """A caller sees one organization: their own."""
        return self.filter(pk=principal.organization_id)

    def of(self, organization: "Organization | UUID") -> Self:
        return self.filter(pk=getattr(organization, "pk", organization))

    @transaction.atomic
    def open(self, *, name: str) -> "Organization":
        """Create an organization under a slug of its own, with the rows that other apps add for it."""
        name = " ".join(name.split())[:200]
        base = slugify(name)[:60] or "organization"
        for slug in (base, *(f"{base}-{secrets.token_hex(n)}" for n in (2, 3, 4, 8))):
            try:
                with (
                    transaction.atomic()
                ):  # of two companies with one name at once, the constraint lets one through; the other tries again
                    organization = self.create(name=name, slug=slug)
            except IntegrityError:
                continue
            openers.run(organization)
            return organization
        raise Conflict(_("Please try again."), code="slug_taken")

    def platform(self) -> "Organization":
        """Our own organization, which is opened on first use: of our staff, and of what nobody is charged for."""
        return self.filter(slug=PLATFORM_SLUG).first() or self.open(name="Platform")

    def due_for_deletion(self, now: datetime) -> Self:
        return self.filter(deletion_scheduled_for__lte=now, erased_at=None)


class Organization(Row):
    """A company that writes with us: its own details and its billing details."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    settings = models.JSONField(default=dict, blank=True)
    address = models.CharField(max_length=500, blank=True)
    phone_number = models.CharField(max_length=40, blank=True)
    tax_id = models.CharField(max_length=40, blank=True)
    billing_email = models.EmailField(blank=True)
    enforce_2fa = models.BooleanField(default=False)

    byok_enabled = models.BooleanField("own provider keys allowed", default=False)

    billing_company_name = models.CharField(max_length=200, blank=True)
    billing_pib = models.CharField("billing PIB", max_length=20, blank=True)
    billing_mb = models.CharField("billing MB", max_length=20, blank=True)
    billing_address = models.CharField(max_length=300, blank=True)
    billing_city = models.CharField(max_length=120, blank=True)
    billing_postal_code = models.CharField(max_length=20, blank=True)
    billing_country = models.CharField(max_length=2, blank=True)

    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.TextField(blank=True)
    deletion_requested_at = models.DateTimeField(null=True, blank=True)
    deletion_scheduled_for = models.DateTimeField(null=True, blank=True, db_index=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OrganizationRows.as_manager()

    personal_data = gdpr.PersonalData(
        export=(
            "id name slug settings address phone_number tax_id billing_email enforce_2fa billing_company_name "
            "billing_pib billing_mb billing_address billing_city billing_postal_code billing_country "
            "deletion_requested_at deletion_scheduled_for created_at"
        ),
        erase=gdpr.KEEP,
        reason="Ledger, invoices and audit log refer to it; the last step of the erasure empties it.",
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="organization_deletion_dates_are_paired",
                condition=models.Q(deletion_requested_at=None, deletion_scheduled_for=None)
                | models.Q(
                    deletion_requested_at__isnull=False,
                    deletion_scheduled_for__isnull=False,
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def deletion_pending(self) -> bool:
        return self.deletion_scheduled_for is not None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def has_billing_details(self) -> bool:
        """Whether the details suffice for an invoice. A Serbian company also needs its PIB."""
        named = all(
            (
                self.billing_company_name,
                self.billing_address,
                self.billing_city,
                self.billing_country,
            )
        )
        return named and (self.billing_country != "RS" or bool(self.billing_pib))

    def own_key(self, provider: str) -> str:
        """The organization's own key for `provider`; empty when it has none or may not use one."""
        if not self.byok_enabled:
            return ""
        row = self.own_keys.filter(provider=provider).first()
        return row.key if row else ""


class Tone(OrganizationRow):
    """`slug` is its id in the API; the built-in ids cannot be taken (accounts.tones)."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    system_prompt = models.TextField(blank=True)

    personal_data = gdpr.PersonalData(export="id slug name description system_prompt created_at")

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["organization", "slug"], name="tone_slug_once_per_organization")]

    def __str__(self) -> str:
        return self.name
