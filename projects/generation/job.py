"""The start and end of a generation job. The start chooses and quotes the items, and holds the XCT before any call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, Length

from accounts import notifications
from billing import prices
from billing.access import check_can_spend
from billing.models import Wallet
from projects import lifecycle
from projects.models import ContentItem, GenerationItem, Project
from projects.writing_settings import resolve
from scribe import jobs
from scribe.api.fields import decimal
from scribe.jobs import lifecycle as job_lifecycle
from scribe.jobs.payload import Payload
from scribe.models import Job
from writing import bill, images, quotes
from writing import settings as writing
from writing.settings import WritingSettings

PENDING, ALL, REJECTED = "pending", "all", "rejected"
BATCH = 2000
ZERO = Decimal(0)
PLUGIN = "plugin"  # the `door` of jobs that a shop's plugin starts; they send no notices


@dataclass(frozen=True, kw_only=True)
class GenerationAsked(Payload):
    """The part of the payload that the job's end reads. `door` is `plugin` for a job of a shop's plugin, else empty."""

    selection: str = PENDING
    door: str = ""


@dataclass(frozen=True, kw_only=True)
class GenerationPayload(GenerationAsked):
    """The payload of a generation job. Its items are in its `GenerationItem` rows."""

    settings: WritingSettings = field(metadata={"load": writing.from_dict})


def chosen(
    project: Project, *, selection: str, settings: WritingSettings, item_ids: list[Any] | None
) -> QuerySet[ContentItem]:
    """The items that a generation would write: those of `item_ids` (of them only the rejected if `selection` is
    `rejected`), or else those of `selection`."""
    items = ContentItem.objects.of(project.organization_id).filter(project=project).writable()
    if item_ids is not None:
        items = items.filter(pk__in=item_ids)
        if selection == REJECTED:
            items = items.filter(status=ContentItem.Status.REJECTED)
    elif selection == PENDING:
        items = items.filter(status=ContentItem.Status.PENDING)
    elif selection == REJECTED:
        items = items.filter(status=ContentItem.Status.REJECTED)
    if settings.content_type:
        items = items.filter(item_type=settings.content_type)
    return items


def quoted(
    items: QuerySet[ContentItem], settings: WritingSettings, rate: Decimal
) -> Iterator[tuple[Any, quotes.Quote]]:
    """Each item's id and quote. A quote depends on the length of the data and of a reviewer's reason, and on the number
    of images, so a large project is quoted without reading its data."""
    sizes = items.order_by("id").annotate(size=Length(Cast("source_data", TextField())) + Length("reject_reason"))
    sees = settings.looks_at_images
    for pk, size, *found in sizes.values_list("pk", "size", *(["source_data__images"] if sees else [])).iterator(
        chunk_size=BATCH
    ):
        count = len(images.addresses(found[0], settings.media_url)) if found else 0
        yield pk, quotes.quote_size(size, settings, images=count, rate=rate)


def estimate(
    *, project: Project, request: dict[str, Any], selection: str = PENDING, item_ids: list[Any] | None = None
) -> dict[str, Any]:
    """The quote of a generation. Writes nothing. The bill never exceeds `xct_max`. `skipped` counts excluded items,
    variants, and items of another type."""
    settings = resolve(project, request)
    rate = prices.rate_multiplier(project.organization)
    items = chosen(project, selection=selection, settings=settings, item_ids=item_ids)
    count = expected = most = 0
    xct_expected = xct_max = ZERO
    for _, quote in quoted(items, settings, rate):
        count += 1
        expected += quote.tokens_expected
        most += quote.tokens_max
        xct_expected += quote.xct_expected
        xct_max += quote.xct_max
    wanted = ContentItem.objects.of(project.organization_id).filter(project=project)
    total = (
        len(item_ids)
        if item_ids is not None
        else wanted.filter(status=ContentItem.Status.PENDING).count()
        if selection == PENDING
        else wanted.count()
    )
    available = Wallet.objects.get(organization_id=project.organization_id).available
    return {
        "items": count,
        "skipped": max(0, total - count),
        "tokens_expected": expected,
        "tokens_max": most,
        "xct_expected": decimal(xct_expected),
        "xct_max": decimal(xct_max),
        "balance_after": decimal(available - xct_expected),
        "ai_provider": settings.provider,
        "ai_model": settings.model,
        "grounding": settings.grounding,
        "verifier_provider": settings.verifier.provider if settings.verifier else None,
        "verifier_model": settings.verifier.model if settings.verifier else None,
    }


@transaction.atomic
def start(
    *,
    project: Project,
    by: Any,
    request: dict[str, Any],
    selection: str = PENDING,
    item_ids: list[Any] | None = None,
    job_type: str = Job.Type.GENERATION,
    reset: bool = False,
) -> Job:
    """A generation job with its items and its hold, all or nothing.

    `reset` puts the chosen items back to pending first (regeneration); their content stays until it is replaced.
    Raises InvalidInput for invalid settings, Conflict `job_active`, and InsufficientXCT. Nothing is stored then.
    A job without items ends at once.
    """
    check_can_spend(project.organization)
    settings = resolve(project, request)
    job = jobs.create(
        job_type=job_type,
        organization=project.organization,
        project=project,
        created_by=by,
        payload=GenerationPayload(settings=settings, selection=selection).as_dict(),
    )
    items = chosen(project, selection=selection, settings=settings, item_ids=item_ids)
    skipped = _skipped(project, items, item_ids)
    total, most = _add_items(job, quoted(items, settings, prices.rate_multiplier(project.organization)))
    if reset:
        items.exclude(status=ContentItem.Status.PENDING).update(status=ContentItem.Status.PENDING)
    _begin(job, total, most, skipped)
    return job


@transaction.atomic
def start_for_plugin(*, organization: Any, items: Sequence[ContentItem], settings: WritingSettings) -> Job:
    """A job for items of a shop's plugin. It carries no project, so that a shop can have many products written at once.

    Raises InsufficientXCT.
    """
    job = jobs.create(
        job_type=Job.Type.GENERATION,
        organization=organization,
        payload=GenerationPayload(settings=settings, selection="named", door=PLUGIN).as_dict(),
        is_test=items[0].project.is_test,
    )
    rate = prices.rate_multiplier(organization)
    _begin(job, *_add_items(job, ((item.pk, _quote(item, settings, rate)) for item in items)), [])
    return job


def _quote(item: ContentItem, settings: WritingSettings, rate: Decimal) -> quotes.Quote:
    count = len(images.addresses(item.source_data.get("images"), settings.media_url))
    size = len(str(item.source_data)) + len(item.reject_reason)
    return quotes.quote_size(size, settings, images=count, rate=rate)


def _begin(job: Job, total: int, most: Decimal, skipped: list[dict[str, str]]) -> None:
    """Set `most` XCT aside for the job's `total` items. A job without items ends here."""
    job.progress_total = total
    job.result = _empty_result(skipped)
    job.save(update_fields=["progress_total", "result"])
    if total == 0:
        job_lifecycle.end(job, status=Job.Status.COMPLETED, more=[("start", {"job_id": str(job.pk), "total": 0})])
    else:
        bill.set_aside(job, most)


def _add_items(job: Job, found: Iterator[tuple[Any, quotes.Quote]]) -> tuple[int, Decimal]:
    total, most = 0, ZERO
    while batch := list(islice(found, BATCH)):
        rows = [
            GenerationItem(
                organization_id=job.organization_id, job=job, item_id=pk, position=total + at, quoted_max=quote.xct_max
            )
            for at, (pk, quote) in enumerate(batch)
        ]
        GenerationItem.objects.bulk_create(rows)
        total += len(batch)
        most += sum((quote.xct_max for _, quote in batch), ZERO)
    return total, most


def _skipped(project: Project, items: QuerySet[ContentItem], item_ids: list[Any] | None) -> list[dict[str, str]]:
    """Up to 1,000 of the named items that are not written, each with the reason."""
    if item_ids is None:
        return []
    taken = set(items.values_list("pk", flat=True))
    rows = ContentItem.objects.of(project.organization_id).filter(
        project=project, pk__in=[i for i in item_ids if i not in taken]
    )
    out = []
    for pk, kind, excluded_at in rows.values_list("pk", "item_type", "excluded_at")[:1000]:
        reason = "excluded" if excluded_at else "variant" if kind == ContentItem.Type.VARIANT else "not_selected"
        out.append({"id": str(pk), "status": "skipped", "reason": reason})
    return out


def _empty_result(skipped: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "generated": 0,
        "flagged": 0,
        "failed": 0,
        "skipped": len(skipped),
        "xct_used": "0.0000",
        **({"skipped_items": skipped} if skipped else {}),
    }


def close(job: Job) -> None:
    """Give back the rest of the hold and refresh the project's status. Call it in the transaction that ends the job."""
    bill.close(job)
    lifecycle.refresh_status(job.project_id)


def tell(job: Job) -> None:
    """Send one notice of the job's outcome, except for a job that was cancelled, had no items, or is a plugin's."""
    if job.status == Job.Status.CANCELLED or not job.progress_total or GenerationAsked.of(job).door == PLUGIN:
        return
    result = job.result
    written = int(result.get("generated", 0)) + int(result.get("flagged", 0))
    name = job.project.name if job.project else "your project"
    if job.status == Job.Status.FAILED:
        title = f"Nothing could be written for {name}"
        body = job.error or "Every item failed. The job says why, item by item."
    else:
        title = f"{written} texts were written for {name}"
        body = f"{result.get('generated', 0)} generated, {result.get('flagged', 0)} flagged for review, {result.get('failed', 0)} failed."
    notifications.job_ended(job, title=title, body=body)
