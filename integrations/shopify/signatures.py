"""Proof that a request comes from Shopify: the HMAC of an OAuth redirect's query or of a webhook's body.

https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant and
https://shopify.dev/docs/apps/build/webhooks/subscribe/https. Shopify's official libraries write the signed query in two
ways, which agree on ordinary values. We accept both.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from urllib.parse import quote

SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")


def shop_domain(text: str) -> str:
    """`foo`, `foo.myshopify.com`, `https://admin.shopify.com/store/foo` as `foo.myshopify.com`; "" for anything else."""
    name = text.strip().lower()
    name = re.sub(r"^https?://", "", name).split("?", 1)[0].rstrip("/")
    if found := re.fullmatch(r"admin\.shopify\.com/store/([a-z0-9-]+)(/.*)?", name):
        name = found[1]
    name = name.split("/", 1)[0]
    if "." not in name:
        name += ".myshopify.com"
    return name if SHOP.fullmatch(name) else ""


def query_is_signed(pairs: Iterable[tuple[str, str]], secret: str) -> bool:
    """Whether `hmac` in a redirect's decoded query pairs signs all the other pairs with the app's secret."""
    fields: dict[str, list[str]] = {}
    given = ""
    for key, value in pairs:
        if key == "hmac":
            given = value
        elif key != "signature":
            fields.setdefault(key, []).append(value)
    if not given or not secret:
        return False
    plain = "&".join(sorted(f"{_escape(k, '=')}={_escape(_join(k, v))}" for k, v in fields.items()))
    encoded = "&".join(sorted(f"{quote(k, safe='')}={quote(v, safe='')}" for k, vs in fields.items() for v in vs))
    made = [hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest() for message in (plain, encoded)]
    return any(hmac.compare_digest(m.encode(), given.lower().encode()) for m in made)


def _join(key: str, values: list[str]) -> str:
    return values[0] if len(values) == 1 else "[" + ", ".join(f'"{v}"' for v in values) + "]"


def _escape(text: str, also: str = "") -> str:
    text = text.replace("%", "%25").replace("&", "%26")
    return text.replace("=", "%3D") if also else text


def body_is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether a webhook's raw body was signed with the app's secret."""
    if not header or not secret:
        return False
    made = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(made, header.strip().encode())
