"""The review when things go wrong, in a real browser: two people on one item, a connection that is cut, an empty balance,
a queue of hundreds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from projects.models import ContentItem
from tests.acceptance.browser import Browser, browser, needs_chromium
from tests.acceptance.merchant import PASSWORD, TOGETHER, sign_up, write_the_sample
from tests.factories import make_item, make_user
from tests.live import Live

pytestmark = [needs_chromium, pytest.mark.worker]


@pytest.fixture
def desk(live: Live) -> Iterator[Browser]:
    with browser(live.url) as opened:
        yield opened


def apart(work: Callable[[], Any]) -> Any:
    """Work with the database in a thread of its own: the browser's driver runs an event loop in this one."""

    def whole() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(whole).result()


def make_mate() -> User:
    owner = User.objects.order_by("-created_at").first()
    assert owner is not None
    mate = make_user(owner.organization, role="member")
    mate.set_password(PASSWORD)
    mate.save()
    return mate


def project_of(page: Any) -> Any:
    """The project whose item the page shows."""
    item = page.locator(".reading").get_attribute("data-item")
    return apart(lambda: ContentItem.objects.select_related("project").get(pk=item).project)


def colleague(desk: Browser) -> Any:
    """A second person of the same organization, in a browser profile of their own."""
    mate = apart(make_mate)
    page = desk.page.context.browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{desk.url}/app/sign-in")
    page.fill("#id_email", mate.email)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/app/")
    return page


def edit_name(page: Any, text: str) -> None:
    """By keyboard: the first field, its editor, and other words in it."""
    page.wait_for_function(TOGETHER)
    page.keyboard.press("1")
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_two_reviewers_on_one_item_lose_nothing(desk: Browser) -> None:
    desk.forgiven = ("412",)  # a browser's console tells of each refusal
    one: Any = desk.page
    sign_up(desk)
    write_the_sample(desk)
    two = colleague(desk)
    item = one.locator(".reading").get_attribute("data-item")
    root = re.sub(r"/review.*", "", one.url)
    two.goto(f"{root}/review?item={item}")
    edit_name(one, "The first one's name")
    edit_name(two, "The second one's name")
    two.keyboard.press("Control+Enter")
    two.wait_for_selector(".reading[data-saved=name]", timeout=60_000)
    one.keyboard.press("Control+Enter")
    one.wait_for_selector("text=Somebody changed this item while you wrote.")
    assert one.input_value(".edit[open] textarea") == "The first one's name"  # nobody's words are lost
    assert one.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert "The second one's name" in one.inner_text("[data-field=name] .new")
    one.reload()  # not even now
    one.wait_for_selector("text=Your unsaved draft is here again.")
    assert one.input_value(".edit[open] textarea") == "The first one's name"
    one.focus(".edit[open] textarea")
    one.keyboard.press("Control+Enter")  # the draft was made from today's text: to save it is a decision
    one.wait_for_selector(".reading[data-saved=name]", timeout=60_000)
    # The second one decides on what they saw, and is told that it is there no more.
    two.keyboard.press("a")
    if two.locator("#question[open]").count():
        two.click("#question button[value=yes]")
    two.wait_for_selector("#notices .notice.bad")
    row = apart(lambda: ContentItem.objects.prefetch_related("versions").get(pk=item))
    assert row.generated_content["name"] == "The first one's name"
    assert row.status in ("generated", "flagged")
    assert "The second one's name" in [version.generated_content["name"] for version in row.versions.all()]
    desk.check()


def test_a_cut_connection_loses_no_words_and_the_run_goes_on(desk: Browser) -> None:
    # What the browser and htmx themselves log of a cut connection; htmx rejects its promise with nothing.
    desk.forgiven = ("ERR_INTERNET_DISCONNECTED", "htmx:afterRequest", "htmx:sendError", "script: undefined")
    page: Any = desk.page
    sign_up(desk)
    write_the_sample(desk)
    # In the review: a decision and an edit that the server never hears of.
    page.context.set_offline(True)
    state = page.locator(".entry[aria-current]").get_attribute("data-status")
    page.keyboard.press("r")
    page.fill("#reason", "Too long")
    page.click("#rejection button[value=yes]")
    page.wait_for_selector("#notices >> text=could not be reached")
    assert page.locator(".entry >> nth=0").get_attribute("data-status") == state  # taken back
    page.context.set_offline(False)
    page.reload()
    edit_name(page, "Words that stay")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#notices >> text=could not be reached")
    assert page.input_value(".edit[open] textarea") == "Words that stay"
    page.context.set_offline(False)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".reading[data-saved=name]", timeout=60_000)

    # In the middle of a run: the page loses its stream, and goes on where it was.
    project = project_of(page)
    made = apart(lambda: [make_item(project).pk for _ in range(300)])
    page.click(".tabs a:has-text('Write')")
    page.wait_for_selector("#quote dl")
    page.click(".quote button")
    page.wait_for_function("() => /[1-9]\\d* of 3\\d\\d done/.test(document.body.innerText)", timeout=60_000)
    page.context.set_offline(True)
    page.wait_for_timeout(1500)
    page.context.set_offline(False)
    page.wait_for_function("() => /(3\\d\\d) of \\1 done/.test(document.body.innerText)", timeout=120_000)
    assert apart(lambda: project.items.filter(pk__in=made, status="pending").count()) == 0
    desk.check()


def test_who_runs_out_of_xct_goes_on_where_they_stopped(desk: Browser) -> None:
    desk.forgiven = ("402",)
    page: Any = desk.page
    sign_up(desk)
    write_the_sample(desk)
    refusal = (
        '<div class="notice bad" role="alert"><p>Not enough XCT. <a class="button" href="/app/account/plans" data-go-on>'
        "Top up, and go on</a></p></div>"
    )
    # The built-in writer costs nothing, so the refusal of a dear one is put in its place.
    page.route("**/regeneration", lambda route: route.fulfill(status=402, content_type="text/html", body=refusal))
    page.keyboard.press("j")
    page.wait_for_function(TOGETHER)
    item = page.locator(".reading").get_attribute("data-item")
    page.keyboard.press("g")
    page.keyboard.type("Shorter, please")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.click("text=Top up, and go on")
    page.click("text=Go on where you stopped")
    page.wait_for_selector(f".reading[data-item='{item}']")
    assert page.input_value("#hint") == "Shorter, please"
    assert page.evaluate("document.activeElement.id") == "hint"
    page.unroute("**/regeneration")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Being written anew")
    assert page.evaluate("document.activeElement.tagName") == "H2"  # the focus is not lost by the swap
    page.wait_for_selector(f".reading[data-item='{item}']", timeout=60_000)
    desk.check()


def test_a_long_queue_is_a_window_that_moves(desk: Browser) -> None:
    page: Any = desk.page
    sign_up(desk)
    write_the_sample(desk)
    project = project_of(page)
    rows = apart(lambda: [make_item(project, status="generated", confidence_score=number / 2000, generated_content={"name": "x"})
            for number in range(900)])  # fmt: skip
    page.goto(f"{re.sub(r'/review.*', '', page.url)}/review?status=generated")
    count = "() => document.querySelectorAll('.entry').length"
    seen = [page.locator(".reading").get_attribute("data-item")]
    beside = "(way) => document.querySelector('.entry[aria-current]').closest('li')[way]?.querySelector('.entry')"
    for _ in range(699):
        page.wait_for_function(beside, arg="nextElementSibling")
        page.keyboard.press("j")
        seen.append(page.locator(".entry[aria-current]").get_attribute("data-item"))
    assert page.evaluate(count) <= 450
    assert seen == [str(row.pk) for row in rows[:700]]
    page.wait_for_function(TOGETHER)
    for at in range(698, 400, -1):
        page.wait_for_function(beside, arg="previousElementSibling")
        page.keyboard.press("k")
        assert page.locator(".entry[aria-current]").get_attribute("data-item") == str(rows[at].pk)
    page.reload()  # the address names the item: the queue opens around it
    page.wait_for_function(TOGETHER)
    assert page.locator(".entry[aria-current]").get_attribute("data-item") == str(rows[401].pk)
    page.keyboard.press("k")
    assert page.locator(".entry[aria-current]").get_attribute("data-item") == str(rows[400].pk)
    desk.check()
