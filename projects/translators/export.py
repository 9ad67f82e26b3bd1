"""The file for translators: the approved texts of a project, each with its translation as far as there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from projects import staleness
from projects.models import ContentItem, Project
from projects.translators.asked import AskedFile
from writing.fields import flat
from writing.translation.files.rows import TranslationRow, rows_of

BATCH = 500
APPROVED = (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)


def exported(project: Project, asked: AskedFile, *, open_only: bool = False) -> Iterator[bytes]:
    """The file in chunks. A text that is not approved, or of an older original, is marked as a draft; with `open_only`
    those alone are in it, and what has no translation. Items without the key that the format names them by are left
    out, and those whose text is not in the main language."""
    rows = _rows(project, asked)
    if open_only:
        rows = (row for row in rows if row.draft or not row.target)
    return asked.row.file.write(rows, asked.head(project))


def originals(project: Project) -> QuerySet[ContentItem]:
    """The items whose text is translated: approved ones, without variants, whose texts are their parents'."""
    items: QuerySet[ContentItem] = ContentItem.objects.of(project.organization_id).filter(project=project)
    return items.writable().filter(status__in=APPROVED).order_by("pk")  # type: ignore[attr-defined, no-any-return]


def _rows(project: Project, asked: AskedFile) -> Iterator[TranslationRow]:
    chosen = originals(project).only("pk", "item_type", "external_id", "source_data")
    after: Any = None
    while True:
        batch = list((chosen.filter(pk__gt=after) if after else chosen)[:BATCH])
        if not batch:
            return
        after = batch[-1].pk
        yield from _of(batch, asked)


def _of(items: list[ContentItem], asked: AskedFile) -> Iterator[TranslationRow]:
    ids = [item.pk for item in items]
    sources = staleness.sources(ids)
    spoken = ContentItem.rows.filter(main_id__in=ids, language=asked.language)
    there = {
        main_id: (flat(content), status, frozenset(outdated))
        for main_id, content, status, outdated in spoken.values_list(
            "main_id", "generated_content", "status", "outdated_fields"
        )
    }
    for item in items:
        source = sources[item.pk, ""]
        if source.language not in ("", asked.main) or not (key := key_of(item, asked.row.file.by)):
            continue
        present, status, outdated = there.get(item.pk, ({}, "", frozenset()))
        name = str(item.source_data.get("name") or "")[:200]
        for row in rows_of(key, source.texts, present, note=name, kind=item.item_type):
            draft = bool(row.target) and (status not in APPROVED or row.field.partition("[")[0] in outdated)
            yield row._replace(draft=draft)


def key_of(item: ContentItem, by: str) -> str:
    """The item's key in a file: its `id`, `external_id` or `sku`."""
    if by == "id":
        return str(item.pk)
    if by == "external_id":
        return item.external_id
    return str(item.source_data.get("sku") or "").strip()
