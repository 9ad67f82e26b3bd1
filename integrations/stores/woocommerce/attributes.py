"""A product's attributes: those that a push may add or change, and those that the merchant or the store controls."""

from __future__ import annotations

import re
from typing import Any

from integrations.stores import meanings
from integrations.stores.types import Text
from integrations.stores.woocommerce.values import name_of, rows, text

KEYS = ("id", "name", "position", "visible", "variation", "options")
# An attribute's options are shown joined by commas, so a comma before a blank separates them; `1,5` stays whole.
_OPTIONS = re.compile(r"[|;\n]|,(?=\s)")
STRUCTURE = "The shop's own attribute makes variations or filters and is left as it is."


def options_of(value: Text) -> list[str]:
    """The values in an attribute's text, without duplicates."""
    parts = value if isinstance(value, list) else _OPTIONS.split(value)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def names(row: dict[str, Any]) -> dict[str, str]:
    """Other names of the product's attributes: their slugs, with and without `pa_`."""
    found: dict[str, str] = {}
    for attribute in rows(row.get("attributes")):
        slug, field = text(attribute.get("slug")).casefold(), f"attributes.{name_of(attribute.get('name'))}"
        if slug:
            found |= {slug: field, slug.removeprefix("pa_"): field}
    return found


def kept(row: dict[str, Any]) -> dict[str, str]:
    """Fields of the product that an attribute would repeat: the attribute's English name -> why it is not added."""
    sizes = row.get("dimensions")
    filled = {"weight": row.get("weight"), "gtin": row.get("global_unique_id"), "brand": row.get("brands")}
    filled |= {key: sizes.get(key) for key in ("length", "width", "height")} if isinstance(sizes, dict) else {}
    if any(filled.get(key) for key in ("length", "width", "height")):
        filled["dimensions"] = filled["depth"] = "filled"
    always = dict.fromkeys(("sku", "price", "stock"), "filled")
    return {
        key: f"WooCommerce keeps the {key} as a field of its own." for key, value in (filled | always).items() if value
    }


def merged(
    row: dict[str, Any], wanted: dict[str, Text], own: dict[str, dict[str, Any]], skipped: dict[str, str]
) -> list[dict[str, Any]] | None:
    """The product's whole attribute list with `wanted` merged in (an empty text removes one); None if nothing changes.

    Attributes that make variations stay unchanged, and the shop's own ones that the product has get no other values:
    they are the merchant's structure. `own` are the shop's own attributes by name, `{id, name, terms: {lower-case name:
    name}}`. A product that lacks one gets it in the shop's own words, if the shop has all the values.
    """
    found: list[dict[str, Any]] = [{k: a[k] for k in KEYS if k in a} for a in rows(row.get("attributes"))]
    by_name = {name_of(a.get("name")).casefold(): a for a in found}
    changed = False
    for name, value in wanted.items():
        options, there = options_of(value), by_name.get(name.casefold())
        if there is None:
            if options and (made := _made(name, options, own.get(name.casefold()), len(found), skipped)):
                found.append(made)
                changed = True
        elif there.get("variation") or (there.get("id") and options):
            skipped[f"attributes.{name}"] = STRUCTURE
        elif not options:
            found.remove(there)
            changed = True
        else:
            there["options"], changed = options, True
    return found if changed else None


def _made(
    name: str, options: list[str], own: dict[str, Any] | None, position: int, skipped: dict[str, str]
) -> dict[str, Any] | None:
    made = {"name": name, "position": position, "visible": True, "variation": False, "options": options}
    if own is None:
        return made
    known, unknown = _known(own["name"], options, own["terms"])
    if unknown:
        text = f"The shop's own attribute {own['name']} has no value {', '.join(unknown)}."
        skipped[f"attributes.{name}"] = text
        return None
    return {**made, "id": own["id"], "name": own["name"], "options": known}


def _known(name: str, options: list[str], terms: dict[str, str]) -> tuple[list[str], list[str]]:
    """The shop's values that these options name or mean, and the unknown options. A value may contain commas itself."""
    known: list[str] = []
    unknown: list[str] = []
    at = 0
    while at < len(options):
        for size in range(min(4, len(options) - at), 0, -1):
            if term := meanings.find(name, ", ".join(options[at : at + size]), terms):
                known.append(term)
                at += size
                break
        else:
            unknown.append(options[at])
            at += 1
    return list(dict.fromkeys(known)), unknown
