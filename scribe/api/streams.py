"""Server-sent events of a job (WHATWG HTML, section 9.2): replayed from the rows, then followed live."""

import time
from collections.abc import Iterator
from uuid import UUID

import orjson
from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from scribe.api import open_streams
from scribe.api.deferred import Deferred
from scribe.jobs import events
from scribe.jobs.models import Job
from scribe.written import whole

HEARTBEAT = b": still here\n\n"
HEARTBEAT_SECONDS = 15.0


def frame(event: events.StreamEvent) -> bytes:
    data = orjson.dumps(event.data, default=str)
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.number, event.name.encode(), data)


def last_event_id(request: HttpRequest) -> int:
    """The number of the last event that the reader has. 0, the beginning, if the header is not a number."""
    text = request.headers.get("Last-Event-ID", "").strip()
    return whole(text, digits=9) or 0


class JobStream(Deferred):
    """A stream of the events of `job` after the number `after`. It holds no transaction and writes nothing."""

    is_stream = True
    sign_in: models.Model | None = None  # the caller's session; the stream ends with it

    def __init__(self, job: Job, *, after: int = 0) -> None:
        super().__init__(content_type="text/event-stream")
        self.job_id = job.pk
        self.organization_id = job.organization_id
        self.most = open_streams.most_of(job.organization_id)  # that the organization may have open
        self.after = after
        self["Cache-Control"] = "no-cache, no-transform"
        self["X-Accel-Buffering"] = "no"

    def now(self) -> HttpResponse:
        """The same stream for a server without our ASGI application: it reads the rows twice a second."""
        response = StreamingHttpResponse(_poll(self.job_id, self.after), content_type=self["Content-Type"])
        return self.lend_headers(response)  # type: ignore[arg-type]


def _poll(job_id: UUID, number: int) -> Iterator[bytes]:
    quiet_since = time.monotonic()
    while True:
        batch, over = events.events_after(job_id, number)
        if over:
            return
        for event in batch:
            number = event.number
            quiet_since = time.monotonic()
            yield frame(event)
            if event.terminal:
                return
        if time.monotonic() - quiet_since > HEARTBEAT_SECONDS:
            quiet_since = time.monotonic()
            yield HEARTBEAT
        time.sleep(0.5)
