"""Background work of accounts. Every task may run twice or late."""

from celery import shared_task

from accounts import api_keys, erasure, invitations, lockout, mail, passwords, privacy, sessions


@shared_task(queue="default")
def send_mail(message_id: str) -> None:
    mail.deliver(message_id)


@shared_task(queue="default")
def send_due_mail() -> None:
    mail.send_due()


@shared_task(queue="default")
def request_password_reset(email: str) -> None:
    passwords.request_reset(email=email)


@shared_task(queue="default")
def tidy() -> None:
    """Delete rows and files past their retention."""
    sessions.forget_old()
    lockout.forget_old()
    mail.forget_texts()
    invitations.mark_expired()
    privacy.forget_exports()


@shared_task(queue="default")
def erase_due_organizations() -> None:
    erasure.erase_due()


@shared_task(queue="default")
def warn_of_expiring_keys() -> int:
    return api_keys.warn_of_ends()
