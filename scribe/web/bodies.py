"""Read a request's body whole before a thread is taken, so a slow sender holds only a connection."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from django.conf import settings

from scribe.errors import DomainError, NotConfigured, TooLarge
from scribe.fairness.shares import FairShares
from scribe.messages import _
from scribe.types import Receive

IN_MEMORY = 256 * 1024
#: The least bytes within BODY_PACE_SECONDS. The whole body has a minute, plus its limit's time at SLOWEST bytes a second.
PACE_BYTES = 16 * 1024
SLOWEST = 128 * 1024


class TooSlow(DomainError):
    status = 408
    code = "request_timeout"


class Gone(Exception):
    """The sender left."""


@dataclass
class Body:
    """A request's body. `close` gives its disk space back to the budget."""

    budget: FairShares
    who: str
    size: int = 0
    file: IO[bytes] = field(default_factory=lambda: SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115

    def add(self, part: bytes) -> None:
        if not self.budget.take(self.who, len(part)):
            raise NotConfigured(
                _("Too much data is being uploaded at once. Please try again in a moment."),
                code="service_busy",
                retry_after=10,
            )
        self.size += len(part)
        self.file.write(part)

    def close(self) -> None:
        self.file.close()
        self.budget.give(self.who, self.size)
        self.size = 0


class Lent:
    """A body's file as Django reads it. Django closes what it has read, but a request may be handled anew."""

    def __init__(self, file: IO[bytes]) -> None:
        self.read, self.readline = file.read, file.readline

    def close(self) -> None:
        """Leave it open: `Body.close` closes it."""


async def read(receive: Receive, *, limit: int, budget: FairShares, who: str) -> Body:
    """The whole body. Raises TooSlow, TooLarge beyond `limit` bytes, NotConfigured if the budget is used up, or Gone."""
    loop = asyncio.get_running_loop()
    body = Body(budget, who)
    deadline = loop.time() + 60 + limit / SLOWEST
    until, due = loop.time() + settings.BODY_PACE_SECONDS, PACE_BYTES
    try:
        while True:
            async with asyncio.timeout_at(min(until, deadline)):
                message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body.add(message.get("body", b""))
            if body.size > limit:
                raise TooLarge(
                    _("The request body is larger than {most} bytes.", most=limit), code="body_too_large", limit=limit
                )
            if not message.get("more_body"):
                body.file.seek(0)
                return body
            if body.size >= due:
                until, due = loop.time() + settings.BODY_PACE_SECONDS, body.size + PACE_BYTES
    except TimeoutError:
        body.close()
        raise TooSlow(_("The request took too long to arrive. Please try again.")) from None
    except BaseException:
        body.close()
        raise


def is_sent(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the headers announce a body."""
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)


def with_length(headers: Iterable[tuple[bytes, bytes]], size: int) -> list[tuple[bytes, bytes]]:
    """The headers with the length of the body that was read, even if it came without one: Django needs the length."""
    dropped = (b"content-length", b"transfer-encoding")
    return [*((n, v) for n, v in headers if n not in dropped), (b"content-length", str(size).encode())]
