"""Types of values that only their readers know. New code names these: `Any` itself stands here, and in modules of old."""

from typing import Any

#: An object of JSON, and any other dict by names whose values are of many types.
Json = dict[str, Any]
#: The rows of a statement that is not the ORM's.
Rows = list[tuple[Any, ...]]
