"""Usage records: one per call of a model, recorded once per key; the summaries add up to them exactly."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from billing import allowance, prices, staff
from billing.amounts import xct as exact
from billing.models import AIModel, UsageRecord
from scribe import metrics
from scribe.messages import _
from scribe.types import ReadOnlyJson


def _row(
    *,
    organization: Organization,
    key: str,
    provider: str,
    model: AIModel | str,
    tier: str = "",
    content_type: str = "",
    input_tokens: int = 0,
    output_tokens: int = 0,
    cached_tokens: int = 0,
    cache_write_tokens: int = 0,
    xct: Decimal | int = 0,
    cost_usd: Decimal | None = None,
    outcome: str = "ok",
    estimated: bool = False,
    byok: bool = False,
    job_id: UUID | None = None,
    project_id: UUID | None = None,
    item_id: UUID | None = None,
    is_test: bool = False,
) -> UsageRecord:
    known = model if isinstance(model, AIModel) else None
    if cost_usd is None:
        # A call on the customer's own key costs us nothing.
        cost_usd = Decimal(0)
        if known and not byok:
            cost_usd = prices.usd(
                known,
                input_tokens,
                output_tokens,
                cached_tokens=cached_tokens,
                cache_write_tokens=cache_write_tokens,
            )
    return UsageRecord(
        organization_id=getattr(organization, "pk", organization),
        key=key,
        provider=provider,
        ai_model=known,
        model=known.model_id if known else str(model),
        tier=tier or (known.tier_id if known else ""),
        content_type=content_type,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cached_tokens=cached_tokens,
        cache_write_tokens=cache_write_tokens,
        xct=exact(xct),
        cost_usd=cost_usd,
        outcome=outcome,
        estimated=estimated,
        byok=byok,
        job_id=job_id,
        project_id=project_id,
        item_id=item_id,
        is_test=is_test,
    )


def record(**call: object) -> UsageRecord:
    """Record one call of a model. The same `key` returns the first record.

    Takes `organization`, `key`, `provider`, `model` (an AIModel or a name), `tier`, `content_type`, `input_tokens`,
    `output_tokens`, `cached_tokens` and `cache_write_tokens` (parts of the input), `xct`, `cost_usd` (by the model's list price if left out), `outcome`, `estimated`, `byok`,
    `job_id`, `project_id`, `item_id`, `is_test`.
    """
    row = _row(**call)  # type: ignore[arg-type]  # handed on
    UsageRecord.objects.bulk_create([row], ignore_conflicts=True)
    stored = UsageRecord.objects.get(organization_id=row.organization_id, key=row.key)
    if stored.pk == row.pk:
        transaction.on_commit(partial(_count, [row]))
    return stored


def record_many(calls: Iterable[ReadOnlyJson]) -> list[UsageRecord]:
    """Record many calls in one statement; each is a mapping of what `record` takes. Keys recorded before change nothing."""
    rows = [_row(**call) for call in calls]
    UsageRecord.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    stored = set(UsageRecord.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    transaction.on_commit(partial(_count, [row for row in rows if row.pk in stored]))
    return rows


def _count(rows: list[UsageRecord]) -> None:
    """For the allowance of uncharged work, and the graphs. Only what is new comes here, so a repeated key counts once; a
    process that is killed right after its commit counts nothing, while the records stay."""
    allowance.watch(rows)
    _report_estimates(rows)
    for row in rows:
        metrics.count("model_calls", provider=row.provider, model=row.model, outcome=row.outcome)
        metrics.count("model_tokens", row.input_tokens, provider=row.provider, direction="input")
        metrics.count("model_tokens", row.output_tokens, provider=row.provider, direction="output")
        metrics.count("model_cached_tokens", row.cached_tokens, provider=row.provider, direction="read")
        metrics.count("model_cached_tokens", row.cache_write_tokens, provider=row.provider, direction="write")
        metrics.count("model_cost_usd", float(row.cost_usd), provider=row.provider)
        metrics.count("xct_charged", float(row.xct), provider=row.provider)


def _report_estimates(rows: list[UsageRecord]) -> None:
    """Tell staff, once per provider and day, that calls were billed by estimate because no usable count came."""
    for provider, row in {row.provider: row for row in rows if row.estimated}.items():
        staff.notify(
            organization_id=row.organization_id,
            title=_("{provider} counts no tokens", provider=provider),
            body=_(
                "{model} answered without a usable count of tokens. Such calls are billed by our estimate; the usage "
                "records are marked. Ask the provider, or look at the gateway before it.",
                model=row.model,
            ),
            data={"provider": provider, "model": row.model},
            key=f"uncounted:{provider}:{timezone.now():%Y-%m-%d}",
        )
    for row in rows:
        if row.estimated:
            metrics.count("model_calls_estimated", provider=row.provider)
