"""An organization's details, and the billing details for its invoices."""

import re

from django.db import transaction
from django.utils import timezone
from stdnum.exceptions import ValidationError as NumberError
from stdnum.rs import pib

from accounts import countries
from accounts.models import Organization, User
from scribe import audit, sizes
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json

DETAILS = ("name", "settings", "address", "phone_number", "tax_id", "billing_email", "enforce_2fa")
BILLING = (
    "billing_company_name",
    "billing_pib",
    "billing_mb",
    "billing_address",
    "billing_city",
    "billing_postal_code",
    "billing_country",
)


def _lock(organization: Organization) -> Organization:
    return Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


@transaction.atomic
def update(*, organization: Organization, changes: Json, by: User) -> Organization:
    """Change the fields that were sent. `settings` is merged by its top-level keys; a key sent as null is removed."""
    row = _lock(organization)
    sent = [name for name in DETAILS if name in changes and changes[name] is not None]
    before = {name: getattr(row, name) for name in ("enforce_2fa",) if name in sent}
    for name in sent:
        setattr(row, name, _merge(row.settings, changes[name]) if name == "settings" else changes[name])
    if sent:
        row.save(update_fields=sent)
        audit.record(
            action="organization.updated",
            actor=by,
            target=row,
            before=before,
            after={"fields": sent, **{name: getattr(row, name) for name in before}},
        )
    return row


def _merge(settings: Json, changes: Json) -> Json:
    merged = {key: value for key, value in {**settings, **changes}.items() if value is not None}
    sizes.check_size(merged, "#/settings", most=sizes.SETTINGS_BYTES, before=settings)
    if not isinstance(merged.get("generation", {}), dict):
        raise InvalidInput.at("#/settings/generation", _("This must be an object."), "invalid")
    return merged


@transaction.atomic
def suspend(*, organization: Organization, by: User, reason: str) -> Organization:
    """Stop an organization's new work, as platform staff: jobs, generation, uploads, purchases. What is at work goes on,
    what waits goes on when it works again. People can still sign in, read and export. It may be repeated."""
    row = _lock(organization)
    if row.suspended_at is None:
        row.suspended_at, row.suspended_reason = timezone.now(), reason
        row.save(update_fields=["suspended_at", "suspended_reason"])
        _suspension_recorded(row, by, "suspended", before=False, reason=reason)
    return row


@transaction.atomic
def lift_suspension(*, organization: Organization, by: User, reason: str = "") -> Organization:
    """Let a suspended organization work again."""
    row = _lock(organization)
    if row.suspended_at is not None:
        row.suspended_at, row.suspended_reason = None, ""
        row.save(update_fields=["suspended_at", "suspended_reason"])
        _suspension_recorded(row, by, "suspension_lifted", before=True, reason=reason)
    return row


def _suspension_recorded(row: Organization, by: User, verb: str, *, before: bool, reason: str) -> None:
    audit.record(
        action=f"organization.{verb}",
        actor=by,
        target=row,
        reason=reason,
        before={"suspended": before},
        after={"suspended": not before},
    )


@transaction.atomic
def set_billing_details(
    *, organization: Organization, changes: Json, by: User
) -> tuple[Organization, list[dict[str, str]]]:
    """Change the billing details that were sent. Returns the row and warnings (`{pointer, detail, code}`).

    In Serbia the PIB must have a right check digit, and the MB eight digits (a wrong check digit of it is a warning).
    """
    row = _lock(organization)
    sent = [name for name in BILLING if name in changes]
    for name in sent:
        setattr(row, name, " ".join((changes[name] or "").split()))
    row.billing_country = row.billing_country.upper()
    if "billing_country" in sent and row.billing_country not in ("", *countries.CODES):
        raise InvalidInput.at(
            "#/billing_country", _("Enter the two letters of the country, such as RS."), "invalid_country"
        )
    warnings: list[dict[str, str]] = []
    if row.billing_country in ("", "RS"):
        row.billing_pib = _pib(row.billing_pib, strict=row.billing_country == "RS" or "billing_pib" in sent)
        warnings += _mb(row.billing_mb, strict=row.billing_country == "RS" or "billing_mb" in sent)
    if sent:
        row.save(update_fields=BILLING)
        audit.record(action="organization.billing_details_changed", actor=by, target=row, after={"fields": sent})
    return row, warnings


def _pib(text: str, *, strict: bool) -> str:
    bare = re.sub(r"[\s.-]", "", text.upper()).removeprefix("RS")
    if not bare:
        return ""
    try:
        return str(pib.validate(bare))
    except NumberError:
        if strict:
            raise InvalidInput.at(
                "#/billing_pib",
                _("This PIB is not valid: it has nine digits, the last of which is a check digit."),
                "invalid_pib",
            ) from None
        return text


def _mb(text: str, *, strict: bool) -> list[dict[str, str]]:
    if not text:
        return []
    if not re.fullmatch(r"[0-9]{8}", text):
        if strict:
            raise InvalidInput.at("#/billing_mb", _("A registration number (MB) has eight digits."), "invalid_mb")
        return []
    if int(text[7]) != mb_check_digit(text):
        return [
            {
                "pointer": "#/billing_mb",
                "detail": _("The registration number (MB) may be mistyped: its check digit does not match."),
                "code": "mb_check_digit",
            }
        ]
    return []


def mb_check_digit(text: str) -> int:
    """The eighth digit of a Serbian registration number, modulo 11 over the first seven."""
    rest = sum(int(digit) * weight for digit, weight in zip(text, (2, 7, 6, 5, 4, 3, 2), strict=False)) % 11
    return 0 if rest < 2 else 11 - rest
