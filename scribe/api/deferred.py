"""Replies that are not ready yet. The ASGI application (scribe/asgi.py) finishes them without holding a thread."""

from collections.abc import Callable

from django.http import HttpResponse


class Deferred(HttpResponse):
    """A reply to be finished later. `now()` finishes it at once, for a server without our ASGI application."""

    note: Callable[..., None] | None = None  # type: ignore[explicit-any]  # takes the final status and code, for the log of an API key

    def now(self) -> HttpResponse:
        raise TypeError(f"{type(self).__name__} must say what it is now")

    def lend_headers(self, final: HttpResponse) -> HttpResponse:
        """Give `final` the headers that middleware has set on this reply."""
        for name, value in self.items():
            if name not in final and name.lower() not in ("content-type", "content-length"):
                final[name] = value
        return final


class Again(Deferred):
    """The refusal of a request that has to wait for another one. Our ASGI application waits until that is `due`, and then
    handles the request anew. Without it, or when that takes too long, the caller gets the refusal."""

    def __init__(self, refusal: HttpResponse) -> None:
        super().__init__(refusal.content, status=refusal.status_code, headers=refusal.headers)

    async def due(self) -> bool:
        """Wait. False when this caller waits too much already."""
        raise TypeError(f"{type(self).__name__} must say what it waits for")

    def now(self) -> HttpResponse:
        return self


class InTurn(Deferred):
    """A reply that a call of another host makes. `make()` waits for its turn without a thread."""

    def __init__(self, make: Callable[[], HttpResponse]) -> None:
        super().__init__()
        self.make = make

    def now(self) -> HttpResponse:
        return self.lend_headers(self.make())
