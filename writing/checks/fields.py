"""A content's texts, field by field, as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from writing.text import of_html

MARKED = ("short_description", "description")


@dataclass(frozen=True, slots=True)
class Field:
    """`raw` is what is stored, `text` what is read."""

    name: str
    raw: str
    text: str


def of(content: dict[str, Any]) -> list[Field]:
    return list(_fields(content))


def _fields(content: dict[str, Any]) -> Iterator[Field]:
    for key in ("name", *MARKED):
        if isinstance(value := content.get(key), str):
            yield Field(key, value, of_html(value) if key in MARKED else value)
    for key in ("bullet_points", "tags"):
        values = content.get(key)
        for index, value in enumerate(values if isinstance(values, list) else ()):
            yield Field(f"{key}[{index}]", str(value), str(value))
    attributes = content.get("attributes")
    for name, value in (attributes if isinstance(attributes, dict) else {}).items():
        yield Field(f"attributes.{name}", str(value), f"{name}: {value}")
    seo = content.get("seo")
    for name in ("title", "description", "focus_keyword"):
        if isinstance(seo, dict) and isinstance(value := seo.get(name), str):
            yield Field(f"seo.{name}", value, value)
