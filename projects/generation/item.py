"""Write one item: make its drafts, keep the better one, and save it. Content, version, usage, charge and event of an item
are saved in one transaction, exactly once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts import notifications
from integrations.ai.caller import Caller
from integrations.ai.errors import AIError, AIPermanentError, AITransientError, CallStopped
from integrations.ai.types import Image
from projects import staleness, versions
from projects.generation import concurrent_edits, parts, translation
from projects.generation.translation import Translating
from projects.models import ContentItem, GenerationItem, ItemVersion
from projects.models.expressions import Judged
from scribe import messages, statements, unforeseen
from scribe.api.fields import decimal, utc
from scribe.api.renderers import dumps
from scribe.jobs import Run
from scribe.messages import _, join
from scribe.types import DbRow, Json
from writing import bill, checks, output, prompts, quotes
from writing import facts as reading
from writing.bill import Bill, Call, Work
from writing.checks import CheckReport, glossary
from writing.facts import Facts
from writing.rounds import Draft, Rounds
from writing.settings import WritingSettings
from writing.translation import facts_of, settings_of
from writing.translation import prompt as translating
from writing.verifier import result, tallies
from writing.verifier.batches import ReadingCalls
from writing.verifier.second import ReadingBudget, SecondReading
from writing.verifier.tallies import ReadingTally

MAX_FAILURES_LISTED = 1000
OVER_QUOTE = "over_quote"  # why a text is not written: it costs more than was set aside for it
SAVE = """
UPDATE projects_contentitem SET generated_content = %s, generation_metadata = %s, status = %s, confidence_score = %s,
    has_unsupported_claims = %s, ai_model_used = %s, updated_at = %s, made_from = %s, outdated_fields = '[]', reject_reason = '',
    decisions = COALESCE((SELECT jsonb_object_agg(key, value) FROM jsonb_each(decisions) WHERE value = '"kept"'), '{}')
WHERE id = %s
"""
SETTLE = """
UPDATE projects_generationitem SET state = %s, outcome = %s, code = %s, reason = %s, xct_used = %s WHERE id = %s
"""


@dataclass
class ItemWork:
    """One item at work. In the end it has content with a report, or the reason why there is no content."""

    row_id: UUID
    item: ContentItem
    quoted_max: Decimal
    settings: WritingSettings
    #: What people had decided about the text when the job was made (`meanwhile`).
    judged: str | None = None
    content: Json | None = None
    report: CheckReport | None = None
    calls: list[Call] = field(default_factory=list)
    xct: Decimal = bill.ZERO
    code: str = ""
    reason: str = ""
    source_fingerprint: str = ""
    made_from: Json = field(default_factory=dict)
    #: Whether the whole job has to stop: for a dead key, no credit at the provider, or an unknown model.
    stops_job: bool = False
    #: The pause that the provider asks for, in seconds.
    retry_after: float = 0.0
    inherits: bool = False  # a worker died at its call
    tally: ReadingTally | None = None  # of the second model's reading
    task: Translating | None = None  # of a text in a further language

    @property
    def billed(self) -> Work:
        return Work(
            key=f"generation:{self.row_id}",
            content_type=self.item.item_type,
            calls=self.calls,
            quoted_max=self.quoted_max,
            xct=self.xct,
            project_id=self.item.project_id,  # None for a plugin's job
            item_id=self.item.pk,
        )


async def write(
    work: ItemWork,
    *,
    caller: Caller,
    rate: Decimal,
    images: tuple[Image, ...],
    stop: Callable[[], bool],
    reader: ReadingCalls | None = None,
) -> None:
    """Write the item in `work.settings`. Where the settings ask for it the second model reads each draft, through `reader`.
    An error of a model, a provider or the item's own data is noted in `work` as the item's failure.
    Raises `integrations.ai.errors.CallStopped`."""
    rounds: Rounds[Json] | None = None
    second: SecondReading | None = None
    settings, task = work.settings, work.task
    try:
        work.source_fingerprint = fingerprint(work.item.source_data)
        work.made_from = task.made_from if task else staleness.store_texts(work.item)
        facts = reading.read(work.item.source_data, work.item.item_type)
        hint = work.item.reject_reason
        if task is not None and task.way != staleness.NATIVE:
            if task.original is None:
                work.code, work.reason = parts.MAIN_NOT_APPROVED, _("The text to translate is not approved.")
                return
            facts = facts_of(facts, task.original.content, task.original.language)
            settings = work.settings = settings_of(settings, task.original)
            if not task.asked():
                work.content, work.report = translation.without_model(task, facts, settings)
                return
        terms = glossary.prompt_text(facts, settings.glossary)
        asked = settings_of(settings, facts.original, task.asked()) if task and facts.original else settings
        quote = quotes.quote(facts, asked, rate=rate, images=len(images), hint=len(hint))
        if task and task.original and work.quoted_max * 2 < quote.xct_expected:
            work.code, work.reason = (
                OVER_QUOTE,
                _("Reusable texts have changed since the price was calculated. Start again to get a new price."),
            )
            return
        most = quote.writing_tokens_max
        judge = _judge(facts, settings, asked, task)
        rounds = Rounds(caller, settings, judge, tokens_max=most, stop=stop, inherits=work.inherits)
        work.calls = rounds.calls
        if settings.verifier is not None and reader is not None:
            budget = ReadingBudget.of(quote, rate)
            second = SecondReading(facts, settings, settings.verifier, budget, work.calls, reader)
            rounds.read = second.read
        if task and facts.original:
            prompt = translating.build(facts, asked, terms=terms, near=task.near, hint=hint)
        else:
            prompt = prompts.build(facts, settings, images, hint=hint, terms=terms)
        await rounds.write(prompt)
        if rounds.problem is not None:
            work.code, work.reason = rounds.problem.code, rounds.problem.detail
    except CallStopped:
        raise
    except AIError as error:
        work.code, work.reason = error.code, error.detail
        work.stops_job = isinstance(error, AIPermanentError) and error.stops_job
        work.retry_after = (error.retry_after or 0.0) if isinstance(error, AITransientError) else 0.0
    except unforeseen.NOT_ITS_OWN:
        raise
    except Exception as error:
        work.code, work.reason = unforeseen.CODE, unforeseen.record(error, item=str(work.item.pk))
    if rounds is None or (best := rounds.best()) is None:
        return
    kept = work.quoted_max - (quote.reading.xct_max if quote.reading else bill.ZERO)
    work.content, work.report = best.content, best.report
    work.xct = bill.price(rounds.kept, settings, rate=rate, quoted_max=max(bill.ZERO, kept))
    work.code = work.reason = ""
    assert work.report is not None
    work.report = result.without_reading(work.report, settings)
    if second is not None:
        work.calls[:] = [replace(call, xct=work.xct) if call.kept and not call.reading else call for call in work.calls]
        work.tally = second.tally
        work.xct += second.xct


def _judge(
    facts: Facts, settings: WritingSettings, asked: WritingSettings, task: Translating | None
) -> Callable[[Json], Draft[Json]]:
    """Turns an answer to what was `asked` into a draft of the whole content."""

    def judge(data: Json) -> Draft[Json]:
        accepted = output.accept(data, facts=facts, settings=asked)
        content, kept = accepted.content, frozenset[str]()
        if task is not None and asked.wanted != settings.wanted:
            content = translation.complete_content(task, content, facts, settings)
            kept = frozenset(content) - frozenset(asked.wanted)
        report = checks.run(content, facts, settings, removed=accepted.removed)
        return Draft(content, report, {key: content[key] for key in asked.wanted if key in content}, kept)

    return judge


def fingerprint(source_data: Json) -> str:
    """A digest of the data that a text was written from."""
    return hashlib.sha256(dumps(source_data)).hexdigest()


def settle(run: Run, works: list[ItemWork], due: Bill) -> None:
    """Save `works`. An item that is deleted, that another worker has settled, or that a person has changed meanwhile is left
    alone, and its calls are lost. A worker that lost its lease saves nothing."""
    with run.settling():
        rows = set(
            GenerationItem.objects.select_for_update(no_key=True)
            .filter(pk__in=[work.row_id for work in works], state=GenerationItem.State.PENDING)
            .values_list("pk", flat=True)
        )
        fresh = [work for work in works if work.row_id in rows]
        # The lock guards against people who edit or approve the same items right now.
        items = _lock([work.item.pk for work in fresh])
        fresh = [work for work in fresh if work.item.pk in items]
        kept = {work.row_id for work in fresh}
        passed = {work.row_id for work in fresh if _is_passed(work, items[work.item.pk], run)}
        due.write_off(work.billed for work in works if work.row_id not in kept or work.row_id in passed)
        fresh = [_without_text(work) if work.row_id in passed else work for work in fresh]
        written = [work for work in fresh if work.content is not None]
        versions.keep_all((items[work.item.pk] for work in written), reason=ItemVersion.Reason.REGENERATED)
        _save(written)
        staleness.follow({work.item.main_id or work.item.pk for work in written})
        failed = [work for work in fresh if work.content is None and work.row_id not in passed]
        _note_failures([(items[work.item.pk], work) for work in failed])
        _settle_rows(fresh)
        due.settle([work.billed for work in fresh])
        _report(run, fresh, items)
        notifications.notify(
            organization=run.job.organization_id,
            event="item.texts_ready",
            objects={work.item.pk: _ready(run, work) for work in written},
        )
        tallies.record(work.tally for work in fresh if work.tally)


def _lock(ids: list[UUID]) -> dict[UUID, ContentItem]:
    """The items with these ids, locked with all that follows them, in the order of their ids."""
    ids = list(ids)
    rows = ContentItem.rows.filter(Q(pk__in=ids) | Q(main_id__in=ids)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    return {item.pk: item for item in ContentItem.rows.filter(pk__in=ids).annotate(judged=Judged())}


def _is_passed(work: ItemWork, now: ContentItem, run: Run) -> bool:
    return work.content is not None and concurrent_edits.has_changed(
        work.item, now, noted=work.judged, since=run.job.created_at
    )


def _without_text(work: ItemWork) -> ItemWork:
    """The same work as a failure that costs nothing: a person was faster."""
    nothing: Json = {"content": None, "report": None, "tally": None, "calls": [], "xct": bill.ZERO}
    return replace(work, **nothing, code=concurrent_edits.CODE, reason=concurrent_edits.REASON)


def _save(works: list[ItemWork]) -> None:
    """Save the written items by pipelined UPDATEs, one per item: a single CASE over large JSON values is slower."""
    now = timezone.now()
    values: list[DbRow] = []
    for work in works:
        report = work.report
        assert report is not None
        settings, way = work.settings, work.task.way if work.task else ""
        asked = way in ("", staleness.NATIVE) or bool(work.calls)  # a model, not letters or the memory
        metadata = {
            **report.as_dict(),
            **(work.task.as_metadata() if work.task else {}),
            "settings": settings.as_dict(),
            "ai_provider": settings.provider if asked else "",
            "ai_model": settings.model if asked else "",
            "prompt_version": translating.version() if way == staleness.TRANSLATION else prompts.template_version(),
            "generated_at": utc(now),
            "source_fingerprint": work.source_fingerprint,
            "xct_used": decimal(work.xct),
            "calls": len(work.calls),
        }
        status = ContentItem.Status.FLAGGED if report.flagged else ContentItem.Status.GENERATED
        model = f"{settings.provider}/{settings.model}"[:100] if asked else ""
        content = Jsonb(work.content, dumps=dumps)
        unsupported = bool(report.unsupported)
        values.append(
            (
                content,
                Jsonb(messages.pack(metadata), dumps=dumps),
                status,
                report.score,
                unsupported,
                model,
                now,
                Jsonb(work.made_from, dumps=dumps),
                work.item.pk,
            )
        )
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(SAVE, values)


def _note_failures(pairs: list[tuple[ContentItem, ItemWork]]) -> None:
    """Note failures on the items. A failed item keeps its status and content, and says why it failed."""
    now = utc(timezone.now())
    for item, work in pairs:
        item.generation_metadata = {
            **item.generation_metadata,
            "last_error": {"code": work.code, "reason": work.reason, "at": now},
        }
    statements.update([item for item, _ in pairs], ["generation_metadata"])


def _settle_rows(works: list[ItemWork]) -> None:
    values: list[DbRow] = []
    for work in works:
        if (report := work.report) is None:
            values.append((GenerationItem.State.FAILED, "", work.code, work.reason, Decimal(0), work.row_id))
        else:
            said = "flagged" if report.flagged else "generated"
            reason = join(report.reasons, by="; ")
            values.append((GenerationItem.State.DONE, said, "", reason, work.xct, work.row_id))
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(SETTLE, values)


def _report(run: Run, works: list[ItemWork], items: dict[UUID, ContentItem]) -> None:
    result = run.result
    by_language = result.get("languages") or {}
    for work in works:
        item_id = str(work.item.pk)
        counted = by_language.get(work.settings.language, {})
        spoken = {"language": work.item.language, "main_item_id": str(work.item.main_id)} if work.item.main_id else {}
        name = str(items[work.item.pk].source_data.get("name") or "")[:200]
        if work.content is None:
            result["failed"] += 1
            counted["failed"] = counted.get("failed", 0) + 1
            failures = result.setdefault("failures", [])
            if len(failures) < MAX_FAILURES_LISTED:
                failures.append({"item_id": item_id, "code": work.code, "reason": work.reason})
            failed = {"item_id": item_id, "name": name, "code": work.code, "reason": work.reason}
            run.emit("item_failed", {**failed, **spoken})
            continue
        assert work.report is not None
        status = "flagged" if work.report.flagged else "generated"
        result[status] += 1
        counted[status] = counted.get(status, 0) + 1
        result["xct_used"] = decimal(Decimal(result["xct_used"]) + work.xct)
        run.emit(
            "item",
            {
                "item_id": item_id,
                "name": name,
                "status": status,
                "confidence_score": work.report.score,
                "reasons": work.report.reasons[:10],
                "xct_used": decimal(work.xct),
                **spoken,
            },
        )
    run.advance(len(works))


def _ready(run: Run, work: ItemWork) -> Json:
    assert work.report is not None
    status = ContentItem.Status.FLAGGED if work.report.flagged else ContentItem.Status.GENERATED
    told = {"project_id": work.item.project_id, "job_id": run.job.pk, "status": str(status)}
    spoken = {"language": work.item.language, "main_item_id": work.item.main_id} if work.item.main_id else {}
    return {**told, **spoken}


def give_up_rest(run: Run, *, code: str, reason: str) -> None:
    """Mark the items still to be written as failed for one common reason (a dead key, a model that is gone)."""
    with run.settling() as job:
        rest = GenerationItem.objects.filter(job=job, state=GenerationItem.State.PENDING)
        count = rest.update(state=GenerationItem.State.FAILED, code=code, reason=reason)
        run.result["failed"] += count
        run.result["stopped_because"] = {"code": code, "reason": reason}
        run.emit("item_failed", {"item_id": None, "count": count, "code": code, "reason": reason})
        run.advance(count)
