"""The page of a job while it runs: each kind with the events that its own work emits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from blog.models import BlogPost
from integrations.models import BlogConnection
from projects import bulk, removal, sources
from projects.bulk import BulkPayload
from projects.generation import job as generation
from projects.models import ContentItem
from projects.removal import RemovalPayload
from projects.sync import comparison
from scribe import jobs, unforeseen
from scribe.models import Job, JobEvent
from studio.audits import job as audits
from studio.audits.fix_project import CopyPayload
from studio.models import StoreAudit
from tests.blog.sites import BlogSite
from tests.factories import make_project, make_woocommerce_connection
from tests.fakes.woocommerce import FakeWooCommerce
from tests.fakes.wordpress import PASSWORD, USER
from tests.helpers import run_jobs
from tests.projects.pushes import approve
from tests.workbench.visiting import POST_WISHES, WISHES, Visitor, plain

pytestmark = pytest.mark.django_db(transaction=True)

OF_NO_PROJECT = {Job.Type.GDPR_EXPORT, Job.Type.LAW_RECHECK, Job.Type.MEMORY_IMPORT}
ITEM_EVENTS = ("item", "item_failed")
#: What the page shows of an event, the first of these that it has.
NAMES = ("name", "external_id", "item_id", "title")


@pytest.fixture
def shop(settings: Any) -> Any:
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def site(cast: Any, settings: Any) -> Any:
    with BlogSite() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [*settings.OUTBOUND_ALLOWED_HOSTS, fake.hostport]
        yield BlogConnection.objects.create(
            organization=cast.organization, name="Blog", site_url=fake.url, username=USER, app_password=PASSWORD
        )


def carry_out_every_kind(cast: Any, shop: FakeWooCommerce, site: BlogConnection) -> Any:
    """A project that has seen every kind of job that its pages can show, by way of the pages where they start it."""
    visitor, project = Visitor(cast.owner), make_project(cast.organization)
    project.store_connection = make_woocommerce_connection(cast.organization, shop.url)
    project.save()
    root, row, other = f"projects/{project.pk}", shop.add(), shop.add()
    shop.add()
    visitor.post(f"{root}/store/import")
    [imported] = run_jobs()
    # Our fake shop has no row that the reader trips over; this is what the import says of one.
    fault = {"external_id": "4711", "reason": "The row could not be read.", "code": unforeseen.CODE}
    JobEvent.objects.create(job=imported, number=imported.event_count + 1, name="item_failed", data=fault)
    visitor.post(f"{root}/write", {**WISHES, "language": "en"})
    run_jobs()
    item = ContentItem.objects.get(project=project, external_id=str(row["id"]))
    generation.start(
        project=project, by=cast.owner, request={}, item_ids=[str(item.pk)], job_type=Job.Type.REGENERATION, reset=True
    )
    run_jobs()
    approve(project)
    visitor.post(f"{root}/store/push")
    run_jobs()
    shop.edit(row, description="<p>The merchant's own words</p>")
    comparison.start(project=project, by=cast.owner)
    audits.start(project=project, by=cast.owner)
    run_jobs()
    approve(project)
    shop.edit(other, description="<p>The merchant's own words</p>")
    visitor.post(f"{root}/store/push")  # this one meets the merchant's words
    run_jobs()
    pushed = Job.objects.filter(job_type=Job.Type.SYNC).earliest("created_at")
    visitor.post(f"{root}/jobs/{pushed.pk}/undo")
    visitor.post(f"{root}/posts/new", POST_WISHES)
    run_jobs()
    post = BlogPost.objects.get()
    visitor.post(f"{root}/posts/{post.pk}/publication", {"target": f"blog:{site.pk}", "wp_status": "publish"})
    run_jobs()
    bulk.start(project=project, by=cast.owner, payload=BulkPayload(action=bulk.ASSIGN, assignee_id=str(cast.owner.pk)))
    run_jobs()
    source = sources.create_manual(project=project, name="By hand")
    removal.start(project=project, by=cast.owner, payload=RemovalPayload(source_id=str(source.pk)))
    run_jobs()
    source = sources.create_manual(project=project, name="By hand")
    audit = StoreAudit.objects.get()
    copies = CopyPayload(source_id=str(source.pk), audit_id=str(audit.pk), issue="thin_content")
    jobs.create(job_type=Job.Type.FIX_PROJECT, project=project, payload=copies.as_dict())
    run_jobs()
    BlogPost.objects.all().delete()  # as long as it is there, its own page tells of its jobs
    return project


@pytest.mark.thorough
def test_the_page_of_each_kind_of_job_at_work_shows_the_events_of_its_kind(
    cast: Any, shop: FakeWooCommerce, site: BlogConnection
) -> None:
    project = carry_out_every_kind(cast, shop, site)
    visitor = Visitor(cast.owner)
    jobs = list(Job.objects.filter(project=project).order_by("created_at"))
    assert {job.job_type for job in jobs} == set(Job.Type.values) - OF_NO_PROJECT
    seen = set()
    for job in jobs:
        events = JobEvent.objects.filter(job=job, name__in=ITEM_EVENTS)
        undoes = bool(job.payload.get("undo_of"))
        seen |= {(job.job_type, undoes, name) for name in events.values_list("name", flat=True)}
        Job.objects.filter(pk=job.pk).update(status=Job.Status.RUNNING)
        for path in (f"projects/{project.pk}/jobs/{job.pk}", f"projects/{project.pk}/jobs/{job.pk}/progress"):
            page = visitor.get(path)
            for data in events.values_list("data", flat=True):
                named = next((data[name] for name in NAMES if data.get(name)), "")
                assert str(named) in page, (job.job_type, data, plain(page))
        Job.objects.filter(pk=job.pk).update(status=job.status)
    assert {
        ("import", False, "item_failed"),
        ("sync", False, "item"),
        ("sync", False, "item_failed"),
        ("sync", True, "item"),
        ("verify", False, "item"),
        ("generation", False, "item"),
        ("regeneration", False, "item"),
        ("blog_generation", False, "item"),
        ("blog_publish", False, "item"),
    } <= seen


@pytest.mark.parametrize(
    ("minutes", "done", "said"),
    [
        (10, 25, "About 30 minutes left."),
        (1, 59, "About 1 minute left."),  # never less
        (10, 0, ""),
        (10, 100, ""),
        (0, 25, ""),  # just begun
        (60 * 24, 1, ""),  # no pace to go by
    ],
)
def test_a_job_says_how_long_it_still_takes_at_its_pace(cast: Any, minutes: int, done: int, said: str) -> None:
    project, begun = make_project(cast.organization), timezone.now() - timedelta(minutes=minutes)
    job = Job.objects.create(
        organization=cast.organization,
        project=project,
        job_type=Job.Type.GENERATION,
        status=Job.Status.RUNNING,
        started_at=begun,
        progress_current=done,
        progress_total=100,
    )
    page = plain(Visitor(cast.owner).get(f"projects/{project.pk}/jobs/{job.pk}"))
    assert (said in page) if said else (" left." not in page)
