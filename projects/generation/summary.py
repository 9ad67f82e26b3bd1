"""How a generation stands: the totals of its job and what became of each item."""

from __future__ import annotations

from typing import Any

from projects.models import GenerationItem
from scribe.models import Job

MOST_ITEMS = 1000  # in one reply; the rest is in the item list and the job's events


def of(job: Job) -> dict[str, Any]:
    """The reply of the generation doors."""
    result = job.result
    return {
        "job_id": str(job.pk),
        "status": job.status,
        **{key: int(result.get(key, 0)) for key in ("generated", "flagged", "failed", "skipped")},
        "xct_used": str(result.get("xct_used", "0.0000")),
        "items": [*_items(job), *result.get("skipped_items", [])],
        **({"error": job.error} if job.error else {}),
    }


def _items(job: Job) -> list[dict[str, str]]:
    rows = GenerationItem.objects.filter(job=job).order_by("position")[:MOST_ITEMS]
    return [
        {"id": str(item_id), "status": outcome or state, "reason": reason}
        for item_id, outcome, state, reason in rows.values_list("item_id", "outcome", "state", "reason")
    ]
