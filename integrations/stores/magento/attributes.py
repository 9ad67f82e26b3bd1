"""A Magento store's product attributes: labels, kinds, and the options behind the numbers in select fields."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from integrations.stores import meanings
from scribe.messages import _
from scribe.types import Json

BOOLEAN = "boolean"
YES_OR_NO = {"1": "Yes", "0": "No"}
SELECTS = frozenset(("select", "multiselect", BOOLEAN))
TEXTS = frozenset(("text", "textarea", "texteditor", "pagebuilder"))
# Attributes that we read as fields, or that Magento uses internally: never shown as facts.
SYSTEM = frozenset(
    [
        "name",
        "sku",
        "description",
        "short_description",
        "url_key",
        "url_path",
        "meta_title",
        "meta_keyword",
        "meta_description",
        "category_ids",
        "image",
        "small_image",
        "thumbnail",
        "swatch_image",
        "image_label",
        "small_image_label",
        "thumbnail_label",
        "options_container",
        "required_options",
        "has_options",
        "tax_class_id",
        "status",
        "visibility",
        "price",
        "special_price",
        "special_from_date",
        "special_to_date",
        "cost",
        "msrp",
        "msrp_display_actual_price_type",
        "page_layout",
        "custom_layout",
        "custom_layout_update",
        "custom_design",
        "custom_design_from",
        "custom_design_to",
        "gift_message_available",
        "quantity_and_stock_status",
        "news_from_date",
        "news_to_date",
        "media_gallery",
        "gallery",
        "tier_price",
        "weight_type",
        "price_type",
        "price_view",
        "sku_type",
        "shipment_type",
        "links_purchased_separately",
        "links_title",
        "links_exist",
        "samples_title",
        "minimal_price",
        "created_at",
        "updated_at",
        "store_view_code",
        "old_id",
        "country_of_manufacture_id",
        "custom_layout_update_file",
        "gift_wrapping_available",
        "gift_wrapping_price",
        "is_returnable",
        "related_tgtr_position_behavior",
        "related_tgtr_position_limit",
        "upsell_tgtr_position_behavior",
        "upsell_tgtr_position_limit",
        "giftcard_type",
    ]
)

# Facts that are fields of their own: they are shown, but a text is never written to them.
FIELDS = frozenset(("weight",))
KEPT = {key: _("Magento stores {key} in its own field.", key=key) for key in ("sku", "price", "weight", "stock")}


@dataclass(frozen=True)
class MagentoAttribute:
    code: str
    label: str
    kind: str  # text, textarea, select, multiselect, boolean, price, date, weight, …
    options: dict[str, str]  # id -> label

    def show(self, value: object) -> str:
        """The value as a person reads it, with labels for option ids."""
        if self.kind in SELECTS or self.options:
            ids = value if isinstance(value, list) else str(value).split(",")
            return ", ".join(self.labels.get(str(i).strip(), str(i).strip()) for i in ids if str(i).strip())
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the values to choose from, by id."""
        return self.options or (YES_OR_NO if self.kind == BOOLEAN else {})

    @property
    def takes_text(self) -> bool:
        """Whether a text can be stored, as it is or as the option that it names. Magento would make a zero of it."""
        return self.kind in TEXTS or self.kind in SELECTS

    def take(self, text: str) -> str | None:
        """The value to store for a text; None if there is no option with this label or one of the same meaning."""
        if self.kind in TEXTS:
            return text
        ids = {label.casefold(): key for key, label in self.labels.items()}
        if self.kind == "multiselect":
            parts = [part.strip() for part in text.replace("|", ",").split(",") if part.strip()]
            several, unknown = meanings.find_each(self.label, parts, ids)  # `show` joined the labels by commas
            return None if unknown else ",".join(several)
        found = meanings.find(self.label, text.strip(), ids) if text.strip() else ""
        return None if found is None else str(found)


class Attributes:
    """All product attributes, read once per client. A page of the attribute list contains the options, too."""

    def __init__(self, pages: Callable[[], list[Json]]) -> None:
        self._pages = pages
        self._by_code: dict[str, MagentoAttribute] | None = None
        self._names: dict[str, str] | None = None
        self._lock = threading.Lock()

    @property
    def by_code(self) -> dict[str, MagentoAttribute]:
        with self._lock:  # several threads may write at once; only one of them reads the list
            if self._by_code is None:
                self._by_code = {a.code: a for a in map(_attribute, self._pages()) if a.code}
            return self._by_code

    @property
    def names(self) -> dict[str, str]:
        """Lower-case codes and labels of the attributes that are facts, each with the name of its text."""
        if self._names is None:
            shown = [a for a in self.by_code.values() if a.code not in SYSTEM and a.code not in FIELDS]
            self._names = {n.casefold(): f"attributes.{a.label}" for a in shown for n in (a.code, a.label)}
        return self._names

    def find(self, name: str) -> MagentoAttribute | None:
        """The attribute with this code or label, in any letter case; else None."""
        wanted = name.strip().casefold()
        for attribute in self.by_code.values():
            if wanted in (attribute.code.casefold(), attribute.label.casefold()):
                return attribute
        return None


def _attribute(row: Json) -> MagentoAttribute:
    options = {
        str(o["value"]): str(o.get("label") or "").strip()
        for o in row.get("options") or []
        if isinstance(o, dict) and str(o.get("value") or "").strip()
    }
    label = str(row.get("default_frontend_label") or row.get("attribute_code") or "")
    return MagentoAttribute(
        str(row.get("attribute_code") or ""), label, str(row.get("frontend_input") or "text"), options
    )
