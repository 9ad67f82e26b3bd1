"""Proof of identity for the support chat."""

import hashlib
import hmac

from django.conf import settings

from accounts.models import User
from scribe.errors import NotConfigured
from scribe.messages import _


def chatwoot_identity(user: User) -> dict[str, str]:
    """What Chatwoot's `setUser` takes: the user's id, and its HMAC-SHA256 with the identity key of the inbox.

    https://www.chatwoot.com/docs/product/channels/live-chat/sdk/identity-validation
    """
    if not settings.CHATWOOT_IDENTITY_KEY:
        raise NotConfigured(_("The support chat is not set up on this server."), code="chatwoot_not_configured")
    identifier = str(user.pk)
    key = settings.CHATWOOT_IDENTITY_KEY.encode()
    return {"identifier": identifier, "identifier_hash": hmac.new(key, identifier.encode(), hashlib.sha256).hexdigest()}
