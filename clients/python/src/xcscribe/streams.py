"""Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

ENDS = frozenset({"complete", "failed", "cancelled"})
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Event:
    """An event of a job: its number within the job, its name, and what it tells."""

    id: str
    name: str
    data: dict[str, Any]

    @property
    def last(self) -> bool:
        return self.name in ENDS


class Parser:
    r"""Makes events of a stream's bytes, wherever these were divided. `\n`, `\r\n` and `\r` end a line, nothing else does. An
    event that was cut in the middle is left out."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._parts: list[str] = []  # of the line that has not ended yet
        self._returned = False  # the last character was \r, so that a \n belongs to it
        self._name, self._number = "", ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """The events that are whole by these bytes."""
        text = self._decoder.decode(chunk)
        if not text:
            return
        begins = 1 if self._returned and text[0] == "\n" else 0
        self._returned = text[-1] == "\r"
        first, *following = _LINE_ENDS.split(text[begins:])
        self._parts.append(first)
        for line in following:
            event = self._take("".join(self._parts))
            self._parts = [line]
            if event is not None:
                yield event

    def _take(self, line: str) -> Event | None:
        """Take a line. Returns the event that it ends."""
        if line:
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                self._name = value
            elif field == "id":
                self._number = value
            elif field == "data":
                self._data.append(value)
            return None
        name, data = self._name, self._data
        self._name, self._data = "", []
        return Event(self._number, name, json.loads("\n".join(data))) if data else None


def parse(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The whole events of a stream."""
    parser = Parser()
    for chunk in chunks:
        yield from parser.feed(chunk)
