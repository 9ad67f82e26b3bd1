"""The calls that 5,000 products take at Shopify: an import by a bulk operation, and a sync. The floor is one call for each page of 18
that one document's cost allows, and one for each batch.

The shop in memory lets three looks pass before a bulk operation is done. A real one takes minutes, and six looks are made in ten of them.
"""

from __future__ import annotations

import math

from django.test import override_settings

from integrations.shopify.client import ShopifyStore
from projects.models import ContentItem
from projects.store_import import job as store_import
from projects.sync import job as sync_job
from scribe.jobs import events, work
from scribe.models import Job
from tests.factories import make_organization
from tests.fakes.shopify import FakeShopify
from tests.projects.pushes import approved

PRODUCTS = 5000


def run() -> list[tuple[str, int, int, int, str]]:
    with FakeShopify() as shop, override_settings(OUTBOUND_ALLOWED_HOSTS=[shop.hostport], SHOPIFY_SHOP_URL=shop.url):
        shop.keep = False
        project = approved(make_organization("Bench"), shop, PRODUCTS)
        job = sync_job.start(project=project, by=None, mode="pending")
        done = _ended(job)
        assert done.result["synced"] == PRODUCTS, (done.status, done.result, done.error)
        reads, writes = shop.calls["POST Texts"], shop.calls["POST Updates"]
        looked_again = sum(shop.calls.values()) - reads - writes
        ContentItem.objects.filter(project=project).delete()
        shop.calls.clear()
        job, _ = store_import.start(project=project, given={}, by=None)
        done = _ended(job)
        assert done.result["imported"] == PRODUCTS, (done.status, done.result, done.error)
        calls = sum(shop.calls.values())
    pages, batches = math.ceil(PRODUCTS / ShopifyStore.page_size), math.ceil(PRODUCTS / ShopifyStore.batch_size)
    return [
        (f"calls of an import of {PRODUCTS:,} products from Shopify", calls, pages, calls, "≤ 10"),
        (
            f"reads of a sync of {PRODUCTS:,} products to Shopify",
            reads + looked_again,
            batches,
            reads + looked_again,
            "≤ 100",
        ),
        (f"writes of a sync of {PRODUCTS:,} products to Shopify", writes, batches, writes, "≤ 100"),
    ]


def _ended(job: Job) -> Job:
    """The job, worked on until it ends. Its waits are passed over."""
    while not Job.objects.get(pk=job.pk).ended:
        Job.objects.filter(pk=job.pk).update(due_at=None)
        for queue in ("sync", "default", "imports"):  # its message, which a worker would have taken: nobody else waits
            events.valkey().delete(queue)
        work(job.pk)
    return Job.objects.get(pk=job.pk)
