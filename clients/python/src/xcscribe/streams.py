"""Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

ENDS = frozenset({"complete", "failed", "cancelled"})


@dataclass(frozen=True)
class Event:
    """An event of a job: its number within the job, its name, and what it tells."""

    id: str
    name: str
    data: dict[str, Any]

    @property
    def last(self) -> bool:
        return self.name in ENDS


def parse(lines: Iterable[str]) -> Iterator[Event]:
    """The whole events of a stream. One that was cut in the middle is left out."""
    name, number, data = "", "", []
    for line in lines:
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
