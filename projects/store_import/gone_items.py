"""Items that an import of the whole store has not met: the store is asked for them, and those that are gone are noted.

Valkey keeps the ids of the items met, since they may be a million. Where it has lost them, too many seem to be missing:
nothing is noted, and the weekly comparison finds those that are.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from typing import cast
from uuid import UUID

import redis

from integrations.stores.errors import StoreError
from integrations.stores.interface import TextStore
from projects.models import ContentItem, DataSource
from projects.sync import history
from scribe.jobs import Run
from scribe.jobs.events import valkey
from scribe.models import Job

MOST = 1000  # items that the store is asked for
AT_ONCE = 1000  # ids in one question to Valkey
KEPT = timedelta(days=2)


def note_met(job: Job, ids: Iterable[UUID]) -> None:
    """Note that the import has met these items. May be repeated."""
    if named := [str(pk) for pk in ids]:
        with suppress(redis.RedisError):
            pipe = valkey().pipeline(transaction=False)
            pipe.sadd(_key(job), *named)
            pipe.expire(_key(job), KEPT)
            pipe.execute()


def note_gone(run: Run, store: TextStore, source: DataSource) -> None:
    """Note the items that the store no longer has, and count them in the result as `gone`. May be repeated."""
    with suppress(redis.RedisError, StoreError):  # the import has come in all the same
        missing = _unmet(run.job, source)
        for start in range(0, len(missing) if len(missing) <= MOST else 0, store.read_size):
            rows = ContentItem.objects.filter(pk__in=missing[start : start + store.read_size])
            items = list(rows.select_related("store_text"))
            there = store.fetch_texts([history.ref_of(item) for item in items], history.chosen_places(items))
            with run.settling():
                gone = {item.pk for item in items if history.ref_of(item) not in there}
                history.note_found(run.job, items, gone)
    with run.settling():
        known = ContentItem.objects.included().filter(data_source=source, drift__gone=True)
        run.result["gone"] = known.count()


def _unmet(job: Job, source: DataSource) -> list[UUID]:
    """The items that were here before the import, which has not met them. Of more than MOST, not all."""
    rows = ContentItem.objects.writable().filter(data_source=source, created_at__lt=job.created_at)
    ids = rows.exclude(external_id="").order_by("pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)
    found: list[UUID] = []
    while len(found) <= MOST and (some := list(islice(ids, AT_ONCE))):
        met = cast("list[int]", valkey().smismember(_key(job), [str(pk) for pk in some]))
        found += [pk for pk, is_met in zip(some, met, strict=True) if not is_met]
    return found


def _key(job: Job) -> str:
    return f"import-met:{job.pk}"
