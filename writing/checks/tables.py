"""The tables of `data/`. Each file is read once per process."""

import json
from functools import cache
from pathlib import Path

from scribe.types import Json

DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> dict[str, Json]:
    loaded: dict[str, Json] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return loaded
