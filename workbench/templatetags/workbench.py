"""What templates need besides Django's own tags: labels of the product's terms, and numbers as people read them."""

from __future__ import annotations

from typing import Any

from django import template

from workbench import labels

register = template.Library()
TABLES: dict[str, labels.Labels] = {
    "status": labels.STATUSES,
    "item": labels.ITEM_TYPES,
    "job": labels.JOB_TYPES,
    "job_status": labels.JOB_STATUSES,
    "outcome": labels.OUTCOMES,
    "field": labels.FIELD_NAMES,
    "check": labels.CHECKS,
    "kind": labels.CLAIM_KINDS,
    "reason": labels.REASONS,
}


@register.filter
def called(value: Any, table: str) -> Any:
    """The label of `value` in the table, or the value itself."""
    return TABLES[table].get(str(value), value)


@register.filter
def percent(value: float | None) -> str:
    """A score from 0 to 1 as people read it; empty for None."""
    return "" if value is None else f"{round(value * 100)} %"


@register.filter
def at(table: dict[str, Any], key: Any) -> Any:
    return table.get(key)
