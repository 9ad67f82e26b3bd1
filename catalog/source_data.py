"""The canonical keys of source data: those that identify an item, and the shop's own values of the generated fields."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from integrations.stores import texts as store_texts
from integrations.stores.types import Text, Texts
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from writing.fields import FIELDS, LISTS, TEXT, Form, GeneratedField

SHOWN: tuple[GeneratedField, ...] = tuple(row for row in FIELDS if row.in_source)


def _blank(row: GeneratedField) -> str | list[str] | Json:
    if row.part or row.form is Form.PAIRS:
        return {}
    return [] if row.form in LISTS else ""


# Each key with its empty value.
CANONICAL: Json = {
    "sku": "",
    **{row.key: _blank(row) for row in SHOWN},
    "price": "",
    "categories": [],
    "images": [],
    "parent_external_id": "",
}
_TYPES = tuple((key, type(value)) for key, value in CANONICAL.items())
_OBJECTS = tuple(dict.fromkeys(row.key for row in SHOWN if row.part))
#: The texts that a shop may have translated, as far as its platform has a place for them.
TRANSLATED = ("name", "short_description", "description", "seo.title", "seo.description")
#: The key of a store view's row that has, by field, the originals which its texts were made for.
ORIGINALS = "originals"


def blank() -> Json:
    """Empty source data, with all canonical keys."""
    return {key: make() for key, make in _TYPES}


def canonical(data: Json) -> Json:
    """The data in its canonical keys, with all other keys under `raw`. Raises InvalidInput for a value of a wrong type."""
    known: Json = {
        key: data.get(key) if data.get(key) is not None else type(value)() for key, value in CANONICAL.items()
    }
    for key, value in CANONICAL.items():
        if isinstance(value, str) and isinstance(known[key], int | float) and not isinstance(known[key], bool):
            known[key] = str(known[key])
        elif isinstance(value, list) and isinstance(known[key], str):
            known[key] = [part.strip() for part in known[key].split(",") if part.strip()]
        elif not isinstance(known[key], type(value)):  # `{"de": "Hose"}` would stand so in the shop's texts
            raise InvalidInput.at(f"#/source_data/{key}", _("“{key}” has the wrong type.", key=key), "invalid_type")
    rest = {key: value for key, value in data.items() if key not in CANONICAL and key != "raw"}
    raw = data.get("raw")
    return {**known, "raw": {**(raw if isinstance(raw, dict) else {}), **rest}}


def texts(data: ReadOnlyJson) -> Texts:
    """The flat texts that an item's source data shows: `name`, `seo.title`, `attributes.Colour`."""
    found: Texts = {}
    for row in SHOWN:
        if row.part or row.key not in data:
            continue
        if row.form in TEXT:
            found[row.name] = str(data[row.key] or "")
        elif row.form in LISTS:
            found[row.name] = [str(entry) for entry in data[row.key] or []]
        else:
            for name, value in (data[row.key] or {}).items():
                found[f"{row.name}.{name}"] = text_of(value)
    for key in _OBJECTS:
        for part, value in (data.get(key) or {}).items():
            found[f"{key}.{part}"] = str(value or "")
    return found


def own_texts(data: ReadOnlyJson, view: ReadOnlyJson | None) -> Texts:
    """The flat texts that a store view has of its own, where `view` is its row and `data` its item's: those that are neither
    empty nor the item's, also not the item's of when they were first read. Empty without a row."""
    if view is None:
        return {}
    taken, before = frozenset(view.get("inherited") or ()), (texts(data), originals(view))
    return {
        name: text
        for name, text in texts(view).items()
        if text
        and name.partition(".")[0] not in taken
        and not any(store_texts.same(name, text, one.get(name, "")) for one in before)
    }


def originals(view: ReadOnlyJson | None) -> Texts:
    """The originals that a store view's texts were made for, by field, as far as they are noted."""
    noted: Texts = (view or {}).get(ORIGINALS) or {}
    return noted


def translations(data: ReadOnlyJson, view: ReadOnlyJson | None) -> dict[str, tuple[Text, Text]]:
    """The texts that a store view has of its own, by field, each behind its original: the one that is noted, or else the
    item's present one."""
    before = {**texts(data), **originals(view)}
    return {name: (before[name], text) for name, text in own_texts(data, view).items() if before.get(name)}


def covered_fields(own: Collection[str]) -> frozenset[str]:
    """The fields that a store's own texts stand for: their own, and those that a push would put into the same place."""
    lists = {row.name for row in FIELDS if row.form is Form.LINES}
    return frozenset(own) | (lists if "description" in own else frozenset())


def texts_in_shop(data: ReadOnlyJson, view: ReadOnlyJson | None) -> Texts:
    """The flat texts that the shop shows: the item's, and in their place those that the store view has of its own."""
    return {**texts(data), **own_texts(data, view)}


@dataclass(frozen=True)
class RowLink:
    """What a row tells: the shop's code of its language, and the ids of all its versions by code, its own among them."""

    lang: str
    ids: Mapping[str, str]

    @property
    def own(self) -> str:
        """The id of the row itself; "" where its group leaves it out."""
        return self.ids.get(self.lang, "")


def link_of(data: ReadOnlyJson | None) -> RowLink | None:
    """The link that source data holds; None where the shop does not tell it."""
    raw = data.get("raw") if data else None
    if not isinstance(raw, Mapping) or not isinstance(raw.get("translations"), Mapping) or not raw.get("lang"):
        return None
    return RowLink(str(raw["lang"]), {str(code): str(pk) for code, pk in raw["translations"].items()})


def unlinked_language(data: ReadOnlyJson | None) -> str:
    """The shop's code of the language that a row is in, if the row names no translations; else ""."""
    raw = data.get("raw") if data else None
    return str(raw.get("lang") or "") if isinstance(raw, Mapping) and not link_of(data) else ""


def put(data: Json, field: str, value: object, old: Json) -> None:
    """Set a flat text in source data; the value that `old` has counts, in the form that it has there."""
    group, _, name = field.partition(".")
    if not name:
        data[field] = old.get(field, value if value is not None else "")
    elif value is None:
        data[group].pop(name, None)
    else:
        data[group][name] = (old.get(group) or {}).get(name, value)


def text_of(value: object) -> str:
    """A list as one text, by commas; any other value as text."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
