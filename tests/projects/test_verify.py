"""Comparing a project with its store: what differs is told with its cause, and nothing is written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from projects.models import ContentItem, Drift, SyncRecord
from projects.sync import comparison
from projects.tasks import compare_with_stores
from scribe.models import Job
from tests.factories import make_project, make_woocommerce_connection
from tests.fakes.woocommerce import FakeWooCommerce
from tests.helpers import run_jobs
from tests.projects.pushes import approve, imported, sync

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(settings):
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def project(cast, shop):
    return make_project(cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url))


@pytest.fixture
def caller(api, cast):
    return api.as_(cast.owner)


def compared(caller, project):
    answer = caller.post(f"projects/{project.pk}/verify", {}, status=202)
    run_jobs()
    job = Job.objects.get(pk=answer["job_id"])
    assert job.status == "completed", job.error
    return job


def test_each_difference_is_listed_with_its_cause_and_nothing_is_written(caller, project, shop):
    rows = imported(caller, project, shop, 6)
    before = rows[1]["description"]
    approve(project, description="<p>Ours and <b>good</b></p>")
    sync(caller, project)
    shop.writes.clear()
    shop.edit(rows[0], description="<p>The merchant's</p>")
    shop.edit(rows[1], description=before)
    shop.edit(rows[2], description="<p>Ours</p>")
    shop.edit(rows[3], short_description="<p>New short</p>")
    del shop.products[rows[4]["id"]]
    job = compared(caller, project)
    assert {k: job.result[k] for k in ("checked", "drifted", "gone", "merchant", "platform", "ours")} == {
        "checked": 6,
        "drifted": 5,
        "gone": 1,
        "merchant": 2,
        "platform": 1,
        "ours": 1,
    }
    found = {int(row["external_id"]): row for row in caller.get(f"projects/{project.pk}/drift")}
    causes = [[(f["field"], f["cause"]) for f in found[row["id"]]["fields"]] for row in rows[:4]]
    assert causes == [
        [("description", "merchant")],
        [("description", "ours")],
        [("description", "platform")],
        [("short_description", "merchant")],
    ]
    assert found[rows[4]["id"]]["gone"]
    assert rows[5]["id"] not in found
    assert not shop.writes
    assert ContentItem.objects.get(external_id=str(rows[3]["id"])).outdated_fields == ["short_description"]
    conflicts = sync(caller, project, mode="all").result["conflicts"]
    assert conflicts == 3  # the three whose text of ours is another by now
    shop.edit(rows[0], description="<p>Ours and <b>good</b></p>")
    compared(caller, project)
    assert not Drift.objects.filter(item__external_id=str(rows[0]["id"])).exists()


def test_a_comparison_finds_out_what_became_of_a_write_in_doubt(caller, project, shop):
    imported(caller, project, shop, 1)
    sync(caller, project)
    SyncRecord.objects.update(state="failed", code="in_doubt", after={})
    compared(caller, project)
    record = SyncRecord.objects.get()
    assert (record.state, set(record.after)) == ("done", {"name", "description"})


def test_the_weekly_comparison_begins_once_a_week_and_only_where_something_was_pushed(caller, cast, project, shop):
    imported(caller, project, shop, 1)
    compare_with_stores()
    assert not Job.objects.filter(job_type="verify").exists()
    sync(caller, project)
    compare_with_stores()
    compare_with_stores()
    run_jobs()
    assert Job.objects.filter(job_type="verify").count() == 1
    Job.objects.filter(job_type="verify").update(created_at=timezone.now() - timedelta(days=8))
    assert comparison.start_due() == 1


def test_a_suspended_organization_is_not_compared_and_holds_up_no_other(caller, cast, project, shop):
    imported(caller, project, shop, 1)
    sync(caller, project)
    cast.organization.suspended_at = timezone.now()
    cast.organization.save()
    assert comparison.start_due() == 0
    cast.organization.suspended_at = None
    cast.organization.save()
    assert comparison.start_due() == 1


def test_while_a_job_writes_the_items_it_waits(api, cast, caller, project, shop):
    imported(caller, project, shop, 1)
    caller.post(f"projects/{project.pk}/sync", {}, status=202)
    assert caller.post(f"projects/{project.pk}/verify", {}, status=409)["code"] == "job_active"
    run_jobs()
    api.as_(cast.stranger).post(f"projects/{project.pk}/verify", {}, status=404)
    api.as_(cast.stranger).get(f"projects/{project.pk}/drift", status=404)
