"""What can go wrong when we ask a third party about somebody's identity."""

from __future__ import annotations


class Refused(Exception):
    """The token is forged, expired, for another application, or lacks a claim that we need."""


class Unavailable(Exception):
    """The third party could not be asked, or its answer was unusable."""

    def __init__(self, party: str, *, timed_out: bool = False) -> None:
        super().__init__(party)
        self.party, self.timed_out = party, timed_out
