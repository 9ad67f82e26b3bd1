"""Magento's products and categories as our items, and texts back into its attributes."""

from collections.abc import Collection

from integrations.stores.magento.attributes import FIELDS, SYSTEM, TEXTS, Attributes
from integrations.stores.types import CHOSEN, Push, StoreItem, Texts, blank
from scribe.messages import _
from scribe.types import Json

# Text -> attribute code. Magento has no tags; we use its meta keywords, one comma-separated text, for them.
KEYWORDS = "meta_keyword"
MARK = "xcscribe_ai"  # what we tell programs of the texts: no fact
CODES = {
    "description": "description",
    "short_description": "short_description",
    "seo.title": "meta_title",
    "seo.description": "meta_description",
    "seo.slug": "url_key",
}
CATEGORY_CODES = {field: CODES[field] for field in ("description", "seo.title", "seo.description", "seo.slug")}
PLACES = {
    "name": "name",
    **CODES,
    "tags": KEYWORDS,
    "seo.focus_keyword": KEYWORDS,
    "attributes": "custom_attributes",
    "bullet_points": CHOSEN,
    "structured_data": CHOSEN,
}


def custom(row: Json) -> Json:
    found = row.get("custom_attributes") or []
    if isinstance(found, dict):
        return found
    return {str(a.get("attribute_code")): a.get("value") for a in found if isinstance(a, dict)}


def plain(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def texts(row: Json, attributes: Attributes, wanted: set[str] | None = None) -> Texts:
    """The texts of a product. `wanted` are texts to include under exactly these names, such as `attributes.<name>`."""
    values = custom(row)
    there: Texts = {"name": plain(row.get("name"))}
    for field, code in CODES.items():
        there[field] = plain(values.get(code))
    there["tags"] = plain(values.get(KEYWORDS))
    for field in wanted or ():
        if field.startswith("attributes."):
            found = attributes.find(field.removeprefix("attributes."))
            there[field] = found.show(values[found.code]) if found and values.get(found.code) not in (None, "") else ""
        elif field.startswith("meta."):
            there[field] = plain(values.get(field.removeprefix("meta.")))
    return there


def product(
    row: Json,
    attributes: Attributes,
    *,
    categories: dict[str, str],
    media: str,
    parent_sku: str = "",
    scope: str = "",
    weight_unit: str = "",
) -> StoreItem:
    there = texts(row, attributes)
    values = custom(row)
    extension = row.get("extension_attributes") or {}
    links = [str(c.get("category_id")) for c in extension.get("category_links") or [] if isinstance(c, dict)]
    facts: dict[str, str] = {}
    for code, value in values.items():
        attribute = attributes.by_code.get(code)
        if code in (*SYSTEM, MARK) or attribute is None or value in (None, "", []):
            continue
        facts[attribute.label] = attribute.show(value)
    gallery = [
        m
        for m in row.get("media_gallery_entries") or []
        if m.get("media_type") == "image" and m.get("file") and not m.get("disabled")
    ]
    data: Json = {
        "sku": plain(row.get("sku")),
        "name": there["name"],
        "short_description": there["short_description"],
        "description": there["description"],
        "price": plain(row.get("price")),
        "categories": [categories[c] for c in links if c in categories],
        "tags": [k.strip() for k in str(there["tags"]).split(",") if k.strip()],
        "images": [f"{media}/catalog/product{m['file']}" for m in gallery] if media else [],
        "parent_external_id": parent_sku,
        "seo": {
            "title": there["seo.title"],
            "description": there["seo.description"],
            "slug": there["seo.slug"],
        },
        "attributes": facts,
        "raw": {
            "entity_id": row.get("id"),
            "type_id": row.get("type_id"),
            "status": row.get("status"),
            "visibility": row.get("visibility"),
            "attribute_set_id": row.get("attribute_set_id"),
            "weight": row.get("weight"),
            "weight_unit": weight_unit if row.get("weight") else "",
            "image_alts": {
                f"{media}/catalog/product{m['file']}": m["label"] for m in gallery if m.get("label") and media
            },
        },
    }
    data["raw"] = {k: v for k, v in data["raw"].items() if v not in (None, "", {})}
    kind = "variant" if parent_sku else "product"
    return StoreItem(plain(row.get("sku")), kind, data, parent_sku, scope)


def category(row: Json) -> StoreItem:
    values = custom(row)
    data: Json = {
        **blank(),
        "name": plain(row.get("name")),
        "description": plain(values.get("description")),
        "parent_external_id": plain(row.get("parent_id")),
        "seo": {
            "title": plain(values.get("meta_title")),
            "description": plain(values.get("meta_description")),
            "slug": plain(values.get("url_key")),
        },
        "raw": {"level": row.get("level"), "is_active": row.get("is_active"), "path": row.get("path")},
    }
    return StoreItem(plain(row.get("id")), "category", data, data["parent_external_id"])


def category_texts(row: Json) -> Texts:
    data = category(row).data
    return {"name": data["name"], "description": data["description"], **{f"seo.{k}": v for k, v in data["seo"].items()}}


def update(push: Push, attributes: Attributes, skipped: dict[str, str], inherited: Collection[str] = ()) -> Json:
    """The `product` of one PUT, with the changes only: Magento keeps absent attributes as they are. The store view
    loses its own values of the `inherited` texts, so it shows the default's."""
    body: Json = {"sku": push.current.raw.get("sku") or push.ref.external_id}
    changed: Json = {}
    for field, value in push.texts.items():
        if field == "name":
            body["name"] = value
        elif field in CODES:
            changed[CODES[field]] = None if field in inherited else value
        elif field == "tags" and field in inherited:
            changed[KEYWORDS] = None
        elif field == "tags":
            changed[KEYWORDS] = ", ".join(value) if isinstance(value, list) else value
        elif field.startswith("meta."):
            code = field.removeprefix("meta.")
            if why := _no_text(code, attributes):
                skipped[field] = why
            else:
                changed[code] = None if field in inherited else value
        elif field.startswith("attributes."):
            name = field.removeprefix("attributes.")
            found = attributes.find(name)
            if found is None:
                skipped[field] = _("The store has no such product attribute.")
            elif found.code in SYSTEM or found.code in FIELDS:  # a generated "Price" must never become the price
                skipped[field] = _("Magento stores {label} in its own field.", label=found.label)
            elif not found.takes_text:
                skipped[field] = _("The store's attribute {label} holds no text.", label=found.label)
            elif (stored := found.take(str(value))) is None:
                skipped[field] = _("The store's attribute has no such option.")
            else:
                changed[found.code] = None if field in inherited else stored
        else:
            skipped[field] = _("Magento has no field for it.")
    if changed:
        body["custom_attributes"] = [{"attribute_code": code, "value": value} for code, value in changed.items()]
    return body


def _no_text(code: str, attributes: Attributes) -> str:
    """The reason why an attribute that the project's settings name can't hold a text; "" if it can."""
    found = attributes.by_code.get(code)
    if found is None:
        return _("The store has no product attribute {code}.", code=code)
    if code in FIELDS or (code in SYSTEM and code not in (*CODES.values(), KEYWORDS)):
        return _("Magento stores {label} in its own field.", label=found.label)
    return "" if found.kind in TEXTS else _("The store's attribute {label} holds no text.", label=found.label)
