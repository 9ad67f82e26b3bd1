"""What a merchant does in the browser at first: open an account, and have the sample catalogue written."""

from __future__ import annotations

import secrets

from tests.acceptance.browser import Browser

PASSWORD = "a long password 42"
# Whether the pane shows the item that the queue marks: until then keys decide nothing.
TOGETHER = """() => document.querySelector('.reading')?.dataset.item
  && document.querySelector('.reading').dataset.item === document.querySelector('.entry[aria-current]')?.dataset.item"""


def sign_up(desk: Browser) -> None:
    desk.open("/")
    desk.page.click("text=Open an account")
    desk.page.fill("#id_company_name", "Alpine Corner")
    desk.page.fill("#id_email", f"mira-{secrets.token_hex(4)}@example.com")
    desk.page.fill("#id_password", PASSWORD)
    desk.page.click("button:has-text('Open the account')")
    desk.page.wait_for_selector("text=Write the sample catalogue")


def write_the_sample(desk: Browser) -> None:
    desk.page.click("text=Write the sample catalogue")
    desk.page.click("text=Review the texts", timeout=60_000)  # the page follows the job until it has this
    desk.page.wait_for_selector(".reading")
    desk.page.wait_for_load_state()  # its script, too, before a test cuts the connection
