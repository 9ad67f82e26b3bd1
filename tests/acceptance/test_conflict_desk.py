"""The page of conflicts in a real browser: a merge outlives a refusal, a page that is left, and lost cookies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from projects import sample_catalogue
from projects.models import ContentItem, SyncRecord
from projects.sync import conflicts
from tests.acceptance.browser import browser, needs_chromium
from tests.acceptance.merchant import apart
from tests.live import Live
from tests.workbench.visiting import Visitor

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

#: What a browser's console tells of a refusal, and of a page that is left while a part of it is loaded.
REFUSED = ("status of 422", "htmx:sendAbort", "htmx:afterRequest")
CLAIM = "It weighs 900 kg."
MERGED = "Words of both."


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web",)


@pytest.fixture
def conflict(live: Live, cast: Any) -> Iterator[SimpleNamespace]:
    """The sample's conflict, on the owner's screen, with the cookies of their sign-in."""
    project = sample_catalogue.create(by=cast.owner, language="en")
    record = SyncRecord.objects.get(item__project=project)
    cookies = "; ".join(f"{name}={one.value}" for name, one in Visitor(cast.owner).client.cookies.items())
    with browser(live.url) as opened:
        opened.forgiven = REFUSED
        opened.sign_in(cookies)
        opened.open(f"/app/projects/{project.pk}/store/conflicts")
        yield SimpleNamespace(browser=opened, page=opened.page, record=record, project=project, cookies=cookies)
        opened.check()


def merge(page: Any, text: str) -> None:
    if not page.locator(".edit[open]").count():
        page.click(".edit summary")
    page.fill(".edit textarea", text)


def kept(page: Any) -> Any:
    return page.evaluate("sessionStorage.getItem('resume')")


def is_back(page: Any, text: str) -> None:
    page.wait_for_selector("text=What you typed before is back.")
    assert page.input_value(".edit[open] textarea") == text
    assert page.is_checked("[type=radio][value=ours]")
    assert page.locator(".actions.bottom button").inner_text() == "Apply 1 choice"


def test_a_merge_is_still_there_after_whatever_comes_between(conflict: Any) -> None:
    page = conflict.page
    apply = page.locator(".actions.bottom button")
    assert apply.inner_text() == "Apply 0 choices"
    merge(page, MERGED)
    assert apply.inner_text() == "Apply 1 choice"
    assert page.locator(".side:has(.edit[open]) .prose").is_visible()  # what is edited can still be read

    page.click(".tabs a >> nth=0")
    page.go_back()
    page.wait_for_selector(".edit textarea")
    page.click(".tabs a >> nth=0")
    page.goto(f"{conflict.browser.url}/app/projects/{conflict.project.pk}/store/conflicts")
    is_back(page, MERGED)

    conflict.browser.sign_in("")  # no cookie at all
    apply.click()
    page.wait_for_selector("text=What you typed is kept in this browser.")
    following = page.input_value("[name=next]")
    conflict.browser.sign_in(conflict.cookies)
    conflict.browser.open(following)
    is_back(page, MERGED)

    apply.click()
    page.wait_for_selector("text=No conflicts.")
    assert kept(page) is None
    assert not apart(lambda: SyncRecord.objects.filter(pk=conflict.record.pk).exists())


def test_a_refused_merge_is_told_at_the_top_and_stays(conflict: Any) -> None:
    page = conflict.page
    merge(page, CLAIM)
    page.click(".actions.bottom button")
    page.wait_for_selector("text=Nothing has been applied yet.")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.click("[role=alert] a")
    assert page.locator(".clash .notice").is_visible()
    page.click(".tabs a >> nth=0")  # without another touch
    page.wait_for_load_state()
    conflict.browser.open(f"/app/projects/{conflict.project.pk}/store/conflicts")
    is_back(page, CLAIM)


def leave_and_return(conflict: Any, between: Callable[[], Any]) -> None:
    conflict.page.click(".tabs a >> nth=0")
    conflict.page.wait_for_load_state()
    apart(between)
    conflict.browser.open(f"/app/projects/{conflict.project.pk}/store/conflicts")
    conflict.page.wait_for_selector(".clash")


def test_a_choice_between_other_texts_than_before_is_made_anew(conflict: Any) -> None:
    page, record = conflict.page, conflict.record

    def push_again() -> None:
        SyncRecord.objects.filter(pk=record.pk).delete()
        conflicts.add_example(item=record.item, clashes=record.conflicts)

    merge(page, MERGED)
    leave_and_return(conflict, push_again)
    assert page.input_value(".edit[open] textarea") == MERGED  # the words stay all the same
    assert page.is_checked("[type=radio][value='']")
    assert page.locator(".actions.bottom button").inner_text() == "Apply 0 choices"


def test_a_text_that_nobody_edited_there_is_the_one_of_now(conflict: Any) -> None:
    page, record = conflict.page, conflict.record
    (clash,) = record.conflicts

    def edit() -> None:
        content = {**record.item.generated_content, clash["field"]: MERGED}
        ContentItem.objects.filter(pk=record.item_id).update(generated_content=content)

    page.check("[type=radio][value=ours]")
    leave_and_return(conflict, edit)
    assert page.input_value(".edit textarea") == MERGED
    assert page.is_checked("[type=radio][value='']")
