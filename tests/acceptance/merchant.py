"""What a merchant does in the browser: open an account, open the sample catalogue, edit a name."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from tests.acceptance.browser import Browser

PASSWORD = "a long password 42"
# Whether the pane shows the item that the queue marks: until then keys decide nothing.
TOGETHER = """() => document.querySelector('.reading')?.dataset.item
  && document.querySelector('.reading').dataset.item === document.querySelector('.entry[aria-current]')?.dataset.item"""


def sign_up(desk: Browser) -> None:
    desk.open("/")
    desk.page.click("text=Create an account")
    desk.page.fill("#id_company_name", "Alpine Corner")
    desk.page.fill("#id_email", f"mira-{secrets.token_hex(4)}@example.com")
    desk.page.fill("#id_password", PASSWORD)
    desk.page.click("button:has-text('Create account')")
    desk.page.wait_for_selector("text=Open the sample catalogue")


def open_the_sample(desk: Browser) -> None:
    desk.page.click("text=Open the sample catalogue")
    desk.page.wait_for_selector(".reading")
    desk.page.wait_for_load_state()  # its script, too, before a test cuts the connection


def apart(work: Callable[[], Any]) -> Any:
    """Work with the database in a thread of its own: the browser's driver runs an event loop in this one."""

    def whole() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(whole).result()


def edit_name(page: Any, text: str) -> None:
    """By keyboard: the field of the name, its editor, and other words in it."""
    page.wait_for_function(TOGETHER)
    page.keyboard.press(page.get_attribute("[data-field=name]", "data-number"))
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
