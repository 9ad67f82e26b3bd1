"""Calls to payment providers. Their failures become errors of the API."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations import payments
from integrations.payments.errors import PaymentError
from integrations.payments.types import PaymentProvider
from scribe.errors import NotConfigured, UpstreamFailed, UpstreamTimeout
from scribe.logs import get_logger
from scribe.messages import _

log = get_logger(__name__)


def not_configured() -> NotConfigured:
    return NotConfigured(_("Payments are not set up on this server."), code="payments_not_configured")


def for_new_checkouts() -> PaymentProvider:
    """The provider that new checkouts go to; NotConfigured when there is none."""
    found = payments.default()
    if found is None:
        raise not_configured()
    return found


def provider_named(name: str) -> PaymentProvider:
    """The provider of an existing subscription or payment; NotConfigured when its keys are gone."""
    found = payments.provider(name)
    if not found.configured:
        raise not_configured()
    return found


@contextmanager
def provider(party: PaymentProvider) -> Iterator[PaymentProvider]:
    """Call out inside this block: a failure becomes a 502, a time-out a 504, both naming the provider."""
    try:
        yield party
    except PaymentError as error:
        log.warning(
            "payment provider failed", party=party.name, detail=error.detail, status=error.status, code=error.code
        )
        if error.timed_out:
            raise UpstreamTimeout(
                _(
                    "{title} did not answer. Check your plan and payments before you try again.",
                    title=party.title,
                ),
                party=party.name,
            ) from error
        raise UpstreamFailed(
            _("{title} failed: {detail}", title=party.title, detail=error.detail),
            party=party.name,
            retry_after=error.retry_after,
        ) from error
