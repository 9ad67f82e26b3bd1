"""The store's texts that a content was made from, and those of them that have changed in the store since."""

from __future__ import annotations

from typing import Any

from integrations.stores import texts
from projects import source_data
from projects.models import ContentItem


def source_of(item: ContentItem) -> dict[str, Any]:
    """The store's texts in the present source data, by field. A new content notes them as `made_from`."""
    return dict(source_data.texts(item.source_data))


def outdated(item: ContentItem) -> list[str]:
    """The fields of `made_from` whose text has changed in the source data since, sorted."""
    if not item.generated_content or item.made_from is None:
        return []
    now = source_data.texts(item.source_data)
    return sorted(f for f, text in item.made_from.items() if not texts.same(f, text, now.get(f, "")))


def source_changes(item: ContentItem) -> None:
    """Note the present source data as `made_from` if the content has none yet. Call it before replacing source data."""
    if item.generated_content and item.made_from is None:
        item.made_from = source_of(item)
