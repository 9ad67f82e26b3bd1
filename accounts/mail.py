"""Mail: rendered in the caller's transaction, kept in the outbox, sent by a task once that has committed.

A template is a pair `templates/mail/<name>.txt` and `.html`, both on the family's base; the first line of the text is
the subject. Any app may add its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import MailMessage, Organization, User
from scribe.logs import get_logger
from scribe.queue import enqueue

log = get_logger(__name__)

#: The waits after the first, second, … failed attempt; after the last the mail is marked failed, and staff may send it again.
WAITS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240)]
#: How long an attempt may take before another worker may try.
LEASE = timedelta(minutes=3)
#: A mail that could not be sent keeps its text (encrypted) so long, then only the fact remains.
TEXT_KEPT = timedelta(days=7)


def frontend_link(page: str, token: str) -> str:
    """A link into the app that carries a token."""
    return f"{settings.FRONTEND_URL}/{page}?{urlencode({'token': token})}"


@transaction.atomic
def send(
    *,
    template: str,
    to: Sequence[str],
    context: dict[str, Any] | None = None,
    organization: Organization | None = None,
    user: User | None = None,
) -> MailMessage:
    """Queue one mail. Part of the caller's transaction: rolled back with it, sent after it."""
    subject, text, html = render(template, context or {})
    message = MailMessage.objects.create(
        organization=organization,
        user=user,
        template=template,
        to=list(to),
        subject=subject[:250],
        text=text,
        html=html,
        next_attempt_at=timezone.now(),
    )
    enqueue("accounts.tasks.send_mail", str(message.pk))
    return message


def render(template: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of `template`. ValueError when the subject is empty, which only a caller's mistake can make it."""
    context = {"frontend_url": settings.FRONTEND_URL, "product": "XC Scribe", **context}
    first, _, text = render_to_string(f"mail/{template}.txt", context).strip().partition("\n")
    subject = " ".join(first.removeprefix("Subject:").split())  # one line, whatever was put into it
    if not subject:
        raise ValueError(f"The mail “{template}” has no subject.")
    html = render_to_string(f"mail/{template}.html", {**context, "subject": subject})
    return subject, text.strip() + "\n", html


def deliver(message_id: str) -> bool:
    """Make one attempt to send a queued mail that is due. Safe to call twice: the conditional UPDATE takes the attempt."""
    now = timezone.now()
    due = MailMessage.objects.filter(pk=message_id, status=MailMessage.Status.QUEUED, next_attempt_at__lte=now)
    if not due.update(next_attempt_at=now + LEASE):
        return False
    message = MailMessage.objects.get(pk=message_id)
    try:
        _mail(message).send()
    except Exception as error:  # the backend is any of SMTP, a provider's API, a folder: whatever it raises, we retry
        _failed(message, error)
        return False
    MailMessage.objects.filter(pk=message.pk).update(
        status=MailMessage.Status.SENT,
        sent_at=timezone.now(),
        attempts=message.attempts + 1,
        error="",
        text="",
        html="",
    )
    return True


def _mail(message: MailMessage) -> EmailMultiAlternatives:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=message.to,
        # The same id on every attempt: a mail that was sent twice shows once.
        headers={"Message-ID": f"<{message.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(message.html, "text/html")
    return mail


def _failed(message: MailMessage, error: Exception) -> None:
    attempts = message.attempts + 1
    given_up = attempts > len(WAITS)
    log.warning(
        "mail not sent", mail_id=str(message.pk), attempts=attempts, given_up=given_up, error=type(error).__name__
    )
    MailMessage.objects.filter(pk=message.pk).update(
        attempts=attempts,
        error=f"{type(error).__name__}: {error}"[:1000],
        status=MailMessage.Status.FAILED if given_up else MailMessage.Status.QUEUED,
        next_attempt_at=None if given_up else timezone.now() + WAITS[attempts - 1],
    )


def send_again(message: MailMessage) -> bool:
    """Queue a failed mail anew; False when it is not failed, or its text is gone."""
    if not message.text:
        return False
    failed = MailMessage.objects.filter(pk=message.pk, status=MailMessage.Status.FAILED)
    won = failed.update(status=MailMessage.Status.QUEUED, attempts=0, next_attempt_at=timezone.now())
    if won:
        enqueue("accounts.tasks.send_mail", str(message.pk))
    return bool(won)


def send_due() -> int:
    """Send what is due and was not sent by its own task: after a retry's wait, or because the broker was down."""
    due = MailMessage.objects.filter(status=MailMessage.Status.QUEUED, next_attempt_at__lte=timezone.now())
    return sum(deliver(str(pk)) for pk in due.order_by("next_attempt_at").values_list("pk", flat=True)[:200])


def forget_texts() -> int:
    """Drop the texts of old mails that were never sent, and the rows of mails older than a year."""
    now = timezone.now()
    MailMessage.objects.filter(created_at__lt=now - timedelta(days=365)).delete()
    old = MailMessage.objects.filter(created_at__lt=now - TEXT_KEPT, status=MailMessage.Status.FAILED).exclude(text="")
    return old.update(text="", html="")
