"""A product's attributes: those that a push may add or change, and those that the merchant or the store controls."""

import re

from integrations.stores import meanings
from integrations.stores.types import Text
from integrations.stores.woocommerce.values import name_of, rows, text
from scribe.messages import _
from scribe.types import Json

KEYS = ("id", "name", "position", "visible", "variation", "options")
# An attribute's options are shown joined by commas, so a comma before a blank separates them; `1,5` stays whole.
_OPTIONS = re.compile(r"[|;\n]|,(?=\s)")
STRUCTURE = _("The store uses this attribute for variations or filters, so it was not changed.")


def options_of(value: Text) -> list[str]:
    """The values in an attribute's text, without duplicates."""
    parts = value if isinstance(value, list) else _OPTIONS.split(value)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def names(row: Json) -> dict[str, str]:
    """Other names of the product's attributes: their slugs, with and without `pa_`."""
    found: dict[str, str] = {}
    for attribute in rows(row.get("attributes")):
        slug, field = text(attribute.get("slug")).casefold(), f"attributes.{name_of(attribute.get('name'))}"
        if slug:
            found |= {slug: field, slug.removeprefix("pa_"): field}
    return found


def repeated_fields(row: Json) -> dict[str, str]:
    """Fields of the product that an attribute would repeat: the attribute's English name -> why it is not added."""
    sizes = row.get("dimensions")
    filled = {"weight": row.get("weight"), "gtin": row.get("global_unique_id"), "brand": row.get("brands")}
    filled |= {key: sizes.get(key) for key in ("length", "width", "height")} if isinstance(sizes, dict) else {}
    if any(filled.get(key) for key in ("length", "width", "height")):
        filled["dimensions"] = filled["depth"] = "filled"
    always = dict.fromkeys(("sku", "price", "stock"), "filled")
    return {
        key: _("WooCommerce stores {key} in its own field.", key=key)
        for key, value in (filled | always).items()
        if value
    }


def merge_attributes(
    row: Json, wanted: dict[str, Text], own: dict[str, Json], skipped: dict[str, str]
) -> list[Json] | None:
    """The product's whole attribute list with `wanted` merged in (an empty text removes one); None if nothing changes.

    Attributes that make variations stay unchanged, and the shop's own ones that the product has get no other values:
    they are the merchant's structure. `own` are the shop's own attributes by name, `{id, name, terms: {lower-case name:
    name}}`. A product that lacks one gets it in the shop's own words, if the shop has all the values.
    """
    found: list[Json] = [{k: a[k] for k in KEYS if k in a} for a in rows(row.get("attributes"))]
    by_name = {name_of(a.get("name")).casefold(): a for a in found}
    changed = False
    for name, value in wanted.items():
        options, there = options_of(value), by_name.get(name.casefold())
        if there is None:
            if options and (made := _new_attribute(name, options, own.get(name.casefold()), len(found), skipped)):
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


def _new_attribute(
    name: str, options: list[str], own: Json | None, position: int, skipped: dict[str, str]
) -> Json | None:
    made = {"name": name, "position": position, "visible": True, "variation": False, "options": options}
    if own is None:
        return made
    known, unknown = meanings.find_each(own["name"], options, own["terms"])
    if unknown:
        text = _("The store's attribute {name} does not have the value {names}.", name=own["name"], names=list(unknown))
        skipped[f"attributes.{name}"] = text
        return None
    return {**made, "id": own["id"], "name": own["name"], "options": known}
