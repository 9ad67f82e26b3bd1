"""Mail: it is rendered and put into the outbox in the caller's transaction, and sent by a task after the commit.

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
from scribe import metrics
from scribe.logs import get_logger
from scribe.queue import enqueue

log = get_logger(__name__)

#: The waits after the first, second, … failed attempt; after the last the mail is marked failed, and staff may send it again.
WAITS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240)]
#: How long an attempt may take before another worker may try.
LEASE = timedelta(minutes=3)
#: A mail that could not be sent keeps its text (encrypted) for this long; then only its row remains.
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
    """Queue one mail in the caller's transaction. It is sent after the commit."""
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
    """Subject, text and HTML of `template`. ValueError when the subject is empty, which only a caller's mistake can cause."""
    context = {"frontend_url": settings.FRONTEND_URL, "product": "XC Scribe", **context}
    first, _, text = render_to_string(f"mail/{template}.txt", context).strip().partition("\n")
    subject = " ".join(first.removeprefix("Subject:").split())  # one line, whatever the context holds
    if not subject:
        raise ValueError(f"The mail “{template}” has no subject.")
    html = render_to_string(f"mail/{template}.html", {**context, "subject": subject})
    return subject, text.strip() + "\n", html


def deliver(message_id: str) -> bool:
    """Make one attempt to send a queued mail that is due. It may be called twice: a conditional UPDATE claims the attempt."""
    now = timezone.now()
    due = MailMessage.objects.filter(pk=message_id, status=MailMessage.Status.QUEUED, next_attempt_at__lte=now)
    if not due.update(next_attempt_at=now + LEASE):
        return False
    message = MailMessage.objects.get(pk=message_id)
    try:
        _mail(message).send()
    except Exception as error:  # the backend may be SMTP, a provider's API or a folder: we retry after any error
        metrics.count("mails", outcome="failed")
        _failed(message, error)
        return False
    metrics.count("mails", outcome="sent")
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
        # The same id on every attempt, so that a mail that was sent twice is shown once.
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
    """Send due mails that their own task did not send: those that wait for a retry, and those queued while the broker was
    down."""
    due = MailMessage.objects.filter(status=MailMessage.Status.QUEUED, next_attempt_at__lte=timezone.now())
    return sum(deliver(str(pk)) for pk in due.order_by("next_attempt_at").values_list("pk", flat=True)[:200])


def forget_texts() -> int:
    """Drop the texts of old mails that were never sent, and the rows of mails older than a year."""
    now = timezone.now()
    MailMessage.objects.filter(created_at__lt=now - timedelta(days=365)).delete()
    old = MailMessage.objects.filter(created_at__lt=now - TEXT_KEPT, status=MailMessage.Status.FAILED).exclude(text="")
    return old.update(text="", html="")
