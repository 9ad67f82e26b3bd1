"""An organization's own keys for providers of models: stored, removed, and allowed by staff whatever the plan says."""

import re
from collections.abc import Mapping

from django.db import transaction

from accounts import notices
from accounts.models import Organization, OwnKey, User
from integrations.ai import registry
from scribe import audit
from scribe.errors import Conflict, Forbidden, InvalidInput
from scribe.messages import _


@transaction.atomic
def allow(*, organization: Organization, allowed: bool, by: User, reason: str) -> Organization:
    """Allow or forbid own provider keys, whatever the plan says. Stored keys stay, unused while it is forbidden."""
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.byok_enabled == allowed:
        raise Conflict(_("Nothing to change: this is already the case."), code="no_change")
    row.byok_enabled = allowed
    row.save(update_fields=["byok_enabled"])
    audit.record(
        action="organization.own_keys_allowed" if allowed else "organization.own_keys_forbidden",
        actor=by,
        target=row,
        reason=reason,
        before={"byok_enabled": not allowed},
        after={"byok_enabled": allowed},
    )
    return row


def providers(organization: Organization) -> frozenset[str]:
    """The providers that the organization has a key for, used or not."""
    return frozenset(organization.own_keys.values_list("provider", flat=True))


@transaction.atomic
def update(*, organization: Organization, keys: Mapping[str, str], by: User) -> Organization:
    """Store the key of each provider in `keys`, or remove it where the text is empty. Other keys stay. Nobody is told when
    all were so before.

    Raises Forbidden `byok_disabled` unless the plan or staff allow own keys, InvalidInput for what can't be a key.
    """
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if not row.byok_enabled:
        raise Forbidden(
            _("Your plan does not include using your own AI provider keys. Choose a higher plan to use them."),
            code="byok_disabled",
        )
    known = {own.provider: own.key for own in OwnKey.objects.filter(organization=row)}
    sent = {provider: key.strip() for provider, key in keys.items()}
    sent = {provider: key for provider, key in sent.items() if key != known.get(provider, "")}
    for provider, key in sent.items():
        if re.search(r"[^\x21-\x7e]", key):
            raise InvalidInput.at(
                f"#/{provider}_api_key",
                _("The key contains characters that keys can't have. Copy it again, without spaces."),
                "invalid",
            )
        if key:
            OwnKey.objects.update_or_create(organization=row, provider=provider, defaults={"key": key})
        else:
            OwnKey.objects.filter(organization=row, provider=provider).delete()
    if sent:
        names = ", ".join(registry.PROVIDERS[provider].name for provider in sent)
        notices.security_of_organization(
            organization=row,
            title=_("Your organization's AI provider keys were changed"),
            body=_("An admin changed or removed the keys for: {names}.", names=names),
        )
        audit.record(
            action="organization.own_keys_changed",
            actor=by,
            target=row,
            after={f"{provider}_api_key": bool(key) for provider, key in sent.items()},
        )
    return row
