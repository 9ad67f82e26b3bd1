"""A sync to Shopify reads each batch right before it writes it, and makes one read and one write for 60 products."""

from __future__ import annotations

import math

import pytest

from projects.sync import job as sync_job
from projects.sync import pipeline
from scribe.jobs import Run
from scribe.models import Job
from tests.fakes.shopify import FakeShopify
from tests.helpers import run_jobs
from tests.projects.pushes import approved

pytestmark = pytest.mark.django_db(transaction=True)

PRODUCTS, BATCH = 260, 60


def reads_and_writes(shop):
    """`[("read" or "write", ids)]` in the order in which they came."""
    found = []
    for request in shop.requests:
        route, given = shop.route(request), (request.json or {}).get("variables") or {}
        if route == "Texts":
            found.append(("read", frozenset(given["ids"])))
        elif route == "Updates":
            found.append(("write", frozenset(v["id"] for k, v in given.items() if k.startswith("p"))))
    return found


def test_each_batch_is_read_right_before_it_is_written(cast, settings, monkeypatch):
    # No clock has a say: a machine under load would look again at what waited, and write less at a time.
    monkeypatch.setattr(pipeline, "FRESH_SECONDS", 3600.0)
    monkeypatch.setattr(pipeline, "WRITE_SECONDS", 3600.0)
    monkeypatch.setattr(Run, "slice_seconds", 3600.0)
    with FakeShopify() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        settings.SHOPIFY_SHOP_URL = shop.url
        project = approved(cast.organization, shop, PRODUCTS)
        job = sync_job.start(project=project, by=cast.owner, mode="pending")
        run_jobs()
        job = Job.objects.get(pk=job.pk)
        assert (job.status, job.result["synced"]) == ("completed", PRODUCTS)
        calls = reads_and_writes(shop)
        total = sum(shop.calls.values())
    reads = [ids for kind, ids in calls if kind == "read"]
    writes = [ids for kind, ids in calls if kind == "write"]
    assert sorted(map(sorted, reads)) == sorted(map(sorted, writes))  # the very batches, each once
    most = 1 + math.ceil(PRODUCTS / BATCH)  # and a small one at first: 5,000 products make 85 reads and 85 writes
    assert len(reads) <= most
    assert total == len(calls)
    for at, (kind, ids) in enumerate(calls):
        if (
            kind == "write"
        ):  # since its read no batch was read that is written later, but the next one, and one write passed
            since = calls[calls.index(("read", ids)) + 1 : at]
            assert len([one for one, _ in since if one == "read"]) <= 1
            assert len([one for one, _ in since if one == "write"]) <= 1
