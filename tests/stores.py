"""Each platform as tests meet it: a fake of its vendor, and how a test reads and changes what is in it. The tests that
every platform must pass run through these rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from integrations.models import StoreConnection
from integrations.stores import platforms
from integrations.stores.interface import Store
from integrations.stores.types import Credentials, Opening, Placement, Ref
from tests.catalog.files import samples
from tests.fakes import magento, shopify, woocommerce, wordpress

Row = dict[str, Any]


def wait_for_nothing(seconds: float) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class FakeStore:
    """`make` makes the fake, which the `secrets` open. `key` is a row's id in the store, `name` and `description` are
    its texts, `rename` is a merchant's edit of the name, and `mark` the text that tells programs who wrote the others.

    `facts` are the names of the facts that the fake's plain product (its `add()`) and the `file` lead to, with
    `currency` and `stock` where they tell these: nothing that the platform keeps of a product for itself. `file` is a
    small export, messy in the ways that the platform's are. `reads`, `looks` and `writes` are the most calls that an
    import of 2,000 products, the look before their push, and the push take.
    """

    platform: str
    make: Callable[[], Any]
    secrets: dict[str, str]
    key: Callable[[Row], str]
    name: Callable[[Row], str]
    description: Callable[[Any, Row], str]
    rename: Callable[[Row, str], None]
    mark: Callable[[Any, Row], str]
    facts: frozenset[str]
    file: bytes
    reads: int
    looks: int
    writes: int

    @property
    def row(self) -> platforms.Platform:
        return platforms.get(self.platform)

    @contextmanager
    def open(self, settings: Any) -> Iterator[Any]:
        """The running fake, which settings allow to be called."""
        with self.make() as fake:
            settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
            settings.SHOPIFY_SHOP_URL = fake.url
            yield fake

    def client(self, fake: Any, placement: Placement | None = None) -> Store:
        opening = Opening(placement=placement or Placement(), pause=wait_for_nothing)
        return self.row.client.opened(Credentials(fake.url, **self.secrets), opening)

    def ref(self, row: Row) -> Ref:
        return Ref(self.key(row), self.row.default_item_type)

    def connect(self, organization: Any, fake: Any, **fields: Any) -> StoreConnection:
        return StoreConnection.objects.create(
            organization=organization,
            name="Shop",
            platform=self.platform,
            base_url=fake.url,
            status="active",
            **self.secrets,
            **fields,
        )


def _meta(row: Row, key: str) -> str:
    return next((str(meta["value"]) for meta in row["meta_data"] if meta["key"] == key), "")


def _set(field: str) -> Callable[[Row, str], None]:
    return lambda row, text: row.__setitem__(field, text)


STORES = {
    store.platform: store
    for store in (
        FakeStore(
            platform="woocommerce",
            make=woocommerce.FakeWooCommerce,
            secrets={"consumer_key": woocommerce.KEY, "consumer_secret": woocommerce.SECRET},
            key=lambda row: str(row["id"]),
            name=lambda row: row["name"],
            description=lambda fake, row: row["description"],
            rename=_set("name"),
            mark=lambda fake, row: _meta(row, "_xcscribe_ai"),
            facts=frozenset({"veličina", "stock"}),
            file=samples.WOO_CP1250,
            reads=20,
            looks=80,
            writes=80,
        ),
        FakeStore(
            platform="shopify",
            make=shopify.FakeShopify,
            secrets={"access_token": shopify.TOKEN},
            key=lambda row: row["legacyResourceId"],
            name=lambda row: row["title"],
            description=lambda fake, row: row["descriptionHtml"],
            rename=_set("title"),
            mark=lambda fake, row: fake.metafield(row, "xcscribe.ai_disclosure") or "",
            facts=frozenset({"vendor", "size", "currency"}),
            file=samples.SHOPIFY,
            reads=5,  # a bulk operation: its start, three looks, its file
            looks=34,
            writes=34,
        ),
        FakeStore(
            platform="magento2",
            make=magento.FakeMagento,
            secrets={"access_token": magento.TOKEN},
            key=lambda row: row["sku"],
            name=lambda row: row["name"],
            description=lambda fake, row: fake.value(row, "description"),
            rename=_set("name"),
            mark=lambda fake, row: fake.value(row, "xcscribe_ai") or "",
            facts=frozenset({"weight", "size", "color", "care"}),
            file=samples.MAGENTO,
            reads=10,
            looks=200,
            writes=2000,
        ),
        FakeStore(
            platform="wordpress",
            make=wordpress.FakeWordPress,
            secrets={"consumer_key": wordpress.USER, "consumer_secret": wordpress.PASSWORD},
            key=lambda row: str(row["id"]),
            name=lambda row: row["title"]["raw"],
            description=lambda fake, row: row["content"]["raw"],
            rename=lambda row, text: row.__setitem__("title", {"raw": text}),
            mark=lambda fake, row: row["meta"].get("_xcscribe_ai", ""),
            facts=frozenset(),
            file=samples.WXR,
            reads=20,
            looks=80,
            writes=80,
        ),
    )
}


def covering(cases: list[Any]) -> list[Any]:
    """The cases of a test, each with its `platform`. Raises where a platform has none."""
    missing = set(platforms.PLATFORMS) - {case.platform for case in cases}
    if missing:
        raise LookupError(f"These tests have no case for {', '.join(sorted(missing))}.")
    return cases
