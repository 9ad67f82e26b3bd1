"""The models that an account may use before its address is verified."""

from typing import TYPE_CHECKING

from django.conf import settings

from billing.models import AIModel
from scribe.errors import Forbidden
from scribe.messages import _

if TYPE_CHECKING:
    from accounts.models import Organization


def check(organization: "Organization", model: AIModel) -> None:
    """Raises Forbidden `email_not_verified` for a model that is neither the provider's default nor of a tier in
    UNVERIFIED_MODEL_TIERS, while nobody of the organization has verified an address."""
    if model.is_default or model.tier_id in settings.UNVERIFIED_MODEL_TIERS:
        return
    people = organization.users.filter(is_active=True)
    if people.filter(email_verified_at=None).exists() and not people.exclude(email_verified_at=None).exists():
        raise Forbidden(
            _(
                "You can use this model after you verify your email address. Open the link in our email, or "
                "choose the provider's default model."
            ),
            code="email_not_verified",
        )
