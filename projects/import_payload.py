from dataclasses import dataclass, field

from scribe.jobs.payload import Payload
from scribe.types import Json


@dataclass(frozen=True, kw_only=True)
class ImportPayload(Payload):
    """The source to fill; its row names the file or store to read. For a store, also the choice of items. For a
    translators' file, `translations` says what it is (`translators.asked.AskedFile`), and there is no source."""

    source_id: str = ""
    filters: Json = field(default_factory=dict)
    translations: dict[str, str] = field(default_factory=dict)
