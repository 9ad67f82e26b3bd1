"""One attempt to bring one event to one endpoint, and when the next one comes."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scribe import metrics
from scribe.api.fields import utc
from scribe.http import client
from scribe.http.errors import OutboundError
from scribe.types import Json
from webhooks import log, signatures
from webhooks.models import EventDelivery, WebhookEndpoint

TIMEOUT_SECONDS = 15.0
ANSWER_BYTES = 1024  # of an answer are read and kept
#: The waits after the first, second, … failed attempt: eight attempts in some three days.
WAITS = (30, 300, 1800, 3 * 3600, 10 * 3600, 24 * 3600, 36 * 3600)  # seconds
MOST_ATTEMPTS = len(WAITS) + 1
JITTER = 0.1
GONE = 410


@dataclass(frozen=True)
class DeliveryAttempt:
    """What came of an attempt at `url`. `status` is 0 without an answer; then `error` says why."""

    at: datetime
    status: int = 0
    seconds: float = 0.0
    error: str = ""
    answer: str = ""
    retry_after: float | None = None
    url: str = ""

    @property
    def delivered(self) -> bool:
        return 200 <= self.status < 300

    def as_dict(self) -> Json:
        found = {"at": utc(self.at), "status": self.status or None, "seconds": round(self.seconds, 3)}
        return found | {name: text for name in ("error", "answer") if (text := getattr(self, name))}


def send(endpoint: WebhookEndpoint, delivery: EventDelivery) -> DeliveryAttempt:
    """Make one attempt. It needs no database, and no transaction may be open: a receiver takes up to 15 seconds. Each
    attempt has a time and a signature of its own, and the same id. Any answer below 200 or from 300 is a failure;
    redirects are not followed."""
    now = datetime.now(UTC)
    body = log.body(delivery.event)
    headers = signatures.headers(secrets=endpoint.secrets(now), message_id=str(delivery.event_id), body=body, now=now)
    headers |= {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    try:
        answer = client.request(
            "POST",
            endpoint.url,
            headers=headers,
            data=body.encode(),
            timeout=TIMEOUT_SECONDS,
            max_bytes=ANSWER_BYTES,
            cut_body=True,
        )
    except OutboundError as error:
        metrics.count("webhook_deliveries", outcome="failed")
        seconds = (datetime.now(UTC) - now).total_seconds()
        return DeliveryAttempt(at=now, error=str(error)[:300], seconds=seconds, url=endpoint.url)
    made = DeliveryAttempt(at=now, status=answer.status, seconds=answer.seconds, url=endpoint.url)
    metrics.count("webhook_deliveries", outcome="delivered" if made.delivered else "failed")
    if made.delivered:
        return made
    return replace(made, answer=answer.text.replace("\x00", ""), retry_after=answer.retry_after)


def next_wait(attempts: int, attempt: DeliveryAttempt) -> timedelta | None:
    """The wait after `attempts` failed ones, the last of which was `attempt`. None after the last. A `Retry-After`
    makes it longer, never shorter."""
    if attempts >= MOST_ATTEMPTS:
        return None
    seconds = WAITS[attempts - 1] * (1 + random.uniform(-JITTER, JITTER))  # noqa: S311 - spreads load
    return timedelta(seconds=max(seconds, attempt.retry_after or 0))
