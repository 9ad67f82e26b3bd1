"""Where generated fields go in a file: the columns that hold them already, and the ones appended when there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from projects.files.headers import normalise
from projects.files.layouts import Layout


class Kind(StrEnum):
    TEXT = "text"  # plain words: no markup, letters the encoding lacks become the nearest ones
    NAME = "name"  # plain words too; some platforms keep them as HTML
    HTML = "html"  # markup: such letters become `&#N;`
    LIST = "list"
    SLUG = "slug"  # an address that exists already is never changed: links to it would break


@dataclass(frozen=True)
class Target:
    """A place for one generated field. `column` is its index in the file; past the file's last column it is appended."""

    field: str
    column: int
    kind: Kind


@dataclass
class Plan:
    """Every target of one file, and the header of what is appended."""

    adapter: str
    width: int
    targets: list[Target] = field(default_factory=list)
    appended: list[str] = field(default_factory=list)
    attribute_slots: list[dict[str, int]] = field(default_factory=list)  # WooCommerce: existing pairs of columns
    new_slots: list[dict[str, int]] = field(
        default_factory=list
    )  # WooCommerce: pairs appended for generated attributes
    type_column: int | None = None

    def append(self, header: str) -> int:
        self.appended.append(header)
        return self.width + len(self.appended) - 1


# Field of generated content → its kind and the header that each platform's importer knows it by. No header: no place.
_HEADERS: dict[str, dict[str, str]] = {
    "woocommerce": {
        "name": "Name",
        "short_description": "Short description",
        "description": "Description",
        "tags": "Tags",
        "seo.title": "Meta: _yoast_wpseo_title",
        "seo.description": "Meta: _yoast_wpseo_metadesc",
        "seo.focus_keyword": "Meta: _yoast_wpseo_focuskw",
        "bullet_points": "Meta: bullet_points",
    },
    "shopify": {
        "name": "Title",
        "description": "Body (HTML)",
        "tags": "Tags",
        "seo.title": "SEO Title",
        "seo.description": "SEO Description",
    },
    "magento2": {
        "name": "name",
        "short_description": "short_description",
        "description": "description",
        "seo.title": "meta_title",
        "seo.description": "meta_description",
    },
    "generic": {
        "name": "name",
        "short_description": "short_description",
        "description": "description",
        "tags": "tags",
        "bullet_points": "bullet_points",
        "seo.title": "seo_title",
        "seo.description": "seo_description",
    },
}
_KINDS = {
    "name": Kind.NAME,
    "short_description": Kind.HTML,
    "description": Kind.HTML,
    "tags": Kind.LIST,
    "bullet_points": Kind.LIST,
    "seo.title": Kind.TEXT,
    "seo.description": Kind.TEXT,
    "seo.focus_keyword": Kind.TEXT,
    "seo.slug": Kind.SLUG,
}
_FOCUS_META = ("meta: yoast wpseo focuskw", "meta: rank math focus keyword")


def header_of(adapter: str, name: str) -> str | None:
    return _HEADERS[adapter].get(name)


def kind_of(name: str) -> Kind:
    return _KINDS[name]


def plan(layout: Layout, present: set[str], new_attributes: int = 0) -> Plan:
    """Targets for the fields that are `present` in some item. Only what is needed is appended."""
    result = Plan(layout.adapter, len(layout.columns), type_column=layout.roles.get("type"))
    for name, kind in _KINDS.items():
        if name not in present:
            continue
        column = layout.column_of(name)
        if column is None:
            column = _by_name(layout, name)
        if column is None and kind is not Kind.SLUG and (header := header_of(layout.adapter, name)):
            column = result.append(_cased(layout, header))
        if column is not None:
            result.targets.append(Target(name, column, kind))
    if layout.adapter == "woocommerce" and "attributes" in present:
        _plan_attributes(result, layout, new_attributes)
    return result


def _by_name(layout: Layout, name: str) -> int | None:
    """A column that is no field of the mapping but has the name we would append."""
    wanted = {normalise(header_of(layout.adapter, name) or name)}
    if name == "seo.focus_keyword":
        wanted |= set(_FOCUS_META)
    return next((index for index, column in enumerate(layout.columns) if normalise(column) in wanted), None)


def _cased(layout: Layout, header: str) -> str:
    """Shopify's newer headers are in sentence case."""
    if layout.adapter == "shopify" and any(normalise(column) == "url handle" for column in layout.columns):
        return {"Body (HTML)": "Description", "SEO Title": "SEO title", "SEO Description": "SEO description"}.get(
            header, header
        )
    return header


def _plan_attributes(result: Plan, layout: Layout, new_attributes: int) -> None:
    slots: dict[int, dict[str, int]] = {}
    for role, column in layout.roles.items():
        if role.startswith("attribute_"):
            _, digits, part = role.split("_", 2)
            slots.setdefault(int(digits), {})[part] = column
    result.attribute_slots = [slot for _, slot in sorted(slots.items()) if {"name", "value"} <= slot.keys()]
    first = max(slots, default=0) + 1
    for number in range(first, first + new_attributes):
        result.new_slots.append(
            {
                "name": result.append(f"Attribute {number} name"),
                "value": result.append(f"Attribute {number} value(s)"),
                "visible": result.append(f"Attribute {number} visible"),
                "global": result.append(f"Attribute {number} global"),
            }
        )


def flatten(content: dict[str, Any]) -> dict[str, Any]:
    """Generated content by target name: `seo.title` and so on; what is empty is left out, since it must clear nothing."""
    flat = {
        key: content[key]
        for key in ("name", "short_description", "description", "tags", "bullet_points", "attributes")
        if content.get(key)
    }
    seo = content.get("seo")
    if isinstance(seo, dict):
        flat.update(
            {f"seo.{key}": seo[key] for key in ("title", "description", "slug", "focus_keyword") if seo.get(key)}
        )
    return flat
