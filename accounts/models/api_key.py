"""Keys with which programs call us: a shop's plugin, an ERP, an agency's scripts. And the
organization's own keys for providers of models."""

from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.membership import Membership
from scribe import gdpr
from scribe.crypto import EncryptedTextField
from scribe.ids import uuid7
from scribe.rows import OrganizationQuerySet, OrganizationRow


class ApiKeyRows(OrganizationQuerySet["ApiKey"]):
    def live(self) -> Self:
        """Keys that work now: active, not expired, and made by somebody who is still there."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(unexpired, Q(survives_creator=True) | Q(created_by__is_active=True), is_active=True)

    def standing(self, ids: list[UUID]) -> Self:
        """Those of `ids` that work now."""
        return self.live().filter(pk__in=ids)


class ApiKey(OrganizationRow):
    """A key to the operations that its scopes name. Only its hash is kept: the key itself was shown once.

    It acts as the person who made it and can do at most what that person can at the time of the call.
    """

    class Mode(models.TextChoices):
        LIVE = "live", "Live"
        TEST = "test", "Test"

    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    mode = models.CharField(max_length=4, choices=Mode, default=Mode.LIVE, db_default=Mode.LIVE)
    scopes = models.JSONField(default=list)
    project_ids = ArrayField(
        models.UUIDField(), default=list, db_default=[], blank=True, help_text="Empty: all projects of its mode."
    )
    is_active = models.BooleanField(default=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    allowed_networks = models.JSONField(default=list, blank=True, help_text="CIDR; empty allows every address.")
    line = models.UUIDField(default=uuid7, editable=False, help_text="The same for a key and those that replace it.")
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces"
    )
    replaced_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was rotated out, which stays when the key in its place is deleted."
    )
    xct_per_month = models.DecimalField(
        "XCT a month",
        max_digits=16,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="The most that the key and those it replaced may spend in a calendar month (UTC).",
    )
    warned_days = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, help_text="The last warning of its end, in days before it."
    )
    survives_creator = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Made before keys had scopes: it opens the plugin operations whoever made it has left.",
    )
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_address = models.GenericIPAddressField(null=True, blank=True)
    created_by = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects: ClassVar = ApiKeyRows.as_manager()

    personal_data = gdpr.PersonalData(
        export=(
            "id name prefix mode scopes project_ids is_active expires_at allowed_networks xct_per_month last_used_at "
            "last_used_address created_by_id created_at"
        ),
    )

    class Meta:
        verbose_name = "API key"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(xct_per_month=None) | Q(xct_per_month__gte=0), name="api_key_cap_is_no_debt"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(replaced_at__isnull=False), name="api_key_replaced_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-created_at"], name="api_key_by_organization"),
            models.Index(fields=["expires_at"], name="api_key_by_expiry", condition=Q(is_active=True)),
        ]

    # On the plugin operations a key is the principal itself: signed in, with its maker's role, but not an admin.
    is_authenticated = True
    is_admin = False
    is_super_admin = False
    session = None

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_test(self) -> bool:
        return self.mode == self.Mode.TEST

    @property
    def api_key(self) -> "ApiKey":
        """Itself, as a principal; a user has the key of the request here."""
        return self

    @property
    def _maker(self) -> Membership | None:
        """Whose role and projects bind the key where it is the principal: nobody's for one of the first kind."""
        return None if self.survives_creator else self.created_by

    @property
    def role(self) -> str:
        """The role of whoever made it, and at most that of a member."""
        maker = self._maker
        return maker.role if maker is not None and maker.role != Membership.Role.ADMIN else Membership.Role.MEMBER

    @property
    def project_limits(self) -> list[list[UUID]]:
        """As in `scribe.rows.Principal`."""
        of_maker = self._maker.project_ids if self._maker is not None else []
        return [ids for ids in (self.project_ids, of_maker) if ids]


class ApiKeyRequest(OrganizationRow):
    """One request that a key made, kept for some days."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="requests")
    method = models.CharField(max_length=8)
    route = models.CharField(max_length=200, help_text="The path pattern, without IDs.")
    status = models.PositiveSmallIntegerField()
    code = models.CharField(
        max_length=100, blank=True, default="", db_default="", help_text="Of the error, if it was one."
    )
    address = models.GenericIPAddressField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField()
    request_id = models.CharField(max_length=128)

    personal_data = gdpr.PersonalData(
        export="api_key_id method route status code address milliseconds request_id created_at"
    )

    class Meta:
        verbose_name = "request of an API key"
        verbose_name_plural = "requests of API keys"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["api_key", "-created_at"], name="api_key_request_by_key"),
            models.Index(fields=["created_at"], name="api_key_request_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.status}"


class OwnKey(OrganizationRow):
    """`provider` is an id of `integrations.ai.registry`. Removing a key deletes its row."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="own_keys")
    provider = models.CharField(max_length=20)
    key = EncryptedTextField()

    personal_data = gdpr.PersonalData(export="id provider created_at")

    class Meta:
        ordering = ["provider"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "provider"], name="own_key_once_per_provider"),
            models.CheckConstraint(condition=~models.Q(key=""), name="own_key_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.provider
