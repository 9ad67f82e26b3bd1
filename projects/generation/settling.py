"""Saving what was written: content, version, usage, charge and event of each item in one transaction, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from billing import holds, usage
from billing.models import AIModel, Hold
from projects.generation.attempt import Outcome
from projects.models import ContentItem, GenerationItem, ItemVersion
from scribe.api.fields import decimal, utc
from scribe.api.renderers import dumps
from scribe.jobs import Run
from scribe.models import Job
from writing import facts as reading
from writing import prompts, quotes
from writing.settings import WritingSettings

MAX_FAILURES_LISTED = 1000
SAVE = """
UPDATE projects_contentitem SET generated_content = %s, generation_metadata = %s, status = %s, confidence_score = %s,
    has_unsupported_claims = %s, ai_model_used = %s, updated_at = %s, made_from = %s, outdated_fields = '[]'
WHERE id = %s
"""
SETTLE = """
UPDATE projects_generationitem SET state = %s, outcome = %s, code = %s, reason = %s, xct_used = %s WHERE id = %s
"""


@dataclass(frozen=True)
class Terms:
    """What holds for every item of the job. `own_key`: it is the organization's key that is really used."""

    settings: WritingSettings
    settings_dict: dict[str, Any]
    model: AIModel
    hold: Hold | None
    own_key: bool = False


def settle(run: Run, outcomes: list[Outcome], terms: Terms) -> None:
    """Save `outcomes`. An item that was settled before, or is gone, is left alone; a lost lease saves nothing."""
    with run.settling() as job:
        rows = set(
            GenerationItem.objects.select_for_update(no_key=True)
            .filter(pk__in=[outcome.row_id for outcome in outcomes], state=GenerationItem.State.PENDING)
            .values_list("pk", flat=True)
        )
        fresh = [outcome for outcome in outcomes if outcome.row_id in rows]
        # Against people who edit or approve the same items right now.
        items = {
            item.pk: item
            for item in ContentItem.objects.select_for_update(no_key=True).filter(
                pk__in=[outcome.item_id for outcome in fresh]
            )
        }
        fresh = [outcome for outcome in fresh if outcome.item_id in items]
        written = [outcome for outcome in fresh if outcome.content is not None]
        _keep_versions(items[outcome.item_id] for outcome in written)
        _save(written, terms)
        failed = [outcome for outcome in fresh if outcome.content is None]
        _note_failures([(items[outcome.item_id], outcome) for outcome in failed])
        _record(job, fresh, items, terms)
        _settle_rows(fresh)
        _charge(fresh, terms)
        _tell(run, fresh, items)


def _keep_versions(items: Iterable[ContentItem]) -> None:
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
                reason=ItemVersion.Reason.REGENERATED,
            )
            for item in items
            if item.generated_content
        ]
    )


def _save(outcomes: list[Outcome], terms: Terms) -> None:
    """One pipelined UPDATE per item: a single CASE over large JSON values is slower."""
    now = timezone.now()
    values: list[Any] = []
    for outcome in outcomes:
        report = outcome.report
        assert report is not None
        metadata = {
            **report.as_dict(),
            "settings": terms.settings_dict,
            "ai_provider": terms.settings.provider,
            "ai_model": terms.settings.model,
            "prompt_version": prompts.template_version(),
            "generated_at": utc(now),
            "source_fingerprint": outcome.source_fingerprint,
            "xct_used": decimal(outcome.xct),
            "calls": len(outcome.calls),
        }
        status = ContentItem.Status.FLAGGED if report.flagged else ContentItem.Status.GENERATED
        model = f"{terms.settings.provider}/{terms.settings.model}"[:100]
        content = Jsonb(outcome.content, dumps=dumps)
        unsupported = bool(report.unsupported)
        values.append(
            (
                content,
                Jsonb(metadata, dumps=dumps),
                status,
                report.score,
                unsupported,
                model,
                now,
                Jsonb(outcome.made_from, dumps=dumps),
                outcome.item_id,
            )
        )
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(SAVE, values)


def _note_failures(pairs: list[tuple[ContentItem, Outcome]]) -> None:
    """A failed item keeps its status and content, and says why."""
    now = utc(timezone.now())
    for item, outcome in pairs:
        item.generation_metadata = {
            **item.generation_metadata,
            "last_error": {"code": outcome.code, "reason": outcome.reason, "at": now},
        }
    ContentItem.objects.bulk_update([item for item, _ in pairs], ["generation_metadata"])


def _record(job: Job, outcomes: list[Outcome], items: dict[Any, ContentItem], terms: Terms) -> None:
    usage.record_many(
        {
            "organization": job.organization_id,
            "key": f"{outcome.row_id}:{number}",
            "provider": terms.settings.provider,
            "model": terms.model,
            "content_type": items[outcome.item_id].item_type,
            **call.tokens,
            "xct": outcome.xct if call.kept else Decimal(0),
            "outcome": call.outcome,
            "byok": terms.own_key,
            "job_id": job.pk,
            "project_id": items[outcome.item_id].project_id,  # a plugin's job has none of its own
            "item_id": outcome.item_id,
        }
        for outcome in outcomes
        for number, call in enumerate(outcome.calls)
    )


def record_lost(run: Run, outcomes: list[Outcome], under_way: dict[Any, ContentItem], terms: Terms) -> None:
    """Record, at 0 XCT, the calls whose answers nobody waits for any more. One that was cut off is estimated by its input."""
    common = {
        "organization": run.job.organization_id,
        "provider": terms.settings.provider,
        "model": terms.model,
        "byok": terms.own_key,
        "job_id": run.job.pk,
        "project_id": run.job.project_id,
        "outcome": "cancelled",
    }
    answered = [
        {**common, "key": f"{o.row_id}:lost:{run.fence}:{number}", "item_id": o.item_id, **call.tokens}
        for o in outcomes
        for number, call in enumerate(o.calls)
    ]
    cut_off = []
    for row_id, item in under_way.items():
        facts = reading.read(item.source_data, item.item_type)
        read = quotes.quote(facts, terms.settings, images=0).input_tokens
        cut_off.append({**common, "key": f"{row_id}:cut:{run.fence}", "item_id": item.pk, "input_tokens": read})
    usage.record_many([*answered, *cut_off])


def _settle_rows(outcomes: list[Outcome]) -> None:
    values: list[Any] = []
    for outcome in outcomes:
        if (report := outcome.report) is None:
            values.append((GenerationItem.State.FAILED, "", outcome.code, outcome.reason, Decimal(0), outcome.row_id))
        else:
            said = "flagged" if report.flagged else "generated"
            reason = "; ".join(report.reasons)
            values.append((GenerationItem.State.DONE, said, "", reason, outcome.xct, outcome.row_id))
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(SETTLE, values)


def _charge(outcomes: list[Outcome], terms: Terms) -> None:
    if terms.hold is None:
        return
    holds.capture_many(
        hold=terms.hold,
        captures=[
            holds.Capture(
                key=f"generation:{outcome.row_id}",
                amount=outcome.xct,
                release=outcome.quoted_max,
                description=f"{terms.settings.provider}/{terms.settings.model}",
            )
            for outcome in outcomes
        ],
    )


def _tell(run: Run, outcomes: list[Outcome], items: dict[Any, ContentItem]) -> None:
    result = run.result
    for outcome in outcomes:
        item_id = str(outcome.item_id)
        name = str(items[outcome.item_id].source_data.get("name") or "")[:200]
        if outcome.content is None:
            result["failed"] += 1
            failures = result.setdefault("failures", [])
            if len(failures) < MAX_FAILURES_LISTED:
                failures.append({"item_id": item_id, "code": outcome.code, "reason": outcome.reason})
            run.emit("item_failed", {"item_id": item_id, "name": name, "code": outcome.code, "reason": outcome.reason})
            continue
        assert outcome.report is not None
        status = "flagged" if outcome.report.flagged else "generated"
        result[status] += 1
        result["xct_used"] = decimal(Decimal(result["xct_used"]) + outcome.xct)
        run.emit(
            "item",
            {
                "item_id": item_id,
                "name": name,
                "status": status,
                "confidence_score": outcome.report.score,
                "reasons": outcome.report.reasons[:10],
                "xct_used": decimal(outcome.xct),
            },
        )
    run.advance(len(outcomes))


def give_up_rest(run: Run, *, code: str, reason: str) -> None:
    """Mark what is still to be written as failed for one common reason (a dead key, a model that is gone)."""
    with run.settling() as job:
        rest = GenerationItem.objects.filter(job=job, state=GenerationItem.State.PENDING)
        count = rest.update(state=GenerationItem.State.FAILED, code=code, reason=reason)
        run.result["failed"] += count
        run.result["stopped_because"] = {"code": code, "reason": reason}
        run.emit("item_failed", {"item_id": None, "count": count, "code": code, "reason": reason})
        run.advance(count)
