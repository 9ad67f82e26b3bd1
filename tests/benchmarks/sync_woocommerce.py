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

from integrations.models import StoreConnection
from projects.models import ContentItem
from projects.sync import starting
from scribe.jobs import work
from scribe.models import Job
from tests.benchmarks._woocommerce_stub import BATCH, text
from tests.factories import make_organization, make_project

ITEMS, CONNECTIONS = 2000, 2


def bare(url: str) -> float:
    """Seconds of the floor: twenty batches over two connections, one after the other on each."""

    def send(start: int) -> None:
        entries = [
            {"id": pk, "name": f"Bare {pk}", "description": text(pk, "Bare")} for pk in range(start, start + BATCH)
        ]
        requests.post(
            f"{url}/wp-json/wc/v3/products/batch", json={"update": entries}, auth=("ck", "cs"), timeout=60
        ).raise_for_status()

    began = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(send, range(100_001, 100_001 + ITEMS, BATCH)))
    return time.monotonic() - began


def ours(url: str) -> float:
    """Seconds of the job: each item read, compared, written, recorded with what was there before, and told as an event."""
    organization = make_organization("Bench")
    connection = StoreConnection.objects.create(
        organization=organization,
        name="Stub",
        platform="woocommerce",
        base_url=url,
        consumer_key="ck",
        consumer_secret="cs",
        status="active",
    )
    project = make_project(organization, store_connection=connection)
    ContentItem.objects.bulk_create(
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
        for pk in range(1, ITEMS + 1)
    )
    job = starting.start(project=project, by=None, mode="pending")
    began = time.monotonic()
    work(job.pk)
    seconds = time.monotonic() - began
    job = Job.objects.get(pk=job.pk)
    assert (job.status, job.result["synced"]) == ("completed", ITEMS), (job.status, job.result, job.error)
    return seconds


def run() -> list[tuple[str, float, float, float, str]]:
    command = [sys.executable, "-m", "tests.benchmarks._woocommerce_stub"]
    stub = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = stub.stdout.readline().strip()  # type: ignore[union-attr]
        with override_settings(OUTBOUND_ALLOWED_HOSTS=[url.removeprefix("http://")]):
            floor = bare(url)
            measured = ours(url)
    finally:
        stub.terminate()
        stub.wait()
    return [("sync of 2,000 items to a stub WooCommerce, s", measured, floor, measured / floor, "≤ 1.3")]
