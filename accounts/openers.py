"""Rows that other apps add for a new organization, e.g. its wallet. They register a function in `AppConfig.ready`."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from accounts.models import Organization


class Opener(Protocol):
    def __call__(self, *, organization: "Organization") -> object: ...


_openers: list[Opener] = []


def add(opener: Opener) -> None:
    """Have `opener(organization=…)` run in the transaction that opens an organization."""
    if opener not in _openers:
        _openers.append(opener)


def run(organization: "Organization") -> None:
    """Run all openers for a new organization, in the caller's transaction."""
    for opener in _openers:
        opener(organization=organization)
