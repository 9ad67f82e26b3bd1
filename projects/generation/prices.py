"""What the texts of a job's parts cost, each quoted by what a model has to write of it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Length, Replace

from projects.generation import memory
from projects.generation.parts import JobPart, text_in_language
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
BETWEEN = '": '  # in JSON, once for each pair
PAIR = 24  # characters that a pair of a name and a value takes more in a prompt than in a row


class QuotedText(NamedTuple):
    """An item's text in a language (empty for the item's own), its row, None while there is none yet, and its quote."""

    item: UUID
    language: str
    row: UUID | None
    quote: Quote


def quote_rows(
    part: JobPart, main: WritingSettings, *, project: Project, rate: Decimal, stale: bool
) -> Iterator[QuotedText]:
    """Each text of `part` with its quote. A quote depends on the length of the data or of the text to translate,
    on that of a reviewer's reason, and on the number of images, so a large project is quoted without reading its data.
    Only where the memory has approved texts of the language are the originals read: what it knows is quoted at 0."""
    rows = part.rows().order_by("id")
    if part.way == LETTERS:
        found = rows.values_list("pk", "row").iterator(chunk_size=BATCH)
        return (QuotedText(pk, part.language, row, quotes.FREE) for pk, row in found)
    if _reads_originals(part, project, stale):
        sources = Sources(main, {part.language: part.settings}, stale=stale, replaces=part.replaces)
        return _quote_by_field(part, rows, sources, rate)
    return _quote_by_size(part, rows, rate)


def count_quotes(
    part: JobPart, main: WritingSettings, *, project: Project, rate: Decimal, stale: bool
) -> Iterator[tuple[Quote, int]]:
    """The quotes of `quote_rows`, each with how many texts have it. Where they depend on lengths alone, the database
    counts the texts of each length."""
    if part.way == LETTERS:
        return iter([(quotes.FREE, part.items.count())])
    if _reads_originals(part, project, stale) or _sees_images(part):
        texts = quote_rows(part, main, project=project, rate=rate, stale=stale)
        return ((text.quote, 1) for text in texts)
    sizes = part.items.order_by().annotate(size=_size(part)).values_list("size").annotate(texts=Count("pk"))
    quote = _size_quote(part, rate)
    return ((quote(size, 0), texts) for size, texts in sizes)


def _quote_by_size(part: JobPart, rows: QuerySet[ContentItem], rate: Decimal) -> Iterator[QuotedText]:
    quote = cache(_size_quote(part, rate))  # many items have the same size
    names = ("pk", "row", "size", *(["source_data__images"] if _sees_images(part) else []))
    for pk, row, size, *found in rows.annotate(size=_size(part)).values_list(*names).iterator(chunk_size=BATCH):
        count = len(images.addresses(found[0], part.settings.media_url)) if found else 0
        yield QuotedText(pk, part.language, row, quote(size, count))


def _reads_originals(part: JobPart, project: Project, stale: bool) -> bool:
    return part.way == TRANSLATION and bool(stale or part.settings.unplaced or memory.has_any(project, part.language))


def _sees_images(part: JobPart) -> bool:
    return part.way != TRANSLATION and part.settings.looks_at_images


def _size_quote(part: JobPart, rate: Decimal) -> Callable[[int, int], Quote]:
    """The quote of a text by its size and the number of its images."""
    if part.way == TRANSLATION:
        return lambda size, _: quotes.translation(size, part.settings, rate=rate)
    return lambda size, count: quotes.quote_size(size, part.settings, images=count, rate=rate)


def _size(part: JobPart) -> Combinable:
    """Characters of a text's data, or of the text to translate, by which it is quoted."""
    if part.way != TRANSLATION:
        return Length(Cast("source_data", TextField())) + _reason_length(part.language)
    pairs = Cast("generated_content__attributes", TextField())
    between = Length(pairs) - Length(Replace(pairs, Value(BETWEEN), Value("")))
    count = Coalesce(between / len(BETWEEN), 0)
    return Length(Cast("generated_content", TextField())) + _reason_length(part.language) + PAIR * (count + 1)


def _quote_by_field(
    part: JobPart, rows: QuerySet[ContentItem], sources: Sources, rate: Decimal
) -> Iterator[QuotedText]:
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
        for item, text in zip(mains, texts, strict=True):
            row = text.pk if item.pk in there else None
            yield QuotedText(item.pk, part.language, row, _of_one(tasks[text.pk], text, part.settings, rate))


def _of_one(task: Translating, text: ContentItem, settings: WritingSettings, rate: Decimal) -> Quote:
    if task.original is None or not (asked := task.asked()):
        return quotes.FREE
    settings = settings_of(settings, task.original, asked)
    return quotes.translation(size_of(task.original, settings) + len(text.reject_reason), settings, rate=rate)


def _reason_length(language: str) -> Length | Coalesce:
    """Characters of the reason for which a reviewer rejected the text in this language."""
    if not language:
        return Length("reject_reason")
    return Coalesce(Subquery(text_in_language(language).annotate(n=Length("reject_reason")).values("n")[:1]), Value(0))
