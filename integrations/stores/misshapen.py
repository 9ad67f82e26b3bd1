"""Answers of another form than the platform's API promises. Our clients read such an answer with the error of whatever
they trip over; at the interface it becomes a StoreError, and the log has the trace."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from integrations.stores.errors import LostAnswer, StoreError, StorePermanentError
from scribe.logs import get_logger

log = get_logger(__name__)

#: What reading a misshapen answer raises.
TRIPPED = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError)
CODE = "store_answer_misshapen"


def guard(cls: type, *, reads: tuple[str, ...], writes: tuple[str, ...]) -> None:
    """Have the class's own methods of these names raise StoreError for a misshapen answer: StorePermanentError after a
    read, LostAnswer (`sent`) after a write, since it may have taken effect. Both have `CODE`. One row of many may be the
    cause, so who asked for many asks again for fewer."""
    for name in (*reads, *writes):
        method = vars(cls).get(name)
        if callable(method) and not getattr(method, "__isabstractmethod__", False):
            setattr(cls, name, _guarded(method, LostAnswer if name in writes else StorePermanentError))


def _guarded(method: Callable[..., Any], kind: type[StoreError]) -> Callable[..., Any]:
    @wraps(method)
    def inner(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except TRIPPED as error:
            log.error("an answer could not be read", method=method.__qualname__, exc_info=error)
            text = "The store's answer does not have the form that its API promises. It was recorded; please report it."
            more = {"sent": True} if kind is LostAnswer else {}
            raise kind(text, code=CODE, **more) from error

    return inner
