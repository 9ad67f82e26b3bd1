"""A job's progress, live from its event stream, and how to stop the job."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timesince import timeuntil

from blog.models import BlogPost
from blog.writing.job import PostAsked
from projects.generation import order_rows
from projects.models import ContentItem, GenerationItem, SyncRecord
from projects.sync import job as sync_job
from projects.sync.plan import SyncPayload
from scribe import jobs
from scribe.api.streams import JobStream, last_event_id
from scribe.jobs import events
from scribe.models import Job
from scribe.types import Json
from workbench.pages import go
from workbench.views import store
from workbench.views.projects import ProjectPage

LATEST = 30
MOST_CLASHES = 100
MOST_FAILURES = 100
FAILED = (SyncRecord.State.CONFLICT, SyncRecord.State.FAILED)
ITEM_EVENTS = ("item", "item_failed")
#: The part of the project that a job belongs to, if it is not generation.
TABS: Mapping[str, str] = {
    Job.Type.SYNC: "store",
    Job.Type.VERIFY: "store",
    Job.Type.BULK_CHANGE: "items",
    Job.Type.IMPORT: "overview",
    Job.Type.REMOVAL: "overview",
}
PACE_AFTER = timedelta(seconds=10)  # of work, before which the pace says nothing
LONGEST_LEFT = timedelta(days=2)


class AnyJobPage(ProjectPage):
    def job(self) -> Job:
        return self.row(Job.objects.all(), self.kwargs["job_id"], project_id=self.kwargs["project_id"])


class JobPage(AnyJobPage):
    """The whole page. It is built from the stored rows, so it can be reloaded at any time."""

    def get(self, request: HttpRequest, project_id: str, job_id: str) -> HttpResponse:
        project, job = self.project(), self.job()
        if (post_id := post_of(job)) is not None:
            return go("post", project.pk, post_id)  # its page has the progress
        return self.show_project("job", project=project, tab=TABS.get(job.job_type, "write"), job=job, **standing(job))


class JobProgress(AnyJobPage):
    """The part of the page with the job's progress. Each event reloads it. After the job's end it replaces the element
    that opened the stream."""

    def get(self, request: HttpRequest, project_id: str, job_id: str) -> HttpResponse:
        job = self.job()
        shown = self.show("parts/job", project_id=project_id, job=job, **standing(job))
        if job.ended:
            shown["HX-Retarget"], shown["HX-Reswap"] = "#job", "outerHTML"
        return shown


class JobEvents(AnyJobPage):
    """The job's event stream for the browser, because the API does not read cookies. Answers 204 when no more events
    follow."""

    def get(self, request: HttpRequest, project_id: str, job_id: str) -> HttpResponse:
        job = self.job()
        after = min(last_event_id(request), job.event_count)
        if events.events_after(job.pk, after)[1]:
            return HttpResponse(status=204)
        stream = JobStream(job, after=after)
        stream.sign_in = self.user.session
        return stream


class JobCancellation(AnyJobPage):
    support = True

    def post(self, request: HttpRequest, project_id: str, job_id: str) -> HttpResponse:
        job = self.job()
        if not job.ended:
            jobs.cancel(job, by=self.user)
        return go("job", project_id, job_id, said="cancelled")


def post_of(job: Job) -> str | None:
    """The id of the post that the job writes, publishes or makes an image for, if the post is still there."""
    if job.job_type not in (Job.Type.BLOG_GENERATION, Job.Type.BLOG_PUBLISH):
        return None
    found = BlogPost.objects.of(job.organization_id).filter(pk=PostAsked.of(job).post_id, project=job.project_id)
    pk = found.values_list("pk", flat=True).first()
    return str(pk) if pk else None


def standing(job: Job) -> Json:
    """What the page shows of `job`: its counts, the first texts that failed, and the latest items, newest first."""
    told = [event for event in events.latest(job.pk, limit=LATEST * 2) if event["event"] in (*ITEM_EVENTS, "waiting")]
    numbers: dict[str, int] = {}
    failures: list[Json] = []
    if job.job_type in (Job.Type.GENERATION, Job.Type.REGENERATION):
        rows = GenerationItem.objects.filter(job=job).order_by().values_list("state", "outcome").annotate(n=Count("pk"))
        for state, outcome, number in rows:
            numbers[outcome or state] = numbers.get(outcome or state, 0) + number
        if unwritten := order_rows.count_left(job):
            pending = GenerationItem.State.PENDING
            numbers[pending] = numbers.get(pending, 0) + unwritten
        failures = job.result.get("failures", [])[:MOST_FAILURES]
        items = ContentItem.rows.of(job.organization_id).in_bulk([one["item_id"] for one in failures])
        failures = [{**one, "item": items.get(UUID(one["item_id"]))} for one in failures]
    clashes: list[Json] = []
    sync = job.job_type == Job.Type.SYNC
    if sync and job.ended:
        failed = SyncRecord.objects.filter(job=job, state__in=FAILED).select_related("item").order_by("item_id")
        clashes = store.push_summaries(failed[:MOST_CLASHES])
    waiting = told[-1] if told and told[-1]["event"] == "waiting" and not job.ended else None
    return {
        "latest": [event for event in reversed(told) if event["event"] in ITEM_EVENTS][:LATEST],
        "numbers": numbers,
        "failures": failures,
        "waiting": waiting,
        "clashes": clashes,
        "written": sync_job.outcomes(job).get("written", 0) if sync else 0,
        "undoes": sync and SyncPayload.of(job).undoes,
        "without_failure": sync and sync_job.is_without_failure(job),
        "time_left": time_left(job),
    }


def time_left(job: Job) -> str:
    """About how long the job will still take at its pace so far ("3 minutes"); "" until there is a pace to go by."""
    done, total, began = job.progress_current, job.progress_total, job.started_at
    if job.ended or began is None or not 0 < done < total:
        return ""
    now = timezone.now()
    left = (now - began) * (total - done) / done
    if now - began < PACE_AFTER or left > LONGEST_LEFT:
        return ""
    return timeuntil(now + max(left, timedelta(minutes=1)), now, depth=1)
