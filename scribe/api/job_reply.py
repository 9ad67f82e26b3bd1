"""A reply that waits for a job: the worker does the work, the request waits for the job's end without a thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from scribe.api import idempotency
from scribe.api.deferred import Deferred
from scribe.api.problems import handle
from scribe.api.renderers import dumps
from scribe.errors import NotFound, UpstreamFailed, UpstreamTimeout
from scribe.jobs.models import Job
from scribe.logs import bound, context


def upstream_failure(job: Job) -> UpstreamFailed | UpstreamTimeout | None:
    """The error for a job that a third party failed: 502, or 504 when that was too slow. It has `party`, the job's own code
    as `reason`, and the third party's `Retry-After` if there is one. None for any other job."""
    told = job.result.get("upstream")
    if not told:
        return None
    kind = UpstreamTimeout if told["timed_out"] else UpstreamFailed
    return kind(
        job.error,
        code=UpstreamFailed.code,
        retry_after=told["retry_after"],
        party=told["party"],
        reason=job.error_code,
        job_id=str(job.pk),
    )


class JobReply(Deferred):
    """`render(job)` makes the final reply from the fresh job row, when it has ended or `seconds` are up."""

    def __init__(self, job: Job, *, render: Callable[[Job], Any], seconds: float = 30) -> None:
        super().__init__(status=202, content_type="application/json")
        self.job_id = job.pk
        self.seconds = seconds
        self.make = render  # not named `render`, since Django would call that itself

    def now(self) -> HttpResponse:
        """The final reply by the job's present state. Reads the database, so run it in a thread."""
        with bound(
            request_id=self.get("X-Request-ID") or context().get("request_id", "")
        ):  # this thread is not the request's
            return self._final()

    def _final(self) -> HttpResponse:
        try:
            final = self.make(Job.objects.select_related("organization", "project", "created_by").get(pk=self.job_id))
        except Job.DoesNotExist:  # deleted meanwhile, with its project
            final = handle(NotFound())
        except Exception as error:  # outside of any view: turn every error into a problem here
            final = handle(error)
        record = getattr(self, "idempotency", None)
        if record is not None:
            final = idempotency.finish(record, final)
        if hasattr(final, "data"):  # a DRF response that no view will render any more
            plain = HttpResponse(dumps(final.data), status=final.status_code, content_type="application/json")
            for name, value in final.items():
                if name.lower() != "content-type":  # which belongs to a response that was never rendered
                    plain[name] = value
            final = plain
        if self.note is not None:
            self.note(status=final.status_code)
        return self.lend_headers(final)
