"""The texts that a content was made from, and those of them that have changed since.

The content of an item is made from the store's texts. A text in a further language is made from the item's own text
(`translation`), from its Serbian text in Cyrillic (`letters`), or from the store's texts as well (`native`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from integrations.stores import texts
from projects import decisions, source_data
from projects.models import ContentItem
from writing.fields import BY_NAME, Role, flat

NATIVE, TRANSLATION, LETTERS = "native", "translation", "letters"
WAYS = (NATIVE, TRANSLATION, LETTERS)
CYRILLIC = "sr"  # the text that `letters` reads


def source_of(item: ContentItem) -> dict[str, Any]:
    """The texts that a new content would be made from, by field. It notes them as `made_from`."""
    if item.language and way_of(item.generation_metadata) != NATIVE:
        return original_of(item).texts
    return store_texts(item)


def store_texts(item: ContentItem) -> dict[str, Any]:
    """The store's texts in the present source data, by field; of a store view's text, those that the view shows."""
    return source_data.shown(item.source_data, item.view_data)


def way_of(metadata: Mapping[str, Any]) -> str:
    """How a text in a further language was written. A text that a person wrote counts as a translation."""
    way = metadata.get("way")
    return way if way in WAYS else TRANSLATION


def outdated(item: ContentItem) -> list[str]:
    """The fields of `made_from` whose text has changed since, sorted."""
    if not item.generated_content or item.made_from is None:
        return []
    if item.language and way_of(item.generation_metadata) != NATIVE:
        theirs = source_data.own_texts(item.source_data, item.view_data)
        return _moved(item.made_from, original_of(item).texts, theirs)
    return _changed(item.made_from, store_texts(item))


def _changed(made_from: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return sorted(f for f, text in made_from.items() if not texts.same(f, text, now.get(f, "")))


def _moved(made_from: Mapping[str, Any], now: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """Originals that a text was not made from do not count where the shop has a text of its own (`theirs`)."""
    names = {*made_from} | (now.keys() - source_data.covered(theirs))
    return sorted(name for name in names if made_from.get(name) != now.get(name))


def original_of(item: ContentItem) -> SourceText:
    """What this text in a further language is translated from, or read from letter by letter."""
    known = sources([item.main_id])
    serbian = known.get((item.main_id, CYRILLIC)) if way_of(item.generation_metadata) == LETTERS else None
    return serbian or known[item.main_id, ""]


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a text in a further language may be made from: an item, or its Serbian text."""

    status: str
    content: dict[str, Any]  # as it counts, without the texts that were declined
    data: dict[str, Any]
    language: str = ""  # in which it was written; empty where nobody noted it

    @property
    def approved(self) -> bool:
        return bool(self.content) and self.status in (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)

    @property
    def texts(self) -> dict[str, Any]:
        """The texts that are translated, by field: without what we derive from them."""
        return {name: value for name, value in flat(self.content).items() if BY_NAME[name].role is not Role.MADE}


def sources(main_ids: Iterable[Any]) -> dict[tuple[Any, str], SourceText]:
    """These items and their Serbian texts, by the item's id and the language."""
    ids = list(main_ids)
    rows = ContentItem.rows.filter(Q(pk__in=ids) | Q(main_id__in=ids, language=CYRILLIC))
    columns = ("pk", "main_id", "language", "status", "generated_content", "decisions", "source_data")
    return {
        (main_id or pk, code): SourceText(status, decisions.counted(content, decided), data, code or written or "")
        for pk, main_id, code, status, content, decided, data, written in rows.values_list(
            *columns, "generation_metadata__settings__language"
        )
    }


def follow(main_ids: Iterable[Any]) -> None:
    """Note in the further languages' texts of these items which of their fields are outdated by now. Call it in the
    transaction that changed the items' texts or facts, or their Serbian texts."""
    rows = ContentItem.rows.filter(main_id__in=list(main_ids)).filter(made_from__isnull=False).order_by("pk")
    held = list(
        rows.select_for_update(no_key=True).values_list(
            "pk", "main_id", "made_from", "outdated_fields", "generation_metadata__way", "view_data"
        )
    )
    if not held:
        return
    known = sources({main_id for _, main_id, *_ in held})
    texts_of = {key: source.texts for key, source in known.items()}
    now = timezone.now()
    for pk, main_id, made_from, before, way, view in held:
        if way == NATIVE:
            fields = _changed(made_from, source_data.shown(known[main_id, ""].data, view))
        else:
            at = (main_id, CYRILLIC) if way == LETTERS and (main_id, CYRILLIC) in texts_of else (main_id, "")
            fields = _moved(made_from, texts_of[at], source_data.own_texts(known[main_id, ""].data, view))
        if fields != before:
            ContentItem.rows.filter(pk=pk).update(outdated_fields=fields, updated_at=now)


def source_changes(item: ContentItem) -> None:
    """Note the present source data as `made_from` if the content has none yet. Call it before replacing source data."""
    if item.generated_content and item.made_from is None:
        item.made_from = source_of(item)
