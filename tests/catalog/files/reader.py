"""A file as the import reads it."""

from __future__ import annotations

import io

from catalog.files.detection import Opened, open_file
from catalog.files.rows import Faults, ParsedItem


def read(data: bytes, platform: str) -> tuple[Opened, list[ParsedItem], Faults]:
    opened, faults = open_file(io.BytesIO(data), platform=platform), Faults()
    return opened, list(opened.items(faults)), faults
