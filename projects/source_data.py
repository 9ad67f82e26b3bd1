"""The canonical keys of source data: those that identify an item, and the shop's own values of the generated fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.stores import texts as store_texts
from integrations.stores.types import Texts
from writing.fields import FIELDS, LISTS, TEXT, Form, GeneratedField

SHOWN: tuple[GeneratedField, ...] = tuple(row for row in FIELDS if row.in_source)


def _blank(row: GeneratedField) -> Any:
    if row.part or row.form is Form.PAIRS:
        return {}
    return [] if row.form in LISTS else ""


# Each key with its empty value.
CANONICAL: dict[str, Any] = {
    "sku": "",
    **{row.key: _blank(row) for row in SHOWN},
    "price": "",
    "categories": [],
    "images": [],
    "parent_external_id": "",
}
_TYPES = tuple((key, type(value)) for key, value in CANONICAL.items())
_OBJECTS = tuple(dict.fromkeys(row.key for row in SHOWN if row.part))


def blank() -> dict[str, Any]:
    """Empty source data, with all canonical keys."""
    return {key: make() for key, make in _TYPES}


def texts(data: Mapping[str, Any]) -> Texts:
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
                found[f"{row.name}.{name}"] = _joined(value)
    for key in _OBJECTS:
        for part, value in (data.get(key) or {}).items():
            found[f"{key}.{part}"] = str(value or "")
    return found


def own_texts(data: Mapping[str, Any], view: Mapping[str, Any] | None) -> Texts:
    """The flat texts that a store view has of its own, where `view` is its row and `data` its item's: those that are neither
    empty nor the item's. Empty without a row."""
    if view is None:
        return {}
    base, taken = texts(data), frozenset(view.get("inherited") or ())
    return {
        name: text
        for name, text in texts(view).items()
        if text and name.partition(".")[0] not in taken and not store_texts.same(name, text, base.get(name, ""))
    }


def covered(own: Collection[str]) -> frozenset[str]:
    """The fields that a store's own texts stand for: their own, and those that a push would put into the same place."""
    return frozenset(own) | ({"bullet_points"} if "description" in own else frozenset())


def shown(data: Mapping[str, Any], view: Mapping[str, Any] | None) -> Texts:
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


def link_of(data: Mapping[str, Any] | None) -> RowLink | None:
    """The link that source data holds; None where the shop does not tell it."""
    raw = data.get("raw") if data else None
    if not isinstance(raw, Mapping) or not isinstance(raw.get("translations"), Mapping) or not raw.get("lang"):
        return None
    return RowLink(str(raw["lang"]), {str(code): str(pk) for code, pk in raw["translations"].items()})


def put(data: dict[str, Any], field: str, value: Any, old: dict[str, Any]) -> None:
    """Set a flat text in source data; the value that `old` has counts, in the form that it has there."""
    group, _, name = field.partition(".")
    if not name:
        data[field] = old.get(field, value if value is not None else "")
    elif value is None:
        data[group].pop(name, None)
    else:
        data[group][name] = (old.get(group) or {}).get(name, value)


def _joined(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
