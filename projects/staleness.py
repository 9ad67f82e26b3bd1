"""Which store texts a content was made from, and which of them have changed in the store since."""

from __future__ import annotations

from typing import Any

from integrations.stores import texts
from projects import source_data
from projects.models import ContentItem


def source_of(item: ContentItem) -> dict[str, Any]:
    """The store's texts that are written from now, by field: what a new content notes as `made_from`."""
    return dict(source_data.texts(item.source_data))


def outdated(item: ContentItem) -> list[str]:
    """The fields that a content was made from and whose text is another by now, sorted."""
    if not item.generated_content or item.made_from is None:
        return []
    now = source_data.texts(item.source_data)
    return sorted(f for f, text in item.made_from.items() if not texts.same(f, text, now.get(f, "")))


def source_changes(item: ContentItem) -> None:
    """Call before an item's source data is replaced: a content whose origin was never noted was made from the present one."""
    if item.generated_content and item.made_from is None:
        item.made_from = source_of(item)
