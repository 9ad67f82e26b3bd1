"""Test mode: what a test key causes runs on the built-in writer, costs nothing and reaches nobody but its own webhooks.

The first line of defence is beside the operations and in the rules of test projects. This is the second: while a test key's
request or a test job is worked on, no call leaves and nothing is set aside.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from scribe.errors import Forbidden
from scribe.messages import _

_on: ContextVar[bool] = ContextVar("test_mode", default=False)


@contextmanager
def within(on: bool) -> Iterator[None]:
    """Work in test mode inside the block, or leave it (`on` False)."""
    token = _on.set(on)
    try:
        yield
    finally:
        _on.reset(token)


def enter() -> None:
    """Stay in test mode until the surrounding `within` ends."""
    _on.set(True)


def is_on() -> bool:
    return _on.get()


def check() -> None:
    """Raises Forbidden `test_key_refused` in test mode."""
    if _on.get():
        raise refusal()


def refusal() -> Forbidden:
    return Forbidden(
        _("Test keys can't contact stores, sites or AI providers, and can't pay for anything."), code="test_key_refused"
    )


def scope_refusal(scope: str) -> Forbidden:
    """For what would reach no one, but shows or changes what is not test work."""
    return Forbidden(
        _(
            "Test keys work in test projects only, and this operation of {scope} reaches beyond them. Use a live key.",
            scope=scope,
        ),
        code="test_key_refused",
    )
