"""Items that make claims without a source, and items in conflict with their store."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from projects.models import ContentItem, SyncRecord

NOW = "2026-01-01T00:00:00Z"


def claim(field: str, check: str = "grounding") -> dict[str, Any]:
    finding = {"text": "25 years", "kind": "warranty", "field": field, "supported": False}
    return {"id": check, "passed": False, "findings": [finding]}


def claiming(*fields: str, check: str = "grounding", **more: Any) -> dict[str, Any]:
    """Fields of an item that makes a claim without a source in each of these texts."""
    checks = [claim(field, check) for field in fields]
    return {"generation_metadata": {"checks": checks}, "has_unsupported_claims": True, "status": "flagged", **more}


def clash(item: ContentItem, state: str = "conflict") -> SyncRecord:
    made: SyncRecord = SyncRecord.objects.create(
        organization_id=item.organization_id, item=item, state=state, synced_at=timezone.now()
    )
    return made
