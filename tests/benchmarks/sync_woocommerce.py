"""A sync of 2,000 items to a stub WooCommerce, against its batch endpoint driven at once by a bare client.

The stub runs as a process of its own and takes half a second for a batch of a hundred, which is fast for a real shop. The
bare client knows what to write: it reads nothing, compares nothing and keeps no history. Both use two connections.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from django.test import override_settings

from projects.models import ContentItem
from projects.sync import job as sync_job
from scribe.jobs import events, work
from scribe.models import Job
from tests.benchmarks._woocommerce_stub import BATCH, text
from tests.factories import make_organization, make_project, make_woocommerce_connection

ITEMS, CONNECTIONS = 2000, 2
WRITE_SECONDS = 0.5  # of a batch


def bare(url: str, items: int) -> float:
    """Seconds of the floor: batches of a hundred over two connections, one after the other on each."""

    def send(start: int) -> None:
        entries = [
            {"id": pk, "name": f"Bare {pk}", "description": text(pk, "Bare")} for pk in range(start, start + BATCH)
        ]
        requests.post(
            f"{url}/wp-json/wc/v3/products/batch", json={"update": entries}, auth=("ck", "cs"), timeout=60
        ).raise_for_status()

    began = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(send, range(1_000_001, 1_000_001 + items, BATCH)))
    return time.monotonic() - began


def ours(url: str, items: int) -> float:
    """Seconds of the job: each item read, compared, written, recorded with what was there before, and told as an event."""
    organization = make_organization("Bench")
    connection = make_woocommerce_connection(organization, url, "Stub")
    project = make_project(organization, store_connection=connection)
    ContentItem.objects.bulk_create(
        [
            ContentItem(
                organization=organization,
                project=project,
                external_id=str(pk),
                status="approved",
                source_data={
                    "name": f"Product {pk}",
                    "description": text(pk, "Description"),
                    "short_description": "",
                    "tags": [],
                    "seo": {},
                },
                generated_content={"name": f"New {pk}", "description": text(pk, "New")},
            )
            for pk in range(1, items + 1)
        ],
        batch_size=2000,
    )
    job = sync_job.start(project=project, by=None, mode="pending")
    events.valkey().delete("sync")  # its message, which a worker would have taken: nobody else waits
    began = time.monotonic()
    work(job.pk)
    seconds = time.monotonic() - began
    job = Job.objects.get(pk=job.pk)
    assert (job.status, job.result["synced"]) == ("completed", items), (job.status, job.result, job.error)
    return seconds


def run() -> list[tuple[str, float, float, float, str]]:
    took, floor = _both(ITEMS, WRITE_SECONDS)
    return [(f"sync of {ITEMS:,} items to a stub WooCommerce (s)", took, floor, took / floor, "≤ 1.3")]


def grow(items: int) -> tuple[str, float, float]:
    """With a shop ten times as fast, so that what grows is ours and not the waiting."""
    return ("sync with 0.05 s batches, against those", *_both(items, WRITE_SECONDS / 10))


def _both(items: int, write_seconds: float) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.benchmarks._woocommerce_stub", str(write_seconds)]
    stub = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = stub.stdout.readline().strip()  # type: ignore[union-attr]
        with override_settings(OUTBOUND_ALLOWED_HOSTS=[url.removeprefix("http://")]):
            floor = bare(url, items)
            return ours(url, items), floor
    finally:
        stub.terminate()
        stub.wait()
