"""Answers of another form than the platform's API promises. Our clients read such an answer with the error of whatever
they trip over; at the interface it becomes a StoreError, and the log has the trace. Of a page of rows, one that can't be
read fails alone."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from integrations.stores.errors import LostAnswer, StoreError, StorePermanentError
from integrations.stores.types import StoreItem
from scribe import unforeseen
from scribe.logs import get_logger
from scribe.messages import _
from scribe.types import Json

log = get_logger(__name__)

#: What reading a misshapen answer raises.
PARSE_ERRORS = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError)
CODE = "store_answer_misshapen"


def guard(cls: type, *, reads: tuple[str, ...], writes: tuple[str, ...]) -> None:
    """Have the class's own methods of these names raise StoreError for a misshapen answer: StorePermanentError after a
    read, LostAnswer (`sent`) after a write, since it may have taken effect. Both have `CODE`. One row of many may be the
    cause, so who asked for many asks again for fewer."""
    for name in (*reads, *writes):
        method = vars(cls).get(name)
        if callable(method) and not getattr(method, "__isabstractmethod__", False):
            setattr(cls, name, _guard(method, LostAnswer if name in writes else StorePermanentError))


def _guard(method: Callable[..., Any], kind: type[StoreError]) -> Callable[..., Any]:  # type: ignore[explicit-any]  # handed on
    @wraps(method)
    def inner(*args: object, **kwargs: object) -> Any:  # type: ignore[explicit-any]  # handed on
        try:
            return method(*args, **kwargs)
        except PARSE_ERRORS as error:
            log.error("an answer could not be read", method=method.__qualname__, exc_info=error)
            text = _("The store's reply does not match its API. We recorded the error; please report it to support.")
            more = {"sent": True} if kind is LostAnswer else {}
            raise kind(text, code=CODE, **more) from error

    return inner


def each(rows: Iterable[Json], item_type: str, read: Callable[[Json], StoreItem | list[StoreItem]]) -> list[StoreItem]:
    """The items that `read` makes of the rows. A row that it can't read becomes an item with the reason as `unread`."""
    items: list[StoreItem] = []
    for row in rows:
        try:
            made = read(row)
        except (StoreError, *unforeseen.NOT_ITS_OWN):
            raise
        except Exception as error:
            key = str(row.get("id") or row.get("sku") or "")[:255]
            items.append(StoreItem(key, item_type, {}, unread=unforeseen.record(error, external_id=key)))
            continue
        items += made if isinstance(made, list) else [made]
    return items
