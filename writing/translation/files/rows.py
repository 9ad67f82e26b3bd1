"""The rows of a translators' file, and the texts of a field as rows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from scribe.types import ReadOnlyJson
from writing.fields import BY_NAME, LISTS, TEXT, Form, Role
from writing.translation.memory import digest

MOST_ROWS = 1_000_000  # of a file
LONGEST_TEXT = 2 * 1024 * 1024  # characters of one text
#: Characters that XML cannot hold; texts of ours have none of them, texts of a shop may.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTRY = re.compile(r"([a-z_.]{1,40})\[(\d{1,4})\](?:\.(name|value))?")


class RowFaults(Protocol):
    """Where a reader notes what it cannot read."""

    def error(self, line: int, code: str, reason: str) -> None: ...


class TranslationRow(NamedTuple):
    """One text. `item` is the item's key in the file: its id here, or what the platform names it by. `field` is the name
    of a generated field; entries of lists are `bullet_points[0]`, properties `attributes[0].name` and `…value`.

    `digest` is that of the original from which the file was made, `exported` that of the translation of then (of "" where
    there was none); both are "" in formats that have no place for them. `target` is "" for a text that is not translated.
    `draft`: the translator does not stand by it yet. `language` is the file's own code of the translation's language, `kind`
    the type of the item. `obsolete`: the file keeps it as one that the original no longer has. `fault` is why the row cannot
    be taken, as (code, reason).
    """

    item: str
    field: str
    source: str
    target: str = ""
    digest: str = ""
    line: int = 0
    language: str = ""
    draft: bool = False
    note: str = ""
    kind: str = "product"
    fault: tuple[str, str] | None = None
    exported: str = ""
    obsolete: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of itself: the languages by our codes, the target's `code` in the file (a platform's own, or ours),
    and the `name` of the catalogue."""

    source: str
    target: str
    code: str = ""
    source_code: str = ""
    name: str = ""

    @property
    def target_code(self) -> str:
        return self.code or self.target

    @property
    def original_code(self) -> str:
        return self.source_code or self.source


def texts_of(values: ReadOnlyJson) -> dict[str, str]:
    """The texts to translate of `values` (`writing.fields.flat`), by the names of rows. What we derive ourselves has
    none."""
    found: dict[str, str] = {}
    for name, value in values.items():
        row = BY_NAME.get(name)
        if row is None or row.role is Role.DERIVED:
            continue
        if row.form in TEXT and isinstance(value, str):
            found[name] = value
        elif row.form in LISTS and isinstance(value, list):
            found |= {f"{name}[{at}]": str(entry) for at, entry in enumerate(value)}
        elif row.form is Form.PAIRS and isinstance(value, Mapping):
            for at, (key, inner) in enumerate(value.items()):
                found[f"{name}[{at}].name"], found[f"{name}[{at}].value"] = str(key), str(inner)
    return {name: text for name, text in found.items() if text}


def field_of(name: str) -> str:
    """The generated field that a row's text belongs to, or "" for a name that no field has."""
    if name in BY_NAME:
        return name
    entry = _ENTRY.fullmatch(name)
    return entry[1] if entry and entry[1] in BY_NAME else ""


def value_of(field: str, texts: Mapping[str, str]) -> object:
    """The value of a generated field from its rows' texts: the reverse of `texts_of`."""
    row = BY_NAME[field]
    if row.form in TEXT:
        return texts[field]
    if row.form in LISTS:
        return list(texts.values())
    parts = iter(texts.values())
    return dict(zip(parts, parts, strict=True))


def rows_of(
    item: str, values: ReadOnlyJson, present: ReadOnlyJson, *, note: str = "", kind: str = "product"
) -> Iterator[TranslationRow]:
    """The rows of one item. `values` are the originals, `present` the translations that there are, both by field."""
    done = texts_of(present)
    for name, text in texts_of(values).items():
        target = done.get(name, "")
        yield TranslationRow(item, name, text, target, digest(text), note=note, kind=kind, exported=digest(target))
