"""A merchant's first quarter of an hour, in a real browser against the running stack: from sign-up to reviewed items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.browser import Browser, browser, needs_chromium
from tests.acceptance.merchant import TOGETHER, open_the_sample, sign_up
from tests.live import Live

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web", "worker-generation", "worker-sync", "worker-default")


@pytest.fixture
def desk(live: Live) -> Iterator[Browser]:
    with browser(live.url) as opened:
        yield opened


def state(desk: Browser) -> str:
    return str(desk.page.locator(".entry[aria-current]").get_attribute("data-status"))


def go_to(desk: Browser, status: str) -> None:
    """By keyboard, to the next item in this state."""
    for _ in range(30):
        desk.page.wait_for_function(TOGETHER)
        if state(desk) == status:
            return
        desk.page.keyboard.press("j")
    raise AssertionError(f"no item is {status}")


def test_from_sign_up_to_reviewed_items_by_keyboard(desk: Browser) -> None:
    page: Any = desk.page
    sign_up(desk)
    desk.picture("workbench-start")
    open_the_sample(desk)
    assert state(desk) == "flagged"  # what needs a person comes first
    desk.picture("workbench-review")

    page.click(".claim.supported >> nth=0")
    page.wait_for_selector(".evidence li[data-open] q")  # the passage of the source that states it
    page.keyboard.press("r")
    page.fill("#reason", "Not about climbing, please")
    page.click("#rejection button[value=yes]")
    page.wait_for_selector(".entry[data-status=rejected]")

    go_to(desk, "generated")
    page.keyboard.press("a")
    page.wait_for_selector("#undo:not([hidden])")
    page.wait_for_selector(".entry[data-status=approved]")
    page.keyboard.press("u")
    page.wait_for_selector(".entry[data-status=approved]", state="detached")

    go_to(desk, "generated")
    page.keyboard.press("1")
    page.keyboard.press("e")
    page.keyboard.press("Home")
    page.keyboard.type("Our ")
    page.reload()  # the draft is kept in the browser until the server has it
    page.wait_for_selector(".edit[open] textarea")
    page.wait_for_selector("text=Your draft is here.")
    assert page.input_value(".edit[open] textarea").startswith("Our ")
    page.focus(".edit[open] textarea")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".reading[data-saved=name]", timeout=60_000)  # the first check of a process reads its tables
    assert page.locator("ins >> nth=0").inner_text().startswith("Our")
    assert page.evaluate("document.activeElement.dataset.field") == "name"  # where the reader was before the swap

    page.keyboard.press("t")  # takes this one field
    page.wait_for_selector("[data-field=name][data-decision=approved] [data-to=approved][aria-pressed=true]")
    page.keyboard.press("u")
    page.wait_for_selector('[data-field=name][data-decision=""]')
    page.keyboard.press("2")
    page.keyboard.press("s")
    page.wait_for_selector(
        "[data-field=short_description][data-decision=kept], [data-field=short_description][data-decision=rejected]"
    )
    page.keyboard.press("c")
    page.wait_for_selector(".claim[aria-current][aria-expanded=true]:focus")
    assert page.locator("[data-field=short_description] .evidence li[data-open] mark >> nth=0").inner_text()
    page.keyboard.press("u")
    page.wait_for_selector('[data-field=short_description][data-decision=""]')
    page.keyboard.press("u")  # the edit itself
    page.wait_for_function(
        "() => !document.querySelector('[data-field=name] .new .prose').innerText.startsWith('Our ')"
    )

    page.keyboard.press("?")
    page.wait_for_selector("#help[open]")
    page.keyboard.press("Escape")

    page.locator("#item h2").focus()
    clean = page.locator(".entry[data-status=generated]:not([data-unsupported])").count()
    page.keyboard.press("A")
    page.check("[name=action][value=approve]")
    page.click("button:has-text('Apply')")
    page.wait_for_selector(f"text={clean} changed")
    page.wait_for_selector("button:has-text('Undo')")

    page.click(".tabs a:has-text('Overview')")
    names, numbers = (page.locator(f".funnel {part}").all_inner_texts() for part in ("dt", ".big"))
    assert dict(zip(names, numbers, strict=True))["Approved"] == str(clean)
    desk.picture("workbench-project")
    page.click(".tabs a:has-text('Items')")
    assert "Rejected (1)" in page.locator("select[name=status]").inner_html()
    selected = page.locator("button:has-text('Generate selected')")
    assert not selected.is_visible()
    for tick in page.locator("input[name=item]:enabled").all()[:2]:
        tick.check()
    assert selected.inner_text().split() == ["Generate", "selected", "2"]
    desk.picture("workbench-items")
    desk.check()


def test_a_file_is_brought_and_written_by_mouse(desk: Browser) -> None:
    page: Any = desk.page
    sign_up(desk)
    page.click("text=New project")
    page.fill("#id_name", "Bottles")
    page.click("button:has-text('Create project')")
    rows = "SKU,Title,Text\n" + "".join(f"B-{n},Bottle {n},A steel bottle of {n} ml.\n" for n in range(1, 6))
    page.set_input_files("#id_file", {"name": "bottles.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.wait_for_selector("table.columns")
    page.select_option("tr:has-text('Text') select", "short_description")
    desk.picture("workbench-columns")
    page.click("button:has-text('Import')")
    page.wait_for_selector("text=5 items imported.")
    page.click("section a:has-text('Generate')")
    page.wait_for_selector("#quote dl")
    assert "built-in text generator" in page.inner_text("#quote")
    desk.picture("workbench-write")
    page.click(".quote button")
    page.wait_for_selector("text=5 of 5 done.", timeout=60_000)
    page.click(".menu summary")
    page.click("button:has-text('Dark')")
    page.wait_for_selector("html[data-theme=dark]")
    desk.picture("workbench-job-dark")
    page.click(".menu summary")
    page.click("button:has-text('Sign out')")
    page.wait_for_selector("text=You are signed out.")
    desk.check()
