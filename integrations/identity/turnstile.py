"""Cloudflare Turnstile: is a person filling in the form?

https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
"""

from django.conf import settings

from integrations.identity.errors import Unavailable, asking
from scribe.http import client

PARTY = "turnstile"
LONGEST_TOKEN = 2048


def is_accepted(token: str, *, address: str = "") -> bool:
    """Whether Cloudflare accepts `token`; it accepts each token once. Raises Unavailable when it cannot be asked."""
    if not token or len(token) > LONGEST_TOKEN:
        return False
    form = {"secret": settings.TURNSTILE_SECRET, "response": token}
    if address:
        form["remoteip"] = address
    with asking(PARTY):
        response = client.request("POST", settings.TURNSTILE_VERIFY_URL, data=form, timeout=5, max_bytes=64 * 1024)
        answer = response.json()
    if response.status >= 500 or not isinstance(answer, dict) or not isinstance(answer.get("success"), bool):
        raise Unavailable(PARTY)
    codes = answer.get("error-codes")
    if isinstance(codes, list) and "internal-error" in codes:
        raise Unavailable(PARTY)
    return answer["success"] is True
