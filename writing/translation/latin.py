"""Serbian from Cyrillic into Latin letters: the same words, so nothing has to be written, checked for facts or paid.

Letters of markup, shortcodes, link targets, placeholders, addresses and the SKU stay as they are. `lost` tells what was not
carried over; a text that lost something goes to a person.
"""

import re
from collections.abc import Iterator

from scribe.language import script
from scribe.types import Json
from writing import fields
from writing.checks import links
from writing.checks.translation.marks import PLACEHOLDER
from writing.fields import Form, Role
from writing.slugs import slugify

_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_WORD = re.compile(r"[^\W\d_]+")
#: `[галерија ids="1"]`, `[/галерија]`, `[галерија]`, `[галерија /]`: a word alone, or with settings of its own.
_SHORTCODE = re.compile(r"\[/?[^\W\d_][\w-]{0,40}(?:[ \t][^\[\]\n<>=]{0,60}=[^\[\]\n<>]{0,300})?[ \t]?/?\]")
_ALONE = re.compile(r"\[[^\W\d_][\w-]{0,40}\]")
#: `%име%`, as shops write it, and addresses below a domain in Cyrillic letters.
_MARK = re.compile(r"(?<![\d%])%[^\W\d]\w{1,40}%(?!\w)")
_DOMAIN = re.compile(r"(?<![\w-])(?:[\w-]{1,63}\.){1,5}(?:срб|мкд|бг|рф|укр|бел)\b(?:/[^\s<>\"')]*)?", re.I)


def text_of(text: str, sku: str = "") -> str:
    """`text`, plain or HTML, in Latin letters. The item's `sku` stays as it is."""
    if not script.has_cyrillic(text):
        return text
    return "".join(part if kept else script.letters(part) for part, kept in _parts(text, sku))


def content_of(content: Json, sku: str = "") -> Json:
    """All texts of `content` in Latin letters, names of properties too. Its address is made anew from the title where it
    has Cyrillic letters; data for machines is left out, since `output.merge` makes it from the texts."""
    made: Json = {}
    for key in fields.KEYS:
        row = fields.of_key(key)[0]
        if key in content and row.form is not Form.DATA:
            made[key] = _value(content[key], sku)
    seo = made.get("seo")
    if isinstance(seo, dict) and seo.get("slug"):
        seo["slug"] = slugify(str(seo["slug"]), "sr-Latn") or seo["slug"]
    return made


def cyrillic_words(before: Json, after: Json, sku: str = "") -> list[dict[str, str]]:
    """`{field, text}` of each word that still has Cyrillic letters outside of markup, placeholders and addresses, and of
    each field that is not its original in Latin letters. A word alone in brackets is named as well: it may be a shortcode
    or a word of the text. [] for a text that lost nothing."""
    found = [
        {"field": name, "text": word[0]}
        for name, value in _texts(after)
        for part, kept in _parts(value, sku)
        for word in (_ALONE if kept else _WORD).finditer(part)
        if script.has_cyrillic(word[0])
    ]
    wanted, here = [text_of(value, sku) for _, value in _texts(before)], [value for _, value in _texts(after)]
    if wanted != here:
        names = [name for name, _ in _texts(before)]
        found += [
            {"field": name, "text": ""} for name, one, other in zip(names, wanted, here, strict=False) if one != other
        ] or [{"field": "text", "text": ""}]
    return found


def _value(value: object, sku: str) -> object:
    if isinstance(value, str):
        return text_of(value, sku)
    if isinstance(value, list):
        return [_value(inner, sku) for inner in value]
    if isinstance(value, dict):
        return {text_of(name, sku): _value(inner, sku) for name, inner in value.items()}
    return value


def _texts(content: Json) -> Iterator[tuple[str, str]]:
    for row in fields.FIELDS:
        value = row.of(content)
        if row.role is Role.DERIVED or not value:
            continue
        if isinstance(value, str):
            yield row.name, value
        elif isinstance(value, list):
            yield from ((f"{row.name}[{at}]", str(entry)) for at, entry in enumerate(value))
        elif isinstance(value, dict):
            for name, inner in value.items():
                yield f"{row.name}.{name}", str(name)
                yield f"{row.name}.{name}", str(inner)


def _parts(text: str, sku: str) -> Iterator[tuple[str, bool]]:
    """The parts of `text`, each with whether it stays as it is. Together they are the text."""
    at = 0
    for start, end in _spans_to_keep(text, sku):
        if start < at:
            continue
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def _spans_to_keep(text: str, sku: str) -> list[tuple[int, int]]:
    patterns = [_TAG, PLACEHOLDER, _SHORTCODE, _MARK, _DOMAIN]
    if script.has_cyrillic(sku):
        patterns.append(re.compile(rf"(?<!\w){re.escape(sku)}(?!\w)"))
    spans = [match.span() for pattern in patterns for match in pattern.finditer(text)]
    return sorted((*spans, *links.address_spans(text)))
