"""What the code may say of the span that it is in, whether the process is traced or not."""

from collections.abc import Mapping
from typing import Protocol

Value = str | int | float | bool | list[str]


class Span(Protocol):
    """What the code may say of the span that it is in."""

    def set(self, attributes: Mapping[str, Value | None]) -> None:
        """Add attributes. None is left out."""

    def name(self, name: str) -> None: ...

    def fail(self, kind: str) -> None:
        """Mark the span as failed, by the kind of its error: a class or a code, never a message."""


class Quiet:
    """The span of a process that is not traced."""

    def set(self, attributes: Mapping[str, Value | None]) -> None:
        pass

    def name(self, name: str) -> None:
        pass

    def fail(self, kind: str) -> None:
        pass


QUIET = Quiet()
