"""A model's answer: the schema asked for, what is accepted of it, and how people's edits are merged in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from integrations.ai.types import Answer, EndReason
from scribe.errors import InvalidInput
from writing import html, structured_data
from writing.facts import Facts
from writing.settings import WritingSettings
from writing.slugs import slugify
from writing.text import cut, guard, of_html, plain, strip_html

KEYS = ("name", "short_description", "description", "bullet_points", "attributes", "tags", "seo", "structured_data")
SEO_KEYS = ("title", "description", "slug", "focus_keyword")
MOST_CHARACTERS = 60_000  # of a whole answer; more is no product text
_MARKUP = re.compile(r"<(?:p|ul|ol|li|br|h[1-6]|table|strong|em|div|b|i)\b[^>]*>", re.I)
_ACTIVE = re.compile(
    r"<\s*(script|iframe|style|object|embed|form|svg|math|link|meta|base|img|video|audio|input|button)\b|\b(on[a-z]{3,20})\s*=|"
    r"(javascript|vbscript|data)\s*:[^\s]",
    re.I,
)


class Unusable(Exception):
    """An answer that cannot become content: `code` is stable, `detail` a sentence. It costs the customer nothing."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Accepted:
    """Clean content, and what was taken out of it on the way (kinds of markup, for the `html` check)."""

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
_PARTS: dict[str, dict[str, Any]] = {
    "name": _TEXT,
    "short_description": _TEXT,
    "description": _TEXT,
    "bullet_points": {"type": "array", "items": _TEXT},
    "attributes": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"name": _TEXT, "value": _TEXT},
            "required": ["name", "value"],
            "additionalProperties": False,
        },
    },
    "tags": {"type": "array", "items": _TEXT},
    "seo": {
        "type": "object",
        "properties": {"title": _TEXT, "description": _TEXT, "focus_keyword": _TEXT},
        "required": ["title", "description", "focus_keyword"],
        "additionalProperties": False,
    },
}


@lru_cache(maxsize=64)
def _schema(wanted: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key: _PARTS[key] for key in wanted},
        "required": list(wanted),
        "additionalProperties": False,
    }


def schema(settings: WritingSettings) -> dict[str, Any]:
    """The JSON schema of just what the settings ask for, in the subset that every provider takes."""
    return _schema(settings.wanted)


def usable(answer: Answer) -> dict[str, Any]:
    """The JSON object in `answer`. Raises Unusable for one that was cut off, refused or garbled."""
    if answer.end is not EndReason.OK:
        raise Unusable(answer.end.value, _ENDINGS[answer.end])
    if not isinstance(answer.data, dict):
        raise Unusable("garbled", "The model's answer was not the JSON object that was asked for.")
    return answer.data


def accept(data: dict[str, Any], *, facts: Facts, settings: WritingSettings) -> Accepted:
    """The content in `data`, validated and clean. Raises Unusable when there is none."""
    cleaner = _Cleaner(settings, facts)
    content: dict[str, Any] = {}
    for key in settings.wanted:
        if key not in data:
            raise Unusable("schema", f"The model's answer lacks “{key}”.")
        content[key] = cleaner.clean(key, data[key])
        if not content[key] and key not in ("attributes", "tags"):
            raise Unusable("empty_field", f"The model left “{key}” empty.")
    if cleaner.characters > MOST_CHARACTERS:
        raise Unusable("too_long", "The model's answer is far too long.")
    return Accepted(_completed(content, facts, settings), tuple(dict.fromkeys(cleaner.removed)))


def merge(
    content: dict[str, Any], patch: dict[str, Any], *, facts: Facts, settings: WritingSettings | None = None
) -> dict[str, Any]:
    """`content` with a person's `patch`: each top-level key replaced, `null` removes it, unknown keys are left out.

    What is new is sanitized as a model's answer is, but not judged: the checks do that.
    """
    settings = settings or WritingSettings()
    merged = dict(content)
    given = patch.get("structured_data")
    for key, value in patch.items():
        if key not in KEYS or key == "structured_data":
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
    return {key: merged[key] for key in KEYS if key in merged}


def _completed(content: dict[str, Any], facts: Facts, settings: WritingSettings) -> dict[str, Any]:
    if "seo" in content:
        content["seo"] = _with_slug(content["seo"], content, facts, settings.language)
    if settings.structured_data_enabled and facts.item_type in ("product", "variant"):
        content["structured_data"] = structured_data.build(content, facts, settings.currency)
    return content


def _with_slug(seo: dict[str, str], content: dict[str, Any], facts: Facts, language: str) -> dict[str, str]:
    given = slugify(seo.get("slug", ""), language)
    made = (
        given or slugify(str(content.get("name") or facts.name), language) or slugify(facts.name) or slugify(facts.sku)
    )
    return {key: value for key in SEO_KEYS if (value := {**seo, "slug": made}.get(key))}


class _Cleaner:
    """Cleans one answer's values; remembers how much there was and what was taken out."""

    def __init__(self, settings: WritingSettings, facts: Facts) -> None:
        self.settings = settings
        self.allow = html.allow_for(facts.item_type)
        hosts = {*facts.image_hosts, settings.shop_host} - {""}
        self.image_hosts = tuple(hosts) or html.NO_HOST
        self.characters = 0
        self.removed: list[str] = []

    def clean(self, key: str, value: Any) -> Any:
        settings = self.settings
        if key == "name":
            return cut(self.plain(key, value).replace("\n", " "), 300)
        if key in ("short_description", "description"):
            marked = settings.use_html if key == "description" else settings.use_html_short
            return self.marked(key, value) if marked else self.plain(key, value)
        if key == "bullet_points":
            return self.lines(key, value, most=12, length=400)
        if key == "tags":
            return list(dict.fromkeys(self.lines(key, value, most=20, length=60)))
        if key == "attributes":
            return self.attributes(value)
        return self.seo(value)

    def text(self, key: str, value: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise Unusable("schema", f"“{key}” is not a text.")
        self.characters += len(value)
        self.removed += [next(filter(None, found)).lower() for found in _ACTIVE.findall(value)]
        return value

    def plain(self, key: str, value: Any) -> str:
        text = self.text(key, value)
        if _MARKUP.search(text) and key not in ("short_description", "description"):
            self.removed.append(f"markup in {key}")
        return plain(text)

    def marked(self, key: str, value: Any) -> str:
        text = self.text(key, value)
        if not _MARKUP.search(text):
            paragraphs = [line for line in strip_html(text).split("\n") if line]
            text = "".join(f"<p>{_escaped(line)}</p>" for line in paragraphs)
        clean = html.sanitize(text, self.allow, host=self.settings.shop_host, image_hosts=self.image_hosts)
        return clean if of_html(clean) or "<img" in clean else ""

    def lines(self, key: str, value: Any, *, most: int, length: int) -> list[str]:
        if isinstance(value, str):
            value = [part for part in re.split(r"[\n;,]" if key == "tags" else r"\n", value) if part.strip()]
        if not isinstance(value, list):
            raise Unusable("schema", f"“{key}” is not a list.")
        cleaned = (
            cut(guard(self.plain(key, line).replace("\n", " ").lstrip("•*–· ")), length) for line in value[:most]
        )
        return [line for line in cleaned if line]

    def attributes(self, value: Any) -> dict[str, str]:
        if isinstance(value, dict):
            value = [{"name": name, "value": inner} for name, inner in value.items()]
        if not isinstance(value, list):
            raise Unusable("schema", "“attributes” is not a list of names and values.")
        pairs: dict[str, str] = {}
        for row in value[:60]:
            if not isinstance(row, dict):
                raise Unusable("schema", "“attributes” is not a list of names and values.")
            inner = row.get("value", "")
            inner = ", ".join(map(str, inner)) if isinstance(inner, list) else inner
            name, text = self.plain("attributes", row.get("name", "")), self.plain("attributes", inner)
            if name and text:
                pairs[cut(name, 80)] = cut(text, 400)
        return pairs

    def seo(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            raise Unusable("schema", "“seo” is not an object.")
        limits = {
            "title": self.settings.limits["seo_title"],
            "description": self.settings.limits["seo_description"],
            "focus_keyword": 80,
            "slug": 120,
        }
        cleaned = {
            key: cut(self.plain(f"seo.{key}", value[key]).replace("\n", " "), limit)
            for key, limit in limits.items()
            if value.get(key) not in (None, "")
        }
        return {key: text for key, text in cleaned.items() if text}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
