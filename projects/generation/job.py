"""The start and end of a generation job. The start chooses and quotes the items, and holds the XCT before any call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts import notifications
from billing import prices
from billing.access import check_can_spend
from billing.models import Wallet
from projects import languages, lifecycle
from projects.generation import meanwhile, parts
from projects.generation import prices as text_prices
from projects.generation.parts import ALL, PENDING, REJECTED, STALE, ZERO
from projects.models import ContentItem, GenerationItem, Project
from scribe import jobs, spending_limit, test_mode
from scribe.api.fields import decimal
from scribe.jobs import lifecycle as job_lifecycle
from scribe.jobs.payload import Payload
from scribe.models import Job
from writing import bill, images, quotes
from writing import settings as writing
from writing.settings import WritingSettings

BATCH = 2000
__all__ = ["ALL", "PENDING", "REJECTED", "STALE"]  # the selections, for callers
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
    replaces: bool = False  # also what the merchant has translated himself
    #: The settings of the further languages, by code.
    languages: dict[str, WritingSettings] = field(
        default_factory=dict,
        metadata={"load": lambda held: {code: writing.from_dict(one) for code, one in held.items()}},
    )


class Quoted(NamedTuple):
    """What a job writes, and what that costs in XCT."""

    items: int
    expected: Decimal
    most: Decimal


def estimate(
    *, project: Project, request: dict[str, Any], selection: str = PENDING, item_ids: list[Any] | None = None
) -> dict[str, Any]:
    """The quote of a generation. Writes nothing. The bill never exceeds `xct_max`. `skipped` counts excluded items,
    variants, and items of another type."""
    settings, found = parts.of(project, request, selection=selection, item_ids=item_ids)
    rate = prices.rate_multiplier(project.organization)
    count = expected = most = skipped = 0
    xct_expected = xct_max = ZERO
    per_language: dict[tuple[str, str], dict[str, Any]] = {}
    for part in found:
        own, own_expected, own_max = 0, ZERO, ZERO
        for _, quote in text_prices.quoted(part, settings, project=project, rate=rate, stale=selection == STALE):
            own += 1
            expected += quote.tokens_expected
            most += quote.tokens_max
            own_expected += quote.xct_expected
            own_max += quote.xct_max
        if not part.language:
            left = max(0, _wanted(project, selection, item_ids) - own)
        else:
            left = sum(items.count() for items, _reason in part.left)
        count, skipped = count + own, skipped + left
        xct_expected, xct_max = xct_expected + own_expected, xct_max + own_max
        per_language[part.language, part.way] = {
            "language": part.language or settings.language,
            "way": part.way,
            "items": own,
            "skipped": left,
            "xct_expected": decimal(own_expected),
            "xct_max": decimal(own_max),
        }
    # A test key is told of no money.
    available = ZERO if test_mode.is_on() else Wallet.objects.get(organization_id=project.organization_id).available
    return {
        "items": count,
        "skipped": skipped,
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
        "per_language": list(per_language.values()),
    }


def _wanted(project: Project, selection: str, item_ids: list[Any] | None) -> int:
    """How many items the caller may have meant, those that are not written included."""
    if item_ids is not None:
        return len(item_ids)
    wanted = ContentItem.objects.of(project.organization_id).filter(project=project)
    return (wanted.filter(status=ContentItem.Status.PENDING) if selection == PENDING else wanted).count()


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
    settings, found = parts.of(project, request, selection=selection, item_ids=item_ids)
    further = {part.language: part.settings for part in found if part.language}
    job = jobs.create(
        job_type=job_type,
        organization=project.organization,
        project=project,
        created_by=by,
        payload=GenerationPayload(
            settings=settings, selection=selection, languages=further, replaces=any(part.replaces for part in found)
        ).as_dict(),
    )
    skipped: list[dict[str, str]] = []
    for part in found:
        skipped += part.left_out() if part.language else _skipped(project, part.items, item_ids)
        part.make_rows()
    rate = prices.rate_multiplier(project.organization)
    stale = selection == STALE
    each = [text_prices.quoted(part, settings, project=project, rate=rate, stale=stale) for part in found]
    quoted = _add_items(job, parts.in_turn(each))
    if reset:
        rows = ContentItem.rows.filter(generation_items__job=job).exclude(status=ContentItem.Status.PENDING)
        rows.update(status=ContentItem.Status.PENDING)
    meanwhile.note(job)
    _begin(job, quoted, skipped, _by_language(job, settings.language) if request.get("languages") else {})
    return job


def _by_language(job: Job, main: str) -> dict[str, dict[str, int]]:
    """How many texts the job writes in each language, of which none is written yet."""
    rows = GenerationItem.objects.filter(job=job).order_by().values_list("item__language").annotate(n=Count("pk"))
    return {code or main: {"total": n, "generated": 0, "flagged": 0, "failed": 0} for code, n in rows}


@transaction.atomic
def start_for_plugin(
    *,
    organization: Any,
    items: Sequence[ContentItem],
    settings: WritingSettings,
    further: dict[str, WritingSettings],
) -> Job:
    """A job for items of a shop's plugin. It carries no project, so that a shop can have many products written at once.

    `items` may hold texts in further languages, whose settings are in `further`, by language. Raises InsufficientXCT.
    """
    job = jobs.create(
        job_type=Job.Type.GENERATION,
        organization=organization,
        payload=GenerationPayload(settings=settings, selection="named", door=PLUGIN, languages=further).as_dict(),
        is_test=items[0].project.is_test,
    )
    rate = prices.rate_multiplier(organization)
    each = ((item.pk, _quote(item, further.get(item.language, settings), rate)) for item in items)
    quoted = _add_items(job, each)
    meanwhile.note(job)
    _begin(job, quoted, [], _by_language(job, settings.language) if further else {})
    return job


def _quote(item: ContentItem, settings: WritingSettings, rate: Decimal) -> quotes.Quote:
    count = len(images.addresses(item.source_data.get("images"), settings.media_url))
    size = len(str(item.source_data)) + len(item.reject_reason)
    return quotes.quote_size(size, settings, images=count, rate=rate)


def _begin(
    job: Job,
    quoted: Quoted,
    skipped: list[dict[str, str]],
    by_language: dict[str, dict[str, int]] | None = None,
) -> None:
    """Set aside what the job's items cost at most. A job without items ends here."""
    job.progress_total = quoted.items
    job.result = _empty_result(skipped) | ({"languages": by_language} if by_language else {})
    job.save(update_fields=["progress_total", "result"])
    if quoted.items == 0:
        spending_limit.agree(expected=ZERO, most=ZERO)
        job_lifecycle.end(job, status=Job.Status.COMPLETED, more=[("start", {"job_id": str(job.pk), "total": 0})])
    else:
        bill.set_aside(job, expected=quoted.expected, most=quoted.most)


def _add_items(job: Job, found: Iterator[tuple[Any, quotes.Quote]]) -> Quoted:
    total, expected, most = 0, ZERO, ZERO
    while batch := list(islice(found, BATCH)):
        rows = [
            GenerationItem(
                organization_id=job.organization_id,
                job=job,
                item_id=pk,
                position=total + at,
                judged=meanwhile.UNTOUCHED,
                quoted_max=quote.xct_max,
            )
            for at, (pk, quote) in enumerate(batch)
        ]
        GenerationItem.objects.bulk_create(rows)
        total += len(batch)
        expected += sum((quote.xct_expected for _, quote in batch), ZERO)
        most += sum((quote.xct_max for _, quote in batch), ZERO)
    return Quoted(total, expected, most)


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
        out.append({"id": str(pk), "status": "skipped", "reason": reason, "language": ""})
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
    """Give back the rest of the hold and refresh the project's status; a cancelled job leaves no empty texts. Call it in the
    transaction that ends the job."""
    bill.close(job)
    if job.status == Job.Status.CANCELLED:
        languages.drop_unwritten(job)
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
