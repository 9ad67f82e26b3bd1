"""Who uses how much of what, in the admin and for Prometheus, and how staff stop the new work of one organization."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from backoffice import usage
from projects.models import ContentItem
from scribe import jobs, storage
from scribe.api import open_streams
from scribe.errors import Forbidden
from scribe.jobs import queues, worker
from scribe.jobs.events import valkey
from scribe.models import Job
from tests import factories
from tests.helpers import samples
from tests.scribe.admin_browser import staff_client

pytestmark = pytest.mark.django_db


def file(rows: int = 2) -> BytesIO:
    made = BytesIO(b"SKU,Name\n" + b"".join(b"%d,Mug\n" % number for number in range(rows)))
    made.name = "shop.csv"
    return made


def test_the_first_ones_of_each_measure_are_shown_and_nobody_else(cast: Any) -> None:
    organizations = [factories.make_organization() for _ in range(usage.TOP + 3)]
    for number, organization in enumerate(organizations, 1):
        Job.objects.create(organization=organization, job_type="sync", worked_seconds=number, processor_seconds=1)
    storage.save(cast.organization.pk, "sources", "a.csv", b"12345")
    valkey().zadd(open_streams.key_of(cast.organization.pk), {"one": 10**10, "ended": 1})
    found = usage.compute()
    assert dict(found["worked_seconds"]) == {one.pk: float(n) for n, one in enumerate(organizations, 1) if n > 3}
    assert found["stored_bytes"] == {cast.organization.pk: 5.0}
    assert found["streams"] == {cast.organization.pk: 1.0}
    assert all(len(values) <= usage.TOP for values in found.values())


def test_prometheus_has_a_line_for_each_of_the_first_ones(cast: Any) -> None:
    Job.objects.create(organization=cast.organization, job_type="sync", worked_seconds=2.5)
    cache.clear()
    labels = frozenset({("measure", "worked_seconds"), ("organization", str(cast.organization.pk))})
    assert samples()["scribe_organization_usage", labels] == 2.5


def test_new_work_of_an_organization_is_stopped_in_two_clicks_and_goes_on_in_two(cast: Any) -> None:
    Job.objects.create(organization=cast.organization, job_type="sync", worked_seconds=9)
    client = staff_client(cast.staff)
    for deed, suspended in (("Suspend", True), ("Reinstate", False)):
        page = client.get(reverse("admin:usage")).content.decode()
        (link,) = re.findall(rf'href="([^"]+)">{deed} …', page)
        client.post(link, {"reason": "It holds up others."})
        cast.organization.refresh_from_db()
        assert cast.organization.is_suspended is suspended


def test_a_suspended_organization_begins_nothing_and_gets_its_data_all_the_same(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project = me.post("projects", {"name": "Shop", "platform": "woocommerce"}, 201)
    me.upload(f"projects/{project['id']}/sources/file", {"file": file()}, 201)
    cast.organization.suspended_at = cast.owner.created_at
    cast.organization.save()
    me = api.as_(cast.owner)
    assert (
        me.upload(f"projects/{project['id']}/sources/file", {"file": file()}, 403)["code"] == "organization_suspended"
    )
    assert me.post(f"projects/{project['id']}/generate", {}, 403)["code"] == "organization_suspended"
    for kind in ("import", "sync", "verify", "generation", "blog_publish", "store_audit"):
        with pytest.raises(Forbidden) as refused:
            jobs.create(job_type=kind, organization=cast.organization)
        assert refused.value.code == "organization_suspended"
    jobs.create(job_type=Job.Type.GDPR_EXPORT, organization=cast.organization)
    assert ContentItem.objects.count() == 2
    assert len(me.get(f"projects/{project['id']}/items")) == 2


def test_what_waits_of_a_suspended_organization_goes_on_when_it_is_reinstated(cast: Any) -> None:
    job = jobs.create(job_type="sync", organization=cast.organization)
    cast.organization.suspended_at = cast.owner.created_at
    cast.organization.save()
    assert queues.next_job({"sync"}) is None
    cast.organization.suspended_at = None
    cast.organization.save()
    taken = worker.claim_next("sync")
    assert taken == job
