"""An item as a reviewer reads it: field by field, with claims, length, and the difference from the store's text."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple

from integrations.stores.types import Texts
from projects import review, shop_texts, versions
from projects.decisions import DECLINED, KEPT, REJECTED
from projects.models import ContentItem
from projects.sync.plan import without_bullets
from scribe.types import Json
from workbench import pictures
from workbench.edited_texts import editor_text, join_values
from writing import html, removal
from writing.checks import fields as texts
from writing.checks import law
from writing.checks.sources import original_fields
from writing.fields import BY_NAME, FIELDS, TEXT, Form, GeneratedField, Role, flat
from writing.settings import WritingSettings
from writing.text import length, plain

GROUNDING, VERIFICATION = "grounding", "verification"
FOCUS_KEYWORD = BY_NAME["seo.focus_keyword"]
AROUND = 600  # characters of a long source field that are shown on each side of a passage
ALIKE = (
    0.5  # the share of a text longer than SHORT characters that has to stay, for its changes to be read word by word
)
SHORT = 80


class SourcePassage(NamedTuple):
    """The words of the source that state a claim, and what stands before and behind them in the same source field."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class TracedClaim:
    """A claim of a text, and the passage of the source that states it, if any. `number` is the claim's number on the
    page. `without` is the field as it is edited, less the sentence of an unsupported claim; "" where that can't go alone."""

    number: int
    text: str
    kind: str
    supported: bool
    source_field: str
    passage: SourcePassage
    without: str


class Words(NamedTuple):
    """Words of a text, and what happened to them: `equal`, `insert`, or `delete` for words of the text before."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: either plain, or the words of one claim. `words` has the same with what changed, where the text is
    compared."""

    text: str
    claim: TracedClaim | None = None
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field: the new text in pieces, one list per line, with its changes marked; and the store's text. Of a text in a
    further `language`, what it was translated from stands in the place of the store's text."""

    number: int
    row: GeneratedField
    lines: list[list[Piece]]
    claims: list[TracedClaim]
    faults: list[str]
    notes: list[str]
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
    def shows_markup(self) -> bool:
        """Whether its HTML has more to show than its words."""
        return self.marked_up and "<" in self.raw

    @property
    def editable(self) -> bool:
        return self.row.form is not Form.DATA

    @property
    def unchanged(self) -> bool:
        """Whether the store has these words already."""
        return bool(self.changes) and all(step["op"] == "equal" for step in self.changes)

    @property
    def rewritten(self) -> bool:
        """Whether so little of the store's text is left that the two are read one after the other."""
        return _is_rewritten(self.changes)

    @property
    def technical(self) -> bool:
        """Whether no shopper reads the field as it is."""
        return self.row.role is Role.DERIVED or self.row is FOCUS_KEYWORD

    @property
    def folded(self) -> bool:
        """Whether nothing of the field has to be read before a decision."""
        return (self.unchanged or self.technical or not self.raw) and not self.faults and not self.unsupported

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
    def has_choice(self) -> bool:
        """Whether it makes a difference which text is taken: the new one, or the store's."""
        return bool(self.raw) and (not self.unchanged or bool(self.decision or self.unsupported))

    @property
    def unsupported(self) -> int:
        return sum(not claim.supported for claim in self.claims)


@dataclass(slots=True)
class Findings:
    """The findings of the checks, by the name of the text that they are about."""

    claims: dict[str, list[Json]] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)  # why a rule of law lets a sentence pass

    @classmethod
    def of(cls, checks: list[Json]) -> "Findings":
        made = cls()
        for check in checks:
            for row in (*check.get("lifted", ()), *check.get("settled", ())):
                if row.get("detail"):
                    made.notes.setdefault(str(row["field"]), []).append(str(row["detail"]))
            for finding in check.get("findings", []):
                name = str(finding.get("field", ""))
                if check["id"] == GROUNDING:
                    made.claims.setdefault(name, []).append(finding)
                elif check["id"] == VERIFICATION:
                    if finding.get("supported") is False:
                        made.faults.setdefault(name, []).append(f"“{finding['text']}”: {finding.get('reason', '')}")
                elif (check.get("passed") is False or check["id"] == law.ID) and finding.get("detail"):
                    made.faults.setdefault(name, []).append(str(finding["detail"]))
        return made


@dataclass(slots=True)
class Tracing:
    """The source's fields as the checks read them, by path, and the numbers that claims have on a page."""

    source: Mapping[str, str]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def claim(self, text: str, finding: Json, without: str) -> TracedClaim:
        path = str(finding.get("source_field") or "")
        excerpt = str(finding.get("source_excerpt") or "").removeprefix(f"{path.partition('.')[2]}: ")
        return TracedClaim(
            number=next(self.numbers),
            text=text,
            kind=str(finding.get("kind", "")),
            supported=bool(finding.get("supported")),
            source_field=path,
            passage=_passage(self.source.get(path, ""), excerpt),
            without=without,
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
    item: ContentItem,
    settings: WritingSettings,
    *,
    content: Json | None = None,
    checks: list[Json] | None = None,
    store: Texts | None = None,
) -> list[FieldReading]:
    """The fields for which `item` has a text: those to read before a decision, then the others, each in the order of the
    table. `content` and `checks` replace the item's own, and `store` the store's texts that its source data has."""
    content = item.generated_content if content is None else content
    found = Findings.of(item.generation_metadata.get("checks", []) if checks is None else checks)
    by_row: dict[str, list[texts.Field]] = {}
    for text in texts.readable_texts(content):
        by_row.setdefault(text.row.name, []).append(text)
    source = review.facts_of(item, flat(content))
    tracing = Tracing({**source.fields, **original_fields(source), "instructions": settings.instructions})
    seen: Texts = {} if item.language else store or {}
    beside = source.original.content if source.original is not None else item.source_data
    readings = [
        _reading(row, item, content, seen.get(row.name, row.of(beside)), by_row, found, settings, tracing)
        for row in FIELDS
        if row.of(content)
    ]
    readings.sort(key=lambda one: one.folded)
    return [replace(one, number=number) for number, one in enumerate(readings, 1)]


def read_empty(
    item: ContentItem, settings: WritingSettings, *, store: Texts | None = None, first: int
) -> list[FieldReading]:
    """The fields that were written once and are empty now, so that they can be filled again. `first` is their first number."""
    found = Findings.of(item.generation_metadata.get("checks", []))
    theirs = shop_texts.kept_fields(item)
    held = [row for row in FIELDS if row.form is not Form.DATA and row.name not in theirs]
    empty = [row for row in held if _is_kept(row, item.generated_content) and not row.of(item.generated_content)]
    seen: Texts = {} if item.language else store or {}
    made = [
        _reading(row, item, {}, seen.get(row.name, row.of(item.source_data)), {}, found, settings, Tracing({}))
        for row in empty
    ]
    return [replace(one, number=number) for number, one in enumerate(made, first)]


def _is_kept(row: GeneratedField, content: Json) -> bool:
    """Whether the content has a place for the field: its key, or that of the parts beside it."""
    return row.key in content and (not row.part or isinstance(content[row.key], dict))


def _reading(
    row: GeneratedField,
    item: ContentItem,
    content: Json,
    beside: object,
    by_row: dict[str, list[texts.Field]],
    found: Findings,
    settings: WritingSettings,
    tracing: Tracing,
) -> FieldReading:
    value = row.of(content)
    named = by_row.get(row.name, [])
    raw = editor_text(row, value)
    lines, claims, faults = [], [], list(found.faults.get(row.name, []))
    for text in named:
        pieces = list(_pieces(text.text, found.claims.get(text.name, []), tracing, row, raw))
        lines.append(pieces)
        claims += [piece.claim for piece in pieces if piece.claim]
        faults += found.faults.get(text.name, []) if text.name != row.name else []
    if row.role is Role.DERIVED:
        lines = [[Piece(raw)]]
    if row.form is Form.HTML:  # our list at its top is a field of its own here
        beside = without_bullets(str(beside or ""))
    store, new = visible(beside), "\n".join(text.text for text in named)
    changes = list(versions.changes(store, new)) if store and named and not item.language else []
    made = FieldReading(
        number=0,
        row=row,
        lines=lines,
        claims=claims,
        faults=list(dict.fromkeys(faults)),
        notes=[note for text in named for note in found.notes.get(text.name, ())],
        store=store,
        changes=changes,
        raw=raw,
        rendered=_render(item, str(value)) if row.form is Form.HTML else "",
        length=length(new) if row.form in TEXT else len(named),
        limit=row.limit_in(settings) if row.form in TEXT else row.entries,
        decision=item.decisions.get(row.name, ""),
        language=item.language,
    )
    return replace(made, lines=list(_mark(lines, changes))) if changes and not made.rewritten else made


def _mark(lines: list[list[Piece]], changes: list[dict[str, str]]) -> Iterator[list[Piece]]:
    """The lines with what changed in each piece. Words that went stand behind the piece before them."""
    steps = deque(Words(step["op"], step["text"]) for step in changes)
    for line in lines:
        yield [replace(piece, words=tuple(_take(steps, len(piece.text)))) for piece in line or [Piece("")]]
        list(_take(steps, len("\n"), behind=False))  # the end of the line


def _take(steps: deque[Words], length: int, *, behind: bool = True) -> Iterator[Words]:
    """The steps up to `length` characters of the new text, and with `behind` the words that went right behind them."""
    while steps and (length or (behind and steps[0].op == "delete")):
        words = steps.popleft()
        if words.op != "delete":
            if rest := words.text[length:]:
                words = Words(words.op, words.text[:length])
                steps.appendleft(Words(words.op, rest))
            length -= len(words.text)
        yield words


def _render(item: ContentItem, text: str) -> str:
    """The text as a shopper sees it, for a frame without rights. Its pictures come through us."""
    return pictures.in_html(html.sanitize(text, html.allow_for(item.item_type)), item.organization_id, ours=html.FILES)


def _pieces(text: str, findings: list[Json], tracing: Tracing, row: GeneratedField, raw: str) -> Iterator[Piece]:
    """`text` cut at its claims. A claim inside another claim is shown as part of the outer one. `raw` is the whole field."""
    at = 0
    for finding in sorted(findings, key=lambda finding: (finding.get("start", 0), -finding.get("end", 0))):
        start, end = _place(text, finding)
        if start < at or end <= start:
            continue
        if start > at:
            yield Piece(text[at:start])
        without = ""
        if row.form is not Form.DATA and not finding.get("supported"):
            sentence = removal.sentence_at(text, start)
            without = removal.without_sentence(raw, sentence, marked_up=row.form is Form.HTML)
        yield Piece(text[start:end], tracing.claim(text[start:end], finding, without))
        at = end
    if at < len(text):
        yield Piece(text[at:])


def _place(text: str, finding: Json) -> tuple[int, int]:
    """Where the finding stands. Contents of earlier releases store only its words, so these are searched for."""
    if "start" in finding and "end" in finding:
        return int(finding["start"]), min(int(finding["end"]), len(text))
    start = text.find(str(finding.get("text") or "\0"))
    return (start, start + len(str(finding["text"]))) if start >= 0 else (0, 0)


def _is_rewritten(changes: list[dict[str, str]]) -> bool:
    kept = sum(len(step["text"]) for step in changes if step["op"] == "equal")
    whole = max(sum(len(step["text"]) for step in changes if step["op"] != op) for op in ("insert", "delete"))
    return whole > SHORT and kept < ALIKE * whole


def mark_new_words(before: str, after: str) -> Piece:
    """`after` with the words that `before` does not have; without marks where little of it stays."""
    changes = list(versions.changes(before, after))
    if not before or _is_rewritten(changes):
        return Piece(after)
    return Piece(after, words=tuple(Words(step["op"], step["text"]) for step in changes if step["op"] != "delete"))


def visible(value: object) -> str:
    """A store's text as its readers see it."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {join_values(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return plain(str(value or ""))


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
    return [(name, visible(text)) for name, text in theirs.items()]


def _lines(value: object) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}: {join_values(inner)}" for name, inner in value.items() if inner]
    return [join_values(value)]
