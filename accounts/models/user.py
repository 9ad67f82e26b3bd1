"""A person who signs in: with a role in one organization, or as platform staff."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models, transaction
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_email.models import EmailDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models.api_key import OwnKey
from accounts.models.membership import Membership, rules
from accounts.models.organization import Organization
from accounts.models.sign_in import SocialIdentity
from scribe import audit, gdpr
from scribe.rows import OrganizationQuerySet, Row

if TYPE_CHECKING:
    from accounts.models.api_key import ApiKey
    from accounts.models.session import Session


class UserRows(OrganizationQuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def admins(self) -> Self:
        return self.filter(role=User.Role.ADMIN)

    def seeing(self, project_id: UUID | None) -> Self:
        """Those who see this project; without one, all."""
        return self.filter(Q(project_ids=[]) | Q(project_ids__contains=[project_id])) if project_id else self

    def profiles(self) -> Self:
        """Add the other data of a profile in the same statement: `method_of_device`, `provider_of_sign_in`, and
        `own_key_providers` (the providers that the organization has a key for)."""
        device = {"user": OuterRef("pk"), "confirmed": True}
        return self.select_related("organization").annotate(
            method_of_device=Case(
                When(Exists(TOTPDevice.objects.filter(**device)), then=Value("totp")),
                When(Exists(EmailDevice.objects.filter(**device)), then=Value("email")),
                default=Value(""),
            ),
            provider_of_sign_in=Subquery(
                SocialIdentity.objects.filter(user=OuterRef("pk")).order_by("created_at").values("provider")[:1]
            ),
            own_key_providers=ArraySubquery(
                OwnKey.objects.filter(organization=OuterRef("organization")).values("provider")
            ),
        )


RowsManager = models.Manager.from_queryset(UserRows)


class UserManager(BaseUserManager["User"], RowsManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalize_email(username or ""))

    @transaction.atomic
    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A verified member of platform staff: admin of the organization "Platform", which is opened if need be.

        `manage.py createsuperuser` calls this.
        """
        user = self.model(
            organization=Organization.objects.platform(),
            email=normalize_email(email),
            role=User.Role.ADMIN,
            is_super_admin=True,
            email_verified_at=timezone.now(),
            **fields,
        )
        user.set_password(password)
        user.save(force_insert=True)
        audit.record(action="user.staff_created", target=user)
        return user


def normalize_email(email: str) -> str:
    """One spelling per address: trimmed and in lower case."""
    return email.strip().lower()


class User(AbstractBaseUser, Membership, Row):
    """A user. `is_super_admin` marks platform staff; Django's admin reads it as `is_staff` and `is_superuser`."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="users")
    email = models.EmailField(unique=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    pending_email = models.EmailField(blank=True, help_text="Counts after its verification.")
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    phone_number = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    is_super_admin = models.BooleanField("platform staff", default=False)
    two_factor_suspended_at = models.DateTimeField(
        null=True, blank=True, help_text="Set: the second factor is not asked for."
    )
    two_factor_demanded = models.BooleanField(default=False, help_text="The next sign-in demands set-up.")
    sessions_stamp = models.PositiveIntegerField(
        default=0,
        help_text="Goes up when every session ends; a cookie of the admin counts with the present value only.",
    )
    language = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="Of the pages; empty: as the browser asks."
    )
    mail_usage_billing = models.BooleanField(default=True)
    mail_ai_studio = models.BooleanField(default=True)
    mail_system_alerts = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]

    #: The session that the request signed in with; set by authentication.
    session: "Session | None" = None
    #: The key that the request came with; set by authentication.
    api_key: "ApiKey | None" = None
    auth_time: int = 0

    personal_data = gdpr.PersonalData(
        export=(
            "id email email_verified_at pending_email first_name last_name phone_number role languages project_ids is_active "
            "mail_usage_billing mail_ai_studio mail_system_alerts last_login created_at"
        ),
        erase="accounts.erasure.erase_users",
        reason="Ledger and audit log name users by id; everything personal is emptied.",
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower_case",
                condition=models.Q(email=Lower("email")),
            ),
            *rules("user"),
        ]
        indexes = [models.Index(fields=["organization", "role"], name="user_by_organization_and_role")]

    def __str__(self) -> str:
        return self.email

    def get_session_auth_hash(self) -> str:
        """The hash that a browser session of the admin stores. A new password or stamp changes it, which ends the session."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same hash under SECRET_KEY_FALLBACKS, so that a rotated secret does not sign staff out."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None = None) -> str:
        said = f"{self.password}|{self.sessions_stamp}"
        return salted_hmac("accounts.User.session", said, secret=secret, algorithm="sha256").hexdigest()

    @property
    def impersonated(self) -> bool:
        """Whether a member of staff is working as this user, in this request's session."""
        return self.session is not None and self.session.impersonator_id is not None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email.partition("@")[0]

    @property
    def audit_label(self) -> str:
        """Staff by their address; customers by their id, since the audit log outlives them."""
        return self.email if self.is_super_admin else f"user {self.pk}"

    @property
    def is_admin(self) -> bool:
        """Whether the user may call operations for the organization's admins."""
        return self.role == self.Role.ADMIN

    @property
    def project_limits(self) -> list[list[UUID]]:
        """As in `scribe.rows.Principal`."""
        of_key = self.api_key.project_ids if self.api_key is not None else []
        return [ids for ids in (self.project_ids, of_key) if ids]

    @property
    def email_verified(self) -> bool:
        return self.email_verified_at is not None

    @property
    def email_preferences(self) -> dict[str, bool]:
        return {
            "usage_billing": self.mail_usage_billing,
            "ai_studio": self.mail_ai_studio,
            "system_alerts": self.mail_system_alerts,
        }

    @property
    def is_staff(self) -> bool:
        return self.is_super_admin

    @property
    def is_superuser(self) -> bool:
        return self.is_super_admin

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Staff may do everything in the admin; nobody else enters it."""
        return self.is_active and self.is_super_admin

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        return self.is_active and self.is_super_admin

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_super_admin
