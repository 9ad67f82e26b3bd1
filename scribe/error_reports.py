"""Sentry, when SENTRY_DSN is set: errors of web and worker, without bodies, cookies, credentials or addresses."""

from typing import Any

from django.conf import settings

import scribe
from scribe.logs import context

HIDDEN_HEADERS = {"authorization", "cookie", "x-api-key", "x-csrftoken", "idempotency-key"}
TAGS = ("request_id", "job_id", "organization_id", "task")


def start() -> bool:
    """Start reporting. False when no DSN is set."""
    if not settings.SENTRY_DSN:
        return False
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=f"xc-scribe@{scribe.__version__}",
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,  # locals hold keys and customers' texts
        traces_sample_rate=0.0,
        before_send=scrub,
    )
    return True


def scrub(event: Any, hint: Any) -> Any:  # type: ignore[explicit-any]  # an event as sentry_sdk shapes it
    """Remove possible secrets from an event, and add the ids by which its log lines are found."""
    request = event.get("request") or {}
    request.pop("cookies", None)
    request.pop("data", None)
    request.pop("query_string", None)  # links in mails carry tokens there
    request.pop("env", None)
    request["headers"] = {k: v for k, v in (request.get("headers") or {}).items() if k.lower() not in HIDDEN_HEADERS}
    event["request"] = request
    event.pop("user", None)
    known = context()
    event["tags"] = {**(event.get("tags") or {}), **{name: str(known[name]) for name in TAGS if known.get(name)}}
    return event
