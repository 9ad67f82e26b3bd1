"""The start and end of a generation job. The start chooses and quotes the items, and holds the XCT before any call."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Organization, User
from billing import prices, test_balance
from billing.access import check_can_spend
from billing.amounts import xct
from billing.errors import InsufficientXCT
from billing.models import Wallet
from projects import languages, lifecycle, places
from projects.generation import order_rows, parts
from projects.generation import prices as text_prices
from projects.generation.parts import ALL, PENDING, REJECTED, STALE, ZERO, JobPart
from projects.generation.prices import QuotedText
from projects.models import ContentItem, Project
from scribe import jobs, spending_limit, test_mode
from scribe.api.fields import decimal
from scribe.jobs import JobNotice
from scribe.jobs import lifecycle as job_lifecycle
from scribe.jobs.payload import Payload
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json
from writing import bill, images, quotes
from writing import settings as writing
from writing.offline import rehearsal
from writing.settings import WritingSettings

__all__ = ["ALL", "PENDING", "REJECTED", "STALE"]  # the selections, for callers
PLUGIN = "plugin"  # the `door` of jobs that a shop's plugin starts; they send no notices


@dataclass(frozen=True, kw_only=True)
class GenerationAsked(Payload):
    """The part of the payload without settings. `door` is `plugin` for a job of a shop's plugin, else empty. `resets`: the
    order puts its texts back to pending."""

    selection: str = PENDING
    door: str = ""
    resets: bool = False


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
    """How many texts a job writes in each language, and what that costs in XCT."""

    texts: Counter[str]
    expected: Decimal
    most: Decimal


def estimate(*, project: Project, request: Json, selection: str = PENDING, item_ids: list[UUID] | None = None) -> Json:
    """The quote of a generation. Writes nothing. The bill never exceeds `xct_max`. `skipped` counts excluded items,
    variants, and items of another type."""
    settings, found = parts.plan_parts(project, request, selection=selection, item_ids=item_ids)
    rate = prices.rate_multiplier(project.organization)
    stale = selection == STALE
    totals = text_prices.total_prices(found, settings, project=project, rate=rate, stale=stale)
    if test_mode.is_on():
        each = test_balance.PRICE
        totals = [replace(one, xct_expected=one.texts * each, xct_max=one.texts * each) for one in totals]
    whole, skipped = sum(totals, text_prices.Price()), 0
    per_language: dict[tuple[str, str], Json] = {}
    for part, total in zip(found, totals, strict=True):
        reasons = {reason: n for items, reason in part.left if (n := items.count())}
        left = (
            sum(reasons.values()) if part.language else max(0, _count_named(project, selection, item_ids) - total.texts)
        )
        skipped += left
        per_language[part.language, part.way] = {
            "language": part.language or settings.language,
            "way": part.way,
            "items": total.texts,
            "skipped": left,
            "left_out": reasons,
            "xct_expected": decimal(total.xct_expected),
            "xct_max": decimal(total.xct_max),
        }
    no_place = _no_place(project, settings, found, per_language, rate=rate, stale=stale)
    available = Wallet.objects.get(organization_id=project.organization_id).for_caller().available
    return {
        "items": whole.texts,
        "skipped": skipped,
        "tokens_expected": whole.tokens_expected,
        "tokens_max": whole.tokens_max,
        "xct_expected": decimal(whole.xct_expected),
        "xct_max": decimal(whole.xct_max),
        "balance_after": decimal(available - whole.xct_expected),
        "ai_provider": settings.provider,
        "ai_model": settings.model,
        "grounding": settings.grounding,
        "verifier_provider": settings.verifier.provider if settings.verifier else None,
        "verifier_model": settings.verifier.model if settings.verifier else None,
        "per_language": list(per_language.values()),
        "no_place": no_place,
    }


def _no_place(
    project: Project,
    main: WritingSettings,
    found: Sequence[JobPart],
    quoted: Mapping[tuple[str, str], Json],
    *,
    rate: Decimal,
    stale: bool,
) -> list[Json]:
    """The fields that the shop has no place for, and what they add to these quotes: nothing where they are left out."""
    rows = []
    for one in places.unplaced_fields(project):
        expected = most = ZERO
        asking = [part for part in found if getattr(part.settings, one.setting)]
        rest = []
        for part in asking:
            own = quoted[part.language, part.way]
            expected += Decimal(own["xct_expected"])
            most += Decimal(own["xct_max"])
            without: Json = {one.setting: False, "unplaced": (*part.settings.unplaced, *one.fields)}
            rest.append(replace(part, settings=replace(part.settings, **without)))
        for total in text_prices.total_prices(rest, main, project=project, rate=rate, stale=stale):
            expected -= total.xct_expected
            most -= total.xct_max
        rows.append(
            {
                "texts": list(one.fields),
                "reason": one.reason,
                "written": bool(asking),
                "xct_expected": decimal(max(expected, ZERO)),
                "xct_max": decimal(max(most, ZERO)),
            }
        )
    return rows


def _count_named(project: Project, selection: str, item_ids: list[UUID] | None) -> int:
    """How many items the caller may have meant, those that are not written included."""
    if item_ids is not None:
        return len(item_ids)
    wanted: QuerySet[ContentItem] = ContentItem.objects.of(project.organization_id).filter(project=project)
    return parts.choose(wanted, selection, are_named=False).count()


@transaction.atomic
def start(
    *,
    project: Project,
    by: User,
    request: Json,
    selection: str = PENDING,
    item_ids: list[UUID] | None = None,
    job_type: str = Job.Type.GENERATION,
    reset: bool = False,
) -> Job:
    """A generation job with its items and its hold, all or nothing.

    `reset` puts the chosen items back to pending (regeneration); their content stays until it is replaced. Those of a
    large order are put back by the job's workers.
    Raises InvalidInput for invalid settings, Conflict `job_active`, and InsufficientXCT. Nothing is stored then.
    A job without items ends at once.
    """
    check_can_spend(project.organization)
    settings, found = parts.plan_parts(project, request, selection=selection, item_ids=item_ids)
    further = {part.language: part.settings for part in found if part.language}
    job = jobs.create(
        job_type=job_type,
        project=project,
        created_by=by,
        payload=GenerationPayload(
            settings=settings,
            selection=selection,
            languages=further,
            replaces=any(part.replaces for part in found),
            resets=reset,
        ).as_dict(),
    )
    unpaid = job.is_test and any(part.items.filter(source_data__sku=rehearsal.UNPAID).exists() for part in found)
    asked: Json = {
        "project": project,
        "rate": prices.rate_multiplier(project.organization),
        "stale": selection == STALE,
    }
    skipped: list[dict[str, str]] = []
    if spending_limit.asks_price_alone():
        whole = sum(text_prices.total_prices(found, settings, **asked), text_prices.Price())
        quoted = Quoted(Counter(texts=whole.texts), whole.xct_expected, whole.xct_max)
    else:
        for part in found:
            left = part.left_out()
            skipped += left if part.language else [*left, *_skipped_items(project, part.items, item_ids, left)]
        each = [text_prices.quote_rows(part, settings, **asked) for part in found]
        quoted = _add_texts(job, settings.language, parts.interleave(each), resets=reset)
    _prepare(job, quoted, skipped, by_language=bool(request.get("languages")), unpaid=unpaid)
    return job


@transaction.atomic
def start_for_plugin(
    *,
    organization: Organization,
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
    each = (
        QuotedText(
            item.main_id or item.pk, item.language, item.pk, _quote(item, further.get(item.language, settings), rate)
        )
        for item in items
    )
    unpaid = job.is_test and any(item.source_data.get("sku") == rehearsal.UNPAID for item in items)
    _prepare(job, _add_texts(job, settings.language, each), [], by_language=bool(further), unpaid=unpaid)
    return job


def _quote(item: ContentItem, settings: WritingSettings, rate: Decimal) -> quotes.Quote:
    count = len(images.addresses(item.source_data.get("images"), settings.media_url))
    size = len(str(item.source_data)) + len(item.reject_reason)
    return quotes.quote_size(size, settings, images=count, rate=rate)


def _prepare(job: Job, quoted: Quoted, skipped: list[dict[str, str]], *, by_language: bool, unpaid: bool) -> None:
    """Set aside what the job's texts cost at most. A job without texts ends here. `by_language`: count them in each.
    `unpaid`: a test project has an item with the SKU that makes the work 402."""
    if unpaid:
        raise InsufficientXCT(required=xct(quoted.texts.total()), available=xct(ZERO))
    nothing = {"generated": 0, "flagged": 0, "failed": 0}
    counts = {code: {"total": n, **nothing} for code, n in quoted.texts.items()} if by_language else {}
    job.progress_total = quoted.texts.total()
    job.result = _empty_result(skipped) | ({"languages": counts} if counts else {})
    job.save(update_fields=["progress_total", "result", "is_long", "due_at"])
    if not quoted.texts:
        spending_limit.agree(expected=ZERO, most=ZERO)
        job_lifecycle.end(job, status=Job.Status.COMPLETED, more=[("start", {"job_id": str(job.pk), "total": 0})])
    else:
        bill.set_aside(job, expected=quoted.expected, most=quoted.most)


def _add_texts(job: Job, main: str, found: Iterator[QuotedText], *, resets: bool = False) -> Quoted:
    """Give the job its texts: the rows of the first ones, those of others later (`order_rows`). `main` is the language of the items' own
    texts."""
    expected, most, first = ZERO, ZERO, []
    counts: Counter[str] = Counter()
    while batch := list(islice(found, order_rows.AT_ONCE)):
        texts, at = order_rows.texts_of(batch), counts.total()
        if at:
            order_rows.keep(job, texts, first=at)
        else:
            first = texts
        counts.update(text.language or main for text in texts)
        expected += sum((text.quote.xct_expected for text in batch), ZERO)
        most += sum((text.quote.xct_max for text in batch), ZERO)
    order_rows.write(job, first, first=0, resets=resets)
    return Quoted(counts, expected, most)


def _skipped_items(
    project: Project, items: QuerySet[ContentItem], item_ids: list[UUID] | None, left: list[dict[str, str]]
) -> list[dict[str, str]]:
    """Up to 1,000 of the named items that are not written and not `left` for a reason of their own, each with the reason."""
    if item_ids is None:
        return []
    taken = {*items.values_list("pk", flat=True), *(UUID(row["id"]) for row in left)}
    rows = ContentItem.objects.of(project.organization_id).filter(
        project=project, pk__in=[i for i in item_ids if i not in taken]
    )
    out = []
    for pk, kind, excluded_at in rows.values_list("pk", "item_type", "excluded_at")[:1000]:
        reason = "excluded" if excluded_at else "variant" if kind == ContentItem.Type.VARIANT else "not_selected"
        out.append({"id": str(pk), "status": "skipped", "reason": reason, "language": ""})
    return out


def _empty_result(skipped: list[dict[str, str]]) -> Json:
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
    order_rows.forget(job)
    if job.status == Job.Status.CANCELLED:
        languages.drop_unwritten(job)
    lifecycle.refresh_status(job.project_id)


def end_notice(job: Job) -> JobNotice | None:
    """The notice of the job's outcome. A job that was cancelled, had no items, or is a plugin's sends none."""
    if job.status == Job.Status.CANCELLED or not job.progress_total or GenerationAsked.of(job).door == PLUGIN:
        return None
    result = job.result
    written = int(result.get("generated", 0)) + int(result.get("flagged", 0))
    name = job.project.name if job.project else _("your project")
    if job.status == Job.Status.FAILED:
        title = _("No texts could be generated for {name}", name=name)
        body = job.error or _("All items failed. Open the job to see the reason for each item.")
    else:
        counted = (
            _("1 text was generated for {name}") if written == 1 else _("{number} texts were generated for {name}")
        )
        title = counted.format(number=written, name=name)
        body = _(
            "{generated} generated, {flagged} flagged for review, {failed} failed.",
            generated=result.get("generated", 0),
            flagged=result.get("flagged", 0),
            failed=result.get("failed", 0),
        )
    return JobNotice(title, body)
