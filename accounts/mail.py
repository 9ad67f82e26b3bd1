"""Mail: it is rendered and put into the outbox in the caller's transaction, and sent by a task after the commit.

A template is a pair `templates/mail/<name>.txt` and `.html`, both on the family's base; the first line of the text is
the subject. Any app may add its own.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import MailMessage, Organization, User
from scribe import metrics
from scribe.logs import get_logger
from scribe.messages import Message
from scribe.queue import enqueue
from scribe.types import Json

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
    context: Json | None = None,
    organization: Organization | None = None,
    user: User | None = None,
) -> MailMessage:
    """Queue one mail in the caller's transaction, in the language of `user`, or without one in the active language. It is
    sent after the commit."""
    with translation.override(language_of(user) if user else translation.get_language()):
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


def send_to(user: User, template: str, **context: object) -> MailMessage:
    """`send` to the person's own address. The template has the person as `user`, and `context`."""
    organization = user.organization
    return send(
        template=template, to=[user.email], context={"user": user, **context}, organization=organization, user=user
    )


def language_of(user: User) -> str:
    """The language that the person has chosen, or that of the product."""
    return user.language if user.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def render(template: str, context: Json) -> tuple[str, str, str]:
    """Subject, text and HTML of `template` in the active language. ValueError when the subject is empty, which only a caller's
    mistake can cause."""
    context = {name: value.render() if isinstance(value, Message) else value for name, value in context.items()}
    context |= {
        "frontend_url": settings.FRONTEND_URL,
        "product": "XC Scribe",
        "LANGUAGE_CODE": translation.get_language(),
    }
    first, _, text = render_to_string(f"mail/{template}.txt", context).strip().partition("\n")
    subject = " ".join(first.removeprefix("Subject:").split())  # one line, whatever the context holds
    if not subject:
        raise ValueError(f"The mail “{template}” has no subject.")
    html = render_to_string(f"mail/{template}.html", {**context, "subject": subject})
    return subject, text.strip() + "\n", html


class Pause:
    """When this process sends mail again. After a server that hangs it sends none for SECONDS, so that mails leave the workers
    to the other tasks of the queue."""

    SECONDS = 120.0

    def __init__(self) -> None:
        self.until = 0.0

    def start(self) -> None:
        self.until = time.monotonic() + self.SECONDS

    def end(self) -> None:
        self.until = 0.0

    def __bool__(self) -> bool:
        return time.monotonic() < self.until


pause = Pause()


def deliver(message_id: str) -> bool:
    """Make one attempt to send a queued mail that is due. It may be called twice: a conditional UPDATE claims the attempt.
    During a `pause` the mail waits for `send_due`."""
    if pause:
        return False
    now = timezone.now()
    due = MailMessage.objects.filter(pk=message_id, status=MailMessage.Status.QUEUED, next_attempt_at__lte=now)
    if not due.update(next_attempt_at=now + LEASE):
        return False
    message = MailMessage.objects.get(pk=message_id)
    try:
        _mail(message).send()
    except Exception as error:  # the backend may be SMTP, a provider's API or a folder: we retry after any error
        metrics.count("mails", outcome="failed")
        if _ran_out_of_time(error):
            pause.start()
        _record_failure(message, error)
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


def _ran_out_of_time(error: BaseException | None) -> bool:
    """Whether the mail server, or a provider's API, let the time run out."""
    while error is not None:
        if isinstance(error, TimeoutError | requests.Timeout):
            return True
        error = error.__cause__ or error.__context__
    return False


def _record_failure(message: MailMessage, error: Exception) -> None:
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
    down, or while mail was paused. Ends at a mail server that hangs."""
    due = MailMessage.objects.filter(status=MailMessage.Status.QUEUED, next_attempt_at__lte=timezone.now())
    ids = due.order_by("next_attempt_at").values_list("pk", flat=True)[:200]
    return sum(deliver(str(pk)) for pk in takewhile(lambda _pk: not pause, ids))


def forget_texts() -> int:
    """Drop the texts of old mails that were never sent, and the rows of mails older than a year."""
    now = timezone.now()
    MailMessage.objects.filter(created_at__lt=now - timedelta(days=365)).delete()
    old = MailMessage.objects.filter(created_at__lt=now - TEXT_KEPT, status=MailMessage.Status.FAILED).exclude(text="")
    return old.update(text="", html="")
