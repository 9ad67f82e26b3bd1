"""An event as programs read it: the body of a webhook, and the same with its id in the log."""

from __future__ import annotations

from scribe.api.fields import utc
from scribe.api.renderers import dumps
from scribe.models import Event
from scribe.outbox.types import TYPES
from scribe.types import Json


def shown(event: Event) -> Json:
    """The event as `GET /events` lists it."""
    return {"id": str(event.pk), **content(event)}


def content(event: Event) -> Json:
    known = TYPES.get(event.type)
    subject = known.subject if known else event.type.partition(".")[0]
    data = {"object": subject, "id": str(event.object_id), "version": event.version, **event.data}
    return {"type": event.type, "timestamp": utc(event.created_at), "data": data}


def body(event: Event) -> str:
    """The body of a webhook. It is the same for each attempt, since an event never changes."""
    return dumps(content(event)).decode()
