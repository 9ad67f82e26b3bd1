"""The app's side of Shopify's authorization code grant: the URL for the merchant, and tokens for the code.

https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens. Offline tokens
expire after an hour and come with a refresh token that changes at each use.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from integrations.stores.errors import LostAnswer, NotAuthorized, Rejected, StorePermanentError, StoreTransientError
from scribe.http import client
from scribe.http.errors import BadBody, BlockedAddress, OutboundError
from scribe.messages import _
from scribe.written import whole

STORE_SCOPES = ("read_products", "write_products")
BLOG_SCOPES = ("read_content", "write_content")
#: Asked for only when the merchant wants translations; a shop that has not granted them works for all else.
TRANSLATION_SCOPES = ("read_translations", "write_translations", "read_locales")
SCOPES = {"store": STORE_SCOPES, "blog": BLOG_SCOPES}


@dataclass(frozen=True, repr=False)
class Tokens:
    """A shop's grant. `expires_in` is in seconds; None for a token that doesn't expire. Has no repr."""

    access_token: str
    scopes: tuple[str, ...]
    refresh_token: str = ""
    expires_in: int | None = None

    def covers(self, needed: tuple[str, ...]) -> list[str]:
        """The needed scopes that were not granted; writing implies reading."""
        granted = {*self.scopes, *(s.replace("write_", "read_", 1) for s in self.scopes if s.startswith("write_"))}
        return [scope for scope in needed if scope not in granted]


def shop_url(shop: str) -> str:
    """The base URL of a shop: `https://{shop}` unless the deployment points elsewhere."""
    return str(settings.SHOPIFY_SHOP_URL).replace("{shop}", shop).rstrip("/")


def authorize_url(*, shop: str, purpose: str, state: str, redirect_uri: str, translations: bool = False) -> str:
    more = TRANSLATION_SCOPES if translations else ()
    query = {
        "client_id": settings.SHOPIFY_API_KEY,
        "scope": ",".join((*SCOPES[purpose], *more)),
        "redirect_uri": redirect_uri,
        "state": state,
    }
    return f"{shop_url(shop)}/admin/oauth/authorize?{urlencode(query)}"


def exchange(shop: str, code: str) -> Tokens:
    """Exchange an authorization code for tokens. A code works once."""
    return _ask(shop, {"code": code, "expiring": "1"})


def refresh(shop: str, refresh_token: str) -> Tokens:
    """Fetch fresh tokens. The access token and the refresh token both change."""
    return _ask(shop, {"grant_type": "refresh_token", "refresh_token": refresh_token})


def _ask(shop: str, body: dict[str, str]) -> Tokens:
    full = {"client_id": settings.SHOPIFY_API_KEY, "client_secret": settings.SHOPIFY_API_SECRET, **body}
    url = f"{shop_url(shop)}/admin/oauth/access_token"
    try:
        response = client.request("POST", url, json=full, headers={"Accept": "application/json"}, timeout=15)
        found = response.json() if response.ok else {}
    except BlockedAddress as error:
        raise StorePermanentError(str(error), code=error.code) from None
    except BadBody:
        raise Rejected(_("Shopify did not return a usable reply to the sign-in.")) from None
    except OutboundError as error:
        raise (LostAnswer if error.sent else StoreTransientError)(str(error)) from None
    if response.status == 429 or response.status >= 500:
        raise StoreTransientError(_("Shopify is busy."), retry_after=response.retry_after, status=response.status)
    if not response.ok:
        raise NotAuthorized(
            _("Shopify rejected the authorization. Start the installation again."), status=response.status
        )
    if not isinstance(found, dict) or not found.get("access_token"):
        raise Rejected(_("Shopify did not return a usable reply to the sign-in."))
    scopes = tuple(s for s in re.split(r"[,\s]+", str(found.get("scope") or "")) if s)
    expires = whole(str(found.get("expires_in") or ""), digits=9)
    return Tokens(str(found["access_token"]), scopes, str(found.get("refresh_token") or ""), expires or None)
