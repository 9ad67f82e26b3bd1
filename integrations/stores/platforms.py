"""The platforms, a row each. No other module lists them. A difference between two platforms is a field here, or a
method of the client, the publisher or the file adapter that the row names.

A new platform is a folder with its client, a row here, and a file adapter.
"""

from dataclasses import dataclass

from integrations.shopify.client import ShopifyStore
from integrations.shopify.publisher import ShopifyPublisher
from integrations.stores.interface import Store
from integrations.stores.magento.client import MagentoStore
from integrations.stores.posts import Publisher
from integrations.stores.woocommerce.client import WooCommerceStore
from integrations.stores.wordpress.client import WordPressStore
from integrations.stores.wordpress.publisher import WordPressPublisher
from scribe.messages import Message, _


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A connection must have the `required_secrets`, and may have the `optional_secrets` besides.

    `files` names the adapter of its files. `renewal` names a function that takes a connection and returns the function
    that renews its token, or None if its token does not expire. `publisher` is the client for posts; None if the
    platform has no blog that we publish to. `post_id_field` is the field of a blog post that keeps its id there.
    `extras` are capabilities beyond those, as programs see them in the list of platforms: `guard` if our plugin can make
    its writes conditional. `always_has` are the fields of an item that every connected store has a place for.
    `item_types` are the kinds of item that an audit covers; `default_item_type` is the kind of an item added by hand.
    `key_instructions` tells a merchant where to find the secrets. `product_path` is the path of a product's page, with
    `{slug}` in it; empty if only the store's data tell it. `exclude_variants_with_parent`: excluding a product excludes
    its variants. `language_codes` are the columns of `writing/language_codes.py` that its shops' codes are in.
    `mark_place` is the text that tells programs that a model wrote the others; empty where the platform has no field that
    programs read and shoppers don't see: its texts are not marked.

    `currency_keys` and `stock_keys` are the names under which its files and its client's `raw` keep a product's currency
    and stock, beyond those of `writing/facts.py`. `own_keys` (a regular expression; `_` also fits a space) matches names
    of what the platform keeps of a product for itself, so that no text tells a shopper of it.
    """

    id: str
    name: str
    client: type[Store]
    required_secrets: tuple[str, ...]
    optional_secrets: tuple[str, ...] = ()
    key_instructions: Message
    files: str
    renewal: str = ""
    publisher: type[Publisher] | None = None
    post_id_field: str = "external_post_id"
    extras: tuple[str, ...] = ()
    always_has: frozenset[str]
    item_types: tuple[str, ...] = ("product",)
    default_item_type: str = "product"
    product_path: str = ""
    exclude_variants_with_parent: bool = False
    language_codes: tuple[str, ...] = ()
    mark_place: str = ""
    currency_keys: tuple[str, ...] = ()
    stock_keys: tuple[str, ...] = ()
    own_keys: str = ""

    @property
    def credential_fields(self) -> tuple[str, ...]:
        return self.required_secrets + self.optional_secrets

    @property
    def capabilities(self) -> tuple[str, ...]:
        """The capabilities of the platform: `file`, `import`, `sync`, `blog` if it takes posts, and the extras."""
        return ("file", "import", "sync", *(("blog",) if self.publisher else ()), *self.extras)


WOOCOMMERCE = Platform(
    id="woocommerce",
    name="WooCommerce",
    client=WooCommerceStore,
    files="catalog.files.adapters.woocommerce.WooCommerceAdapter",
    required_secrets=("consumer_key", "consumer_secret"),
    key_instructions=_(
        "In WordPress: WooCommerce → Settings → Advanced → REST API → Add key, with the permission Read/Write."
    ),
    extras=("guard",),
    always_has=frozenset({"name", "description", "short_description", "images", "price", "attributes"}),
    language_codes=("wordpress", "slug", "wpml"),
    mark_place="meta._xcscribe_ai",
    stock_keys=("In stock?", "Stock"),
)
SHOPIFY = Platform(
    id="shopify",
    name="Shopify",
    client=ShopifyStore,
    files="catalog.files.adapters.shopify.ShopifyAdapter",
    required_secrets=("access_token",),
    key_instructions=_(
        "In the Shopify admin: Settings → Apps → Develop apps → Create an app, with access to products; then its "
        "Admin API token."
    ),
    renewal="integrations.shopify.tokens.renewal",
    publisher=ShopifyPublisher,
    extras=("app",),
    always_has=frozenset({"name", "description", "images", "price", "attributes"}),
    product_path="/products/{slug}",
    language_codes=("shopify",),
    mark_place="meta.xcscribe.ai_disclosure",
    currency_keys=("variant_currency",),
    stock_keys=("Variant Inventory Qty",),
    own_keys=r"option ?\d_(?:name|value)",
)
MAGENTO2 = Platform(
    id="magento2",
    name="Magento 2",
    client=MagentoStore,
    files="catalog.files.adapters.magento2.MagentoAdapter",
    required_secrets=("access_token",),
    key_instructions=_(
        "In the Magento admin: System → Integrations → Add New Integration, with access to Catalog; then Activate "
        "shows its tokens."
    ),
    optional_secrets=("consumer_key", "consumer_secret", "access_token_secret"),  # all of them together: OAuth 1.0a
    extras=("store_views",),
    always_has=frozenset({"name", "description", "short_description", "images", "price", "attributes"}),
    exclude_variants_with_parent=True,
    language_codes=("magento",),
    mark_place="meta.xcscribe_ai",
    stock_keys=("is_in_stock", "qty"),
    own_keys=r"(?:has|required)_options|options_container|(?:bundle_)?(?:weight|price|sku|shipment)_type|(?:bundle_)?price_view|"
    r"quantity_and_stock_status|msrp\w*|gift_message_available|tax_class\w*|new|sale",
)
WORDPRESS = Platform(
    id="wordpress",
    name="WordPress",
    client=WordPressStore,
    files="catalog.files.adapters.wordpress.WordPressAdapter",
    required_secrets=("consumer_key", "consumer_secret"),
    key_instructions=_(
        "In WordPress: Users → Profile → Application Passwords. Your user name is the consumer key, the password "
        "made there the consumer secret."
    ),
    publisher=WordPressPublisher,
    post_id_field="wp_post_id",
    extras=("guard",),
    always_has=frozenset({"name", "description"}),
    item_types=("product", "page", "post"),
    default_item_type="post",
    language_codes=("wordpress", "slug", "wpml"),
    mark_place="meta._xcscribe_ai",
)

PLATFORMS: dict[str, Platform] = {row.id: row for row in (WOOCOMMERCE, SHOPIFY, MAGENTO2, WORDPRESS)}
MARK_PLACES = frozenset(row.mark_place for row in PLATFORMS.values())


def get(platform: str) -> Platform:
    """The row of a platform. Raises KeyError for an unknown id."""
    return PLATFORMS[platform]


def ids() -> list[str]:
    return list(PLATFORMS)


def choices() -> list[tuple[str, str]]:
    """Ids and names, for model fields and forms."""
    return [(row.id, row.name) for row in PLATFORMS.values()]
