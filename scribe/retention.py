"""The retention of rows that are not needed for ever. Apps add rules in `AppConfig.ready`; a nightly task deletes old rows.

Ledger entries, invoices, usage records and the audit log are not here: they are kept.
"""

from dataclasses import dataclass
from datetime import timedelta

from celery import shared_task
from django.db.models import Model, Q
from django.utils import timezone

from scribe.logs import get_logger

log = get_logger(__name__)

BATCH = 2000


@dataclass(frozen=True)
class Rule:
    """Rows of `model` are deleted when their `field` is older than `age`, if `only` holds for them."""

    model: type[Model]
    field: str
    age: timedelta
    only: Q
    why: str


rules: list[Rule] = []


def keep(model: type[Model], *, days: int, field: str = "created_at", only: Q | None = None, why: str = "") -> None:
    """Keep rows of `model` for `days` after `field`, then delete them."""
    rules.append(Rule(model, field, timedelta(days=days), only or Q(), why))


def forget(rule: Rule) -> int:
    """Delete the rows that `rule` no longer keeps, and return their number. Small committed batches keep locks short, so it
    may be killed and repeated."""
    limit = timezone.now() - rule.age
    rows = rule.model._base_manager.filter(rule.only, **{f"{rule.field}__lt": limit})
    gone = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        rule.model._base_manager.filter(pk__in=ids).delete()
        gone += len(ids)
    return gone


@shared_task(queue="default")
def forget_old_rows() -> dict[str, int]:
    """Apply every rule."""
    gone = {rule.model._meta.label: forget(rule) for rule in rules}
    log.info("old rows forgotten", **gone)
    return gone
