"""What must hold when everything has ended: each yields what does not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Max, Q

from billing import reconciliation
from billing.models import Entry, Hold, Payment, ProviderEvent, Wallet
from projects.models import ContentItem, DataSource, GenerationItem
from scribe import orphans, storage
from scribe.celery import QUEUES
from scribe.jobs.events import valkey
from scribe.models import Job, JobEvent
from tests.soak.caller import Tally
from tests.soak.load import HOSTILE


def books(tally: Tally, shops: list[Any]) -> Iterator[str]:
    """Balance = sum of entries, and all else that reconciliation asks; holds are closed."""
    for finding in reconciliation.find():
        yield f"{finding.check}: {finding.subject}: expected {finding.expected}, found {finding.found}"
    if left := Hold.objects.open().count():
        yield f"{left} holds are open"
    if held := Wallet.objects.exclude(held=0).count():
        yield f"{held} wallets hold XCT for nobody"


def jobs(tally: Tally, shops: list[Any]) -> Iterator[str]:
    """Every job has ended, and said so; those with hostile stores fail as the stores' fault."""
    for job in Job.objects.filter(Q(status__in=Job.ACTIVE) | Q(settled_at=None)):
        yield f"{job} is {job.status}, settled {job.settled_at}"
    theirs = Q(project__store_connection__name=HOSTILE) & ~Q(error_code__in=("internal_error", "given_up"))
    for job in Job.objects.filter(status=Job.Status.FAILED).exclude(theirs):
        yield f"{job} failed: {job.error}"


def items(tally: Tally, shops: list[Any]) -> Iterator[str]:
    """Each item once, each generated once and charged once."""
    doubled = ContentItem.objects.values("data_source", "project", "external_id", "store_view", "item_type").annotate(
        n=Count("pk")
    )
    for row in doubled.filter(n__gt=1)[:10]:
        yield f"an item is there {row['n']} times: {row}"
    for source in DataSource.objects.filter(type="file", status="ready").annotate(
        n=Count("items", filter=Q(items__language=""))
    ):
        if source.n != source.item_count:
            yield f"source {source.pk} has {source.n} items, not {source.item_count}"
    twice = (
        GenerationItem.objects.filter(state="done")
        .values("job", "item")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .count()
    )
    if twice:
        yield f"{twice} items were generated twice by one job"
    keys = (
        Entry.objects.filter(transaction_type="usage")
        .values("organization", "key")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    if keys.exists():
        yield "an item was charged twice"


def writes(tally: Tally, shops: list[Any]) -> Iterator[str]:
    """Each product was written to its store once, and with the text that was approved."""
    for shop in shops:
        if many := {pk: n for pk, n in shop.writes.items() if n != 1}:
            yield f"{shop.url}: written more than once: {many}"


def events(tally: Tally, shops: list[Any]) -> Iterator[str]:
    """No gap in the numbers, neither in the rows nor as readers saw them."""
    counted = JobEvent.objects.values("job").annotate(n=Count("pk"), last=Max("number"))
    for row in counted.exclude(n=F("last")):
        yield f"events of job {row['job']}: {row['n']} up to number {row['last']}"
    lengths = {str(row["job"]): row["n"] for row in counted}
    for job_id, seen in tally.streams.items():
        if seen != list(range(1, lengths.get(job_id, 0) + 1)):
            yield f"a reader of job {job_id} saw {seen[:3]}…{seen[-3:]} ({len(seen)} of {lengths.get(job_id)})"


def webhooks(tally: Tally, shops: list[Any]) -> Iterator[str]:
    """Each event applied, each payment granted once."""
    for event in ProviderEvent.objects.exclude(status="applied"):
        yield f"event {event.event_id} is {event.status}"
    for payment in Payment.objects.all():
        granted = Entry.objects.filter(key=f"grant:payment:{payment.provider}:{payment.external_id}").count()
        if granted != 1:
            yield f"payment {payment.external_id} granted {granted} times"


def files(tally: Tally, shops: list[Any]) -> Iterator[str]:
    """No row without its file, and no stored file without its row, once the nightly task has taken away what processes left
    that were killed between saving a file and committing its row."""
    storage.delete_all(list(orphans.find(age=timedelta())))
    wanted = set()
    for config in DataSource.objects.filter(type="file").values_list("config", flat=True):
        wanted |= {config[name] for name in ("file_key", "snapshot_key") if config.get(name)}
    root = Path(settings.MEDIA_ROOT)
    stored = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and "/sources/" in str(path)}
    for key in sorted(stored - wanted)[:10]:
        yield f"orphan: {key}"
    for key in sorted(wanted - stored)[:10]:
        yield f"missing: {key}"


def queues(tally: Tally, shops: list[Any]) -> Iterator[str]:
    """No queue has a message left."""
    client, until = valkey(), time.monotonic() + 30
    while (left := {name: n for name in QUEUES if (n := client.llen(name))}) and time.monotonic() < until:
        time.sleep(0.5)
    if left:
        yield f"messages are left: {left}"


ALL = (books, jobs, queues, items, writes, events, webhooks, files)
