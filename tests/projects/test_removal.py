"""What is large is deleted by a job: the request deletes none of its rows, and nobody sees what is going."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import lifecycle, removal
from projects.api.views.projects import render_removal
from projects.models import ContentItem, DataSource, Project
from scribe import jobs
from scribe.jobs.models import Job, JobEvent
from scribe.jobs.worker import work
from tests.factories import make_item, make_language_text, make_project
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db

AT_ONCE = 3
COUNT = 10


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: Any) -> None:
    monkeypatch.setattr(removal, "AT_ONCE", AT_ONCE)


@pytest.fixture
def owner(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


@pytest.fixture
def source(project: Any) -> Any:
    made = DataSource.objects.create(
        organization_id=project.organization_id, project=project, type="manual", name="By hand", item_count=COUNT
    )
    for _ in range(COUNT):
        make_language_text(make_item(project, data_source=made), "fr")
    return made


def rows_deleted(call: Any) -> list[str]:
    """The statements of a call that delete, or change, items."""
    with CaptureQueriesContext(connection) as caught:
        call()
    told = [query["sql"] or "" for query in caught.captured_queries]
    return [sql for sql in told if sql.startswith(("DELETE", "UPDATE")) and "projects_contentitem" in sql]


def test_a_large_project_is_emptied_by_a_job(owner: Any, project: Any, source: Any) -> None:
    reply: dict[str, Any] = {}
    assert rows_deleted(lambda: reply.update(owner.post(f"projects/{project.pk}/truncate"))) == []
    job = Job.objects.get()
    assert reply["job_id"] == str(job.pk)
    assert (reply["items_deleted"], reply["sources_deleted"], reply["status"]) == (0, 0, "draft")
    assert (job.job_type, job.is_long, job.progress_total) == ("removal", True, COUNT)
    assert owner.post(f"projects/{project.pk}/truncate", status=409)["code"] == "job_active"
    [job] = run_jobs()
    assert (job.status, job.progress_current) == ("completed", COUNT)
    assert job.result == {"items_deleted": COUNT, "sources_deleted": 1}
    assert not ContentItem.rows.exists()
    found = owner.get(f"projects/{project.pk}")
    assert (found["status"], found["item_count"], found["source_count"]) == ("draft", 0, 0)


def test_a_small_one_is_empty_at_once(owner: Any, project: Any) -> None:
    make_item(project)
    reply = owner.post(f"projects/{project.pk}/truncate")
    assert (reply["items_deleted"], reply["job_id"]) == (1, None)
    assert not Job.objects.exists()


def test_few_items_with_many_versions_are_large(owner: Any, project: Any) -> None:
    item = make_item(project, status="generated", generated_content={"name": "A"})
    for number in range(AT_ONCE + 1):
        owner.patch(f"projects/{project.pk}/items/{item.pk}", {"generated_content": {"name": f"B {number}"}})
    assert owner.post(f"projects/{project.pk}/truncate")["job_id"]


def test_a_reply_that_waited_for_its_end_says_what_it_always_did(cast: Any, project: Any, source: Any) -> None:
    job = lifecycle.truncate(project=project, by=cast.owner)
    assert isinstance(job, Job)
    [job] = run_jobs()
    assert render_removal(job).data == {
        "message": "The project is empty.",
        "items_deleted": COUNT,
        "sources_deleted": 1,
        "status": "draft",
        "job_id": None,
    }


def test_a_worker_that_dies_in_between_leaves_the_rest_to_the_next(
    owner: Any, project: Any, source: Any, monkeypatch: Any
) -> None:
    owner.post(f"projects/{project.pk}/truncate")
    job, some, calls = Job.objects.get(), removal.some, []

    def die_at_the_second(items: Any) -> int:
        calls.append(some(items))
        if len(calls) == 2:
            raise SystemExit
        return calls[-1]

    monkeypatch.setattr(removal, "some", die_at_the_second)
    with pytest.raises(SystemExit):
        work(job.pk)
    assert ContentItem.objects.count() == COUNT - AT_ONCE
    monkeypatch.undo()
    monkeypatch.setattr(removal, "AT_ONCE", AT_ONCE)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    [job] = run_jobs()
    assert (job.status, job.result["items_deleted"]) == ("completed", COUNT)


def test_a_large_project_that_is_deleted_for_good_is_gone_from_all_eyes_at_once(
    owner: Any, project: Any, source: Any
) -> None:
    old = jobs.cancel(jobs.create(job_type="sync", organization=project.organization, project=project))
    owner.delete(f"projects/{project.pk}")
    assert rows_deleted(lambda: owner.delete(f"projects/{project.pk}/permanent")) == []
    assert owner.get("projects", include_deleted="true") == []
    owner.delete(f"projects/{project.pk}/permanent", 404)
    owner.post(f"projects/{project.pk}/restore", status=404)
    [job] = run_jobs()
    assert (job.status, job.project_id) == ("completed", None)
    assert not Project.objects.exists()
    assert not ContentItem.rows.exists()
    assert not DataSource.objects.exists()
    assert not Job.objects.filter(pk=old.pk).exists()
    assert owner.get(f"jobs/{job.pk}")["result"]["items_deleted"] == COUNT


def test_a_project_without_items_but_with_many_events_is_large(owner: Any, project: Any) -> None:
    ended = jobs.cancel(jobs.create(job_type="sync", organization=project.organization, project=project))
    JobEvent.objects.bulk_create(JobEvent(job=ended, number=n, name="item") for n in range(100, 120))
    owner.delete(f"projects/{project.pk}")
    owner.delete(f"projects/{project.pk}/permanent")
    assert JobEvent.objects.filter(job=ended).count() >= 20
    run_jobs()
    assert not Project.objects.exists()
    assert not JobEvent.objects.filter(job=ended).exists()


def test_what_a_cancelled_deletion_left_is_in_the_trash_again(owner: Any, project: Any, source: Any) -> None:
    owner.delete(f"projects/{project.pk}")
    owner.delete(f"projects/{project.pk}/permanent")
    owner.post(f"jobs/{Job.objects.get().pk}/cancel")
    assert [row["id"] for row in owner.get("projects", include_deleted="true")] == [str(project.pk)]
    owner.post(f"projects/{project.pk}/restore")
    assert owner.get(f"projects/{project.pk}")["item_count"] == COUNT


def test_a_large_source_is_deleted_by_a_job(owner: Any, project: Any, source: Any) -> None:
    other = make_item(project)
    path = f"projects/{project.pk}/sources/{source.pk}"
    assert rows_deleted(lambda: owner.delete(path)) == []
    assert owner.delete(path, 409)["code"] == "job_active"
    [job] = run_jobs()
    assert (job.status, job.result["items_deleted"]) == ("completed", COUNT)
    assert list(ContentItem.rows.values_list("pk", flat=True)) == [other.pk]
    assert not DataSource.objects.filter(pk=source.pk).exists()


def test_a_suspended_organization_may_still_delete(cast: Any, project: Any, source: Any) -> None:
    lifecycle.trash(project=project)
    type(cast.organization).objects.update(suspended_at=timezone.now())
    lifecycle.delete_for_good(project=Project.objects.select_related("organization").get(), by=cast.owner)
    assert Job.objects.get().job_type == "removal"
