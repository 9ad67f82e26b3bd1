"""From sign-up to a pushed WooCommerce catalogue without the API: once by mouse and once by keyboard alone, wide and
narrow."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.acceptance.browser import WIDTHS, Browser, browser, needs_chromium
from tests.acceptance.merchant import PASSWORD, TOGETHER
from tests.fakes.woocommerce import KEY, SECRET, FakeWooCommerce
from tests.live import Live

pytestmark = [needs_chromium, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def shop() -> Iterator[FakeWooCommerce]:
    with FakeWooCommerce() as fake:
        yield fake


@pytest.fixture(scope="module")
def live_stack(shop: FakeWooCommerce, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Live]:
    with django_db_blocker.unblock():
        live = Live("web", "worker-generation", "worker-sync", "worker-default", OUTBOUND_ALLOWED_HOSTS=shop.hostport)
        live.start()
        connection.close()
    yield live
    live.stop()


class Mouse:
    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self.page.click(f"{selector} >> visible=true")

    def write(self, selector: str, text: str) -> None:
        self.press(selector)
        self.page.keyboard.type(text)

    def approve(self) -> None:
        self.press("form[data-decision=approved] button")


class Keyboard(Mouse):
    """Nothing but keys: Tab until the place has the focus."""

    def reach(self, selector: str) -> None:
        self.page.wait_for_selector(selector)
        for _ in range(150):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector} on {self.page.url}")

    def press(self, selector: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Enter")

    def write(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(text)

    def approve(self) -> None:
        self.page.keyboard.press("a")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", [Mouse, Keyboard])
def test_from_sign_up_to_a_pushed_catalogue(live: Live, shop: FakeWooCommerce, kind: type[Mouse], width: str) -> None:
    rows = [
        shop.add(name=f"Bottle {size}", description=f"<p>A green bottle of steel. It holds {size} ml.</p>")
        for size in (500, 750)
    ]
    with browser(live.url) as opened:
        across, down = WIDTHS[width]
        opened.page.set_viewport_size({"width": across, "height": down})
        connect(opened, kind(opened.page), shop)
        bring_and_write(opened.page, kind(opened.page))
        approve_all(opened.page, kind(opened.page), count=len(shop.products))
        push(opened.page, kind(opened.page))
        opened.check()
    assert all(row["description"] != f"<p>A green bottle of steel. It holds {size} ml.</p>" for row, size in zip(rows, (500, 750), strict=True))  # fmt: skip
    shop.products.clear()


def connect(opened: Browser, hand: Mouse, shop: FakeWooCommerce) -> None:
    opened.open("/")
    hand.press("a[href$='/sign-up']")
    hand.write("#id_company_name", "Alpine Corner")
    hand.write("#id_email", f"mira-{secrets.token_hex(4)}@example.com")
    hand.write("#id_password", PASSWORD)
    hand.press("main form button")
    hand.press("a[href$='/projects/new']")
    hand.write("#id_name", "Bottles")
    hand.press("main form button")
    hand.press(".tabs a[href$='/store']")
    hand.write("#id_base_url", shop.url)
    hand.write("#id_consumer_key", KEY)
    hand.write("#id_consumer_secret", SECRET)
    hand.press("form[action$='/store/new'] button")


def bring_and_write(page: Any, hand: Mouse) -> None:
    hand.press("a[href$='/store/import']")
    page.wait_for_selector("#choices input")
    page.wait_for_selector("#quote .price")
    hand.press("#filters button")
    page.wait_for_selector("#job[data-status=completed]", timeout=60_000)
    hand.press(".tabs a[href$='/write']")
    page.wait_for_selector("#quote dl")
    hand.press(".quote button")
    page.wait_for_selector("a.button[href$='/review']", timeout=60_000)
    hand.press("a.button[href$='/review']")
    page.wait_for_selector(".reading")


def approve_all(page: Any, hand: Mouse, *, count: int) -> None:
    page.wait_for_selector(".entry")
    for _ in range(count * 3):
        if page.locator(".entry:not([data-status=approved])").count() == 0:
            break
        page.wait_for_function(TOGETHER)
        if page.locator(".entry[aria-current][data-status=approved]").count():
            page.keyboard.press("j") if isinstance(hand, Keyboard) else page.click(".entry:not([data-status=approved])")
            page.wait_for_function(TOGETHER)
        hand.approve()
        page.wait_for_timeout(300)
        if page.locator("#question[open]").count():
            hand.press("#question button[value=yes]")
        page.wait_for_timeout(700)
    assert page.locator(".entry[data-status=approved]").count() == page.locator(".entry").count()


def push(page: Any, hand: Mouse) -> None:
    hand.press(".tabs a[href$='/store']")
    hand.press("form[action$='/store/push'] button")
    page.wait_for_selector("form[action$='/undo'] button", timeout=60_000)
