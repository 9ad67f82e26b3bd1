"""Items as lists show them: a few columns. Their texts are not loaded."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from projects.models import ContentItem

COLUMNS = (
    "pk",
    "status",
    "item_type",
    "external_id",
    "confidence_score",
    "has_unsupported_claims",
    "excluded_at",
    "version",
)


def listed(rows: QuerySet[ContentItem]) -> QuerySet[ContentItem, dict[str, Any]]:
    """`name`, `sku` and COLUMNS of each item."""
    return rows.annotate(name=KT("source_data__name"), sku=KT("source_data__sku")).values(*COLUMNS, "name", "sku")
