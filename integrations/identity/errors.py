"""What can go wrong when we ask a third party about somebody's identity."""

from __future__ import annotations


class Refused(Exception):
    """The token is not good: forged, expired, for another application, or without what we need."""


class Unavailable(Exception):
    """The third party could not be asked, or answered something else than it should."""

    def __init__(self, party: str, *, timed_out: bool = False) -> None:
        super().__init__(party)
        self.party, self.timed_out = party, timed_out
