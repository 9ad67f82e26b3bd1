"""An item as a reviewer reads it: field by field, with claims, length, and the difference from the store's text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from projects import review, shop_texts, versions
from projects.decisions import DECLINED, KEPT, REJECTED
from projects.models import ContentItem
from workbench import pictures
from writing import html
from writing.checks import fields as texts
from writing.checks.sources import original_fields
from writing.fields import FIELDS, LISTS, TEXT, Form, GeneratedField, Role, flat
from writing.settings import WritingSettings
from writing.text import length, strip_html

GROUNDING, VERIFICATION = "grounding", "verification"
AROUND = 600  # characters of a long source field that are shown on each side of a passage


class SourcePassage(NamedTuple):
    """The words of the source that state a claim, and what stands before and behind them in the same source field."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class TracedClaim:
    """A claim of a text, and the passage of the source that states it, if any. `number` is the claim's number on the
    page."""

    number: int
    text: str
    kind: str
    supported: bool
    source_field: str
    passage: SourcePassage


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: either plain, or the words of one claim."""

    text: str
    claim: TracedClaim | None = None


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field: the new text in pieces, one list per line; the store's text; and the changes between them. Of a text in a
    further `language`, what it was translated from stands in the place of the store's text."""

    number: int
    row: GeneratedField
    lines: list[list[Piece]]
    claims: list[TracedClaim]
    faults: list[str]
    store: str
    changes: list[dict[str, str]]
    raw: str
    rendered: str
    length: int
    limit: int
    decision: str
    language: str = ""

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def over(self) -> bool:
        return bool(self.limit) and self.length > self.limit

    @property
    def marked_up(self) -> bool:
        return self.row.form is Form.HTML

    @property
    def editable(self) -> bool:
        return self.row.form is not Form.DATA

    @property
    def searched(self) -> bool:
        """Whether a search engine shows the field."""
        return self.row.key == "seo"

    @property
    def declines(self) -> str:
        """The decision that leaves the new text out: the store's own is kept, if there is one."""
        return KEPT if self.store and not self.language else REJECTED

    @property
    def declined(self) -> bool:
        return self.decision in DECLINED

    @property
    def unsupported(self) -> int:
        return sum(not claim.supported for claim in self.claims)


@dataclass(slots=True)
class Findings:
    """The findings of the checks, by the name of the text that they are about."""

    claims: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, checks: list[dict[str, Any]]) -> Findings:
        made = cls()
        for check in checks:
            for finding in check.get("findings", []):
                name = str(finding.get("field", ""))
                if check["id"] == GROUNDING:
                    made.claims.setdefault(name, []).append(finding)
                elif check["id"] == VERIFICATION:
                    if finding.get("supported") is False:
                        made.faults.setdefault(name, []).append(f"“{finding['text']}”: {finding.get('reason', '')}")
                elif check.get("passed") is False and finding.get("detail"):
                    made.faults.setdefault(name, []).append(str(finding["detail"]))
        return made


@dataclass(slots=True)
class Tracing:
    """The source's fields as the checks read them, by path, and the numbers that claims have on a page."""

    source: Mapping[str, str]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def claim(self, text: str, finding: dict[str, Any]) -> TracedClaim:
        path = str(finding.get("source_field") or "")
        return TracedClaim(
            number=next(self.numbers),
            text=text,
            kind=str(finding.get("kind", "")),
            supported=bool(finding.get("supported")),
            source_field=path,
            passage=_passage(self.source.get(path, ""), str(finding.get("source_excerpt") or "")),
        )


def _passage(text: str, excerpt: str) -> SourcePassage:
    """The excerpt in the whole source field, of which the far ends are left out when it is long. An excerpt that has
    another form than the field stands alone."""
    at = text.replace("\n", " ").find(excerpt)
    if at < 0 or not excerpt:
        return SourcePassage("", excerpt, "")
    end = at + len(excerpt)
    before, after = text[max(0, at - AROUND) : at], text[end : end + AROUND]
    return SourcePassage("…" * (at > AROUND) + before, text[at:end], after + "…" * (end + AROUND < len(text)))


def read(
    item: ContentItem, settings: WritingSettings, *, content: dict[str, Any] | None = None, checks: Any = None
) -> list[FieldReading]:
    """The fields for which `item` has a text, in the order of the table. `content` and `checks` replace the item's
    own."""
    content = item.generated_content if content is None else content
    found = Findings.of(item.generation_metadata.get("checks", []) if checks is None else checks)
    by_row: dict[str, list[texts.Field]] = {}
    for text in texts.of(content):
        by_row.setdefault(text.row.name, []).append(text)
    source = review.facts_of(item)
    tracing = Tracing({**source.fields, **original_fields(source), "instructions": settings.instructions})
    beside = source.original.content if source.original is not None else item.source_data
    readings: list[FieldReading] = []
    for row in FIELDS:
        if row.of(content):
            readings.append(_reading(len(readings) + 1, row, item, content, beside, by_row, found, settings, tracing))
    return readings


def _reading(
    number: int,
    row: GeneratedField,
    item: ContentItem,
    content: dict[str, Any],
    beside: Mapping[str, Any],
    by_row: dict[str, list[texts.Field]],
    found: Findings,
    settings: WritingSettings,
    tracing: Tracing,
) -> FieldReading:
    value = row.of(content)
    named = by_row.get(row.name, [])
    lines, claims, faults = [], [], list(found.faults.get(row.name, []))
    for text in named:
        pieces = list(_pieces(text.text, found.claims.get(text.name, []), tracing))
        lines.append(pieces)
        claims += [piece.claim for piece in pieces if piece.claim]
        faults += found.faults.get(text.name, []) if text.name != row.name else []
    if row.role is Role.MADE:
        lines = [[Piece(_raw(row, value))]]
    store, new = _visible(row, row.of(beside)), "\n".join(text.text for text in named)
    return FieldReading(
        number=number,
        row=row,
        lines=lines,
        claims=claims,
        faults=list(dict.fromkeys(faults)),
        store=store,
        changes=list(versions.changes(store, new)) if store and row.role is not Role.MADE and not item.language else [],
        raw=_raw(row, value),
        rendered=_rendered(item, str(value)) if row.form is Form.HTML else "",
        length=length(new) if row.form in TEXT else len(named),
        limit=row.limit_in(settings) if row.form in TEXT else row.entries,
        decision=item.decisions.get(row.name, ""),
        language=item.language,
    )


def _rendered(item: ContentItem, text: str) -> str:
    """The text as a shopper sees it, for a frame without rights. Its pictures come through us."""
    return pictures.in_html(html.sanitize(text, html.allow_for(item.item_type)), item.organization_id, ours=html.FILES)


def _pieces(text: str, findings: list[dict[str, Any]], tracing: Tracing) -> Iterator[Piece]:
    """`text` cut at its claims. A claim inside another claim is shown as part of the outer one."""
    at = 0
    for finding in sorted(findings, key=lambda finding: (finding.get("start", 0), -finding.get("end", 0))):
        start, end = _place(text, finding)
        if start < at or end <= start:
            continue
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:end], tracing.claim(text[start:end], finding))
        at = end
    if at < len(text):
        yield Piece(text[at:])


def _place(text: str, finding: dict[str, Any]) -> tuple[int, int]:
    """Where the finding stands. Contents of earlier releases store only its words, so these are searched for."""
    if "start" in finding and "end" in finding:
        return int(finding["start"]), min(int(finding["end"]), len(text))
    start = text.find(str(finding.get("text") or "\0"))
    return (start, start + len(str(finding["text"]))) if start >= 0 else (0, 0)


def _visible(row: GeneratedField, value: Any) -> str:
    """A store's text as its readers see it."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_joined(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return strip_html(str(value or ""))


def _joined(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _raw(row: GeneratedField, value: Any) -> str:
    """A text in the form in which it is edited: lists one entry a line, attributes one `name: value` a line."""
    if row.form is Form.DATA:
        return json.dumps(value, ensure_ascii=False, indent=2)
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_joined(inner)}" for name, inner in value.items())
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def patch(item: ContentItem, row: GeneratedField, text: str) -> dict[str, Any]:
    """The patch for `review.update_item` that an edited text makes. `text` has the form that `_raw` gives."""
    value: Any = text.replace("\r\n", "\n")
    if row.form in LISTS:
        value = [line.strip() for line in value.split("\n") if line.strip()]
    elif row.form is Form.PAIRS:
        pairs = (line.partition(":") for line in value.split("\n"))
        value = {name.strip(): inner.strip() for name, colon, inner in pairs if colon and name.strip()}
    if row.part:
        value = {**(item.generated_content.get(row.key) or {}), row.part: value}
    return {row.key: value}


def plain_texts(content: dict[str, Any]) -> list[tuple[str, str]]:
    """The texts of a content by the names of their fields, as a reader sees them."""
    found: dict[str, list[str]] = {}
    for text in texts.of(content):
        found.setdefault(text.row.name, []).append(text.text)
    return [(name, "\n".join(lines)) for name, lines in found.items()]


def source_texts(item: ContentItem) -> list[tuple[str, str]]:
    """What the shop says about the item, by key. Images and the rest of its row are left out."""
    shown = ((key, value) for key, value in item.source_data.items() if value and key not in ("raw", "images"))
    return [(key, "\n".join(_lines(value))) for key, value in shown]


def merchant_texts(item: ContentItem) -> list[tuple[str, str]]:
    """The merchant's own texts in a further language where we have written none, by field, as readers see them."""
    ours = flat(item.generated_content)
    theirs = {
        name: text for name, text in shop_texts.own(item).items() if not {name, name.partition(".")[0]} & ours.keys()
    }
    return [(name, _visible(texts.row_of(name), text)) for name, text in theirs.items()]


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}: {_joined(inner)}" for name, inner in value.items() if inner]
    return [_joined(value)]
