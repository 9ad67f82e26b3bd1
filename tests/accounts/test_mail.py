"""The mail system: templates, outbox, retries."""

from __future__ import annotations

import asyncio
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from accounts import mail, notifications
from accounts.models import MailMessage, Notification, Organization, User
from scribe.messages import Message
from tests.accounts.conftest import Mails, html_of, text_of
from tests.factories import make_user
from tests.fakes.raw import RawServer
from tests.helpers import send_mail_by

FAMILY = Path(settings.BASE_DIR) / "templates" / "mail"
PARTS = {"base", "button"}
NAMES = sorted({p.stem for p in FAMILY.glob("*.*")} - PARTS)
VOID = {"meta", "br", "img", "hr", "input", "link"}


def context() -> dict[str, Any]:
    """What any template of the family is given, with marks that must come out escaped."""
    organization = Organization(name="Flaša <i>& sons</i>")
    user = User(email="vera@example.com", first_name="Vera", last_name="<script>", organization=organization)
    return {
        "user": user,
        "organization": organization,
        "invited_by": user,
        "by": user,
        "role": "member",
        "days": 7,
        "minutes": 10,
        "code": "123456",
        "link": "https://app.example.com/verify-email?token=a%3Ab&x=1",
        "new_email": "new@example.com",
        "title": "Something <b>happened</b>",
        "subject_line": "Something happened",
        "body": "One line.\nAnother <b>line</b>.",
        "data": {"download_url": "https://example.com/file"},
        "when": timezone.now(),
    }


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("notification", "security")])
def test_nobodys_words_stand_in_a_subject(name: str) -> None:
    """Strangers get these mails, and a subject is what they read; the other two go to people of the organization."""
    lure = "WIN http://evil.example"
    organization = Organization(name=lure)
    user = User(email="win@evil.example", first_name=lure, last_name=lure, organization=organization)
    written = {"user": user, "organization": organization, "invited_by": user, "by": user, "new_email": user.email}
    assert mail.render(name, {**context(), **written})[0] == mail.render(name, context())[0]


class Balanced(HTMLParser):
    """Fails on a tag that is not closed; collects what mail clients choke on."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", NAMES)
def test_every_template_renders_whole_in_both_forms(name: str) -> None:
    subject, text, html = mail.render(name, context())
    assert subject
    assert "\n" not in subject
    assert len(text) > 80
    for content in (subject, text, html):
        assert not re.search(r"{{|{%|#}", content)
    assert "XC Scribe" in text
    assert "XC Scribe" in html
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    assert not parser.seen & {"style", "script", "link", "i", "form", "img"}, "nothing that clients strip or block"
    assert "max-width:560px" in html
    assert not re.search(r"&(lt|gt|amp|#x?\d+);", text), "the text form is not HTML"


@pytest.mark.parametrize("name", NAMES)
def test_what_customers_wrote_is_escaped_in_html_and_plain_in_text(name: str) -> None:
    _, text, html = mail.render(name, context())
    assert "<script>" not in html
    assert "<i>" not in html
    if "Flaša" in text:
        assert "Flaša <i>& sons</i>" in text


@pytest.mark.parametrize("code", ["de", "sr-latn"])
@pytest.mark.parametrize("name", NAMES)
def test_no_template_says_a_word_in_another_language(name: str, code: str) -> None:
    """The lines that hold nothing but what was given are the same in each."""
    given = {str(value) for value in context().values()} | {"--", "XC Scribe", settings.FRONTEND_URL}
    english = mail.render(name, context())[1].splitlines()
    with translation.override(code):
        subject, text, html = mail.render(name, context())
    same = [line for line in english if line.strip() and line in text.splitlines()]
    assert [line for line in same if line.strip(" .") not in given and line not in str(context()["body"])] == []
    assert f'<html lang="{code}">' in html
    assert subject != mail.render(name, context())[0] or name in ("notification", "security")


def test_each_person_is_mailed_in_their_own_language(mails: Mails) -> None:
    vera = make_user(language="de")
    ana = make_user(organization=vera.organization, language="sr-latn")
    due = Message("Invoice {number} is due on {due_date:%Y-%m-%d}", number="26-7", due_date=date(2026, 12, 1))
    notifications.notify(
        organization=vera.organization, event="account.changed", title=due, body=due, users=[vera, ana]
    )
    subjects = {user.pk: MailMessage.objects.get(user=user, subject__contains="26-7").subject for user in (vera, ana)}
    assert subjects[vera.pk] == "Die Rechnung 26-7 ist am 1. Dezember 2026 fällig"
    assert "1. decembra 2026" in subjects[ana.pk]
    assert {notice.title for notice in Notification.objects.all()} == {"Invoice 26-7 is due on 2026-12-01"}


def test_a_subject_cannot_carry_a_header() -> None:
    subject, *_ = mail.render("security", {**context(), "title": "Hello\r\nBcc: everybody@example.com"})
    assert subject == "Hello"


def queue(**more: Any) -> MailMessage:
    return mail.send(template="security", to=["vera@example.com"], context=context(), **more)


def test_a_mail_goes_out_with_both_parts_and_then_forgets_its_text(mails: Mails) -> None:
    message = queue()
    (sent,) = mails.all()
    assert sent["To"] == "vera@example.com"
    assert sent["From"] == settings.DEFAULT_FROM_EMAIL
    assert str(message.pk) in sent["Message-ID"]
    assert "Something <b>happened</b>" in text_of(sent)
    assert "Something" in html_of(sent)
    message.refresh_from_db()
    assert (message.status, message.text, message.html, message.attempts) == ("sent", "", "", 1)


def test_a_mail_is_rolled_back_with_its_transaction(mails: Mails) -> None:
    class Oops(Exception):
        pass

    def work() -> None:
        with transaction.atomic():
            queue()
            raise Oops

    with pytest.raises(Oops):
        work()
    assert mails.all() == []


def test_the_waiting_text_is_encrypted(mails: Mails) -> None:
    from django.db import connection

    message = queue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, html FROM accounts_mailmessage WHERE id = %s", [message.pk])
        stored = " ".join(cursor.fetchone())
    assert "happened" not in stored
    assert "happened" in MailMessage.objects.get(pk=message.pk).text


def test_delivering_twice_sends_once(mails: Mails) -> None:
    message = queue()
    assert mail.deliver(str(message.pk)) is True
    assert mail.deliver(str(message.pk)) is False
    assert len(mails.all()) == 1


def test_a_failed_mail_is_tried_again_with_growing_waits_then_shown_to_staff(mails: Mails, settings: Any) -> None:
    send_mail_by(settings, "smtp+plain://127.0.0.1:9")
    message = queue()
    waits = []
    for attempt in range(1, 7):
        MailMessage.objects.update(next_attempt_at=timezone.now())
        assert mail.send_due() == 0
        message.refresh_from_db()
        assert message.attempts == attempt
        if message.next_attempt_at:
            waits.append(message.next_attempt_at - timezone.now())
    assert waits == sorted(waits)
    assert len(waits) == 5
    assert message.status == "failed"
    assert "ConnectionRefusedError" in message.error
    send_mail_by(settings, f"filemail://{settings.MAIL_DIR}")
    assert mails.all() == []
    assert mail.send_again(message) is True
    assert len(mails.all()) == 1
    message.refresh_from_db()
    assert mail.send_again(message) is False


class Silent(RawServer):
    """It accepts and says nothing."""

    calls = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        await reader.read()


def test_a_mail_server_that_hangs_is_asked_once_and_then_left_alone(mails: Mails, settings: Any) -> None:
    """Each of 200 mails waited out the timeout, one after another, in the queue of payments and due posts."""
    queued = [queue() for _ in range(3)]
    try:
        with Silent() as server:
            send_mail_by(settings, f"smtp+plain://{server.hostport}")
            settings.EMAIL_TIMEOUT = 0.2
            assert mail.send_due() == 0
            assert mail.deliver(str(queued[2].pk)) is False
            assert server.calls == 1
        assert sorted(MailMessage.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    finally:
        mail.pause.end()
    send_mail_by(settings, f"filemail://{settings.MAIL_DIR}")
    assert mail.send_due() == 2


def test_a_mail_that_is_not_due_waits(mails: Mails) -> None:
    message = queue()
    MailMessage.objects.filter(pk=message.pk).update(next_attempt_at=timezone.now() + timedelta(minutes=1))
    assert mails.all() == []
    assert mail.deliver(str(message.pk)) is False


def test_texts_of_mails_that_never_went_out_are_dropped_in_the_end(mails: Mails) -> None:
    message = queue()
    MailMessage.objects.filter(pk=message.pk).update(status="failed", created_at=timezone.now() - timedelta(days=8))
    assert mail.forget_texts() == 1
    message.refresh_from_db()
    assert message.text == ""
    assert mail.send_again(message) is False
