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

Rows without a translation, in another language, or as they were exported, are counted and otherwise left alone; one whose
translation was `emptied` in the file is named as a warning, and so is what a text loses to our allow-list (`removed`). What the
file calls unfinished (`draft`) is named as a warning, `unfinished`, where it stands as it was exported or the file does not say
what was exported; one that it keeps as `obsolete` is named, too. A text that differs from what was exported is the
translator's, whatever its state: many tools set no state.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf

from catalog.files.rows import Faults
from integrations.stores import texts as stored
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from writing.fields import BY_NAME
from writing.output import PAIR_NAME
from writing.text import length, plain
from writing.translation.files.rows import TranslationRow, field_of, texts_of, value_of
from writing.translation.memory import digest

#: Why there is nothing of an item.
ABSENT = {
    "unknown_item": _("this item does not exist in this project."),
    "item_excluded": _("the item is excluded. Restore it first."),
    "not_approved": _("the item's own text is not approved."),
    "ambiguous_item": _("several items match this key."),
}


@dataclass(frozen=True, slots=True)
class KnownTexts:
    """What the catalogue has of one item: its name, the originals and the present translations by field
    (`writing.fields.flat`). `clean` gives a row's text as it would be kept, and the names of what is left out. `of_shop` are
    the fields whose translations are the shop's own, which files leave out."""

    originals: ReadOnlyJson
    present: ReadOnlyJson
    name: str = ""
    clean: Callable[[str, str], tuple[str, list[str]]] = lambda name, text: (text, [])
    of_shop: frozenset[str] = frozenset()


@dataclass
class Taken:
    """`fields` are the new values by item and field. Rows that say what is there already, or what was exported,
    are counted as `unchanged`."""

    fields: dict[str, Json] = field(default_factory=dict)
    rows: int = 0
    unchanged: int = 0
    untranslated: int = 0
    other_language: int = 0


def match_rows(
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
            said = _("{name}: {fault}", name=_name(row, known(row.item)), fault=row.fault[1])
            faults.error(row.line, row.fault[0], said)
        elif left := _left_alone(row, known(row.item), absent, faults):
            taken.untranslated += left == "untranslated"
            taken.unchanged += left == "unchanged"
            if row.target and row.exported:
                untouched.setdefault(row.item, set()).add(row.field)
        elif fault := _refusal(row := _as_kept(row, known(row.item)), known(row.item), absent):
            faults.error(row.line, *fault)
        elif row.field not in given.setdefault(row.item, {}):
            given[row.item][row.field] = (row.target, row.line)
            _warn_of_removed(row, known(row.item), faults)
        elif given[row.item][row.field][0] != row.target:
            faults.error(
                row.line,
                "duplicate_row",
                _("{name} appears earlier in the file with a different text.", name=_name(row, known(row.item))),
            )
    for item, texts in given.items():
        there = known(item)
        assert there is not None, "rows of unknown items are refused"
        taken.unchanged += len(texts) - _assemble(taken, item, there, texts, untouched.get(item, set()), faults)
    return taken


def _as_kept(row: TranslationRow, there: KnownTexts | None) -> TranslationRow:
    """The row; with the present text where the row's would be kept as that."""
    present = texts_of(there.present).get(row.field) if there else None
    if there is None or present in (None, row.target) or there.clean(row.field, row.target)[0] != present:
        return row
    return row._replace(target=present)


def _warn_of_removed(row: TranslationRow, there: KnownTexts | None, faults: Faults) -> None:
    is_new = there and row.target != texts_of(there.present).get(row.field)
    if there and is_new and (removed := there.clean(row.field, row.target)[1]):
        said = _("{name}: removed, because a text can't have it: {names}.", name=_name(row, there), names=removed)
        faults.warn(row.line, "removed", said)


def _left_alone(row: TranslationRow, there: KnownTexts | None, absent: Callable[[str], str], faults: Faults) -> str:
    """The count of a row that brings no text of the translator's, `untranslated` or `unchanged`; else ""."""
    if row.obsolete:
        said = _("{name}: skipped, because the file has it as obsolete (#~).", name=_name(row, there))
        faults.warn(row.line, "obsolete", said)
        return "untranslated"
    if not row.target.strip():
        present = texts_of(there.present).get(row.field) if there else None
        was_left_out = row.exported == digest("") or (
            not row.exported and there and field_of(row.field) in there.of_shop
        )
        if present and not was_left_out:
            said = _("{name}: empty in the file. The translation here was kept.", name=_name(row, there))
            faults.warn(row.line, "emptied", said)
        return "untranslated"
    if there is None and absent(row.item) == "unknown_item":
        return ""
    as_exported = digest(row.target) == row.exported
    if row.draft and (as_exported or not row.exported):
        faults.warn(
            row.line,
            "unfinished",
            _(
                "{name}: skipped, because it is marked unfinished and has not changed since the export.",
                name=_name(row, there),
            )
            if as_exported
            else _(
                "{name}: skipped, because it is marked unfinished and the file does not show what was exported.",
                name=_name(row, there),
            ),
        )
        return "untranslated"
    return "unchanged" if as_exported else ""


def _refusal(row: TranslationRow, there: KnownTexts | None, absent: Callable[[str], str]) -> tuple[str, str] | None:
    if there is None:
        code = absent(row.item)
        return code, _("{name}: {fault}", name=_name(row, there), fault=ABSENT[code])
    if not field_of(row.field):
        return "unknown_field", _("{name}: this field can't have a text.", name=_name(row, there))
    original = texts_of(there.originals).get(row.field)
    if original is None:
        return "unknown_field", _("{name}: the original does not have this text.", name=_name(row, there))
    if row.source and not _same(row, original):
        if row.digest == digest(original):
            return "source_edited", _(
                "{name}: the original was edited in the file. Edit it in the catalogue.", name=_name(row, there)
            )
        return "source_changed", _("{name}: the original has changed since the file was made.", name=_name(row, there))
    if row.digest and not row.source and row.digest != digest(original):
        return "source_changed", _("{name}: the original has changed since the file was made.", name=_name(row, there))
    present = texts_of(there.present).get(row.field, "")
    if row.exported and digest(present) != row.exported and row.target != present:
        return "translation_changed", _(
            "{name}: the translation has been changed here since the file was made.", name=_name(row, there)
        )
    if row.target != present and (most := _most(row.field)) < len(row.target) and most < length(plain(row.target)):
        return "too_long", _(
            "{name}: the text is longer than the maximum of {most} characters.", name=_name(row, there), most=most
        )
    return None


def _most(name: str) -> float:
    """The most characters of a row's text that are kept."""
    return PAIR_NAME if name.endswith("].name") else BY_NAME[field_of(name)].most() or inf


def _same(row: TranslationRow, original: str) -> bool:
    """Whether a file quotes the original, apart from the white space and the spelling of tags that tools change."""
    return row.source == original or stored.same(field_of(row.field), row.source, original)


def _name(row: TranslationRow, there: KnownTexts | None) -> str:
    """What the row is of: the field and the key that the file has, with the item's name."""
    field, item = row.field[:80], row.item[:80] or _("a unit without a name")
    if there and there.name:
        return _("“{field}” of {item} ({name})", field=field, item=item, name=there.name)
    return _("“{field}” of {item}", field=field, item=item)


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
            line = min(line for one, (_unused, line) in given.items() if field_of(one) == name)
            faults.error(
                line,
                "incomplete_list",
                _("{name}: some entries have no translation.", name=_name(TranslationRow(item, name, ""), there)),
            )
            changed += sum(field_of(one) == name for one in given)
            continue
        new = sum(text != present.get(one) for one, text in texts.items())
        if new:
            taken.fields.setdefault(item, {})[name] = value_of(name, texts)
        changed += sum(given[one][0] != present.get(one) for one in given if field_of(one) == name)
    return changed
