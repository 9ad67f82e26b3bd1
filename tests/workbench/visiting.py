"""A person at the workbench, without a browser: Django's client with the cookie of a sign-in."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Session
from scribe import crypto
from workbench import cookies, session

FRAGMENT = {"HX-Request": "true"}
# What the form of the page for writing sends.
WISHES = {"selection": "pending", "language": "de", "tone": "friendly", "content_variant": "short", "ai_provider": "offline",
          "fields_wanted": ["translate_name", "generate_short"], "custom_instructions": ""}  # fmt: skip
POST_WISHES = {
    "topic": "Cold drinks",
    "post_type": "how_to",
    "language": "en",
    "tone": "friendly",
    "ai_provider": "offline",
}


class Visitor:
    """`get` and `post` assert the status for you and return the page's text; `last` is the whole response."""

    def __init__(self, user: Any = None, *, via: str = Session.Via.PASSWORD, **fields: Any) -> None:
        self.client = Client(raise_request_exception=False)
        self.session: Any = None
        self.last: Any = None
        if user is not None:
            self.session = Session.objects.create(user=user, organization_id=user.organization_id, via=via, **fields)
            value = crypto.sign(session.PURPOSE, {"s": str(self.session.pk), "u": str(user.pk)})
            self.client.cookies[cookies.name_of(cookies.SESSION)] = value

    def get(self, path: str, status: int = 200, **headers: str) -> str:
        return self._send("get", path, status, headers=headers)

    def post(self, path: str, data: dict[str, Any] | None = None, status: int = 302, **headers: str) -> str:
        return self._send("post", path, status, data=data or {}, headers=headers)

    def part(self, path: str, status: int = 200) -> str:
        """A part of a page, as htmx asks for it."""
        return self._send("get", path, status, headers=FRAGMENT)

    def send(self, path: str, data: dict[str, Any] | None = None, status: int = 200) -> str:
        """A form sent by htmx or by the module."""
        return self._send("post", path, status, data=data or {}, headers=FRAGMENT)

    def _send(self, method: str, path: str, status: int, **more: Any) -> str:
        path = path if path.startswith("/") else f"/app/{path}"
        self.last = getattr(self.client, method)(path, **more)
        content = b"".join(self.last.streaming_content) if self.last.streaming else self.last.content
        text: str = content.decode("utf-8", "replace")
        assert self.last.status_code == status, f"{method} {path}: {self.last.status_code}, not {status}: {plain(text)}"
        return text


def plain(html: str) -> str:
    """The words of a page."""
    body = html[html.find("<main") :] if "<main" in html else html
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())[:2000]


def url(name: str, *args: Any) -> str:
    return reverse(f"workbench:{name}", args=args)
