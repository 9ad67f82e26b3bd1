"""What the texts of a job's parts cost, each quoted by what a model has to write of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Length

from projects.generation import memory
from projects.generation.parts import JobPart, spoken
from projects.generation.translation import Sources, Translating
from projects.models import ContentItem, Project
from projects.staleness import LETTERS, TRANSLATION
from writing import images, quotes
from writing.quotes import Quote
from writing.settings import WritingSettings
from writing.translation import settings_of
from writing.translation.prompt import size_of

BATCH = 2000
READ = 200  # texts looked up in the memory at a time
PAIR = 24  # characters that a pair of a name and a value takes more in a prompt than in a row


class QuotedRow(NamedTuple):
    """A text's row, None while there is none yet, and its quote."""

    row: UUID | None
    quote: Quote


def quoted(
    part: JobPart, main: WritingSettings, *, project: Project, rate: Decimal, stale: bool
) -> Iterator[QuotedRow]:
    """Each row of `part` and its quote. A quote depends on the length of the data or of the text to translate,
    on that of a reviewer's reason, and on the number of images, so a large project is quoted without reading its data.
    Only where the memory has approved texts of the language are the originals read: what it knows is quoted at 0."""
    rows = part.rows().order_by("id")
    if part.way == LETTERS:
        return (QuotedRow(pk, quotes.FREE) for pk in rows.values_list("row", flat=True).iterator(chunk_size=BATCH))
    if part.way != TRANSLATION:
        return _written(part, rows, rate)
    if stale or memory.has_any(project, part.language):
        sources = Sources(main, {part.language: part.settings}, stale=stale, replaces=part.replaces)
        return _asked(part, rows, sources, rate)
    return _translated(part, rows, rate)


def _written(part: JobPart, rows: QuerySet[ContentItem], rate: Decimal) -> Iterator[QuotedRow]:
    rows = rows.annotate(size=Length(Cast("source_data", TextField())) + _reason_length(part.language))
    sees = part.settings.looks_at_images
    for pk, size, *found in rows.values_list("row", "size", *(["source_data__images"] if sees else [])).iterator(
        chunk_size=BATCH
    ):
        count = len(images.addresses(found[0], part.settings.media_url)) if found else 0
        yield QuotedRow(pk, quotes.quote_size(size, part.settings, images=count, rate=rate))


def _translated(part: JobPart, rows: QuerySet[ContentItem], rate: Decimal) -> Iterator[QuotedRow]:
    rows = rows.annotate(
        size=Length(Cast("generated_content", TextField())) + _reason_length(part.language),
        attributes=Cast("generated_content__attributes", TextField()),
    )
    for pk, size, attributes in rows.values_list("row", "size", "attributes").iterator(chunk_size=BATCH):
        pairs = (attributes or "").count('": ')
        yield QuotedRow(pk, quotes.translation(size + PAIR * (pairs + 1), part.settings, rate=rate))


def _asked(part: JobPart, rows: QuerySet[ContentItem], sources: Sources, rate: Decimal) -> Iterator[QuotedRow]:
    """The quotes of translations by the fields that a model is asked for, as the writing itself finds them."""
    found = rows.select_related("project").iterator(chunk_size=READ)
    while mains := list(islice(found, READ)):
        there = {one.main_id: one for one in ContentItem.rows.filter(main__in=mains, language=part.language)}
        texts = []
        for item in mains:
            text = there.get(item.pk) or ContentItem(main_id=item.pk, language=part.language)
            text.project = item.project
            texts.append(text)
        tasks = sources.of(texts, near=False)
        for text in texts:
            row = text.pk if text.main_id in there else None
            yield QuotedRow(row, _of_one(tasks[text.pk], text, part.settings, rate))


def _of_one(task: Translating, text: ContentItem, settings: WritingSettings, rate: Decimal) -> Quote:
    if task.original is None or not (asked := task.asked()):
        return quotes.FREE
    settings = settings_of(settings, task.original, asked)
    return quotes.translation(size_of(task.original, settings) + len(text.reject_reason), settings, rate=rate)


def _reason_length(language: str) -> Length | Coalesce:
    """Characters of the reason for which a reviewer rejected the text in this language."""
    if not language:
        return Length("reject_reason")
    return Coalesce(Subquery(spoken(language).annotate(n=Length("reject_reason")).values("n")[:1]), Value(0))
