"""Types of values that only their readers know. `Any` itself stands only here."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # to mypy the model that AUTH_USER_MODEL names
else:
    User = object

#: An object of JSON, and any other dict by names whose values are of many types.
Json = dict[str, Any]
#: A row of, and the rows of a statement that is not the ORM's.
DbRow = tuple[Any, ...]
Rows = list[DbRow]
#: The same where it is only read.
ReadOnlyJson = Mapping[str, Any]
#: Text of a page: as it is, or translated when it is shown.
StrPromise = str | Promise
#: A value of JSON whose shape its reader checks: of a third party's answer, or of a column.
JsonValue: TypeAlias = Any
#: A row of a model of an app above, or of whichever model the caller names: only who reads it knows which.
ModelRow: TypeAlias = Any
#: ASGI: what a request is, and the ways to its messages and back. https://asgi.readthedocs.io/en/latest/specs/www.html
Scope = Json
Receive = Callable[[], Awaitable[Json]]
Send = Callable[[Json], Awaitable[None]]
