"""A day of the staff, in a real browser against the running stack."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyotp
import pytest
from django.db import connection

from billing.models import Entry
from scribe.models import AuditEntry
from studio.models import StudioComment
from tests.acceptance import staff_day
from tests.acceptance.browser import Browser, browser, needs_chromium
from tests.factories import PASSWORD
from tests.live import Live
from tests.scribe.admin_browser import list_url, row_url, staff_action_url

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web", "worker-default")


@pytest.fixture
def _orm_beside_the_browser(monkeypatch: Any) -> None:
    """The browser's driver keeps an event loop in this thread; the tests' own queries are fine beside it."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def day(live: Live, _orm_beside_the_browser: None) -> Any:
    made = staff_day.make()
    connection.close()
    return made


@pytest.fixture
def desk(live: Live, day: Any) -> Iterator[Browser]:
    with browser(live.url) as opened:
        yield opened


def enrol(desk: Browser, day: Any) -> pyotp.TOTP:
    """First sign-in: the password, then the admin's own page for the second factor."""
    desk.open("/admin/")
    desk.page.fill("#id_username", day.staff.email)
    desk.page.fill("#id_password", PASSWORD)
    desk.page.click("#login-form button[type=submit]")
    desk.page.wait_for_selector("#password-form")
    desk.page.fill("#id_password", PASSWORD)
    desk.page.click("#password-form button[type=submit]")
    desk.page.wait_for_selector("#secret")
    desk.picture("second-factor")
    totp = pyotp.TOTP(desk.page.inner_text("#secret").strip())
    desk.page.fill("#id_code", totp.now())
    desk.page.click("#second-factor-form button[type=submit]")
    desk.page.wait_for_selector("#backup-codes li")
    assert desk.page.locator("#backup-codes li").count() == 10
    desk.page.click("text=I have saved them")
    desk.page.wait_for_selector("#dashboard")
    return totp


def confirm(desk: Browser, button: str, **fields: str) -> str:
    """Fill in the page of an action and do it; what is said afterwards."""
    for name, value in fields.items():
        desk.page.fill(f"#staff-action [name={name}]", value)
    desk.page.click(f"#staff-action button:has-text('{button}')")
    desk.page.wait_for_selector(f"text={button}: done for 1.")
    return desk.page.inner_text("body")


def last(action: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=action).latest("number")


def test_signing_in_needs_the_code(desk: Browser, day: Any) -> None:
    totp = enrol(desk, day)
    desk.page.context.clear_cookies()
    desk.open("/admin/billing/invoice/")
    desk.page.wait_for_selector("#login-form")
    desk.picture("sign-in")
    desk.page.fill("#id_username", day.staff.email)
    desk.page.fill("#id_password", PASSWORD)
    desk.page.click("#login-form button[type=submit]")
    desk.page.wait_for_selector("text=The e-mail address, the password or the code is wrong.")
    time.sleep(30 - time.time() % 30 + 0.5)  # a code counts once: wait for the next
    desk.page.fill("#id_username", day.staff.email)
    desk.page.fill("#id_password", PASSWORD)
    desk.page.fill("#id_code", totp.now())
    desk.page.click("#login-form button[type=submit]")
    desk.page.wait_for_selector(f"text={day.invoice.number}")
    assert desk.page.url.endswith("/admin/billing/invoice/")
    assert last("staff.signed_in").after["second_factor"] is True
    desk.check()


def test_reading_the_dashboard_and_the_board(desk: Browser, day: Any) -> None:
    enrol(desk, day)
    tiles = dict(
        zip(
            desk.page.locator(".bo-tile-title").all_inner_texts(),
            desk.page.locator(".bo-tile-value").all_inner_texts(),
            strict=True,
        )
    )
    assert list(tiles) == ["Revenue", "XCT sold", "Provider cost", "Failed jobs", "Unpaid invoices", "Sign-ups"]
    assert tiles["Failed jobs"] == "6"
    assert tiles["Unpaid invoices"] == "1"
    assert re.fullmatch(r"[\d,]+\.\d\d €", tiles["Revenue"])
    assert desk.page.locator("canvas.chart").count() == 5
    drawn = "[...document.querySelectorAll('canvas.chart')].every(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v))"
    assert desk.page.evaluate(drawn), "a chart is empty"
    desk.picture("dashboard")
    desk.open("/admin/money-at-risk/")
    desk.page.click("button:has-text('Reconcile now')")
    desk.page.wait_for_selector("text=wallets and")
    desk.picture("money-at-risk")
    desk.check()


def test_confirming_an_invoice(desk: Browser, day: Any) -> None:
    enrol(desk, day)
    desk.open(list_url(type(day.invoice)))
    desk.page.wait_for_selector(f"text={day.invoice.number}")
    desk.picture("invoices")
    desk.open(row_url(day.invoice))
    desk.picture("invoice")
    desk.page.click("#staff-actions a:has-text('Confirm payment')")
    desk.picture("confirm-invoice")
    confirm(desk, "Confirm payment", reason="Bank statement no. 84")
    day.invoice.refresh_from_db()
    assert day.invoice.status == "paid"
    assert Entry.objects.filter(organization=day.shop, key=f"invoice:{day.invoice.pk}").get().amount == Decimal(500)
    entry = last("invoice.confirmed")
    assert (entry.reason, entry.actor_id) == ("Bank statement no. 84", day.staff.pk)
    assert not desk.page.locator("#staff-actions a:has-text('Confirm payment')").count()
    desk.check()


def test_adjusting_xct_with_a_reason(desk: Browser, day: Any) -> None:
    enrol(desk, day)
    desk.open(list_url(type(day.shop)))
    desk.page.wait_for_selector(f"text={day.shop.name}")
    desk.picture("organizations")
    desk.open(row_url(day.shop))
    desk.picture("organization")
    desk.page.click("#staff-actions a:has-text('Adjust XCT')")
    desk.page.click("#staff-action button:has-text('Adjust XCT')")
    desk.page.wait_for_selector("text=This field is required.")
    desk.picture("adjust-xct")
    said = confirm(desk, "Adjust XCT", amount="25", reason="A slow week on our side")
    assert "+25.0000 XCT; the balance is now 575.0000." in said
    assert (last("xct.adjusted").reason, last("xct.adjusted").after["amount"]) == ("A slow week on our side", "25.0000")
    desk.check()


def test_answering_a_studio_request_with_an_internal_note(desk: Browser, day: Any, live: Live) -> None:
    enrol(desk, day)
    desk.open(row_url(day.request))
    desk.page.click("#staff-actions a:has-text('Internal note')")
    confirm(desk, "Internal note", content="Ask the glossary team first.", reason="Studio")
    desk.page.click("#staff-actions a:has-text('Answer')")
    confirm(desk, "Answer", content="Gladly. May we see ten sample products?", reason="Studio")
    desk.picture("studio-request")
    assert set(StudioComment.objects.filter(request=day.request).values_list("is_internal", flat=True)) == {True, False}
    seen = live.call("GET", f"studio-requests/{day.request.pk}", day.author).text
    assert "May we see ten" in seen
    assert "glossary team" not in seen
    desk.check()


def test_cancelling_a_job(desk: Browser, day: Any) -> None:
    enrol(desk, day)
    desk.open(list_url(type(day.job), "?status__exact=queued"))
    desk.picture("jobs")
    desk.open(row_url(day.job))
    desk.page.click("#staff-actions a:has-text('Cancel job')")
    confirm(desk, "Cancel job", reason="The customer called")
    desk.picture("job")
    day.job.refresh_from_db()
    assert day.job.status == "cancelled"
    assert last("job.cancelled").before == {"status": "queued"}
    desk.check()


def test_working_as_a_customer_from_the_browser(desk: Browser, day: Any, live: Live) -> None:
    enrol(desk, day)
    desk.open(staff_action_url("impersonate", day.author))
    desk.page.fill("#staff-action [name=reason]", "Ticket 311")
    desk.page.click("#staff-action button:has-text('Work as this user')")
    desk.page.wait_for_selector("#impersonation")
    desk.picture("impersonation")
    token = desk.page.inner_text(".bo-token").strip()
    mine = {"Authorization": f"Bearer {token}"}
    assert live.call("GET", "users/me", headers=mine).json()["email"] == day.author.email
    assert (
        live.call("POST", "api-keys", status=403, headers=mine, json={"name": "x"}).json()["code"]
        == "blocked_for_support"
    )
    desk.check()


@pytest.mark.parametrize(
    ("path", "selector"), [("/api/docs", ".swagger-ui .opblock"), ("/api/redoc", "[data-section-id]")]
)
def test_the_documents_work_under_their_policy(live: Live, path: str, selector: str) -> None:
    with browser(live.url) as desk:
        desk.open(path)
        desk.page.wait_for_selector(selector, timeout=300_000)  # Redoc draws all operations before it shows one
        assert [fault for fault in desk.faults if "Content Security Policy" in fault and "cdn.redoc" not in fault] == []
