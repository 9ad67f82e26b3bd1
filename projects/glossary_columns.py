"""What the columns of a glossary's CSV mean: our own, Tolgee's and Crowdin's.

Tolgee: `term, description, translatable, casesensitive, abbreviation, forbidden` and a column per language, named by its
code. Crowdin: columns such as `Term [de]`, `Status [de]` or `Term: German`.
https://docs.tolgee.io/platform/glossaries/import_export https://support.crowdin.com/glossary/
"""

import re
from dataclasses import dataclass, field

from scribe.types import Json
from writing import languages

LISTED = "|"  # between the forms, or the forbidden words, of one cell
_PART_OF = re.compile(r"(?P<part>[a-z ]+?)\s*(?:\[(?P<code>[^\]]+)\]|\((?P<name>[^)]+)\)|:\s*(?P<after>.+))")
_OF = re.compile(r"(?P<code>[A-Za-z@_-]{2,20})\s+(?P<part>forms|forbidden|note)")
_PARTS = {
    "term": "text",
    "forms": "forms",
    "lemma": "forms",
    "forbidden": "forbidden",
    "note": "note",
    "status": "status",
    "description": "description",
}
_FLAGS = {"translatable": "translatable", "casesensitive": "case_sensitive", "forbidden": "forbidden"}
_TEXTS = {"term": "term", "language": "language", "description": "description"}
_REFUSED = ("not recommended", "obsolete", "forbidden", "deprecated")  # a word's status that forbids it
_TRUE = ("true", "1", "yes", "y", "x")
_NAMES = {name.lower(): row.code for row in languages.BY_CODE.values() for name in (row.name, row.native_name)}


def language_of(name: str) -> str:
    """Our code of a language that a column names by its code or its name, or ""."""
    found = languages.find_variant(name)
    return found.code if found else _NAMES.get(name.strip().lower(), "")


@dataclass
class GlossaryColumns:
    """The file's columns by their meaning: `words` has, for each language, the column of each part of its words."""

    texts: dict[str, str] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, columns: list[str]) -> "GlossaryColumns":
        found = cls()
        for column in columns:
            name = " ".join(column.split()).lower()
            plain = name.replace(" ", "").replace("_", "")
            if plain in _TEXTS:
                found.texts.setdefault(_TEXTS[plain], column)
            elif plain in _FLAGS:
                found.flags.setdefault(_FLAGS[plain], column)
            elif (said := _language_and_part(name)) is not None:
                found.words.setdefault(said[0], {}).setdefault(said[1], column)
            elif name:
                found.unread.append(column)
        return found

    @property
    def has_term(self) -> bool:
        return "term" in self.texts

    def read(self, cells: dict[str, str], language: str) -> Json:
        """A row as the values of a term, without the fields and the parts of a language that the file has no column for.
        `language` is the term's own where the row names none."""
        named = _cell(cells, self.texts.get("language")) or language
        own = language_of(named) or named
        said = {code: self._said(cells, parts) for code, parts in self.words.items()}
        columns = self.words.get(own, {})
        text = _cell(cells, self.texts.get("term"))
        if not text and (text := _cell(cells, columns.get("text"))):
            said[own]["text"] = ""  # it is the term itself
        if self._flag(cells, "forbidden"):
            said = {code: _forbidding(words) for code, words in said.items()}
            said[own] = _forbidding({**said.get(own, {}), "text": text})
        values: Json = {
            "text": text,
            "language": own,
            "targets": {code: words for code, words in said.items() if any(words.values())},
        }
        if description := self.texts.get("description") or columns.get("description"):
            values["description"] = _cell(cells, description)
        if "translatable" in self.flags:
            values["do_not_translate"] = not self._flag(cells, "translatable", default=True)
        if "case_sensitive" in self.flags:
            values["case_sensitive"] = self._flag(cells, "case_sensitive")
        return values

    def _flag(self, cells: dict[str, str], name: str, *, default: bool = False) -> bool:
        value = _cell(cells, self.flags.get(name)).lower()
        return value in _TRUE if value else default

    def _said(self, cells: dict[str, str], parts: dict[str, str]) -> Json:
        given = {part: _cell(cells, column) for part, column in parts.items()}
        words: Json = {part: given[part] for part in ("text", "note") if part in given}
        for part in ("forms", "forbidden"):
            if part in given:
                words[part] = [word.strip() for word in given[part].split(LISTED) if word.strip()]
        return _forbidding(words) if given.get("status", "").lower() in _REFUSED else words


def _cell(cells: dict[str, str], column: str | None) -> str:
    return cells.get(column, "").strip() if column else ""


def _forbidding(words: Json) -> Json:
    """The words of a language whose word itself is forbidden."""
    own = [words["text"]] if words.get("text") else []
    return {**words, "text": "", "forms": [], "forbidden": list(dict.fromkeys([*words.get("forbidden", ()), *own]))}


def _language_and_part(name: str) -> tuple[str, str] | None:
    """The language and the part that a column's name tells, or None."""
    if code := language_of(name):
        return code, "text"
    if found := _OF.fullmatch(name):
        code, part = language_of(found["code"]), found["part"]
    elif found := _PART_OF.fullmatch(name):
        code, part = language_of(found["code"] or found["name"] or found["after"]), found["part"]
    else:
        return None
    return (code, _PARTS[part]) if code and part in _PARTS else None
