"""A reply that waits for a job: the worker does the work, the request waits for the job's end without a thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from scribe.api import idempotency
from scribe.api.deferred import Deferred
from scribe.api.errors import DomainError
from scribe.api.errors import render as render_error
from scribe.api.renderers import dumps
from scribe.jobs.models import Job


class JobReply(Deferred):
    """`render(job)` makes the final reply from the fresh job row, when it has ended or `seconds` are up."""

    def __init__(self, job: Job, *, render: Callable[[Job], Any], seconds: float = 30) -> None:
        super().__init__(status=202, content_type="application/json")
        self.job_id = job.pk
        self.seconds = seconds
        self.make = render  # not `render`: Django would call that itself

    def now(self) -> HttpResponse:
        """The final reply as things stand. Reads the database; run it in a thread."""
        job = Job.objects.select_related("organization", "project", "created_by").get(pk=self.job_id)
        try:
            final = self.make(job)
        except DomainError as error:
            final = render_error(error)
        record = getattr(self, "idempotency", None)
        if record is not None:
            final = idempotency.settle(record, final)
        if hasattr(final, "data"):  # a DRF response that no view will render any more
            secret_free = HttpResponse(dumps(final.data), status=final.status_code, content_type="application/json")
            for name, value in final.items():
                if name.lower() != "content-type":  # that of a response which was never rendered
                    secret_free[name] = value
            final = secret_free
        return self.lend_headers(final)
