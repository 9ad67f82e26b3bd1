"""The rows of an order's texts, `GenerationItem`. A small order's are written when it is accepted. Of a large one the
request writes the first AT_ONCE, and keeps of the others what was chosen, quoted and decided (`GenerationBatch`): the
job's workers write those rows before anything else."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple, Self
from uuid import UUID

from projects import languages
from projects.generation import concurrent_edits
from projects.generation.concurrent_edits import UNTOUCHED
from projects.generation.prices import QuotedText
from projects.models import ContentItem, GenerationBatch, GenerationItem
from scribe import statements
from scribe.jobs import Run, TryAgain
from scribe.jobs.models import NEWER_WORKERS_ONLY
from scribe.models import Job

AT_ONCE = 2000


class OrderedText(NamedTuple):
    """A text to write: that of an item in one language (empty for the item's own), the XCT set aside for it, and what
    people had decided about it when it was ordered (`concurrent_edits.digests`)."""

    item: UUID
    language: str
    quoted_max: Decimal
    judged: str

    @classmethod
    def of(cls, told: Sequence[str]) -> Self:
        item, language, quoted_max, judged = told
        return cls(UUID(item), language, Decimal(quoted_max), judged)


def texts_of(quoted: Sequence[QuotedText]) -> list[OrderedText]:
    judged = concurrent_edits.digests(text.row for text in quoted if text.row)
    return [
        OrderedText(text.item, text.language, text.quote.xct_max, judged.get(text.row, UNTOUCHED))  # type: ignore[arg-type]
        for text in quoted
    ]


def keep(job: Job, texts: Sequence[OrderedText], *, first: int) -> None:
    """Keep texts, from position `first` on, whose rows workers will write. The caller saves the job."""
    told = [list(text) for text in texts]
    statements.insert([GenerationBatch(job=job, first=first, count=len(told), texts=told)])
    job.is_long, job.due_at = True, NEWER_WORKERS_ONLY


def write(job: Job, texts: Iterable[OrderedText], *, first: int, resets: bool) -> None:
    """Write the rows of these texts, from position `first` on. `resets`: put the texts back to pending, but for those
    that a person has changed since they were ordered. A text in a further language that is not there yet gets its own
    row, too. Items that are gone have none."""
    rows = _rows_of(texts)
    judged = {pk: text.judged for pk, text in rows.items()}
    if resets:
        judged |= concurrent_edits.reset(judged)
    statements.insert(
        GenerationItem(
            organization_id=job.organization_id,
            job=job,
            item_id=pk,
            position=first + at,
            judged=judged[pk],
            quoted_max=text.quoted_max,
        )
        for at, (pk, text) in enumerate(rows.items())
    )


def _rows_of(texts: Iterable[OrderedText]) -> dict[UUID, OrderedText]:
    """The texts by their rows' ids, in the same order."""
    items: dict[str, list[UUID]] = {}
    texts = list(texts)
    for text in texts:
        items.setdefault(text.language, []).append(text.item)
    found: dict[tuple[UUID, str], UUID] = {}
    for language, ids in items.items():
        if language:
            languages.add(language, ids)
        key = "main_id" if language else "pk"
        rows = ContentItem.rows.filter(**{f"{key}__in": ids}, language=language)
        found |= {(item, language): pk for item, pk in rows.values_list(key, "pk")}
    return {found[text[:2]]: text for text in texts if text[:2] in found}


def write_rest(run: Run, *, resets: bool) -> None:
    """Write the rows that are left, a batch in a transaction. May be killed at any line, and done by two at once."""
    batches = GenerationBatch.objects.filter(job=run.job).order_by("first")
    while batches.exists():
        run.check()
        with run.settling() as job:  # the job's lock: each batch is written once
            if (batch := batches.first()) is not None:
                write(job, map(OrderedText.of, batch.texts), first=batch.first, resets=resets)
                batch.delete()
            if not batches.exists():
                job.due_at = None
                job.save(update_fields=["due_at"])
        if run.should_yield():
            raise TryAgain


def forget(job: Job) -> None:
    """Drop what is left to be written, when the job ends."""
    GenerationBatch.objects.filter(job=job).delete()


def count_left(job: Job) -> int:
    """How many rows are still to be written."""
    return sum(GenerationBatch.objects.filter(job=job).values_list("count", flat=True))
