"""What an import job has to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scribe.jobs.payload import Payload


@dataclass(frozen=True, kw_only=True)
class ImportPayload(Payload):
    """The source to be filled, whose row says where it reads from; of a store's, which of its items."""

    source_id: str = ""
    filters: dict[str, Any] = field(default_factory=dict)
