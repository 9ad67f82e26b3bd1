"""Generation of many items by a model that takes half a second, against the time the model alone needs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.test import override_settings

from billing import ledger
from billing.models import Entry
from projects.generation import item as items
from projects.generation import job as generation
from projects.models import ContentItem, Project
from scribe import jobs
from scribe.jobs import events, registry
from scribe.local.servers import free_port
from scribe.startup import keep_what_is_loaded
from tests import factories
from tests.live import wait
from writing import checks, output, prompts

ITEMS = 2000
LATENCY = 0.5
CONCURRENCY = 64
AIM_MS = 6.0  # of the processor for an item


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


#: What of an item's work is ours, by the functions that do it; the rest is the call, the event loop and what waits.
PARTS = {
    "prompt": (prompts, "build"),
    "reading of the answer": (output, "accept"),
    "checks": (checks, "run"),
    "settling": (items, "settle"),
}


@contextmanager
def parts_timed() -> Iterator[dict[str, float]]:
    """Seconds of the processor in each of PARTS, filled while the block runs."""
    found = dict.fromkeys(PARTS, 0.0)
    originals = {part: getattr(*place) for part, place in PARTS.items()}

    def timed(part: str) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            began = time.thread_time()
            try:
                return originals[part](*args, **kwargs)
            finally:
                found[part] += time.thread_time() - began

        return run

    try:
        for part, (module, name) in PARTS.items():
            setattr(module, name, timed(part))
        yield found
    finally:
        for part, (module, name) in PARTS.items():
            setattr(module, name, originals[part])


def generate(count: int, port: int) -> tuple[float, float]:
    """Seconds, and those of this process's processor."""
    user, project = catalogue(count)
    registry.load(["generation"])  # as a worker does before its first job
    keep_what_is_loaded()
    with override_settings(
        OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1", OPENAI_API_KEY="sk", GENERATION_CONCURRENCY=CONCURRENCY
    ):
        job = generation.start(project=project, by=user, request={"ai_provider": "openai"})
        events.valkey().delete("generation")  # its message, which a worker would have taken: nobody else waits
        began, worked = time.monotonic(), time.process_time()
        done = jobs.work(job.pk)
        took, worked = time.monotonic() - began, time.process_time() - worked
    assert done is not None
    assert done.progress_current == count, done.result
    assert not done.result["failed"], done.result
    return took, worked


def run() -> list[tuple[str, float, float, float, str]]:
    with model(LATENCY) as port, parts_timed() as parts:
        (took, worked), floor = generate(ITEMS, port), ITEMS * LATENCY / CONCURRENCY
    what = f"generate {ITEMS:,} items, {LATENCY} s answers, {CONCURRENCY} at once (s)"
    each = {part: 1000 * seconds / ITEMS for part, seconds in {"all": worked, **parts}.items()}
    return [
        (what, took, floor, took / floor, "≤ 1.1"),
        ("  the worker's processor for an item (ms)", each["all"], AIM_MS, each["all"] / AIM_MS, "≤ 1"),
        *((f"    {part}, its share", each[part], each["all"], each[part] / each["all"], "–") for part in parts),
    ]


def grow(size: int) -> tuple[str, float, float]:
    """With a model ten times as fast, so that what grows is ours and not the waiting: here the floor is out of reach."""
    with model(LATENCY / 10) as port:
        return (
            f"generation with {LATENCY / 10} s answers, against those",
            generate(size, port)[0],
            size * LATENCY / 10 / CONCURRENCY,
        )


@contextmanager
def model(latency: float) -> Iterator[int]:
    """A stub model in a process of its own; its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.openai", "--port", str(port), "--latency", str(latency)],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait(lambda: _answers(port), seconds=20)
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
