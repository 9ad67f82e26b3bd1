"""The API key that the present request came with, for rules far below the views: a cap on what a key may spend."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from scribe.types import ModelRow

_key: ContextVar[ModelRow | None] = ContextVar("api_key", default=None)


@contextmanager
def within() -> Iterator[None]:
    """A request, which begins without a key."""
    token = _key.set(None)
    try:
        yield
    finally:
        _key.reset(token)


def use(key: ModelRow) -> None:
    """The rest of the request is this key's."""
    _key.set(key)


def present() -> ModelRow | None:
    """The key of the present request; None for people and in workers."""
    return _key.get()
