"""Editing in the review, in a real browser: words that are not saved come back, and what is doubtful is seen."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import sessions
from tests.acceptance.browser import browser, needs_chromium
from tests.acceptance.merchant import PASSWORD, TOGETHER, apart, edit_name
from tests.live import Live
from tests.workbench.conftest import desk  # noqa: F401 - a fixture
from tests.workbench.visiting import Visitor

#: What the buttons say that are on the page and filled with the colour of what comes first.
FILLED = """() => { const probe = document.body.appendChild(document.createElement('button'));
  const first = getComputedStyle(probe).backgroundColor; probe.remove();
  return [...document.querySelectorAll('.reading button, .reading .button')]
    .filter((one) => one.checkVisibility() && getComputedStyle(one).backgroundColor === first)
    .map((one) => one.textContent); }"""

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web",)


@pytest.fixture
def review(live: Live, desk: Any) -> Iterator[SimpleNamespace]:  # noqa: F811
    """The review in the browser of the owner, who is signed in. `open` shows an item of it."""
    owner = desk.cast.owner
    owner.set_password(PASSWORD)
    owner.save()
    visitor = Visitor(owner)
    with browser(live.url) as opened:
        opened.sign_in("; ".join(f"{name}={morsel.value}" for name, morsel in visitor.client.cookies.items()))

        def show(item: Any) -> None:
            opened.open(f"/app/projects/{desk.project.pk}/review?item={item.pk}")
            opened.page.wait_for_function(TOGETHER)

        yield SimpleNamespace(browser=opened, page=opened.page, open=show, desk=desk, session=visitor.session)


def test_leaving_the_editor_keeps_the_words_and_throwing_them_away_can_be_undone(review: Any) -> None:
    page = review.page
    review.open(review.desk.written)
    edit_name(page, "Words of mine")
    page.keyboard.press("Escape")
    page.wait_for_selector("#undo:has-text('Not saved; kept as a draft: Name')")
    assert page.locator(".edit[open]").count() == 0
    page.keyboard.press("u")
    assert page.input_value(".edit[open] textarea") == "Words of mine"

    page.keyboard.press("Escape")
    page.wait_for_selector(".edit:not([open])")
    page.reload()
    page.wait_for_selector("text=Your draft is here.")
    assert page.input_value(".edit[open] textarea") == "Words of mine"
    assert page.evaluate("document.activeElement.value") == "Words of mine"

    page.click("[data-field=name] [data-leave]")
    page.wait_for_selector("#undo:has-text('Discarded: Name')")
    page.keyboard.press("j")  # even from the next item
    page.wait_for_function(TOGETHER)
    page.keyboard.press("u")
    page.wait_for_selector(".edit[open] textarea")
    assert page.input_value(".edit[open] textarea") == "Words of mine"

    page.click("[data-field=name] [data-leave]")
    page.reload()
    page.wait_for_function(TOGETHER)
    assert page.locator(".edit[open]").count() == 0
    review.browser.check()


def test_words_are_added_at_the_end_and_a_rejection_is_sent_from_its_reason(review: Any) -> None:
    page = review.page
    review.open(review.desk.written)
    assert page.evaluate(FILLED) == ["Approve"]
    page.keyboard.press(str(page.get_attribute("[data-field=name]", "data-number")))
    page.keyboard.press("e")
    assert page.evaluate(FILLED) == ["Save"]
    page.keyboard.type(", green")
    assert page.input_value("[data-field=name] textarea") == "Trail Bottle, green"
    page.keyboard.press("Escape")

    page.keyboard.press("r")
    page.keyboard.type("Too short")
    with page.expect_response("**/decision"):
        page.keyboard.press("Control+Enter")
    page.wait_for_selector("#undo:has-text('Rejected')")
    review.open(review.desk.written)
    assert page.get_attribute(".reading", "data-reason") == "Too short"
    review.browser.check()


def test_an_edit_with_a_claim_without_a_source_is_red_in_the_queue_and_its_approval_says_so(review: Any) -> None:
    page, entry = review.page, ".entry[aria-current]"
    review.open(review.desk.written)
    calm = page.evaluate(COLOUR)
    page.click("[data-field=short_description] .edit summary")
    page.fill("[data-field=short_description] textarea", "Comes with a 25-year warranty.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(f"{entry}[data-unsupported]")
    assert "claims without a source" in page.inner_text(f"{entry} .state-name")
    assert page.evaluate(COLOUR) not in (calm, "")

    page.keyboard.press("a")
    page.click("#question button[value=yes]")
    page.wait_for_selector("#undo:has-text('Approved anyway')")
    told = page.inner_text("#undo span")
    assert "Trail Bottle" in told
    assert "2 claims without a source" in told

    review.open(review.desk.flagged)
    page.keyboard.press("a")
    page.wait_for_selector("#undo:has-text('“climbing” must not appear')")
    review.browser.check()


def test_a_session_that_ends_while_editing_leads_back_to_the_draft(review: Any) -> None:
    page, owner = review.page, review.desk.cast.owner
    review.browser.forgiven = ("status of 401", "status of 403")
    review.open(review.desk.written)
    edit_name(page, "Words of mine")
    apart(lambda: sessions.end_all(user=owner, because="logout"))
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#id_password")
    page.fill("#id_email", owner.email)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Your draft is here.")
    assert page.locator(".reading").get_attribute("data-item") == str(review.desk.written.pk)
    assert page.input_value(".edit[open] textarea") == "Words of mine"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".reading[data-saved=name]")
    review.browser.check()


def test_a_session_that_ends_while_a_form_is_filled_in_loses_nothing_of_it(review: Any) -> None:
    page, owner = review.page, review.desk.cast.owner
    review.browser.open(f"/app/projects/{review.desk.project.pk}/write")
    page.wait_for_selector("#quote dl")
    page.fill("#id_custom_instructions", "Words of mine")
    apart(lambda: sessions.end_all(user=owner, because="logout"))
    page.click(".quote button")
    page.fill("#id_email", owner.email)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_custom_instructions")
    page.wait_for_function("() => document.querySelector('#id_custom_instructions').value === 'Words of mine'")


def test_a_price_that_does_not_come_is_not_waited_for(review: Any) -> None:
    page = review.page
    review.browser.forgiven = ("ERR_FAILED", "htmx:afterRequest", "htmx:sendError", "script: undefined")
    page.route("**/write/quote", lambda route: route.abort())
    review.browser.open(f"/app/projects/{review.desk.project.pk}/write")
    page.wait_for_selector("#quote .waiting", state="detached")
    assert page.inner_text("#quote") == ""
    review.browser.check()


COLOUR = "() => getComputedStyle(document.querySelector('.entry[aria-current] .dot')).backgroundColor"


def test_approve_stays_where_it_is_from_item_to_item_and_at_hand_on_a_phone(review: Any) -> None:
    page, button = review.page, "[data-decision=approved] button"
    review.open(review.desk.flagged)
    places = set()
    for _ in range(4):
        place = page.locator(button).bounding_box()
        places.add((place["x"], place["y"]))
        page.keyboard.press("j")
        page.wait_for_function(TOGETHER)
    assert len(places) == 1
    page.set_viewport_size({"width": 390, "height": 700})
    for y in (0, 900):
        page.evaluate(f"scrollTo(0, {y})")
        place = page.locator(button).bounding_box()
        assert 600 < place["y"] < 700
    review.browser.check()


def test_an_item_that_is_chosen_on_a_phone_is_on_the_screen(review: Any) -> None:
    page = review.page
    review.open(review.desk.flagged)
    page.set_viewport_size({"width": 390, "height": 844})
    page.click(".entry:not([aria-current])")
    page.wait_for_function(TOGETHER)
    assert page.locator(".reading h2").bounding_box()["y"] < 300
    review.browser.check()


def test_words_that_are_marked_are_quoted_in_a_comment(review: Any) -> None:
    page = review.page
    review.open(review.desk.written)
    page.evaluate(
        "() => getSelection().selectAllChildren(document.querySelector('[data-field=short_description] .prose'))"
    )
    page.wait_for_selector("#quote:not([hidden])")
    page.keyboard.press("n")
    page.wait_for_selector("#comment:focus")
    assert page.inner_text(".quoting q") == "A steel bottle that keeps drinks cold for 12 hours."
    page.keyboard.type("Still true?")
    page.click("#add-comment")
    page.wait_for_selector(".discussion li q:has-text('cold for 12 hours')")
    review.open(review.desk.written)
    page.wait_for_selector("[data-field=short_description] .note:has-text('Still true?')")
    review.browser.check()


def test_what_is_folded_opens_when_it_is_gone_to_and_marks_stay_hidden(review: Any) -> None:
    page = review.page
    review.open(review.desk.written)
    assert not page.is_visible("[data-field=name]")  # the store has these words
    page.keyboard.press(str(page.get_attribute("[data-field=name]", "data-number")))
    page.wait_for_selector("[data-field=name]:focus")
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("Trail Flask")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-field=name] del:has-text('Bottle')")
    page.keyboard.press("d")
    page.wait_for_selector("[data-field=name] del", state="hidden")
    page.reload()
    page.wait_for_function(TOGETHER)
    assert not page.is_checked("#marks")
    assert not page.is_visible("[data-field=name] del")
    review.browser.check()
