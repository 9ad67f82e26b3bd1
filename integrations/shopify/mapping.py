"""Shopify's products, variants and collections as our items, and texts back into update inputs."""

from integrations.shopify.metafields import PREFIX, Definitions, Places, as_text, kind_of
from integrations.stores.types import CHOSEN, NO_PLACE, Current, Placement, Push, StoreItem, Texts, blank
from scribe.messages import _
from scribe.types import Json

TEXT_TYPES = frozenset(
    (
        "single_line_text_field",
        "multi_line_text_field",
        "list.single_line_text_field",
        "number_integer",
        "number_decimal",
    )
)
KEPT = {key: _("Shopify stores {key} in its own field.", key=key) for key in ("sku", "price", "weight", "stock")}
KEPT["brand"] = _("Shopify stores the brand as the product's vendor.")
OPTION = _("The product's variants already use an option with this name.")
NO_METAFIELDS = Places()
FIELDS = {"name": "title", "description": "descriptionHtml"}
SEO = {"seo.title": "title", "seo.description": "description"}
# What products and collections have.
BOTH = {**FIELDS, **dict.fromkeys(SEO, "seo"), "seo.slug": "handle"}
PLACES = {
    **BOTH,
    "tags": "tags",
    "short_description": CHOSEN,
    "bullet_points": CHOSEN,
    "attributes": CHOSEN,
    "structured_data": CHOSEN,
    "seo.focus_keyword": NO_PLACE,
}


def nodes(value: object) -> list[Json]:
    found = value.get("nodes") if isinstance(value, dict) else None
    return [n for n in found or [] if isinstance(n, dict)]


def number(global_id: str) -> str:
    """`gid://shopify/Product/123` -> `123`."""
    return str(global_id).rsplit("/", 1)[-1]


def gid(external_id: str, item_type: str) -> str:
    return f"gid://shopify/{'Collection' if item_type == 'category' else 'Product'}/{external_id}"


def _all_metafields(row: Json) -> dict[str, Json]:
    """The metafields that an answer's row lists, by `namespace.key`."""
    return {f"{m.get('namespace')}.{m.get('key')}": m for m in nodes(row.get("metafields"))}


def metafields_in(row: Json, places: Places) -> dict[str, Json]:
    """The metafields `{type, value}` in an answer's row, by `namespace.key`."""
    found = {key: row.get(f"m{n}") for n, key in enumerate(places.keys)}
    found |= {f"{places.namespace}.{m.get('key')}": m for m in nodes(row.get("own"))}
    return {key: m for key, m in found.items() if m}


def with_metafields(row: Json, places: Places) -> Json:
    """A row with all of a product's metafields, as `metafields_in` reads it."""
    found = _all_metafields(row)
    own = [m for key, m in found.items() if places.within(key)]
    return {**row, "own": {"nodes": own}, **{f"m{n}": found.get(key) for n, key in enumerate(places.keys)}}


def texts(row: Json, places: Places = NO_METAFIELDS) -> Texts:
    """The texts of a product or a collection. Empty SEO texts stay empty here; the theme then shows the title."""
    seo = row.get("seo") or {}
    found: Texts = {
        "name": str(row.get("title") or ""),
        "description": str(row.get("descriptionHtml") or ""),
        "seo.title": str(seo.get("title") or ""),
        "seo.description": str(seo.get("description") or ""),
        "seo.slug": str(row.get("handle") or ""),
    }
    if "tags" in row:
        found["tags"] = [str(tag) for tag in row.get("tags") or []]
        found |= dict.fromkeys((PREFIX + key for key in places.keys), "")
        found |= {PREFIX + key: str(m.get("value") or "") for key, m in metafields_in(row, places).items()}
    return found


def current(row: Json, places: Places, definitions: Definitions) -> Current:
    options = [] if row.get("hasOnlyDefaultVariant") else row.get("options") or []
    kept = KEPT | {
        str(option["name"]).lower(): OPTION for option in options if isinstance(option, dict) and option.get("name")
    }
    metafields = metafields_in(row, places)
    names = definitions.names(places.namespace, filter(places.within, metafields)) if places.namespace else {}
    stamp = str(row.get("updatedAt") or "")
    return Current(texts(row, places), {**row, "by_place": metafields}, stamp, kept=kept, names=names)


def product(row: Json, placement: Placement, places: Places) -> StoreItem:
    there = texts(row, places)
    metafields = {
        key: {**m, "key": key.rpartition(".")[2]}
        for key, m in (_all_metafields(row) | metafields_in(row, places)).items()
    }
    short_place = placement.of("short_description")
    short = metafields.get(short_place.removeprefix("meta.")) or {}
    options = (
        {}
        if row.get("hasOnlyDefaultVariant")
        else {o["name"]: ", ".join(o.get("values") or []) for o in row.get("options") or []}
    )
    facts = {m["key"]: as_text(m) for m in metafields.values() if m.get("type") in TEXT_TYPES and m.get("value")}
    images = [m.get("image") or {} for m in nodes(row.get("media")) if m.get("mediaContentType") == "IMAGE"]
    price = ((row.get("priceRangeV2") or {}).get("minVariantPrice") or {}).get("amount") or ""
    variants = nodes(row.get("variants"))
    data: Json = {
        "sku": str((variants[0].get("sku") if variants else "") or ""),
        "name": there["name"],
        "short_description": str(short.get("value") or ""),
        "description": there["description"],
        "price": str(price),
        "categories": [str(c.get("title") or "") for c in nodes(row.get("collections"))],
        "tags": there["tags"],
        "images": [i["url"] for i in images if i.get("url")],
        "parent_external_id": "",
        "seo": {"title": there["seo.title"], "description": there["seo.description"], "slug": there["seo.slug"]},
        "attributes": {**options, **facts},
        "raw": {
            "status": row.get("status"),
            "vendor": row.get("vendor"),
            "product_type": row.get("productType"),
            "permalink": row.get("onlineStoreUrl"),
            "category": (row.get("category") or {}).get("fullName"),
            "currency": ((row.get("priceRangeV2") or {}).get("minVariantPrice") or {}).get("currencyCode"),
            "image_alts": {i["url"]: i["altText"] for i in images if i.get("url") and i.get("altText")},
        },
    }
    data["raw"] = {k: v for k, v in data["raw"].items() if v}
    pk, aliases = str(row.get("legacyResourceId") or number(row["id"])), (str(there["seo.slug"]),)
    kept = {f: text for f, text in there.items() if f.startswith(PREFIX) and f != short_place and text}
    return StoreItem(pk, "product", data, kept=kept, aliases=aliases)


def variant(row: Json, parent: StoreItem) -> StoreItem:
    data: Json = {
        **blank(),
        "sku": str(row.get("sku") or ""),
        "name": f"{parent.data['name']} - {row.get('title') or ''}".strip(" -"),
        "price": str(row.get("price") or ""),
        "parent_external_id": parent.external_id,
        "attributes": {o["name"]: o["value"] for o in row.get("selectedOptions") or []},
        "raw": {"barcode": row["barcode"]} if row.get("barcode") else {},
    }
    return StoreItem(str(row.get("legacyResourceId") or number(row["id"])), "variant", data, parent.external_id)


def collection(row: Json) -> StoreItem:
    there = texts(row)
    image = (row.get("image") or {}).get("url")
    data: Json = {
        **blank(),
        "name": there["name"],
        "description": there["description"],
        "images": [image] if image else [],
        "seo": {"title": there["seo.title"], "description": there["seo.description"], "slug": there["seo.slug"]},
    }
    return StoreItem(str(row.get("legacyResourceId") or number(row["id"])), "category", data)


def update(
    push: Push, definitions: Definitions, placement: Placement, skipped: dict[str, str]
) -> tuple[Json, list[dict[str, str]]]:
    """The update input of one push, and the metafields to delete: Shopify refuses empty ones."""
    row = push.current.raw
    body: Json = {"id": row["id"]}
    metafields: list[dict[str, str]] = []
    cleared: list[dict[str, str]] = []
    for field, value in push.texts.items():
        if field in FIELDS:
            body[FIELDS[field]] = value
        elif field == "tags":
            body["tags"] = value
        elif field == "seo.slug":
            body |= {"handle": value, "redirectNewHandle": True}
        elif field in SEO:
            body.setdefault("seo", {})[SEO[field]] = value
        elif field.startswith(PREFIX):
            place = field.removeprefix(PREFIX)
            namespace, key = place.rsplit(".", 1)
            if value:
                kind = kind_of(place, row.get("by_place") or {}, definitions, placement)
                metafields.append({"namespace": namespace, "key": key, "type": kind, "value": str(value)})
            else:
                cleared.append({"ownerId": row["id"], "namespace": namespace, "key": key})
        else:
            skipped[field] = _("Shopify has no field for it.")
    if "seo" in body:  # sending only the title or only the description may blank the other
        there = row.get("seo") or {}
        body["seo"] = {k: body["seo"].get(k, there.get(k) or "") for k in SEO.values()}
    if metafields:
        body["metafields"] = metafields
    return body, cleared
