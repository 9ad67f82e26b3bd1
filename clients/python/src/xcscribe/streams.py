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


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    r"""The whole lines of a stream, wherever its bytes were divided. `\n`, `\r\n` and `\r` end a line, nothing else does."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    parts: list[str] = []
    returned = False  # the last character was \r, so that a \n belongs to it
    for chunk in chunks:
        text = decoder.decode(chunk)
        if not text:
            continue
        begins = 1 if returned and text[0] == "\n" else 0
        returned = text[-1] == "\r"
        first, *following = _LINE_ENDS.split(text[begins:])
        parts.append(first)
        for line in following:
            yield "".join(parts)
            parts = [line]


def parse(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The whole events of a stream. One that was cut in the middle is left out."""
    name, number, data = "", "", []
    for line in lines(chunks):
        if line:
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "id":
                number = value
            elif field == "data":
                data.append(value)
            continue
        if data:
            yield Event(number, name, json.loads("\n".join(data)))
        name, data = "", []
