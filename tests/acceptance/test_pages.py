"""Every page of the workbench in a real browser: usable with assistive technology, in both themes and every language, no
wider than its window, and without an error, a violation of its policy or a request to another host.

PAGE_PICTURES names a folder that keeps a picture of each page, wide and narrow, light and dark, in each language (`make
pictures`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from scribe.api.access import PUBLIC
from tests.acceptance.accessibility import THEMES, faults_of, wide
from tests.acceptance.browser import Browser, browser, needs_chromium
from tests.live import Live
from tests.workbench.conftest import desk, ids  # noqa: F401 - fixtures
from tests.workbench.routes import NO_PAGES, ROUTES, address
from tests.workbench.visiting import Visitor

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

LANGUAGES = [code for code, _name in settings.LANGUAGES]
#: What a browser's console says of pages that refuse: sign-ins with Google and Apple that are not configured, or not begun.
REFUSALS = ("status of 401", "status of 403", "status of 503")
#: Answers that htmx puts into a page, and steps of a sign-in.
PARTS = {
    "alt-text-suggestion", "arrival", "bell", "import-filters", "item", "item-changes", "item-syncs", "image-generated",
    "job-progress", "post-images", "post-pictures", "post-progress", "post-rewrite", "push-warnings", "regeneration", "review-queue", "second-factor",
    "item-provenance", "second-factor-setup", "stock-photos", "versions",
}  # fmt: skip
PICTURES = os.environ.get("PAGE_PICTURES", "")
SEEN: dict[str, set[str]] = {}  # by page: the colours that were looked at in one of the languages


def addresses(rows: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Name, address and whether one is signed in, of each page."""
    yield "front", "/", False
    for route in ROUTES:
        if "get" in route.methods and route.name not in NO_PAGES | PARTS:
            yield route.name, address(route, rows), route.view.who is not PUBLIC


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web",)


@pytest.fixture
def pages(live: Live, desk: Any, ids: dict[str, Any]) -> tuple[str, str, list[tuple[str, str, bool]]]:  # noqa: F811
    """The stack's address, the owner's cookie, and the pages."""
    desk.post.images.all().delete()  # its files are not in storage
    cookie = Visitor(desk.cast.owner).client.cookies
    return live.url, "; ".join(f"{name}={morsel.value}" for name, morsel in cookie.items()), list(addresses(ids))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_used_by_everybody(pages: Any, language: str) -> None:
    url, cookie, found = pages
    wrong: list[str] = []
    with browser(url, locale=language) as opened:
        opened.forgiven = REFUSALS
        for name, path, signed_in in found:
            opened.sign_in(cookie if signed_in else "")
            opened.page.goto(url + path, wait_until="load")
            opened.page.wait_for_timeout(200)
            assert opened.page.locator("html").get_attribute("lang") == language
            for theme in THEMES if PICTURES or language == LANGUAGES[0] else THEMES[:1]:
                opened.page.set_viewport_size({"width": 1440, "height": 900})
                opened.page.emulate_media(color_scheme=theme)
                wrong += [
                    f"{name} ({theme}): {fault}" for fault in faults_of(opened, theme, SEEN.setdefault(name, set()))
                ]
                if PICTURES:
                    keep(opened, f"{name}-{language}-{theme}")
            wrong += [f"{name}: {fault}" for fault in wide(opened)]
        wrong += opened.faults
    assert not wrong, "\n".join(wrong)


def keep(opened: Browser, name: str) -> None:
    folder = Path(PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    for size, width in (("wide", 1280), ("narrow", 390)):
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)


def test_the_place_of_the_keyboard_is_always_seen(pages: Any) -> None:
    url, cookie, found = pages
    unseen: list[str] = []
    with browser(url) as opened:
        for name, path, signed_in in found:
            opened.sign_in(cookie if signed_in else "")
            opened.page.goto(url + path, wait_until="load")
            for _ in range(12):
                opened.page.keyboard.press("Tab")
                hidden = opened.page.evaluate(UNSEEN)
                if hidden:
                    unseen.append(f"{name}: {hidden}")
    assert not unseen, "\n".join(sorted(set(unseen)))


# The focused element, where nothing shows that it has the focus.
UNSEEN = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one.tagName === 'IFRAME') return '';
  const style = getComputedStyle(one);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 ? '' : one.outerHTML.slice(0, 120);
}"""
