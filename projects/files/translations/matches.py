"""The rows of a file beside what the catalogue says today: which translations can be taken, and which are refused.

A refused row has its line, a code and a reason, as the rows of an import do:

- `unknown_item`, `unknown_field`: the file names what the catalogue, or the item's original, does not have;
- `item_excluded`, `not_approved`: the catalogue has the item, but it takes no part, or its original is not approved;
- `source_edited`: the file quotes another original than the one that it was made from, so somebody edited it there;
- `source_changed`: the original is another one by now, so the translation is of an old text;
- `translation_changed`: the translation was changed both in the file and in the catalogue since the file was made;
- `too_long`: the text is longer than the field can be, so that its end would be cut off;
- `duplicate_row`: the text stood in the file before, with another translation;
- `incomplete_list`: a list of which some entries have no translation;
- and the faults of the format itself (`inline_markup`, `plural_entry`, `cell_too_long`).

Rows without a translation, in another language, or as they were exported, are counted and otherwise left alone. What the
file calls unfinished (`draft`) is named as a warning, `unfinished`, where it stands as it was exported or the file does not say
what was exported. A text that differs from that is the translator's, whatever its state: many tools set no state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from integrations.stores import texts as stored
from projects.files.rows import Faults
from writing.fields import BY_NAME
from writing.output import PAIR_NAME
from writing.text import length, plain
from writing.translation.files.rows import TranslationRow, field_of, texts_of, value_of
from writing.translation.memory import digest

#: Why there is nothing of an item.
ABSENT = {
    "unknown_item": "there is no such item in this project.",
    "item_excluded": "the item is excluded. Restore it first.",
    "not_approved": "the item's own text is not approved.",
    "ambiguous_item": "several items have this key.",
}


@dataclass(frozen=True, slots=True)
class KnownTexts:
    """What the catalogue has of one item: the originals and the present translations by field
    (`writing.fields.flat`)."""

    originals: Mapping[str, Any]
    present: Mapping[str, Any]


@dataclass
class Taken:
    """`fields` are the new values by item and field. Rows that say what is there already, or what was exported,
    are counted as `unchanged`."""

    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: int = 0
    unchanged: int = 0
    untranslated: int = 0
    other_language: int = 0


def matched(
    rows: Iterable[TranslationRow],
    known: Callable[[str], KnownTexts | None],
    speaks: Callable[[str], bool],
    faults: Faults,
    absent: Callable[[str], str] = lambda item: "unknown_item",
) -> Taken:
    """The texts of `rows` that can be taken. `known` tells what there is of an item, None for one that takes no translation,
    of which `absent` tells why (a code of `ABSENT`); `speaks` whether a row's language is the one that is asked for."""
    taken = Taken()
    given: dict[str, dict[str, tuple[str, int]]] = {}
    untouched: dict[str, set[str]] = {}
    for row in rows:
        taken.rows += 1
        if not speaks(row.language):
            taken.other_language += 1
        elif row.fault:
            faults.error(row.line, row.fault[0], f"{_name(row)}: {row.fault[1]}")
        elif left := _left_alone(row, faults):
            taken.untranslated += left == "untranslated"
            taken.unchanged += left == "unchanged"
            if row.target and row.exported:
                untouched.setdefault(row.item, set()).add(row.field)
        elif fault := _refused(row, known(row.item), absent):
            faults.error(row.line, *fault)
        elif row.field not in given.setdefault(row.item, {}):
            given[row.item][row.field] = (row.target, row.line)
        elif given[row.item][row.field][0] != row.target:
            faults.error(row.line, "duplicate_row", f"{_name(row)} stood in the file before, with another text.")
    for item, texts in given.items():
        there = known(item)
        assert there is not None, "rows of unknown items are refused"
        taken.unchanged += len(texts) - _assemble(taken, item, there, texts, untouched.get(item, set()), faults)
    return taken


def _left_alone(row: TranslationRow, faults: Faults) -> str:
    """The count of a row that brings no text of the translator's, `untranslated` or `unchanged`; else ""."""
    if not row.target.strip():
        return "untranslated"
    as_exported = digest(row.target) == row.exported
    if row.draft and (as_exported or not row.exported):
        stands = "it stands as it was exported" if as_exported else "the file does not say what was exported"
        faults.warn(row.line, "unfinished", f"{_name(row)}: the file calls the text unfinished, and {stands}.")
        return "untranslated"
    return "unchanged" if as_exported else ""


def _refused(row: TranslationRow, there: KnownTexts | None, absent: Callable[[str], str]) -> tuple[str, str] | None:
    if there is None:
        code = absent(row.item)
        return code, f"{_name(row)}: {ABSENT[code]}"
    if not field_of(row.field):
        return "unknown_field", f"{_name(row)}: this is no field of a text."
    original = texts_of(there.originals).get(row.field)
    if original is None:
        return "unknown_field", f"{_name(row)}: the original has no such text."
    if row.source and not _same(row, original):
        if row.digest == digest(original):
            return "source_edited", f"{_name(row)}: the original was edited in the file. Edit it in the catalogue."
        return "source_changed", f"{_name(row)}: the original has changed since the file was made."
    if row.digest and not row.source and row.digest != digest(original):
        return "source_changed", f"{_name(row)}: the original has changed since the file was made."
    present = texts_of(there.present).get(row.field, "")
    if row.exported and digest(present) != row.exported and row.target != present:
        return "translation_changed", f"{_name(row)}: the translation has been changed here since the file was made."
    if row.target != present and (most := _most(row.field)) < len(row.target) and most < length(plain(row.target)):
        return "too_long", f"{_name(row)}: the text is longer than {most} characters, which is the most."
    return None


def _most(name: str) -> float:
    """The most characters of a row's text that are kept."""
    return PAIR_NAME if name.endswith("].name") else BY_NAME[field_of(name)].most() or inf


def _same(row: TranslationRow, original: str) -> bool:
    """Whether a file quotes the original, apart from the white space and the spelling of tags that tools change."""
    return row.source == original or stored.same(field_of(row.field), row.source, original)


def _name(row: TranslationRow) -> str:
    return f"“{row.field[:80]}” of {row.item[:80] or 'a unit without a name'}"


def _assemble(
    taken: Taken,
    item: str,
    there: KnownTexts,
    given: Mapping[str, tuple[str, int]],
    untouched: set[str],
    faults: Faults,
) -> int:
    """Put the entries of lists together, with the present ones that the file leaves as they are. Returns how many of the
    texts are new."""
    originals, present = texts_of(there.originals), texts_of(there.present)
    changed = 0
    for name in dict.fromkeys(field_of(one) for one in given):
        wanted = [one for one in originals if field_of(one) == name]
        counted = sum(field_of(one) == name for one in present) == len(wanted)
        texts: dict[str, str] = {}
        for one in wanted:
            if one in given:
                texts[one] = given[one][0]
            elif one in present and (counted or one in untouched):
                texts[one] = present[one]
        if len(texts) < len(wanted):
            line = min(line for one, (_, line) in given.items() if field_of(one) == name)
            faults.error(line, "incomplete_list", f"“{name}” of {item[:80]}: some entries have no translation.")
            changed += sum(field_of(one) == name for one in given)
            continue
        new = sum(text != present.get(one) for one, text in texts.items())
        if new:
            taken.fields.setdefault(item, {})[name] = value_of(name, texts)
        changed += sum(given[one][0] != present.get(one) for one in given if field_of(one) == name)
    return changed
