"""Clients of stores, blogs and other third parties meet answers of another form than was promised: at the socket, one part
of a good answer is replaced by something odd. Only the client's own errors come out."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from integrations import payments
from integrations.identity import turnstile
from integrations.identity.errors import Unavailable
from integrations.payments.errors import PaymentError
from integrations.payments.types import Order
from integrations.photos import pexels
from integrations.photos.pexels import PhotosError
from integrations.shopify.client import ShopifyStore
from integrations.shopify.publisher import ShopifyPublisher
from integrations.stores import misshapen
from integrations.stores.errors import LostAnswer, StoreError, StorePermanentError
from integrations.stores.platforms import PLATFORMS
from integrations.stores.posts import PostChange, PostDraft, RemotePost
from integrations.stores.types import Credentials, Current, Placement, Push, Ref
from integrations.stores.wordpress.publisher import WordPressPublisher
from tests.fakes import shopify, wordpress
from tests.fakes.server import Reply, Request, Server
from tests.stores import STORES

ODD: tuple[Any, ...] = (
    None, {}, [], "", "text", 0, -1, True, 10**30, 1.5e308, [None], [[]], ["x"], {"a": None}, {"0": {}}, [{}], [{"id": None}],
    {"message": ["no"]}, [{"message": {}}], [{"path": [], "extensions": 7}],
)  # fmt: skip
EACH = 25  # answers for each call of a client


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, one in value.items():
            found += places(one, (*path, key))
    if isinstance(value, list):
        for at, one in enumerate(value[:3]):
            found += places(one, (*path, at))
    return found


def with_odd(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_odd(value[path[0]], path[1:], odd)
    return copy


class Meddler:
    """Replaces one place in each answer of a fake, from its `after`-th on."""

    def __init__(self, fake: Any, seed: int) -> None:
        self.random, self.good = random.Random(seed), fake.answer
        self.on, self.left = False, 0
        self.last = ""
        fake.answer = self.answer

    async def answer(self, request: Request) -> Reply:
        reply: Reply = await self.good(request)
        if not self.on:
            return reply
        self.left -= 1
        if self.left > 0:
            return reply
        try:
            value = json.loads(reply.body) if isinstance(reply.body, bytes) else reply.body
        except ValueError:
            return reply
        place, odd = self.random.choice(places(value)), self.random.choice(ODD)
        self.last = f"{request.method} {request.target[:60]}: {place} is {odd!r}"
        return Reply(reply.status, with_odd(value, place, odd), reply.headers)


def try_all(fake: Any, calls: Callable[[], list[Callable[[], Any]]], allowed: type[Exception], each: int = EACH) -> int:
    """Make each call with odd answers. Returns how many of them raised the allowed error."""
    meddler, refused = Meddler(fake, 7), 0
    for number in range(len(calls())):
        for attempt in range(each):
            meddler.on = False
            call = calls()[number]
            meddler.on, meddler.left = True, 1 + attempt % 3
            try:
                call()
            except allowed:
                refused += 1
            except Exception as error:
                raise AssertionError(f"call {number}: {type(error).__name__}: {error}; {meddler.last}") from error
    meddler.on = False
    return refused


def hurried(client: Any) -> Any:
    client.http.tries = 1
    return client


DRAFT = PostDraft("A title", "<p>A text</p>", excerpt="Short", slug="a-title", tags=("tea", "mugs"), category_ids=(1,))
CURRENT = Current({}, {"id": "gid://shopify/Product/1"})


def store_calls(store: Any, refs: list[Ref], filters: dict[str, Any]) -> list[Callable[[], Any]]:
    def push() -> Any:
        try:
            current = store.fetch_texts(refs)
        except StoreError:
            current = {}
        batch = [
            Push(ref, {"name": "New", "description": "<p>New</p>", "tags": ["tea"]}, current[ref])
            for ref in refs
            if ref in current
        ]
        store.prepare(batch)
        return store.push(batch)

    return [
        store.test,
        store.filters,
        lambda: store.count(filters),
        lambda: store.page(filters, None),
        lambda: store.fetch_texts(refs),
        lambda: store.stamps(refs),
        push,
    ]


def publisher_calls(place: Any, post_id: str) -> list[Callable[[], Any]]:
    return [
        place.test,
        place.blogs,
        place.categories,
        lambda: place.create_post(DRAFT),
        lambda: place.update_post(
            post_id, DRAFT, PostChange({"title": "Later"}), RemotePost(post_id, "", "publish", "")
        ),
        lambda: place.set_status(post_id, "draft"),
        lambda: place.get_post(post_id),
        lambda: place.find_post("a-title"),
        lambda: place.marked_post("marker", "a-title"),
    ]


def quiet(seconds: float) -> None:
    return None


#: What a fake's row and its store have besides, for answers with more places in them.
MORE: dict[str, Any] = {
    "shopify": {
        "tags": ["tea"],
        "metafields": {"custom.care": {"type": "single_line_text_field", "value": "Wash"}},
    },
    "woocommerce": {"tags": ["tea"]},
    "wordpress": {"tags": ["tea"]},
}


@pytest.mark.parametrize("platform", STORES)
def test_a_store(platform: str, settings: Any) -> None:
    store = STORES[platform]
    settings.SHOPIFY_API_VERSION = "2026-10"
    with store.open(settings) as fake:
        row = fake.add(**MORE.get(platform, {}))
        if platform == "shopify":
            fake.collection("Summer")
        client = hurried(store.client(fake, Placement({"attributes": "meta.custom"})))
        assert try_all(fake, lambda: store_calls(client, [store.ref(row)], {}), StoreError) > 5


def test_shopifys_blog(settings: Any) -> None:
    with shopify.FakeShopify() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        settings.SHOPIFY_API_VERSION = "2026-10"
        place = ShopifyPublisher(Credentials(fake.url, access_token=shopify.TOKEN), blog_id="1", pause=quiet)
        post = place.create_post(DRAFT).id
        assert try_all(fake, lambda: publisher_calls(hurried(place), post), StoreError) > 5


def test_pages_of_shopify_that_go_round_in_circles(settings: Any) -> None:
    more = {"hasNextPage": True, "endCursor": "again"}
    with shopify.FakeShopify() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        settings.SHOPIFY_API_VERSION = "2026-10"
        store = hurried(ShopifyStore(Credentials(fake.url, access_token=shopify.TOKEN), pause=quiet))
        fake.fail(200, {"data": {"collections": {"nodes": [], "pageInfo": more}}}, times=3)
        with pytest.raises(StorePermanentError) as circling:
            store.filters()
        assert circling.value.code == "store_repeats_pages"
        fake.faults.clear()
        fake.fail(200, {"data": {"products": {"nodes": [], "pageInfo": more}}}, times=2)
        assert store.page({}, None).cursor == "product:again"
        with pytest.raises(StorePermanentError):
            store.page({}, "product:again")


def test_wordpresss_blog(settings: Any) -> None:
    with wordpress.FakeWordPress() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        keys = Credentials(fake.url, consumer_key=wordpress.USER, consumer_secret=wordpress.PASSWORD)
        place = WordPressPublisher(keys, pause=quiet)
        post = place.create_post(DRAFT).id
        calls = lambda: [  # noqa: E731
            *publisher_calls(hurried(WordPressPublisher(keys, pause=quiet)), post),
            lambda: WordPressPublisher(keys, pause=quiet).library.find_media("mug"),
            lambda: WordPressPublisher(keys, pause=quiet).library.media_there([1, 2]),
            lambda: WordPressPublisher(keys, pause=quiet).library.upload_media(
                filename="mug.png", content=b"x", content_type="image/png"
            ),
        ]
        assert try_all(fake, calls, StoreError) > 5


def test_every_publisher_has_its_test_here() -> None:
    assert {row.publisher for row in PLATFORMS.values() if row.publisher} == {ShopifyPublisher, WordPressPublisher}


def test_a_misshapen_answer_is_recorded_and_told_as_the_stores(settings: Any, caplog: Any) -> None:
    with shopify.FakeShopify() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        settings.SHOPIFY_API_VERSION = "2026-10"
        store = hurried(ShopifyStore(Credentials(fake.url, access_token=shopify.TOKEN), pause=quiet))
        fake.fail(200, {"data": {}})
        with pytest.raises(StorePermanentError) as read:
            store.page({}, None)
        assert read.value.code == misshapen.CODE
        with pytest.raises(LostAnswer) as written:
            fake.fail(200, {"data": {"p0": 7, "u0": 7}})
            store.push([Push(Ref("1"), {"name": "New"}, Current({}, {}))])
        assert written.value.code == misshapen.CODE
        assert "an answer could not be read" in caplog.text


def test_a_stores_message_is_shown_as_text() -> None:
    said = '<strong>Error:</strong> The password you entered is wrong.<br/><a href="https://x.example">Lost it?</a> &lt;script&gt;x'
    assert StoreError(said).message == "Error: The password you entered is wrong. Lost it? x"
    assert str(StoreError("Width < 5 &amp; height > 3")) == "Width < 5 & height > 3"
    assert len(StoreError("<" * 100_000).message) <= 1000


class Anything(Server):
    """Answers each request with the same value."""

    value: Any = None

    async def answer(self, request: Request) -> Reply:
        return Reply(200, self.value)


DEEP: tuple[Any, ...] = (
    *ODD,
    {"data": None}, {"data": []}, {"data": {}}, {"data": {"id": 7}}, {"data": {"id": "txn_1", "checkout": []}},
    {"data": {"urls": [], "scheduled_change": 5}}, {"photos": 7}, {"photos": [None, {"src": 5, "id": 1e300}], "total_results": "x"},
    {"success": "yes"}, {"success": True, "error-codes": 7}, {"session_id": 7, "checkout_url": {}}, {"link": []},
    {"next_billing_date": "soon"}, {"subscription_id": []},
)  # fmt: skip


def order() -> Order:
    return Order(
        reference="r",
        price_id="p",
        quantity=1,
        currency="EUR",
        email="a@example.com",
        name="A",
        return_url="https://a.example",
    )


@pytest.mark.parametrize("value", DEEP, ids=repr)
def test_other_third_parties(value: Any, settings: Any) -> None:
    with Anything() as fake:
        fake.value = value
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        settings.PEXELS_API_URL = settings.TURNSTILE_VERIFY_URL = fake.url
        settings.TURNSTILE_SECRET = "secret"
        for name in payments.PROVIDERS:
            setattr(settings, f"{name}_api_url".upper(), fake.url)
            setattr(settings, f"{name}_api_key".upper(), "secret")
        calls: list[tuple[Callable[[], Any], type[Exception]]] = [
            (lambda: pexels.search(key="k", query="mug"), PhotosError),
            (lambda: turnstile.is_accepted("token"), Unavailable),
        ]
        for service in map(payments.provider, payments.PROVIDERS):
            calls += [
                (lambda s=service: s.start_checkout(order()), PaymentError),
                (lambda s=service: s.change_plan("sub_1", price_id="p", at_period_end=True), PaymentError),
                (lambda s=service: s.cancel("sub_1"), PaymentError),
                (
                    lambda s=service: s.portal_url("c", subscription_ids=[], return_url="https://a.example"),
                    PaymentError,
                ),
                (lambda s=service: s.fetch_subscription("sub_1"), PaymentError),
                (lambda s=service: s.invoice_pdf("pay_1"), PaymentError),
            ]
        for call, allowed in calls:
            try:
                call()
            except allowed:
                pass
