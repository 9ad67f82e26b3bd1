"""The merchant's own translations: what his shop has for an item in a further language, whoever wrote it there.

The text of the item in that language keeps them as its `view_data`, whether they came as a row of a file, as a row of
the shop or as a translation that the shop keeps with the item. They are his words: what he has is not written again
unless it is asked for, the memory takes from them, and a push over them is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import islice
from operator import or_

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from integrations.stores import platforms
from integrations.stores.types import CHOSEN, NOWHERE, Texts
from projects import languages, source_data
from projects.generation import memory
from projects.models import ContentItem, Project
from projects.writing_settings import for_checking
from writing.fields import BY_NAME, LISTS, TEXT, flat

BATCH = 500
#: The texts that a shop may have translated, as far as its platform has a place for them.
TRANSLATED = ("name", "short_description", "description", "seo.title", "seo.description")


def own(item: ContentItem) -> Texts:
    """What the shop has of its own for this text in a further language, by field."""
    return source_data.own_texts(item.source_data, item.view_data)


def kept(item: ContentItem) -> frozenset[str]:
    """The fields of this text that are the merchant's, and that we have written nothing for."""
    return source_data.covered(own(item).keys() - flat(item.generated_content or {}).keys())


def places(project: Project) -> tuple[str, ...]:
    """Those of the `TRANSLATED` texts that the project's platform has a place for."""
    keeps = platforms.get(project.platform).client.keeps
    return tuple(field for field in TRANSLATED if keeps.get(field) not in (None, CHOSEN, NOWHERE))


def whole(project: Project, language: str) -> QuerySet[ContentItem]:
    """The texts in `language` that we have written nothing of, and of which the shop has each that their items have."""
    found = _unwritten(project, language)
    for field in places(project):
        ours = f"main__generated_content__{field.replace('.', '__')}"
        found = found.filter(Q(**{ours: ""}) | Q(**{f"{ours}__isnull": True}) | _has(field))
    return found


def begun(project: Project, language: str) -> QuerySet[ContentItem]:
    """The texts in `language` that we have written nothing of, and of which the shop has any."""
    return _unwritten(project, language).filter(reduce(or_, map(_has, places(project))))


def _unwritten(project: Project, language: str) -> QuerySet[ContentItem]:
    rows = ContentItem.rows.filter(project=project, language=language, view_data__isnull=False, generated_content={})
    for field in places(project):
        name, path = field.replace(".", "_"), field.replace(".", "__")
        own, base = (
            Coalesce(KT(f"{column}__{path}"), Value(""), output_field=TextField())
            for column in ("view_data", "source_data")
        )
        rows = rows.alias(**{f"own_{name}": own, f"base_{name}": base})
    return rows


def _has(field: str) -> Q:
    """Whether the shop has a text of its own in this field, which is not its main language's."""
    name = field.replace(".", "_")
    return ~Q(**{f"own_{name}": ""}) & ~Q(**{f"own_{name}": F(f"base_{name}")})


def as_data(texts: Texts) -> dict[str, object]:
    """The texts as source data has them: only those of fields that source data shows."""
    found: dict[str, object] = {}
    for name, text in texts.items():
        row = BY_NAME.get(name)
        if row is None or not row.in_source or row.form not in (*TEXT, *LISTS):
            continue
        if not row.part:
            found[row.key] = text
        else:
            found[row.key] = {**_object(found.get(row.key)), row.part: text}
    return found


def _object(held: object) -> dict[str, object]:
    return held if isinstance(held, dict) else {}


def note_originals(project: Project) -> None:
    """Note by which originals the memory finds the merchant's translations: the shop's texts that they translate."""
    rows = ContentItem.rows.filter(project=project, view_data__isnull=False, generated_content={})
    main = languages.main(project)
    spoken = rows.exclude(language="").order_by().values_list("language", flat=True).distinct()
    for language in list(spoken):
        settings = for_checking(project, language)
        for batch in _batches(rows.filter(language=language).order_by("pk")):
            moved = []
            for item in batch:
                shown, theirs = source_data.texts(item.source_data), own(item)
                originals = {name: shown[name] for name in theirs if shown.get(name)}
                keys = memory.keys(originals, main, settings)
                if keys != item.generation_metadata.get(memory.ORIGINALS, {}):
                    item.generation_metadata = {**item.generation_metadata, memory.ORIGINALS: keys}
                    moved.append(item)
            ContentItem.rows.bulk_update(moved, ["generation_metadata"], batch_size=BATCH)


def _batches(rows: QuerySet[ContentItem]) -> Iterator[list[ContentItem]]:
    found = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield batch
