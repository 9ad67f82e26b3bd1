"""The merchant's own translations: what his shop has for an item in a further language, whoever wrote it there.

The text of the item in that language keeps them as its `view_data`, whether they came as a row of a file, as a row of
the shop or as a translation that the shop keeps with the item. They are his words: what he has is not written again
unless it is asked for, the memory takes from them, and a push over them is a conflict.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from functools import reduce
from operator import and_, or_
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from catalog import source_data
from integrations.stores import platforms
from integrations.stores.types import CHOSEN, NO_PLACE, Texts
from projects import languages, staleness
from projects.generation import memory
from projects.models import ContentItem, Project
from projects.writing_settings import for_checking
from scribe import statements
from writing.fields import BY_NAME, LISTS, TEXT, flat
from writing.settings import WritingSettings

BATCH = 500


def own(item: ContentItem) -> Texts:
    """What the shop has of its own for this text in a further language, by field."""
    return source_data.own_texts(item.source_data, item.view_data)


def kept_fields(item: ContentItem, written: Collection[str] | None = None) -> frozenset[str]:
    """The fields of this text that are the merchant's, and that we have written nothing for. `written` are the fields
    that we have, by default those of the item's content."""
    written = flat(item.generated_content or {}) if written is None else written
    return source_data.covered_fields(own(item).keys() - set(written))


def present(item: ContentItem) -> dict[str, object]:
    """The texts that stand for this one in a further language, by field: ours, and the merchant's where we have written
    none."""
    return {**own(item), **flat(item.generated_content or {})}


def places(project: Project) -> tuple[str, ...]:
    """Those of the texts that shops translate that the project's platform has a place for."""
    places = platforms.get(project.platform).client.field_places
    return tuple(field for field in source_data.TRANSLATED if places.get(field) not in (None, CHOSEN, NO_PLACE))


def whole(project: Project, language: str) -> QuerySet[ContentItem]:
    """The texts in `language` that we have written nothing of, and of which the shop has each that their items have and
    that it has a place for."""
    found = _unwritten(project, language)
    in_categories = platforms.get(project.platform).client.category_fields
    for field in places(project):
        ours = f"main__generated_content__{field.replace('.', '__')}"
        lacking = Q(item_type=ContentItem.Type.CATEGORY) if field not in in_categories else Q(pk=None)
        found = found.filter(Q(**{ours: ""}) | Q(**{f"{ours}__isnull": True}) | lacking | _has(field))
    return found


def texts_from_shop(project: Project, language: str) -> QuerySet[ContentItem]:
    """The texts in `language` that we have written nothing of, and of which the shop has any."""
    return _unwritten(project, language).filter(reduce(or_, map(_has, places(project))))


def _unwritten(project: Project, language: str) -> QuerySet[ContentItem]:
    rows = ContentItem.rows.filter(project=project, language=language, view_data__isnull=False, generated_content={})
    for field in places(project):
        name, path = field.replace(".", "_"), field.replace(".", "__")
        own, base, noted = (
            Coalesce(KT(place), Value(""), output_field=TextField())
            for place in (f"view_data__{path}", f"source_data__{path}", f"view_data__{source_data.ORIGINALS}__{field}")
        )
        rows = rows.alias(**{f"own_{name}": own, f"base_{name}": base, f"noted_{name}": noted})
    return rows


def _has(field: str) -> Q:
    """Whether the shop has a text of its own in this field, which is not its main language's of now or then."""
    name = field.replace(".", "_")
    others = ("", F(f"base_{name}"), F(f"noted_{name}"))
    return reduce(and_, (~Q(**{f"own_{name}": one}) for one in others))


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


def note_originals(project: Project, within: Callable[[], AbstractContextManager[object]]) -> None:
    """Note the originals of the merchant's translations, and by which keys the memory finds them. Some texts at a time,
    each time in a transaction of `within`, since large catalogues have many."""
    rows = ContentItem.rows.filter(project=project, view_data__isnull=False)
    main = languages.main(project)
    spoken = rows.exclude(language="").order_by().values_list("language", flat=True).distinct()
    for language in list(spoken):
        settings, after = for_checking(project, language), UUID(int=0)
        while True:
            with within():
                batch = _lock_after(rows.filter(language=language), after)
                _note(batch, main, settings)
            if not batch:
                break
            after = batch[-1].pk


def _lock_after(rows: QuerySet[ContentItem], after: UUID) -> list[ContentItem]:
    return list(rows.filter(pk__gt=after).order_by("pk").select_for_update(no_key=True, of=("self",))[:BATCH])


def _note(items: list[ContentItem], main: str, settings: WritingSettings) -> None:
    staleness.note_originals(items)
    moved = []
    for item in items:
        if item.generated_content:
            continue
        said = source_data.translations(item.source_data, item.view_data)
        originals = {name: original for name, (original, _unused) in said.items()}
        cut = memory.segment_keys(originals, main, settings, item.organization_id)
        keys = memory.notes(memory.keys(originals, main, settings), cut)
        if keys != item.generation_metadata.get(memory.ORIGINALS, {}):
            item.generation_metadata = {**item.generation_metadata, memory.ORIGINALS: keys}
            moved.append(item)
    statements.update(moved, ["generation_metadata"])
