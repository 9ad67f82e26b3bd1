"""A model's answer: the schema that is asked for, what is accepted of the answer, and how people's edits are merged
in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from integrations.ai.types import Answer, EndReason
from scribe.errors import InvalidInput
from writing import fields, html, structured_data
from writing.facts import Facts
from writing.fields import Form, GeneratedField
from writing.settings import WritingSettings
from writing.slugs import slugify
from writing.text import cut, guard, of_html, plain, strip_html

MOST_CHARACTERS = 60_000  # of a whole answer; a longer one is not a product text
_MARKUP = re.compile(r"<(?:p|ul|ol|li|br|h[1-6]|table|strong|em|div|b|i)\b[^>]*>", re.I)
_ACTIVE = re.compile(
    r"<\s*(script|iframe|style|object|embed|form|svg|math|link|meta|base|img|video|audio|input|button)\b|\b(on[a-z]{3,20})\s*=|"
    r"(javascript|vbscript|data)\s*:[^\s]",
    re.I,
)


class Unusable(Exception):
    """An answer that cannot become content. `code` is stable, `detail` is a sentence. The customer pays nothing for
    it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Accepted:
    """Clean content, and the kinds of markup that were removed from it (for the `html` check)."""

    content: dict[str, Any]
    removed: tuple[str, ...] = ()


_ENDINGS = {
    EndReason.TRUNCATED: "The model's answer was cut off at its length limit.",
    EndReason.REFUSED: "The model declined to write this text.",
    EndReason.FILTERED: "The provider's content filter stopped the answer.",
    EndReason.TOOL: "The model asked for a tool instead of answering.",
    EndReason.ERROR: "The model's answer could not be read.",
}
_TEXT: dict[str, Any] = {"type": "string"}
_SHAPES: dict[Form, dict[str, Any]] = {
    Form.LINES: {"type": "array", "items": _TEXT},
    Form.WORDS: {"type": "array", "items": _TEXT},
    Form.PAIRS: {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"name": _TEXT, "value": _TEXT},
            "required": ["name", "value"],
            "additionalProperties": False,
        },
    },
}
PAIR_NAME = 80  # characters of an attribute's name


@lru_cache(maxsize=64)
def _schema(wanted: tuple[str, ...]) -> dict[str, Any]:
    return _object({key: _part(fields.asked(key)) for key in wanted})


def _part(rows: tuple[GeneratedField, ...]) -> dict[str, Any]:
    if rows[0].part:
        return _object({row.part: _SHAPES.get(row.form, _TEXT) for row in rows})
    return _SHAPES.get(rows[0].form, _TEXT)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def schema(settings: WritingSettings) -> dict[str, Any]:
    """The JSON schema of exactly the keys that the settings ask for, in the subset that every provider takes."""
    return _schema(settings.wanted)


def usable(answer: Answer) -> dict[str, Any]:
    """The JSON object in `answer`. Raises Unusable for an answer that was cut off, refused or garbled."""
    if answer.end is not EndReason.OK:
        raise Unusable(answer.end.value, _ENDINGS[answer.end])
    if not isinstance(answer.data, dict):
        raise Unusable("garbled", "The model's answer was not the JSON object that was asked for.")
    return answer.data


def accept(data: dict[str, Any], *, facts: Facts, settings: WritingSettings) -> Accepted:
    """The content in `data`, validated and clean. Raises Unusable when `data` cannot become content."""
    cleaner = _Cleaner(settings, facts)
    content: dict[str, Any] = {}
    for key in settings.wanted:
        if key not in data:
            raise Unusable("schema", f"The model's answer lacks “{key}”.")
        content[key] = cleaner.clean(key, data[key])
        if not content[key] and not fields.may_be_empty(key):
            raise Unusable("empty_field", f"The model left “{key}” empty.")
    if cleaner.characters > MOST_CHARACTERS:
        raise Unusable("too_long", "The model's answer is far too long.")
    return Accepted(_completed(content, facts, settings), tuple(dict.fromkeys(cleaner.removed)))


def merge(
    content: dict[str, Any], patch: dict[str, Any], *, facts: Facts, settings: WritingSettings | None = None
) -> dict[str, Any]:
    """`content` with a person's `patch`. The patch replaces whole top-level keys, `null` removes a key, and unknown
    keys are left out.

    New values are sanitized like a model's answer. The checks judge them later.
    """
    settings = settings or WritingSettings()
    merged = dict(content)
    given = patch.get("structured_data")
    for key, value in patch.items():
        if key not in fields.KEYS or key == "structured_data":
            continue
        if value is None:
            merged.pop(key, None)
            continue
        try:
            merged[key] = _Cleaner(settings, facts).clean(key, value)
        except Unusable as error:
            raise InvalidInput.at(f"#/generated_content/{key}", error.detail, "invalid_content") from None
    if isinstance(merged.get("seo"), dict):
        merged["seo"] = _with_slug(merged["seo"], merged, facts, settings.language)
    if "structured_data" in patch and given is None:
        merged.pop("structured_data", None)
    elif isinstance(given, dict):
        merged["structured_data"] = structured_data.edited(given, merged, facts, settings.currency)
    elif "structured_data" in patch:
        raise InvalidInput.at(
            "#/generated_content/structured_data", "Structured data is a JSON object.", "invalid_content"
        )
    elif "structured_data" in merged:
        merged["structured_data"] = structured_data.build(merged, facts, settings.currency)
    return {key: merged[key] for key in fields.KEYS if key in merged}


def _completed(content: dict[str, Any], facts: Facts, settings: WritingSettings) -> dict[str, Any]:
    if "seo" in content:
        content["seo"] = _with_slug(content["seo"], content, facts, settings.language)
    if settings.structured_data_enabled and facts.item_type in fields.BY_NAME["structured_data"].kinds:
        content["structured_data"] = structured_data.build(content, facts, settings.currency)
    return content


def _with_slug(seo: dict[str, str], content: dict[str, Any], facts: Facts, language: str) -> dict[str, str]:
    given = slugify(seo.get("slug", ""), language)
    made = (
        given or slugify(str(content.get("name") or facts.name), language) or slugify(facts.name) or slugify(facts.sku)
    )
    return {row.part: value for row in fields.of_key("seo") if (value := {**seo, "slug": made}.get(row.part))}


class _Cleaner:
    """Cleans the values of one answer, counts their characters and remembers what was removed."""

    def __init__(self, settings: WritingSettings, facts: Facts) -> None:
        self.settings = settings
        self.allow = html.allow_for(facts.item_type)
        hosts = {*facts.image_hosts, settings.shop_host} - {""}
        self.image_hosts = tuple(hosts) or html.NO_HOST
        self.characters = 0
        self.removed: list[str] = []

    def clean(self, key: str, value: Any) -> Any:
        rows = fields.of_key(key)
        return self.group(key, rows, value) if rows[0].part else self.one(rows[0], value)

    def one(self, row: GeneratedField, value: Any) -> Any:
        if row.form is Form.HTML:
            return self.marked(row, value) if row.is_marked_in(self.settings) else self.plain(row, value)
        if row.form is Form.LINES:
            return self.lines(row, value)
        if row.form is Form.WORDS:
            return list(dict.fromkeys(self.lines(row, value)))
        if row.form is Form.PAIRS:
            return self.pairs(row, value)
        return cut(self.plain(row, value).replace("\n", " "), row.most())

    def group(self, key: str, rows: tuple[GeneratedField, ...], value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Unusable("schema", f"“{key}” is not an object.")
        cleaned = {row.part: self.one(row, value[row.part]) for row in rows if value.get(row.part) not in (None, "")}
        return {part: inner for part, inner in cleaned.items() if inner}

    def text(self, row: GeneratedField, value: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise Unusable("schema", f"“{row.name}” is not a text.")
        self.characters += len(value)
        self.removed += [next(filter(None, found)).lower() for found in _ACTIVE.findall(value)]
        return value

    def plain(self, row: GeneratedField, value: Any) -> str:
        text = self.text(row, value)
        if _MARKUP.search(text) and row.form is not Form.HTML:
            self.removed.append(f"markup in {row.name}")
        return plain(text)

    def marked(self, row: GeneratedField, value: Any) -> str:
        text = self.text(row, value)
        if not _MARKUP.search(text):
            paragraphs = [line for line in strip_html(text).split("\n") if line]
            text = "".join(f"<p>{_escaped(line)}</p>" for line in paragraphs)
        clean = html.sanitize(text, self.allow, host=self.settings.shop_host, image_hosts=self.image_hosts)
        return clean if of_html(clean) or "<img" in clean else ""

    def lines(self, row: GeneratedField, value: Any) -> list[str]:
        if isinstance(value, str):
            ends = r"[\n;,]" if row.form is Form.WORDS else r"\n"
            value = [part for part in re.split(ends, value) if part.strip()]
        if not isinstance(value, list):
            raise Unusable("schema", f"“{row.name}” is not a list.")
        cleaned = (
            cut(guard(self.plain(row, line).replace("\n", " ").lstrip("•*–· ")), row.most())
            for line in value[: row.kept_entries]
        )
        return [line for line in cleaned if line]

    def pairs(self, row: GeneratedField, value: Any) -> dict[str, str]:
        if isinstance(value, dict):
            value = [{"name": name, "value": inner} for name, inner in value.items()]
        if not isinstance(value, list) or not all(isinstance(pair, dict) for pair in value[: row.kept_entries]):
            raise Unusable("schema", f"“{row.name}” is not a list of names and values.")
        pairs: dict[str, str] = {}
        for pair in value[: row.kept_entries]:
            inner = pair.get("value", "")
            inner = ", ".join(map(str, inner)) if isinstance(inner, list) else inner
            name, text = self.plain(row, pair.get("name", "")), self.plain(row, inner)
            if name and text:
                pairs[cut(name, PAIR_NAME)] = cut(text, row.most())
        return pairs


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
