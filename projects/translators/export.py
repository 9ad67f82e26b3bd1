"""The file for translators: the approved texts of a project, each with its translation as far as there is one."""

from collections.abc import Iterator
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from projects import shop_texts, staleness
from projects.models import ContentItem, Project
from projects.models.item import OF_MERCHANT
from projects.review_queue import GROUPS
from projects.translators.asked import AskedFile
from writing.translation.files.rows import TranslationRow, rows_of

BATCH = 500
SPOKEN = ("main_id", "language", "generated_content", "status", "outdated_fields", "source_data", "view_data")
APPROVED = (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)


def export_file(
    project: Project, asked: AskedFile, *, open_only: bool = False, of_shop: bool = False
) -> Iterator[bytes]:
    """The file in chunks. A text that is not approved, or of an older original, is marked as a draft; with `open_only`
    those alone are in it, and what has no translation, with the other texts of the same line. What the shop has
    translated itself is in it where that is of an older original, or with `of_shop`. Items without the key that the
    format names them by are left out, and those whose text is not in the main language."""
    rows = _rows(project, asked, of_shop)
    if open_only:
        rows = _open_rows(rows, whole_items=asked.row.file.whole_items)
    return asked.row.file.write(rows, asked.head(project))


def _open_rows(rows: Iterator[TranslationRow], *, whole_items: bool) -> Iterator[TranslationRow]:
    lines = (
        (list(line) for _unused, line in groupby(rows, lambda row: row.item))
        if whole_items
        else ([row] for row in rows)
    )
    return (row for line in lines if any(one.draft or not one.target for one in line) for row in line)


def originals(project: Project) -> QuerySet[ContentItem]:
    """The items whose text is translated: approved ones, without variants, whose texts are their parents'."""
    items: QuerySet[ContentItem] = ContentItem.objects.of(project.organization_id).filter(project=project)
    return items.writable().filter(status__in=APPROVED).order_by("pk")  # type: ignore[attr-defined, no-any-return]


def counts_by_language(project: Project) -> dict[str, int]:
    """How many of the originals have a text in each language: one to review, an approved one, or the store's own."""
    texts = ContentItem.rows.filter(OF_MERCHANT | Q(status__in=(*GROUPS, *APPROVED)), main__in=originals(project))
    return dict(texts.exclude(language="").order_by().values_list("language").annotate(n=Count("pk")))


def _rows(project: Project, asked: AskedFile, of_shop: bool) -> Iterator[TranslationRow]:
    chosen = originals(project).only("pk", "item_type", "external_id", "source_data")
    after: UUID | None = None
    while True:
        batch = list((chosen.filter(pk__gt=after) if after else chosen)[:BATCH])
        if not batch:
            return
        after = batch[-1].pk
        yield from _rows_of(batch, asked, of_shop)


def _rows_of(items: list[ContentItem], asked: AskedFile, of_shop: bool) -> Iterator[TranslationRow]:
    ids = [item.pk for item in items]
    sources = staleness.sources(ids)
    spoken = ContentItem.rows.filter(main_id__in=ids, language=asked.language)
    there = {text.main_id: text for text in spoken.only(*SPOKEN)}
    for item in items:
        source = sources[item.pk, ""]
        if source.language not in ("", asked.main) or not (key := key_of(item, asked.row.file.by)):
            continue
        text = there.get(item.pk) or ContentItem(main_id=item.pk, language=asked.language)
        theirs = shop_texts.kept_fields(text)
        name = str(item.source_data.get("name") or "")[:200]
        for row in rows_of(key, source.texts, shop_texts.present(text), note=name, kind=item.item_type):
            field = row.field.partition("[")[0]
            is_outdated = field in text.outdated_fields
            if field in theirs and not (of_shop or is_outdated):
                continue
            stands = field in theirs or text.status in APPROVED
            yield row._replace(draft=bool(row.target) and (is_outdated or not stands))


def key_of(item: ContentItem, by: str) -> str:
    """The item's key in a file: its `id`, `external_id` or `sku`."""
    if by == "id":
        return str(item.pk)
    if by == "external_id":
        return item.external_id
    return str(item.source_data.get("sku") or "").strip()
