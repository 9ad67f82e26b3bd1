"""Replies that are not ready yet. The ASGI application (scribe/asgi.py) finishes them without holding a thread."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse


class Deferred(HttpResponse):
    """A reply to be finished later. `now()` finishes it at once, for a server without our ASGI application."""

    note: Callable[..., None] | None = None  # takes the final status, for the log of an API key

    def now(self) -> HttpResponse:
        raise TypeError(f"{type(self).__name__} must say what it is now")

    def lend_headers(self, final: HttpResponse) -> HttpResponse:
        """Give `final` the headers that middleware has set on this reply."""
        for name, value in self.items():
            if name not in final and name.lower() not in ("content-type", "content-length"):
                final[name] = value
        return final
