"""Answers without an end: models, image models, blogs and stores are cut off after their time or size, and say so."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.ai import images
from integrations.ai.caller import Caller
from integrations.ai.errors import AITransientError
from integrations.shopify.publisher import ShopifyPublisher
from integrations.stores.errors import StoreError
from integrations.stores.magento.client import MagentoStore
from integrations.stores.types import Credentials
from integrations.stores.woocommerce.client import WooCommerceStore
from integrations.stores.wordpress.publisher import WordPressPublisher
from tests.fakes.endless import WAYS, Endless
from tests.integrations.ai.helpers import ask, fresh

MODELS = (
    ("anthropic", "claude-haiku-5-5", ""),
    ("openai", "gpt-6-luna", "/v1"),
    ("deepseek", "deepseek-flash", ""),
    ("google", "gemini-3.5-flash-lite", "/v1beta/openai/"),
    ("local", "qwen", "/v1"),
)
CUT = {"provider_timeout", "provider_answer_too_long"}
PLACES = {
    "wordpress": WordPressPublisher,
    "shopify": ShopifyPublisher,
    "woocommerce": WooCommerceStore,
    "magento": MagentoStore,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model[0])
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


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", PLACES)
def test_a_blog_or_store_is_cut_off(way: str, place: str, settings: Any) -> None:
    settings.SHOPIFY_API_VERSION = "2026-10"
    with Endless(way) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.hostport]
        keys = Credentials(server.url, access_token="t", consumer_key="k", consumer_secret="s")
        client = PLACES[place](keys, pause=lambda seconds: None)
        client.http.hurry(0.5)
        with pytest.raises(StoreError):
            client.test()
    assert server.asked
