"""What can go wrong when we ask a third party about somebody's identity."""

from collections.abc import Iterator
from contextlib import contextmanager

from scribe.http.errors import OutboundError, TimedOut


class Refused(Exception):
    """The token is forged, expired, for another application, or lacks a claim that we need."""


class Unavailable(Exception):
    """The third party could not be asked, or its answer was unusable."""

    def __init__(self, party: str, *, timed_out: bool = False) -> None:
        super().__init__(party)
        self.party, self.timed_out = party, timed_out


@contextmanager
def asking(party: str) -> Iterator[None]:
    """Raise a failed call as Unavailable."""
    try:
        yield
    except OutboundError as error:
        raise Unavailable(party, timed_out=isinstance(error, TimedOut)) from error
