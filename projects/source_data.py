"""The canonical keys of source data: those that identify an item, and the shop's own values of the generated fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def _joined(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
