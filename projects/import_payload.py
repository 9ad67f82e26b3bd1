"""The payload of an import job."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scribe.jobs.payload import Payload


@dataclass(frozen=True, kw_only=True)
class ImportPayload(Payload):
    """The source to fill; its row names the file or store to read. For a store, also the choice of items. For a
    translators' file, `translations` says what it is (`projects.translators.AskedFile`), and there is no source."""

    source_id: str = ""
    filters: dict[str, Any] = field(default_factory=dict)
    translations: dict[str, str] = field(default_factory=dict)
