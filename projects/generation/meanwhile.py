"""What a person did to a text while a job was writing it: that stays, and the job's text is not saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from projects.models import ContentItem, GenerationItem
from projects.models.expressions import Judged
from scribe.models import Job

CODE = "changed_meanwhile"
REASON = "A person edited, approved or rejected this text while it was being written. Theirs was kept."


UNTOUCHED = ""  # `judged` of a text that was still to be written when the job was made
_TO_BE_WRITTEN = Q(item__status=ContentItem.Status.PENDING, item__generated_content={})


def note(job: Job) -> None:
    """Note at the job's items what people have decided about their texts so far."""
    written = GenerationItem.objects.filter(job=job).exclude(_TO_BE_WRITTEN).values("pk")
    held = ContentItem.rows.filter(pk=OuterRef("item_id")).annotate(judged=Judged()).values("judged")
    GenerationItem.objects.filter(pk__in=written).update(judged=Subquery(held))


def changed(loaded: ContentItem, now: ContentItem, *, noted: str | None, since: datetime) -> bool:
    """Whether a person has changed the text, its status or the decisions on it since the job was made at `since`, when they
    were as `noted`. `now` is the locked row, with its own `judged`.

    Where another job has written the text since then, what counts is whether it changed after it was `loaded`, or was edited.
    Changes of facts, metadata and failures noted on the row do not count.
    """
    if noted is not None and not _is_since(now, "generated_at", since):
        to_be_written = now.status == ContentItem.Status.PENDING and not now.generated_content
        return not to_be_written if noted == UNTOUCHED else now.judged != noted  # type: ignore[attr-defined]
    return _judged(loaded) != _judged(now) or _is_since(now, "edited_at", since)


def _judged(item: ContentItem) -> tuple[Any, ...]:
    return item.generated_content, item.status, item.decisions, item.reject_reason


def _is_since(item: ContentItem, key: str, since: datetime) -> bool:
    at = item.generation_metadata.get(key)
    return isinstance(at, str) and datetime.fromisoformat(at) > since
