"""A reply that waits for a job: the worker does the work, the request waits for the job's end without a thread."""

from collections.abc import Callable
from urllib.request import parse_http_list

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from scribe.api import idempotency
from scribe.api.deferred import Deferred
from scribe.api.problems import handle
from scribe.api.renderers import dumps
from scribe.api.serializers import Reply
from scribe.errors import NotFound, UpstreamFailed, UpstreamTimeout
from scribe.jobs.models import Job
from scribe.logs import bound, context
from scribe.written import whole

ASYNC = "respond-async"


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


class JobBegun(Reply):
    job_id = serializers.CharField(
        help_text="The job that continues in the background. Poll `GET /jobs/{job_id}` for its result."
    )
    status = serializers.CharField()


def render_begun(job: Job) -> Response:
    """The reply to a caller who does not wait, from an operation whose own reply has only what the job will have made."""
    return Response({"job_id": str(job.pk), "status": job.status}, status=202)


class JobReply(Deferred):
    """`render(job)` makes the final reply from the fresh job row, when it has ended or `seconds` are up. `early` makes it of
    a job that has not ended when its caller would wait no longer (`prefer`); else `render` does."""

    def __init__(
        self,
        job: Job,
        *,
        render: Callable[[Job], HttpResponse],
        seconds: float = 30,
        early: Callable[[Job], HttpResponse] | None = None,
    ) -> None:
        super().__init__(status=202, content_type="application/json")
        self.job_id = job.pk
        self.seconds = seconds
        self.make = render  # not named `render`, since Django would call that itself
        self.early = early
        self.hurried = False

    def prefer(self, wishes: str) -> None:
        """Wait no longer than the header `Prefer` wishes: not at all by `respond-async`, at most five seconds by `wait=5`, and
        with both the latter. It never makes the wait longer. https://www.rfc-editor.org/rfc/rfc7240#section-4.1"""
        found: dict[str, str] = {}
        for wish in parse_http_list(wishes):
            name, _, value = wish.partition(";")[0].partition("=")
            found.setdefault(name.strip().lower(), value.strip().strip('"'))  # the first of a name counts
        asked = whole(found.get("wait", ""), digits=9)
        applied = [ASYNC] if ASYNC in found else []
        if asked is not None and asked <= self.seconds:
            applied.append(f"wait={asked}")
        if applied:
            self.seconds, self.hurried = min(self.seconds, asked or 0), True
            self["Preference-Applied"] = ", ".join(applied)

    def now(self) -> HttpResponse:
        """The final reply by the job's present state. Reads the database, so run it in a thread."""
        with bound(
            request_id=self.get("X-Request-ID") or context().get("request_id", "")
        ):  # this thread is not the request's
            return self._final()

    def _final(self) -> HttpResponse:
        try:
            job = Job.objects.select_related("organization", "project", "created_by").get(pk=self.job_id)
            early = self.early if self.hurried and not job.ended else None
            final = (early or self.make)(job)
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
            self.note(status=final.status_code, code=getattr(final, "problem_code", ""))
        return self.lend_headers(final)
