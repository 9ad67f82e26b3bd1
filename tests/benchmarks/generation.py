"""Generation of many items by a model that takes half a second, against the time the model alone needs."""

from __future__ import annotations

import subprocess
import sys
import time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.test import override_settings

from billing import ledger
from billing.models import Entry
from projects.generation import starting
from projects.models import ContentItem, Project
from scribe import jobs
from scribe.jobs import events, registry
from scribe.local.servers import free_port
from scribe.startup import keep_what_is_loaded
from tests import factories
from tests.live import wait

LATENCY = 0.5
CONCURRENCY = 64


def catalogue(count: int) -> tuple[Any, Project]:
    """A project with `count` products and XCT enough for them."""
    user = factories.make_user()
    with transaction.atomic(), ledger.book(user.organization) as book:
        book.post("topup", Decimal(1_000_000), Entry.Type.TOPUP, key=f"bench:{user.pk}", description="Benchmark")
    project = factories.make_project(user.organization)
    ContentItem.objects.bulk_create(
        [
            ContentItem(
                organization_id=project.organization_id,
                project=project,
                external_id=str(number),
                position=number,
                source_data={
                    "sku": f"SKU-{number}",
                    "name": f"Trail Bottle {number}",
                    "description": f"<p>A steel bottle of {300 + number % 700} ml that keeps drinks cold for {6 + number % 18} hours.</p>"
                    * 2,
                    "price": "19.90",
                    "categories": ["Outdoor > Bottles"],
                    "attributes": {
                        "Material": "stainless steel",
                        "Capacity": f"{300 + number % 700} ml",
                        "Color": "green",
                    },
                },
            )
            for number in range(count)
        ],
        batch_size=2000,
    )
    return user, project


def generate(count: int, port: int) -> float:
    user, project = catalogue(count)
    registry.load(["generation"])  # as a worker does before its first job
    keep_what_is_loaded()
    with override_settings(
        OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1", OPENAI_API_KEY="sk", GENERATION_CONCURRENCY=CONCURRENCY
    ):
        job = starting.start(project=project, by=user, request={"ai_provider": "openai"})
        events.valkey().delete("generation")  # its message, which a worker would have taken: nobody else waits
        began = time.monotonic()
        done = jobs.work(job.pk)
        took = time.monotonic() - began
    assert done is not None
    assert done.progress_current == count, done.result
    assert not done.result["failed"], done.result
    return took


def run(counts: tuple[int, ...] = (2000,)) -> list[tuple[str, float, float, float, str]]:
    port = free_port()
    model = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.openai", "--port", str(port), "--latency", str(LATENCY)]
    )
    try:
        wait(lambda: _answers(port), seconds=20)
        rows = []
        for count in counts:
            floor = count * LATENCY / CONCURRENCY
            took = generate(count, port)
            aim = "≤ 1.15" if count == 2000 else ""
            rows.append(
                (
                    f"generate {count:,} items, {LATENCY} s answers, {CONCURRENCY} at once (s)",
                    took,
                    floor,
                    took / floor,
                    aim,
                )
            )
        return rows
    finally:
        model.terminate()
        model.wait()


def _answers(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
