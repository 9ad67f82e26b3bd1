"""The payload of an import job."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scribe.jobs.payload import Payload


@dataclass(frozen=True, kw_only=True)
class ImportPayload(Payload):
    """The source to fill, whose row says where it is read from. For a store, also the choice of items."""

    source_id: str = ""
    filters: dict[str, Any] = field(default_factory=dict)
