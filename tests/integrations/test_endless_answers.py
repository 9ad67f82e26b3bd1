"""Answers without an end: models, image models, blogs and stores are cut off after their time or size, and say so."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from integrations import payments
from integrations.ai import images
from integrations.ai.caller import Caller
from integrations.ai.errors import AITransientError
from integrations.payments import nbs
from integrations.payments.errors import PaymentError
from integrations.shopify.client import ShopifyStore
from integrations.stores import paging
from integrations.stores.errors import StoreError, StorePermanentError
from integrations.stores.interface import Store
from integrations.stores.magento.client import MagentoStore
from integrations.stores.platforms import PLATFORMS
from integrations.stores.posts import Publisher
from integrations.stores.types import Credentials, Opening
from integrations.stores.woocommerce.client import WooCommerceStore
from integrations.stores.wordpress.client import WordPressStore
from tests.fakes.endless import WAYS, Endless
from tests.fakes.server import Reply, Request, Server
from tests.integrations.ai.helpers import ask, fresh
from tests.sizes import some

pytestmark = pytest.mark.each_value

MODELS = (
    ("anthropic", "claude-haiku-5-5", ""),
    ("openai", "gpt-6-luna", "/v1"),
    ("deepseek", "deepseek-flash", ""),
    ("google", "gemini-3.5-flash-lite", "/v1beta/openai/"),
    ("local", "qwen", "/v1"),
)
CUT = {"provider_timeout", "provider_answer_too_long"}
PLACES: list[type[Store] | type[Publisher]] = [
    place for row in PLATFORMS.values() for place in (row.client, row.publisher) if place
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", some(MODELS, 2), ids=lambda model: model[0])
def test_a_model_is_cut_off(way: str, model: tuple[str, str, str]) -> None:
    fresh()
    provider, name, path = model
    with Endless(way) as server, pytest.raises(AITransientError) as caught:
        ask(Caller(provider, name, "k", server.url + path, timeout=0.5), attempts=1)
    assert caught.value.code in CUT
    assert server.asked == 1


@pytest.mark.parametrize("way", ["drip", "flood", "drip in chunks"])
def test_an_image_model_is_cut_off(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "SECONDS", 0.5)
    with Endless(way) as server, pytest.raises(AITransientError) as caught:
        images.generate_image("A sock", api_key="k", base_url=server.url + "/v1")
    assert caught.value.code in CUT


@pytest.mark.parametrize("way", ["drip", "drip in chunks", "promised and not sent"])
@pytest.mark.parametrize("party", ["nbs", *payments.PROVIDERS])
def test_a_bank_or_a_payment_provider_is_cut_off(
    way: str, party: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nbs, "TIMEOUT", 0.5)
    for name in payments.PROVIDERS:
        monkeypatch.setattr(f"integrations.payments.{name}.client.TIMEOUT", 0.5)
    with Endless(way) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.hostport]
        settings.NBS_RATES_URL = server.url
        for name in payments.PROVIDERS:
            setattr(settings, f"{name}_api_url".upper(), server.url)
            setattr(settings, f"{name}_api_key".upper(), "k")
        with pytest.raises(PaymentError) as caught:
            nbs.euro() if party == "nbs" else payments.provider(party).resume("sub_1")
    assert caught.value.timed_out
    assert server.asked == 1


class Lists(Server):
    """Every page of every list has rows that no page before it had."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = count(1)

    async def answer(self, request: Request) -> Reply:
        rows = [{"id": next(self.ids), "sku": "x", "name": "x", "taxonomy": "category"} for _ in range(300)]
        if request.path.endswith("graphql.json"):
            info = {"hasNextPage": True, "endCursor": str(next(self.ids))}
            return Reply(200, {"data": {"collections": {"nodes": [], "pageInfo": info}}})
        return Reply(200, {"items": rows} if "/V1/" in request.path else rows[:100])


@pytest.mark.parametrize(
    "read",
    [
        lambda keys: WooCommerceStore(keys, pause=quiet).filters(),
        lambda keys: WordPressStore(keys, pause=quiet).site.all("/wp/v2/categories"),
        lambda keys: MagentoStore(keys, pause=quiet).http.listed("/categories/list", "items[id]", scope="all"),
        lambda keys: MagentoStore(keys, pause=quiet).page({"categories": ["1"]}, None),
        lambda keys: ShopifyStore(keys, pause=quiet).filters(),
    ],
    ids=["woocommerce", "wordpress", "magento", "magento's parents", "shopify"],
)
def test_a_list_without_an_end_is_given_up(
    read: Callable[[Credentials], object], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows filled the memory until the worker was killed, five times."""
    monkeypatch.setattr(paging, "MOST_PAGES", 4)
    settings.SHOPIFY_API_VERSION = "2026-10"
    with Lists() as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.hostport]
        keys = Credentials(server.url, access_token="t", consumer_key="k", consumer_secret="s")
        with pytest.raises(StorePermanentError) as caught:
            read(keys)
    assert caught.value.code == "store_repeats_pages"
    assert len(server.requests) <= 6


def quiet(seconds: float) -> None:
    return None


@pytest.mark.each_value
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", some(PLACES, 2), ids=lambda place: place.__name__)
def test_a_blog_or_store_is_cut_off(way: str, place: Any, settings: Any) -> None:
    settings.SHOPIFY_API_VERSION = "2026-10"
    with Endless(way) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.hostport]
        keys = Credentials(server.url, access_token="t", consumer_key="k", consumer_secret="s")
        client = place.opened(keys, Opening(pause=quiet))
        client.http.hurry(0.5)
        with pytest.raises(StoreError):
            client.test()
    assert server.asked
