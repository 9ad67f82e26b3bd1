"""What a person did to a text while a job was writing it: that stays, and the job's text is not saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from projects.models import ContentItem

CODE = "changed_meanwhile"
REASON = "A person edited, approved or rejected this text while it was being written. Theirs was kept."


def changed(loaded: ContentItem, now: ContentItem, *, since: datetime) -> bool:
    """Whether a person has changed the text, its status or the decisions on it since it was `loaded`, or has edited it since
    the job began. `now` is the locked row. Changes of facts, metadata and failures noted on the row do not count."""
    return _judged(loaded) != _judged(now) or _edited_since(now, since)


def _judged(item: ContentItem) -> tuple[Any, ...]:
    return item.generated_content, item.status, item.decisions, item.reject_reason


def _edited_since(item: ContentItem, since: datetime) -> bool:
    """An edit made before the row was loaded, while the job waited for a worker or between two of them."""
    at = item.generation_metadata.get("edited_at")
    return isinstance(at, str) and datetime.fromisoformat(at) > since
