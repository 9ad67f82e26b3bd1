"""The marks by which programs see that a model wrote a text or made a picture. Readers see none of them.

The terms are IPTC's digital source types (https://cv.iptc.org/newscodes/digitalsourcetype/), their names in schema.org,
and the values of the W3C community group's draft of `ai-disclosure` (https://github.com/w3c-cg/ai-content-disclosure).
"""

import json
import re
from dataclasses import dataclass

from integrations.ai.capabilities import BUILT_IN
from scribe.types import Json

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED, EDITED = "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"
SCHEMA_ORG = {
    GENERATED: "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
    EDITED: "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource",
}
REVIEWED, UNREVIEWED = "ai-assisted", "ai-autonomous"  # by a person, before it was published
ATTRIBUTE = "data-ai-disclosure"
PLACE = "mark"  # in the places of a project's shop
NO_MODEL = frozenset(("", BUILT_IN))
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"))


@dataclass(frozen=True, slots=True)
class Disclosure:
    """That a model wrote something, and whether a person has edited and reviewed it since."""

    provider: str
    model: str
    generated_at: str
    edited: bool
    reviewed: bool

    @classmethod
    def of(cls, metadata: Json, *, reviewed: bool, edited: bool) -> "Disclosure | None":
        """By what is kept of the writing. None for a text that no model wrote."""
        provider = str(metadata.get("ai_provider") or "")
        if provider in NO_MODEL:
            return None
        model, at = str(metadata.get("ai_model") or ""), str(metadata.get("generated_at") or "")
        return cls(provider, model, at, edited, reviewed)

    @property
    def source_type(self) -> str:
        return EDITED if self.edited else GENERATED

    @property
    def value(self) -> str:
        return REVIEWED if self.reviewed else UNREVIEWED

    def as_dict(self) -> Json:
        return {
            "digital_source_type": SOURCE_TYPES + self.source_type,
            "ai_disclosure": self.value,
            "ai_provider": self.provider,
            "ai_model": self.model,
            "generated_at": self.generated_at,
        }

    def as_text(self) -> str:
        """The mark as a shop keeps it beside a text: JSON."""
        return json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True)

    def in_json_ld(self, data: Json) -> Json:
        """The JSON-LD of a product with the mark. A Product has no source type of its own; what is said of it has."""
        told = {"@type": "CreativeWork", "digitalSourceType": SCHEMA_ORG[self.source_type]}
        return {**data, "subjectOf": told}

    def in_html(self, text: str) -> str:
        """Sanitized HTML with the mark on each of its outermost elements."""
        depth, at, parts = 0, 0, []
        for tag in _TAG.finditer(text):
            closes, name = tag[1], tag[2].lower()
            if closes:
                depth -= 1
                continue
            if depth == 0:
                parts += [text[at : tag.end(2)], f' {ATTRIBUTE}="{self.value}"']
                at = tag.end(2)
            depth += name not in _VOID
        return "".join([*parts, text[at:]])
