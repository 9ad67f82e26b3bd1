"""Meta rows as places for texts, chosen in a project's settings.
A place must hold one text, and no WooCommerce field."""

from integrations.stores.types import Push
from integrations.stores.woocommerce.values import rows
from scribe.messages import _

# Meta rows behind WooCommerce's own fields. A write to them would change the price, the stock or the images.
INTERNAL = frozenset(
    [
        "_backorders",
        "_crosssell_ids",
        "_default_attributes",
        "_download_expiry",
        "_download_limit",
        "_downloadable",
        "_downloadable_files",
        "_edit_last",
        "_edit_lock",
        "_featured",
        "_global_unique_id",
        "_height",
        "_length",
        "_low_stock_amount",
        "_manage_stock",
        "_price",
        "_product_attributes",
        "_product_image_gallery",
        "_product_version",
        "_regular_price",
        "_sale_price",
        "_sale_price_dates_from",
        "_sale_price_dates_to",
        "_sku",
        "_sold_individually",
        "_stock",
        "_stock_status",
        "_tax_class",
        "_tax_status",
        "_thumbnail_id",
        "_upsell_ids",
        "_variation_description",
        "_virtual",
        "_wc_average_rating",
        "_wc_rating_count",
        "_wc_review_count",
        "_weight",
        "_width",
        "total_sales",
    ]
)


def chosen_keys(push: Push) -> list[str]:
    return [field.removeprefix("meta.") for field in push.texts if field.startswith("meta.")]


def no_texts(push: Push) -> dict[str, str]:
    """The chosen places of a push that can't take a text in this product, each with the reason: they hold a WooCommerce
    field, several rows, or data, which a write would destroy."""
    found: dict[str, str] = {}
    there = rows(push.current.raw.get("meta_data"))
    for key in chosen_keys(push):
        values = [m.get("value") for m in there if m.get("key") == key]
        if key in INTERNAL:
            found[f"meta.{key}"] = _("WooCommerce uses {key} for its own field.", key=key)
        elif len(values) > 1:
            found[f"meta.{key}"] = _("The product has several meta rows of that name.")
        elif any(isinstance(value, list | dict) for value in values):
            found[f"meta.{key}"] = _("The product's meta row of that name holds data, not a text.")
    return found
