"""A model's answer: the schema that is asked for, what is accepted of the answer, and how people's edits are merged
in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from integrations.ai.schema import TEXT, an_object
from integrations.ai.types import Answer, EndReason
from scribe import elements
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json, JsonValue
from writing import fields, gpsr, html, structured_data
from writing.facts import Facts
from writing.fields import Form, GeneratedField
from writing.settings import WritingSettings
from writing.slugs import slugify
from writing.text import cut, length, of_html, plain, strip_html

MOST_CHARACTERS = 60_000  # of a whole answer; a longer one is not a product text
_MARKUP = re.compile(r"<(?:p|ul|ol|li|br|h[1-6]|table|strong|em|div|b|i)\b[^>]*>", re.I)
_BULLET = re.compile(r"^(?:[•*·]\s*|[-–]\s+)+")  # before an entry of a list
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

    content: Json
    removed: tuple[str, ...] = ()


_ENDINGS = {
    EndReason.TRUNCATED: _("The AI's answer was cut off because it was too long."),
    EndReason.REFUSED: _("The AI declined to write this text."),
    EndReason.FILTERED: _("The provider's content filter stopped the answer."),
    EndReason.TOOL: _("The AI did not return a text."),
    EndReason.ERROR: _("The AI's answer could not be read."),
}
_SHAPES: dict[Form, Json] = {
    Form.LINES: {"type": "array", "items": TEXT},
    Form.WORDS: {"type": "array", "items": TEXT},
    Form.PAIRS: {
        "type": "array",
        "items": an_object(name=TEXT, value=TEXT),
    },
}
REMOVED = _("Removed, because a text can't have it: {names}.")
SHORTENED = _("Cut to {most} characters, the most that the field can have.")
FEWER = _("Only the first {most} entries were kept.")
NO_NAME = _("The item has no name. Add it in your store or file, then import again.")
PAIR_NAME = 80  # characters of an attribute's name


@lru_cache(maxsize=64)
def _schema(wanted: tuple[str, ...]) -> Json:
    return an_object(**{key: _part(fields.fields_to_ask(key)) for key in wanted})


def _part(rows: tuple[GeneratedField, ...]) -> Json:
    if rows[0].part:
        return an_object(**{row.part: _SHAPES.get(row.form, TEXT) for row in rows})
    return _SHAPES.get(rows[0].form, TEXT)


def schema(settings: WritingSettings) -> Json:
    """The JSON schema of exactly the keys that the settings ask for, in the subset that every provider takes."""
    return _schema(settings.wanted)


def usable(answer: Answer) -> Json:
    """The JSON object in `answer`. Raises Unusable for an answer that was cut off, refused or garbled."""
    if answer.end is not EndReason.OK:
        raise Unusable(answer.end.value, _ENDINGS[answer.end])
    if not isinstance(answer.data, dict):
        raise Unusable("garbled", _("The AI's answer did not have the requested form."))
    return answer.data


def accept(data: Json, *, facts: Facts, settings: WritingSettings) -> Accepted:
    """The content in `data`, validated and clean. Raises Unusable when `data` cannot become content."""
    cleaner = _Cleaner(settings, facts)
    content: Json = {}
    for key in settings.wanted:
        if key not in data:
            raise Unusable("schema", _("The AI's answer has no “{key}”.", key=key))
        content[key] = cleaner.clean(key, data[key])
        if key == "attributes":
            content[key] = gpsr.without_written(content[key], facts.safety)
        listed = content[key] == [] and not facts.attributes and not facts.other  # nothing to put into a list
        if not content[key] and not listed and not fields.may_be_empty(key):
            missing = key == "name" and not facts.name
            raise Unusable("empty_field", NO_NAME if missing else _("The AI left “{key}” empty.", key=key))
    if cleaner.characters > MOST_CHARACTERS:
        raise Unusable("too_long", _("The AI's answer is far too long."))
    return Accepted(_complete(content, facts, settings), tuple(dict.fromkeys(cleaner.removed)))


def merge(content: Json, patch: Json, *, facts: Facts, settings: WritingSettings | None = None) -> Json:
    """`content` with a person's `patch`. The patch replaces whole top-level keys (of `seo` the parts it has), `null`
    removes a key or a part, and unknown keys are left out.

    New values are sanitized: plain fields keep every sign, HTML fields what the allow-list has. The checks judge them
    later.
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
        merged[key] = _with_patch(content.get(key), key, value, _Cleaner(settings, facts, read=plain))
    if isinstance(merged.get("seo"), dict):
        merged["seo"] = _with_slug(merged["seo"], merged, facts, settings.language)
    if "structured_data" in patch and given is None:
        merged.pop("structured_data", None)
    elif isinstance(given, dict):
        merged["structured_data"] = structured_data.apply_edit(given, merged, facts, settings.currency)
    elif "structured_data" in patch:
        raise InvalidInput.at(
            "#/generated_content/structured_data", _("Structured data is a JSON object."), "invalid_content"
        )
    elif "structured_data" in merged:
        merged["structured_data"] = structured_data.build(merged, facts, settings.currency)
    return {key: merged[key] for key in fields.KEYS if key in merged}


def _with_patch(before: JsonValue, key: str, value: object, cleaner: "_Cleaner") -> object:
    """The value of a key with the patch's. Raises InvalidInput."""
    try:
        cleaned = cleaner.clean(key, value)
    except Unusable as error:
        raise InvalidInput.at(f"#/generated_content/{key}", error.detail, "invalid_content") from None
    if not (isinstance(cleaned, dict) and isinstance(before, dict) and fields.of_key(key)[0].part):
        return cleaned
    assert isinstance(value, dict)  # else it could not be cleaned
    return {**{part: text for part, text in before.items() if part not in value}, **cleaned}


def clean_text(field: str, text: str, *, facts: Facts, settings: WritingSettings) -> tuple[str, list[str]]:
    """The text of one field, or of one entry of its list, as `merge` keeps it, and the names of what is left out:
    elements, and attributes and addresses that run something."""
    row, cleaner = fields.BY_NAME[field], _Cleaner(settings, facts, read=plain)
    if row.form in fields.LISTS:
        kept = next(iter(cleaner.lines(row, [text])), "")
    else:
        kept = cleaner.plain(row, text) if row.form is Form.PAIRS else str(cleaner.one(row, text))
    active = {name for name in cleaner.removed if " " not in name and name not in kept.lower()}
    return kept, sorted(active | html.removed_elements(text, kept))


def losses(patch: Json, kept: Json) -> list[Json]:
    """`{field, code, detail}` of what a person's `patch` has and the content that was `kept` of it has not."""
    found = [
        {"field": name, "code": "unknown_field", "detail": _("This field does not exist.")} for name in _unknown(patch)
    ]
    for row in fields.FIELDS:
        given = row.of(patch)
        if given and row.role is not fields.Role.DERIVED:
            lost = _losses(row, given, row.of(kept))
            found += [{"field": row.name, "code": code, "detail": detail} for code, detail in lost.items()]
    return found


def _unknown(patch: Json) -> list[str]:
    """The names of keys, and of parts of an object, that are of no field."""
    parts = [
        f"{key}.{part}"
        for key, value in patch.items()
        if key in fields.KEYS and fields.of_key(key)[0].part and isinstance(value, dict)
        for part in value
    ]
    return [name for name in (*patch, *parts) if name not in fields.BY_NAME and name not in fields.KEYS]


def _losses(row: GeneratedField, given: JsonValue, kept: JsonValue) -> dict[str, str]:
    texts, most, entries = _texts_in(given), row.most(), row.kept_entries
    names = given if isinstance(given, dict) else ()
    lost: dict[str, str] = {}
    if removed := html.removed_elements(" ".join(texts), " ".join(_texts_in(kept))):
        lost["removed"] = REMOVED.format(names=sorted(removed))
    if any(length(plain(name)) > PAIR_NAME for name in names):
        lost["shortened"] = SHORTENED.format(most=PAIR_NAME)
    elif most and any(length(plain(text)) > most for text in texts):
        lost["shortened"] = SHORTENED.format(most=most)
    if entries and isinstance(given, list | dict) and len(given) > entries:
        lost["fewer_entries"] = FEWER.format(most=entries)
    return lost


def _texts_in(value: JsonValue) -> list[str]:
    """The texts of a field's value: one, those of a list, or the names and values of an object."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return [text for one in value for text in _texts_in(one)]
    return [str(value)] if value else []


def _complete(content: Json, facts: Facts, settings: WritingSettings) -> Json:
    if "seo" in content:
        content["seo"] = _with_slug(content["seo"], content, facts, settings.language)
    if settings.structured_data_enabled and facts.item_type in fields.BY_NAME["structured_data"].kinds:
        content["structured_data"] = structured_data.build(content, facts, settings.currency)
    return content


def _with_slug(seo: dict[str, str], content: Json, facts: Facts, language: str) -> dict[str, str]:
    given = slugify(seo.get("slug", ""), language)
    made = (
        given or slugify(str(content.get("name") or facts.name), language) or slugify(facts.name) or slugify(facts.sku)
    )
    return {row.part: value for row in fields.of_key("seo") if (value := {**seo, "slug": made}.get(row.part))}


class _Cleaner:
    """Cleans the values of one answer, counts their characters and remembers what was removed. `read` takes a plain
    text out of a value: a model's is read as HTML."""

    def __init__(self, settings: WritingSettings, facts: Facts, read: Callable[[str], str] = strip_html) -> None:
        self.settings = settings
        self.read = read
        self.allow = html.allow_for(facts.item_type)
        hosts = {*facts.image_hosts, settings.shop_host} - {""}
        self.image_hosts = tuple(hosts) or html.NO_HOST
        self.original = facts.original.content if facts.original else {}
        self.characters = 0
        self.removed: list[str] = []

    def clean(self, key: str, value: object) -> object:
        rows = fields.of_key(key)
        return self.group(key, rows, value) if rows[0].part else self.one(rows[0], value)

    def one(self, row: GeneratedField, value: object) -> object:
        if row.form is Form.HTML:
            return self.marked(row, value) if row.is_marked_in(self.settings) else self.plain(row, value)
        if row.form is Form.LINES:
            return self.lines(row, value)
        if row.form is Form.WORDS:
            return list(dict.fromkeys(self.lines(row, value)))
        if row.form is Form.PAIRS:
            return self.pairs(row, value)
        return cut(self.plain(row, value).replace("\n", " "), row.most())

    def group(self, key: str, rows: tuple[GeneratedField, ...], value: object) -> Json:
        if not isinstance(value, dict):
            raise Unusable("schema", _("“{key}” must be an object.", key=key))
        cleaned = {row.part: self.one(row, value[row.part]) for row in rows if value.get(row.part) not in (None, "")}
        return {part: inner for part, inner in cleaned.items() if inner}

    def text(self, row: GeneratedField, value: object) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise Unusable("schema", _("“{name}” must be a text.", name=row.name))
        self.characters += len(value)
        self.removed += [next(filter(None, found)).lower() for found in _ACTIVE.findall(value)]
        return value

    def plain(self, row: GeneratedField, value: object) -> str:
        text = self.text(row, value)
        if _MARKUP.search(text) and row.form is not Form.HTML:
            self.removed.append(f"markup in {row.name}")
        found = self.read(text)
        return self.read(found) if elements.found_in(found) else found  # elements that were written as entities

    def marked(self, row: GeneratedField, value: object) -> str:
        text = self.text(row, value)
        if not _MARKUP.search(text):
            paragraphs = [line for line in self.read(text).split("\n") if line]
            text = "".join(f"<p>{_escape(line)}</p>" for line in paragraphs)
        original = str(row.of(self.original) or "")
        hosts = self.image_hosts
        clean = html.sanitize(text, self.allow, host=self.settings.shop_host, image_hosts=hosts, original=original)
        return clean if of_html(clean) or "<img" in clean else ""

    def lines(self, row: GeneratedField, value: object) -> list[str]:
        if isinstance(value, str):
            ends = r"[\n;,]" if row.form is Form.WORDS else r"\n"
            value = [part for part in re.split(ends, value) if part.strip()]
        if not isinstance(value, list):
            raise Unusable("schema", _("“{name}” must be a list.", name=row.name))
        cleaned = (
            cut(_BULLET.sub("", self.plain(row, line).replace("\n", " ")), row.most())
            for line in value[: row.kept_entries]
        )
        return [line for line in cleaned if line]

    def pairs(self, row: GeneratedField, value: object) -> dict[str, str]:
        if isinstance(value, dict):
            value = [{"name": name, "value": inner} for name, inner in value.items()]
        if not isinstance(value, list) or not all(isinstance(pair, dict) for pair in value[: row.kept_entries]):
            raise Unusable("schema", _("“{name}” must be a list of names and values.", name=row.name))
        pairs: dict[str, str] = {}
        for pair in value[: row.kept_entries]:
            inner = pair.get("value", "")
            inner = ", ".join(map(str, inner)) if isinstance(inner, list) else inner
            name, text = self.plain(row, pair.get("name", "")), self.plain(row, inner)
            if name and text:
                pairs[cut(name, PAIR_NAME)] = cut(text, row.most())
        return pairs


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
