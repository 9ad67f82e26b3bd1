"""The values that go into a store and come out of it, the same for every platform.

A *text* is the value of one field as the store keeps it. Texts are flat: `name`, `short_description`, `description`,
`tags`, `attributes.<name>`, `seo.title`, `seo.description`, `seo.slug`, `seo.focus_keyword`, and `meta.<key>` for a
place that the merchant chose (WooCommerce meta, Shopify metafield, Magento attribute). An empty text and an absent one
are the same.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from integrations.stores.errors import StoreError
from scribe.types import Json

Text = str | list[str]
Texts = dict[str, Text]


@dataclass(frozen=True, repr=False)
class Credentials:
    """How to open a store. Has no repr, so that no secret ends up in a log or a trace."""

    base_url: str
    access_token: str = ""
    access_token_secret: str = ""
    consumer_key: str = ""
    consumer_secret: str = ""
    media_base_url: str = ""

    def __repr__(self) -> str:
        return f"Credentials({self.base_url})"


@dataclass(frozen=True)
class StoreInfo:
    """The result of a connection test. `guarded` and `missing_places` as in `Store`."""

    store_name: str
    media_base_url: str = ""
    details: Json = field(default_factory=dict)
    guarded: bool | None = None
    missing_places: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    id: str
    title: str

    def as_dict(self) -> dict[str, str]:
        return {"id": self.id, "title": self.title}


@dataclass(frozen=True)
class ShopLanguage:
    """A language of a shop. `code` is the shop's own word for it: a locale, a slug, or the code of a store view. `locale`
    is the locale behind the code where the two differ. `primary` is the language of the shop's own texts. `published` says
    whether visitors see it; None if the shop does not tell. `home` is the address of its start page, if it has its own."""

    code: str
    name: str = ""
    locale: str = ""
    primary: bool = False
    published: bool | None = None
    home: str = ""


Filters = Mapping[str, list[str]]


def blank() -> Json:
    """Source data with all canonical keys, which are empty."""
    return {
        "sku": "",
        "name": "",
        "short_description": "",
        "description": "",
        "price": "",
        "categories": [],
        "tags": [],
        "images": [],
        "parent_external_id": "",
        "seo": {},
        "attributes": {},
        "raw": {},
    }


@dataclass(frozen=True)
class StoreItem:
    """One product, variant, category, page or post as read. `data` has the canonical keys of an item's source data. Under
    `raw` is what else the platform tells of the thing, by the platform's names; of these we read `permalink` or `link`,
    `currency`, `stock_status`, `weight` and other measures (with `<key>_unit`), `barcode` and other facts of a product
    (`writing/facts.py`), `image_alts` (address → text), and `lang` and `translations` of a row in one language.

    `kept` holds texts of the store that `data` leaves out or shows differently, for example an SEO title that is a
    template. `aliases` are other ids under which a file may have brought the same item. `left_out` is the reason why
    the item is no content, such as a shop's Cart page: it is imported as excluded. `unread` is the reason why it could
    not be read: then `data` is empty, and it counts as a failure of the import.
    """

    external_id: str
    item_type: str
    data: Json
    parent_external_id: str = ""
    scope: str = ""
    kept: Texts = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    left_out: str = ""
    unread: str = ""


@dataclass(frozen=True)
class ItemPage:
    """One page of items. `cursor` gets the next page; None after the last.

    With `wait` (seconds) the store is still preparing: there are no items yet, and the next page should be asked for after
    that time. `note` is one sentence that says why, or how the store is read from now on, with a stable `code`.
    """

    items: list[StoreItem]
    cursor: str | None
    wait: float = 0.0
    note: str = ""
    code: str = ""


@dataclass(frozen=True)
class Ref:
    """A reference to an item in the store: its id there, its kind, its parent's id and its store view (Magento)."""

    external_id: str
    item_type: str = "product"
    parent_external_id: str = ""
    scope: str = ""
    sku: str = ""

    @property
    def has_number(self) -> bool:
        """Whether the id is one of the numbers that the platform gives. An item that came without an id has its SKU as its
        id, and the product with that number is another one."""
        return self.external_id.isdigit() and self.external_id != self.sku


@dataclass(frozen=True)
class Current:
    """An item's texts in the store now, and the store's raw answer: a write may need to merge lists into it.

    `modified` is the platform's own stamp of the last change; "" if it gives none. `refused` is the reason why nothing
    may be written to the item, such as a shop's Cart page; else empty. `names` maps other names of an attribute, in
    lower case, to its text: `pa_color` to `attributes.Colour`. `kept` maps lower-case names that the store has a field
    of its own for to the reason for not adding them as attributes. `built_with` names the page builder whose data visitors see
    in the place of the description; else empty. `unshown` are texts that the store takes and does not show.
    `language` is the store's code of the language that this row is in, where it tells one; `und` where only people know.
    """

    texts: Texts
    raw: Json
    modified: str = ""
    refused: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    built_with: str = ""
    unshown: frozenset[str] = frozenset()
    language: str = ""


@dataclass(frozen=True)
class Push:
    """Texts to write. `current` was read just before: lists are merged into it. `is_undo`: the texts are put back after an
    earlier push, so a place that inherited its text before that push should inherit it again."""

    ref: Ref
    texts: Texts
    current: Current
    is_undo: bool = False


@dataclass(frozen=True)
class Pushed:
    """The result of one push: the texts that the store keeps now, the texts that it has no place for, or the error."""

    ref: Ref
    texts: Texts = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    error: StoreError | None = None


@dataclass(frozen=True)
class CustomField:
    """A field that a shop's owner or plugins have added, the text that one item has in it, and how many of the items that
    were looked at have any."""

    key: str
    example: str
    count: int


@dataclass(frozen=True)
class Placement:
    """The places for texts that a platform has no field of its own for, from the project's settings. `facts` are the
    custom fields that an import reads as facts: their keys with the facts' names.

    Keys are the fields that are `placed` (`writing/fields.py`), where the platform's `field_places` says CHOSEN. Values:
    `short_description` or `description` (at its top), `meta.<key>` (WooCommerce meta key, Shopify `namespace.key`,
    Magento attribute code; for Shopify's attributes the namespace alone), or `none`.
    """

    places: Mapping[str, str] = field(default_factory=dict)
    seo_plugin: str = "auto"
    push_slug: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str, default: str = "none") -> str:
        return self.places.get(name) or default

    @property
    def meta_keys(self) -> list[str]:
        """The chosen keys, so that a client reads them too."""
        return sorted({p.removeprefix("meta.") for p in self.places.values() if p.startswith("meta.")})


NO_PLACEMENT = Placement()

# Values in a client's `field_places`. CHOSEN: the project's settings choose the place. NO_PLACE: the platform has none.
CHOSEN, NO_PLACE = "chosen", ""


@dataclass(frozen=True)
class Opening:
    """How a store is opened, beside its credentials. A client uses only the fields that concern its platform.

    `pause` sleeps for that many seconds. `store_view` is the code of a view of a store that has several. `renew` returns a
    fresh access token, for a store whose tokens expire. `blog_id` is the blog, for a publisher of a shop with several.
    """

    placement: Placement = NO_PLACEMENT
    pause: Callable[[float], None] = time.sleep
    store_view: str = ""
    renew: Callable[[], str] | None = None
    blog_id: str = ""
