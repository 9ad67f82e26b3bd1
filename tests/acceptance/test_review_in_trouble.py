"""The review when things go wrong, in a real browser: two people on one item, a connection that is cut, an empty balance,
a queue of hundreds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from projects.models import ContentItem
from tests.acceptance.browser import Browser, browser, needs_chromium
from tests.acceptance.merchant import PASSWORD, TOGETHER, apart, edit_name, open_the_sample, sign_up
from tests.factories import make_item, make_user
from tests.live import Live, wait

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web", "worker-generation", "worker-default")


@pytest.fixture
def desk(live: Live) -> Iterator[Browser]:
    with browser(live.url) as opened:
        yield opened


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
    page.set_default_timeout(60_000)
    page.goto(f"{desk.url}/app/sign-in")
    page.fill("#id_email", mate.email)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/app/")
    return page


def test_two_reviewers_on_one_item_lose_nothing(desk: Browser) -> None:
    desk.forgiven = ("412",)  # a browser's console tells of each refusal
    one: Any = desk.page
    sign_up(desk)
    open_the_sample(desk)
    two = colleague(desk)
    item = one.locator(".reading").get_attribute("data-item")
    root = re.sub(r"/review.*", "", one.url)
    two.goto(f"{root}/review?item={item}")
    edit_name(one, "The first one's name")
    edit_name(two, "The second one's name")
    two.keyboard.press("Control+Enter")
    two.wait_for_selector(".reading[data-saved=name]", timeout=60_000)
    one.keyboard.press("Control+Enter")
    one.wait_for_selector("text=Someone else changed this item while you were editing.")
    assert one.input_value(".edit[open] textarea") == "The first one's name"  # nobody's words are lost
    assert one.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert "The second one's name" in one.inner_text("[data-field=name] .new")
    one.reload()  # not even now
    one.wait_for_selector("text=Your draft is here.")
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
    open_the_sample(desk)
    # In the review: a decision and an edit that the server never hears of.
    page.context.set_offline(True)
    state = page.locator(".entry[aria-current]").get_attribute("data-status")
    page.keyboard.press("r")
    page.fill("#reason", "Too long")
    page.click("#rejection button[value=yes]")
    page.wait_for_selector("#notices >> text=could not be reached")
    assert page.locator(".entry >> nth=0").get_attribute("data-status") == state  # taken back
    page.wait_for_selector("text=This item could not be loaded.")
    page.context.set_offline(False)
    page.wait_for_selector(".reading")  # by itself
    assert not page.locator("#notices .bad").count()
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
    page.click(".tabs a:has-text('Generate')")
    page.wait_for_selector("#quote dl")
    page.click(".quote button")
    page.wait_for_function("() => /[1-9]\\d* of 3\\d\\d done/.test(document.body.innerText)", timeout=60_000)
    page.context.set_offline(True)
    page.wait_for_timeout(1500)
    page.context.set_offline(False)
    page.wait_for_function("() => /(3\\d\\d) of \\1 done/.test(document.body.innerText)", timeout=120_000)
    assert apart(lambda: project.items.filter(pk__in=made, status="pending").count()) == 0
    desk.check()


def test_a_page_whose_script_is_cut_off_says_so(desk: Browser) -> None:
    """The connection is lost after the page itself came: its keys would do nothing, without a word."""
    desk.forgiven = ("ERR_FAILED",)
    page: Any = desk.page
    sign_up(desk)
    open_the_sample(desk)
    page.route("**/workbench/queue*.js", lambda route: route.abort())  # the review's script imports it
    page.reload()
    page.wait_for_selector("#notices >> text=could not be reached")
    page.unroute("**/workbench/queue*.js")
    page.reload()
    page.keyboard.press("r")
    page.fill("#reason", "Too long")
    desk.check()


def test_who_runs_out_of_xct_goes_on_where_they_stopped(desk: Browser) -> None:
    desk.forgiven = ("402", "503", "htmx:afterRequest")
    page: Any = desk.page
    sign_up(desk)
    open_the_sample(desk)
    refusal = (
        '<div class="notice bad" role="alert"><p>Not enough XCT. <a class="button" href="/app/account/plans" data-go-on>'
        "Top up and continue</a></p></div>"
    )

    # The built-in writer costs nothing, so the refusal of a dear one is put in its place. The price comes before.
    def refuse(route: Any) -> None:
        if route.request.method == "GET":
            return route.continue_()
        return route.fulfill(status=402, content_type="text/html", body=refusal)

    page.route("**/regeneration", refuse)
    page.keyboard.press("j")
    page.wait_for_function(TOGETHER)
    item = page.locator(".reading").get_attribute("data-item")
    page.keyboard.press("g")
    page.keyboard.type("Shorter, please")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.route("**/bell", lambda route: route.fulfill(status=503, content_type="text/html", body="<p>Try later.</p>"))
    page.click("text=Top up and continue")
    page.wait_for_selector("#notices >> text=Try later.")  # and the offer stays
    page.unroute("**/bell")
    late: list[Any] = []
    page.route("**/workbench/review*.js", lambda route: late.append(route))
    page.click("text=Continue where you left off", no_wait_after=True)
    page.wait_for_selector(f".reading[data-item='{item}']")
    page.evaluate("() => import(document.querySelector('script[src*=\"workbench/workbench\"]').src).then(() => null)")
    assert page.input_value("#hint") == ""  # until htmx has the form: what is sent before leaves the page
    late.pop().continue_()
    page.wait_for_function("() => document.activeElement.id === 'hint'")
    assert page.input_value("#hint") == "Shorter, please"
    page.unroute("**/regeneration")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Regenerating.")
    assert page.evaluate("document.activeElement.tagName") == "H2"  # the focus is not lost by the swap
    page.wait_for_selector(f".reading[data-item='{item}']", timeout=60_000)
    desk.check()


def test_a_long_queue_is_a_window_that_moves(desk: Browser) -> None:
    """Down to row 700 and back to 300: by the key where the next rows are read ahead and where they are not, by the pointer
    in between."""
    page: Any = desk.page
    sign_up(desk)
    open_the_sample(desk)
    project = project_of(page)
    rows = apart(lambda: [make_item(project, status="generated", confidence_score=number / 2000, generated_content={"name": "x"})
            for number in range(900)])  # fmt: skip
    wanted = [str(row.pk) for row in rows]
    page.goto(f"{re.sub(r'/review.*', '', page.url)}/review?status=generated")
    shown = "() => [...document.querySelectorAll('.entry')].map((entry) => entry.dataset.item)"
    is_current = "(item) => document.querySelector('.entry[aria-current]')?.dataset.item === item"
    at = 0
    page.wait_for_function(is_current, arg=wanted[0])

    def walk(key: str, step: int, far: int) -> None:
        """From where the window ends, or from a few rows before, by the key to rows that are not there yet."""
        nonlocal at
        here = page.evaluate(shown)
        assert len(here) <= 450
        first = wanted.index(here[0])
        assert here == wanted[first : first + len(here)]  # none is left out, none comes twice
        at = first + len(here) - 1 - far if step > 0 else first + far
        page.click(f".entry[data-item='{wanted[at]}']")
        for _ in range(far + 2):
            page.keyboard.press(key)
            at += step
            page.wait_for_function(is_current, arg=wanted[at])

    for turn in range(100):
        walk("j", 1, (0, 6, 1)[turn % 3])
        if at >= 700:
            break
    assert wanted[0] not in page.evaluate(shown)
    page.wait_for_function(TOGETHER)
    lowest = page.evaluate(shown)[-1]
    for turn in range(100):
        walk("k", -1, (0, 6, 1)[turn % 3])
        if at <= 300:
            break
    assert lowest not in page.evaluate(shown)
    page.wait_for_function(TOGETHER)
    page.reload()  # the address names the item: the queue opens around it
    page.wait_for_function(TOGETHER)
    assert page.locator(".entry[aria-current]").get_attribute("data-item") == wanted[at]
    page.keyboard.press("k")
    assert page.locator(".entry[aria-current]").get_attribute("data-item") == wanted[at - 1]
    desk.check()


def test_a_queue_is_approved_to_its_end_whatever_fails_on_the_way(desk: Browser) -> None:
    desk.forgiven = ("ERR_FAILED", "htmx:afterRequest", "htmx:sendError", "script: undefined")
    page: Any = desk.page
    sign_up(desk)
    open_the_sample(desk)
    project = project_of(page)
    rows = apart(lambda: [make_item(project, status="generated", confidence_score=number / 2000, generated_content={"name": "x"})
            for number in range(70)])  # fmt: skip
    page.goto(f"{re.sub(r'/review.*', '', page.url)}/review?status=generated")
    page.route("**/review/queue?*", lambda route: route.abort(), times=1)  # the next rows fail to come once
    shown = "(item) => document.querySelector('.reading')?.dataset.item === item"
    for number, row in enumerate(rows):
        if number == 40:  # an item does not come: the key says so, and brings it
            page.route(f"**/items/{row.pk}", lambda route: route.abort())  # read ahead, and read when it is wanted
            page.keyboard.press("k")
            page.wait_for_function(shown, arg=str(rows[39].pk))
            page.keyboard.press("j")
            page.wait_for_selector("text=This item could not be loaded.")
            page.unroute(f"**/items/{row.pk}")
            page.keyboard.press("a")
            page.wait_for_selector("#notices >> text=nothing was changed")
        page.wait_for_function(shown, arg=str(row.pk))
        page.keyboard.press("a")
        if number == 69:
            break
    page.wait_for_selector(".entry[data-status=approved] >> nth=-1")
    page.wait_for_function(
        "() => document.querySelectorAll('.entry[data-status=generated]').length > 0"
    )  # the sample's
    mine = [row.pk for row in rows]
    wait(lambda: apart(lambda: project.items.filter(pk__in=mine, status="approved").count()) == len(rows))
    assert page.locator(".entry[data-status=approved] .state-name >> nth=0").text_content() == "Approved"

    # The key is pressed twice while the step is under way: it counts once, and is taken back with its reason.
    page.goto(f"{re.sub(r'/review.*', '', page.url)}/review?status=approved&item={rows[5].pk}")
    sent: list[str] = []
    page.on("request", lambda request: "/decision" in request.url and sent.append(request.post_data))
    page.wait_for_function(TOGETHER)
    page.keyboard.press("r")
    page.fill("#reason", "Too flowery")
    page.click("#rejection button[value=yes]")
    page.wait_for_selector(".entry[data-status=rejected]")
    page.keyboard.press("k")
    page.wait_for_function(shown, arg=str(rows[5].pk))
    page.evaluate("""() => { for (const _ of [1, 2]) document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'a', bubbles: true })) }""")
    page.wait_for_selector(".entry[data-status=rejected]", state="detached")
    page.keyboard.press("u")
    for _ in range(100):  # the rejection, one approval, and its undo
        page.wait_for_timeout(100)
        if len(sent) >= 3:
            break
    page.wait_for_timeout(500)
    assert len(sent) == 3
    wait(lambda: apart(lambda: project.items.get(pk=rows[5].pk).reject_reason) == "Too flowery")
    assert all("version=" in body for body in sent)
    desk.check()


def test_an_undo_takes_back_the_last_key_though_the_server_has_not_heard_of_the_one_before(desk: Browser) -> None:
    """The rejection is on its way while its item is read again, approved, and the approval taken back."""
    page: Any = desk.page
    sign_up(desk)
    open_the_sample(desk)
    page.click(".entry[data-status=generated] >> nth=0")  # one that is approved without a question
    page.wait_for_selector(".entry[aria-current][data-status=generated]")
    entry = page.locator(".entry[aria-current]")
    item = entry.get_attribute("data-item")
    page.wait_for_function(TOGETHER)
    held: list[Any] = []
    sent: list[str] = []
    page.on("request", lambda request: "/decision" in request.url and sent.append(request.post_data))
    page.route("**/decision", lambda route: held.append(route), times=1)
    page.keyboard.press("r")
    page.fill("#reason", "Too flowery")
    page.click("#rejection button[value=yes]")
    rejected = page.locator(f".entry[data-item='{item}'][data-status=rejected]")
    rejected.wait_for()
    page.wait_for_function(TOGETHER)  # the next item
    with page.expect_response(f"**/items/{item}"):
        page.keyboard.press("k")
    page.wait_for_function(TOGETHER)
    assert rejected.count() == 1  # the item that came knows nothing of it
    page.keyboard.press("a")
    page.keyboard.press("u")
    held[0].continue_()
    for _ in range(300):  # the rejection, the approval, and its undo
        page.wait_for_timeout(100)
        if len(sent) >= 3:
            break
    assert [re.findall("status=([a-z]+)", body)[0] for body in sent] == ["rejected", "approved", "rejected"]
    wait(lambda: apart(lambda: ContentItem.objects.get(pk=item).reject_reason) == "Too flowery")
    rejected.wait_for()
    desk.check()


def test_an_undo_says_what_it_takes_back_after_a_later_step_was_refused(desk: Browser) -> None:
    desk.forgiven = ("503",)
    page: Any = desk.page
    sign_up(desk)
    open_the_sample(desk)
    page.wait_for_function(TOGETHER)
    page.keyboard.press("r")
    page.fill("#reason", "Too flowery")
    page.click("#rejection button[value=yes]")
    page.wait_for_selector(".entry[data-status=rejected]")
    said = page.text_content("#undo span")
    page.wait_for_function(TOGETHER)
    refusal = '<div class="notice bad" role="alert"><p>Part of our service is unavailable.</p></div>'
    page.route("**/decision", lambda route: route.fulfill(status=503, content_type="text/html", body=refusal), times=1)
    page.keyboard.press("r")
    page.fill("#reason", "Too long")
    page.click("#rejection button[value=yes]")
    page.wait_for_selector("#notices >> text=Part of our service is unavailable.")
    assert page.text_content("#undo span") == said
    page.keyboard.press("u")
    page.wait_for_selector(".entry[data-status=rejected]", state="detached")
    desk.check()
