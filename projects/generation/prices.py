"""What the texts of a job's parts cost, each quoted by what a model has to write of it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import NamedTuple, Self
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Cast, Coalesce, Length, Replace

from projects.generation import memory
from projects.generation.parts import ZERO, JobPart, text_in_language
from projects.generation.translation import Sources, Translating
from projects.models import ContentItem, Project
from projects.staleness import LETTERS, TRANSLATION
from writing import images, quotes
from writing.quotes import Quote
from writing.settings import WritingSettings
from writing.translation import settings_of
from writing.translation.prompt import size_of

BATCH = 2000
# The texts to write, each item with its data measured once, and the reason of a reviewer in the text's own row.
_CHOSEN = "SELECT %s::int, %s, chosen.id FROM ({items}) AS chosen(id)"
_COUNT = """
WITH chosen(part, language, id) AS MATERIALIZED ({chosen}), sized(id, size) AS MATERIALIZED ({sized})
SELECT chosen.part, sized.size + COALESCE(length(text.reject_reason), 0) AS all_told, count(*)
FROM chosen JOIN sized USING (id)
LEFT JOIN projects_contentitem text ON text.project_id = %s AND text.reject_reason <> ''
    AND text.language = chosen.language AND COALESCE(text.main_id, text.id) = chosen.id
GROUP BY chosen.part, all_told
"""
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


@dataclass(frozen=True, slots=True)
class Price:
    """What some texts cost together."""

    texts: int = 0
    tokens_expected: int = 0
    tokens_max: int = 0
    xct_expected: Decimal = ZERO
    xct_max: Decimal = ZERO

    @classmethod
    def of(cls, quote: Quote, texts: int) -> Self:
        """The price of so many texts of one quote."""
        return cls(
            texts,
            texts * quote.tokens_expected,
            texts * quote.tokens_max,
            texts * quote.xct_expected,
            texts * quote.xct_max,
        )

    def __add__(self, other: "Price") -> "Price":
        return Price(
            self.texts + other.texts,
            self.tokens_expected + other.tokens_expected,
            self.tokens_max + other.tokens_max,
            self.xct_expected + other.xct_expected,
            self.xct_max + other.xct_max,
        )


def total_prices(
    found: Sequence[JobPart], main: WritingSettings, *, project: Project, rate: Decimal, stale: bool
) -> list[Price]:
    """The sum of the quotes of `quote_rows` for each of these parts. Where quotes depend on lengths alone, the database
    counts the texts of each length, and measures an item once for all languages."""
    totals = [Price()] * len(found)
    by_way = defaultdict(list)
    for at, part in enumerate(found):
        if part.way == LETTERS:
            totals[at] = Price(part.items.count())
        elif _reads_originals(part, project, stale) or _sees_images(part):
            for text in quote_rows(part, main, project=project, rate=rate, stale=stale):
                totals[at] += Price.of(text.quote, 1)
        else:
            by_way[part.way].append(at)
    for alike in by_way.values():
        quotes_by_size = [_size_quote(found[at], rate) for at in alike]
        for number, size, texts in _count_sizes(project, [found[at] for at in alike]):
            at = alike[number]
            totals[at] += Price.of(quotes_by_size[number](size, 0), texts)
    return totals


def _count_sizes(project: Project, found: Sequence[JobPart]) -> Iterator[tuple[int, int, int]]:
    """The number of each of these parts, which are all written in the same way, with each size of its texts and how
    many have it."""
    chosen: list[str] = []
    values: list[int | str] = []
    for number, part in enumerate(found):
        with suppress(EmptyResultSet):  # no item is named
            sql, more = part.items.order_by().values("pk").query.sql_with_params()
            chosen.append(_CHOSEN.format(items=sql))
            values += (number, part.language, *more)
    if not chosen:
        return
    items = ContentItem.objects.filter(project=project, pk__in=RawSQL("SELECT id FROM chosen", ())).order_by()
    sized, more = items.annotate(size=_data_length(found[0].way)).values_list("pk", "size").query.sql_with_params()
    with connection.cursor() as cursor:
        statement = _COUNT.format(chosen=" UNION ALL ".join(chosen), sized=sized)
        cursor.execute(statement, [*values, *more, project.pk])
        yield from cursor.fetchall()


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
        translated = quotes.translations_by_size(part.settings, rate=rate)
        return lambda size, _: translated(size)
    return quotes.by_size(part.settings, rate=rate)


def _size(part: JobPart) -> Combinable:
    """Characters of a text's data, or of the text to translate, by which it is quoted."""
    return _data_length(part.way) + _reason_length(part.language)


def _data_length(way: str) -> Combinable:
    """The same without the reason for a rejection: it is that of the item, in whatever language the text is."""
    if way != TRANSLATION:
        return Length(Cast("source_data", TextField()))
    pairs = Cast("generated_content__attributes", TextField())
    between = Length(pairs) - Length(Replace(pairs, Value(BETWEEN), Value("")))
    count = Coalesce(between / len(BETWEEN), 0)
    return Length(Cast("generated_content", TextField())) + PAIR * (count + 1)


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
