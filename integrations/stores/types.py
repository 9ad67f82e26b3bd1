"""What goes into and comes out of a store, the same for every platform.

A *text* is the value of one field as the store keeps it. Texts are flat: `name`, `short_description`, `description`,
`tags`, `attributes.<name>`, `seo.title`, `seo.description`, `seo.slug`, `seo.focus_keyword`, and `meta.<key>` for a
place that the merchant chose (WooCommerce meta, Shopify metafield, Magento attribute). An empty text and an absent one
are the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.stores.errors import StoreError

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
    """What a connection test learns."""

    store_name: str
    media_base_url: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    id: str
    title: str

    def as_dict(self) -> dict[str, str]:
        return {"id": self.id, "title": self.title}


Filters = Mapping[str, list[str]]


@dataclass(frozen=True)
class StoreItem:
    """One product, variant, category, page or post as read. `data` has the canonical keys of an item's source data.

    `kept` holds texts that differ from what `data` shows of them, for example an SEO title that is a template: facts
    leave it out, but the store still keeps it. `aliases` are other ids under which a file may have brought the same thing.
    `left_out` says why it is no content, such as a shop's Cart page: it is imported as excluded. `unread` says why it
    could not be read: then `data` is empty, and it is a failure of the import.
    """

    external_id: str
    item_type: str
    data: dict[str, Any]
    parent_external_id: str = ""
    scope: str = ""
    kept: Texts = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    left_out: str = ""
    unread: str = ""


@dataclass(frozen=True)
class ItemPage:
    """One page of items; `cursor` asks for the next one, None after the last."""

    items: list[StoreItem]
    cursor: str | None


@dataclass(frozen=True)
class Ref:
    """Which thing in the store: its id there, its kind, its parent's id and its store view (Magento)."""

    external_id: str
    item_type: str = "product"
    parent_external_id: str = ""
    scope: str = ""
    sku: str = ""


@dataclass(frozen=True)
class Current:
    """What the store holds now: its texts, and its raw answer, which a write may need to merge into.

    `modified` is the platform's own stamp of the last change, "" where it gives none.
    `refused` says why nothing may be written there, such as a shop's Cart page; empty when it may. `names` maps other
    names of an attribute, in lower case, to its text: `pa_color` to `attributes.Colour`. `kept` maps the lower-case names
    of what the store holds as a field of its own to the reason for not adding it as an attribute.
    """

    texts: Texts
    raw: dict[str, Any]
    modified: str = ""
    refused: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Push:
    """Texts to write. `current` is what was read just before: lists are merged into it. `back`: they are put back after
    an earlier push, so a place that takes its text from elsewhere when it has none is to have none again."""

    ref: Ref
    texts: Texts
    current: Current
    back: bool = False


@dataclass(frozen=True)
class Pushed:
    """What became of one push: the texts that the store keeps now, what it has no place for, or the error."""

    ref: Ref
    texts: Texts = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    error: StoreError | None = None


@dataclass(frozen=True)
class Placement:
    """Where texts go that a platform has no field of its own for; from the project's settings.

    Keys are `short_description` and `attributes` (Shopify), `bullet_points` and `structured_data`. Values:
    `short_description` or `description` (at its top), `meta.<key>` (WooCommerce meta key, Shopify `namespace.key`,
    Magento attribute code; for Shopify's attributes the namespace alone), or `none`.
    """

    places: Mapping[str, str] = field(default_factory=dict)
    seo_plugin: str = "auto"
    push_slug: bool = False

    def of(self, name: str, default: str = "none") -> str:
        return self.places.get(name) or default

    @property
    def meta_keys(self) -> list[str]:
        """The chosen keys, so that a client reads them too."""
        return sorted({p.removeprefix("meta.") for p in self.places.values() if p.startswith("meta.")})


NO_PLACEMENT = Placement()

# In a client's `keeps`: the project's settings choose the place; the platform has none.
CHOSEN, NOWHERE = "chosen", ""


@dataclass(frozen=True)
class Opening:
    """How a store is opened, beside its credentials; a client takes what concerns its platform.

    `pause` sleeps for that many seconds. `store_view` is the code of a view of a store that has several. `renew` returns a
    fresh access token, for a store whose tokens expire. `blog_id` is the blog, for a publisher of a shop with several.
    """

    placement: Placement = NO_PLACEMENT
    pause: Callable[[float], None] = time.sleep
    store_view: str = ""
    renew: Callable[[], str] | None = None
    blog_id: str = ""
