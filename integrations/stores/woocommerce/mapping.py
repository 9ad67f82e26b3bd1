"""WooCommerce's products, variations and categories as our items, and texts back into its fields.

https://woocommerce.github.io/woocommerce-rest-api-docs/#product-properties. Plugins change types at will (`false` for a
list, numbers for strings), so every value is coerced.
"""

import re
from collections.abc import Mapping

from integrations.stores import texts as reading
from integrations.stores.types import CHOSEN, Current, Push, StoreItem, Text, Texts, blank
from integrations.stores.woocommerce import attributes
from integrations.stores.woocommerce.values import name_of, rows, text
from integrations.stores.wordpress import builders, custom_fields, guard
from integrations.stores.wordpress.translations import BY_ADDRESS, language_of
from scribe.messages import _
from scribe.types import Json

FIELDS = {"name": "name", "short_description": "short_description", "description": "description"}
YOAST = {
    "seo.title": "_yoast_wpseo_title",
    "seo.description": "_yoast_wpseo_metadesc",
    "seo.focus_keyword": "_yoast_wpseo_focuskw",
}
RANK_MATH = {
    "seo.title": "rank_math_title",
    "seo.description": "rank_math_description",
    "seo.focus_keyword": "rank_math_focus_keyword",
}
SEOPRESS = {
    "seo.title": "_seopress_titles_title",
    "seo.description": "_seopress_titles_desc",
    "seo.focus_keyword": "_seopress_analysis_target_kw",
}
PLACES = {
    **FIELDS,
    "seo.slug": "slug",
    "tags": "tags",
    "attributes": "attributes",
    **dict.fromkeys(YOAST, "meta_data"),
    "bullet_points": CHOSEN,
    "structured_data": CHOSEN,
}
PLUGINS = {"yoast": YOAST, "rank_math": RANK_MATH, "seopress": SEOPRESS}
SEO_KEYS = tuple(key for keys in PLUGINS.values() for key in keys.values())
# The namespaces that an active plugin adds to the site's index.
SPACES = {"rank_math": "rankmath/", "yoast": "yoast/", "seopress": "seopress/"}
NO_PLUGIN = _("The site has no SEO plugin that we support (Yoast SEO, Rank Math or SEOPress).")
UNKNOWN_PLUGIN = _(
    "The site hides which SEO plugin it has. Name it in the project's settings (seo_plugin: yoast, rank_math or seopress)."
)
NO_FACTS: Mapping[str, str] = {}
_TEMPLATE = re.compile(r"%%?\w+%%?")
# Fields that a sale does not change: with stock and rating counters, every import would find changes.
RAW = [
    "permalink",
    "type",
    "status",
    "catalog_visibility",
    "global_unique_id",
    "regular_price",
    "sale_price",
    "weight",
    "dimensions",
    "stock_status",
    "virtual",
    "downloadable",
    "external_url",
    "default_attributes",
    "grouped_products",
    "brands",
]
READ_FIELDS = (
    "id,parent_id,type,name,slug,description,short_description,tags,attributes,meta_data,date_modified_gmt,"
    "weight,dimensions,global_unique_id,brands,lang,permalink"
)
_LISTED = f"{READ_FIELDS},sku,price,categories,images,variations,translations,{guard.PARAM}"
LIST_FIELDS = ",".join(dict.fromkeys([*_LISTED.split(","), *RAW]))


def meta_of(row: Json) -> dict[str, str]:
    """Meta values by key. Of a repeated key the last counts, as in WordPress. Lists and objects are left out."""
    return {
        str(m.get("key")): text(m.get("value"))
        for m in rows(row.get("meta_data"))
        if not isinstance(m.get("value"), list | dict)
    }


def plugin_of(meta: dict[str, str]) -> str:
    """The SEO plugin whose meta keys a product has; "" for none."""
    for name, keys in PLUGINS.items():
        if any(meta.get(key) for key in keys.values()):
            return name
    return ""


def seo_keys(plugin: str | None, meta: dict[str, str]) -> dict[str, str]:
    """The meta keys of the active plugin's SEO texts. If the plugin is unknown (None), the product's keys decide."""
    return PLUGINS.get(plugin_of(meta) if plugin is None else plugin, {})


def attribute_text(row: Json) -> str:
    options = row.get("options")
    return " | ".join(name_of(o) for o in options) if isinstance(options, list) else name_of(row.get("option"))


def texts(row: Json, *, plugin: str | None, meta_keys: list[str]) -> Texts:
    """The texts of a product, as read with `context=edit`."""
    meta = meta_of(row)
    found: Texts = {
        **{field: text(row.get(key)) for field, key in FIELDS.items()},
        "tags": [name_of(tag.get("name")) for tag in rows(row.get("tags"))],
        "seo.slug": text(row.get("slug")),
    }
    for attribute in rows(row.get("attributes")):
        found[f"attributes.{name_of(attribute.get('name'))}"] = attribute_text(attribute)
    for field, key in seo_keys(plugin, meta).items():
        found[field] = meta.get(key, "")
    for key in meta_keys:
        found[f"meta.{key}"] = meta.get(key, "")
    return found


def current(row: Json, *, plugin: str | None, meta_keys: list[str]) -> Current:
    there = texts(row, plugin=plugin, meta_keys=meta_keys)
    return Current(
        there,
        row,
        text(row.get("date_modified_gmt")),
        names=attributes.names(row),
        kept=attributes.repeated_fields(row),
        built_with=_builder(row),
        language=text(row.get("lang") or row.get(BY_ADDRESS)),
    )


def _builder(row: Json) -> str:
    return builders.name_of(text(row.get("description")), meta=custom(row), told=row.get(guard.PARAM))


def custom(row: Json) -> Json:
    """The meta rows of a product by key, as they are. Of a repeated key the last counts."""
    return {str(m.get("key")): m.get("value") for m in rows(row.get("meta_data"))}


def product(row: Json, *, plugin: str | None, units: dict[str, str], facts: Mapping[str, str] = NO_FACTS) -> StoreItem:
    """A product, or a variation if the row has a parent: some lists contain variations."""
    there = texts(row, plugin=plugin, meta_keys=[])
    seo = {name: there.get(f"seo.{name}", "") for name in ("title", "description", "slug", "focus_keyword")}
    kept: Texts = {}
    for name in ("title", "description"):
        if _TEMPLATE.search(str(seo[name])):  # a plugin's template such as %%title%%: not a text to learn from
            kept[f"seo.{name}"], seo[name] = seo[name], ""
    parent = text(row.get("parent_id")) if row.get("type") == "variation" else ""
    data: Json = {
        "sku": text(row.get("sku")),
        "name": reading.plain_text_of(str(there["name"])),
        "short_description": there["short_description"],
        "description": there["description"],
        "price": text(row.get("price")),
        "categories": [name_of(c.get("name")) for c in rows(row.get("categories"))],
        "tags": there["tags"],
        "images": [text(i.get("src")) for i in rows(row.get("images")) if i.get("src")],
        "parent_external_id": parent,
        "seo": seo,
        "attributes": {
            name_of(a.get("name")): attribute_text(a).replace(" | ", ", ") for a in rows(row.get("attributes"))
        },
        "raw": raw_of(row, units)
        | ({"built_with": builder} if (builder := _builder(row)) else {})
        | custom_fields.facts(custom(row), facts),
    }
    return StoreItem(text(row.get("id")), "variant" if parent else "product", data, parent, kept=kept)


def variation(row: Json, parent: Json, units: dict[str, str]) -> StoreItem:
    """A variation. Its name is made from its parent and its options, as the shop shows it."""
    options = [name_of(a.get("option")) for a in rows(row.get("attributes")) if a.get("option")]
    image, name = row.get("image"), reading.plain_text_of(text(parent.get("name")))
    data: Json = {
        **blank(),
        "sku": text(row.get("sku")),
        "name": " - ".join([name, ", ".join(options)]) if options else name,
        "description": text(row.get("description")),
        "price": text(row.get("price")),
        "images": [text(image["src"])] if isinstance(image, dict) and image.get("src") else [],
        "parent_external_id": text(parent.get("id")),
        "attributes": {name_of(a.get("name")): name_of(a.get("option")) for a in rows(row.get("attributes"))},
        "raw": raw_of(row, units),
    }
    return StoreItem(text(row.get("id")), "variant", data, text(parent.get("id")))


def category(row: Json) -> StoreItem:
    image = row.get("image")
    data: Json = {
        **blank(),
        "name": name_of(row.get("name")),
        "description": text(row.get("description")),
        "images": [text(image["src"])] if isinstance(image, dict) and image.get("src") else [],
        "parent_external_id": text(row.get("parent")) if row.get("parent") else "",
        "seo": {"slug": text(row.get("slug"))},
        "raw": {"display": text(row.get("display")), **language_of(row)},
    }
    return StoreItem(text(row.get("id")), "category", data, data["parent_external_id"])


def raw_of(row: Json, units: dict[str, str]) -> Json:
    """The other useful fields of the row, with the units of its measures, the alt texts of its images, and its language."""
    kept = {key: row[key] for key in RAW if row.get(key) not in (None, "", [], {})}
    sizes = kept.pop("dimensions", None)
    if isinstance(sizes, dict) and (filled := {key: value for key, value in sizes.items() if value}):
        kept["dimensions"] = filled
    kept |= {f"{key}_unit": unit for key, unit in units.items() if kept.get(key)}
    kept |= language_of(row)
    alts = {text(i.get("src")): text(i.get("alt")) for i in rows(row.get("images")) if i.get("alt")}
    return {**kept, "image_alts": alts} if alts else kept


def wire(value: str) -> str:
    """HTML in the form to send to WordPress: its filter removes every second backslash, and cuts after a bare `<`."""
    return reading.escape_stray_brackets(value).replace("\\", "\\\\")


def update(
    push: Push,
    *,
    plugin: str | None,
    tag_ids: dict[str, int],
    own: dict[str, Json],
    skipped: dict[str, str],
) -> Json:
    """The batch entry of one push, with the changes only. Lists are complete, since the store replaces them.

    An empty text deletes its meta row (null): "" would leave an empty row behind.
    """
    body: Json = {"id": int(push.current.raw["id"])}
    keys = seo_keys(plugin, meta_of(push.current.raw))
    meta: list[Json] = []
    wanted: dict[str, Text] = {}
    for field, value in push.texts.items():
        if field in FIELDS:
            body[FIELDS[field]] = wire(str(value))
        elif field == "seo.slug":
            body["slug"] = value
        elif field == "tags":
            body["tags"] = [{"id": tag_ids[name.casefold()]} for name in value if name.casefold() in tag_ids]
        elif field in keys:
            text_of = (
                reading.escape_plain_text(str(value)) if keys == YOAST else str(value)
            )  # Yoast strips tags on save
            meta.append({"key": keys[field], "value": text_of or None})
        elif field in YOAST:
            skipped[field] = NO_PLUGIN if plugin is not None else UNKNOWN_PLUGIN
        elif field.startswith("meta."):
            meta.append({"key": field.removeprefix("meta."), "value": str(value) or None})
        elif field.startswith("attributes."):
            wanted[field.removeprefix("attributes.")] = value
        else:
            skipped[field] = _("WooCommerce has no field for it.")
    if meta:
        body["meta_data"] = meta
    if wanted and (listed := attributes.merge_attributes(push.current.raw, wanted, own, skipped)) is not None:
        body["attributes"] = listed
    return body
