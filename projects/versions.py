"""Keep replaced contents as versions, and compare the present texts with the store's. `review.restore` restores one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from projects import text_steps
from projects.models import ContentItem, ItemVersion
from projects.source_data import SHOWN
from writing.fields import Form

COMPARED = tuple(row for row in SHOWN if row.form is not Form.PAIRS)


def keep(item: ContentItem, *, reason: str, by: Any = None) -> None:
    """Keep the present content of `item` as a version, before it is replaced. An empty content is not kept."""
    keep_all([item], reason=reason, by=by)


def keep_all(items: Iterable[ContentItem], *, reason: str, by: Any = None) -> None:
    """Keep the present contents of `items` as versions, in one statement."""
    ItemVersion.objects.bulk_create(
        [
            ItemVersion(
                organization_id=item.organization_id,
                item=item,
                generated_content=item.generated_content,
                made_from=item.made_from,
                generation_metadata=item.generation_metadata,
                ai_model_used=item.ai_model_used,
                confidence_score=item.confidence_score,
                reject_reason=item.reject_reason,
                created_by=by if getattr(by, "email", None) else None,
                reason=reason,
            )
            for item in items
            if item.generated_content
        ]
    )


def diff(item: ContentItem) -> list[dict[str, Any]]:
    """Field by field: the store's text, ours, and the steps from one to the other, word by word."""
    source, content = item.source_data, item.generated_content
    found = []
    for row in COMPARED:
        if not (written := row.of(content)):
            continue
        old, new = _text(row.of(source)), _text(written)
        found.append({"field": row.name, "store": old, "generated": new, "changes": list(changes(old, new))})
    return found


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def changes(old: str, new: str) -> Iterator[dict[str, str]]:
    """The steps from one text to the other, word by word: `op` is `equal`, `insert` or `delete`, `text` the words."""
    for step, text in text_steps.between(old, new):
        yield {"op": step, "text": text}
