"""The texts that a content was made from, and those of them that have changed since.

The content of an item is made from the store's texts. A text in a further language is made from the item's own text
(`translation`), from its Serbian text in Cyrillic (`letters`), or from the store's texts as well (`native`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    if item.language and (way := way_of(item.generation_metadata)) != NATIVE:
        return _now(item.main_id, way)
    return dict(source_data.texts(item.source_data))


def translated(content: Mapping[str, Any], decided: Mapping[str, str]) -> dict[str, Any]:
    """The texts of a content that are translated, by field: those that count, without what we derive from them."""
    found = flat(decisions.counted(dict(content), decided))
    return {name: value for name, value in found.items() if BY_NAME[name].role is not Role.MADE}


def way_of(metadata: Mapping[str, Any]) -> str:
    """How a text in a further language was written. A text that a person wrote counts as a translation."""
    way = metadata.get("way")
    return way if way in WAYS else TRANSLATION


def outdated(item: ContentItem) -> list[str]:
    """The fields of `made_from` whose text has changed since, sorted."""
    if not item.generated_content or item.made_from is None:
        return []
    if item.language and (way := way_of(item.generation_metadata)) != NATIVE:
        return _moved(item.made_from, _now(item.main_id, way))
    return _changed(item.made_from, item.source_data)


def _changed(made_from: Mapping[str, Any], data: dict[str, Any]) -> list[str]:
    now = source_data.texts(data)
    return sorted(f for f, text in made_from.items() if not texts.same(f, text, now.get(f, "")))


def _moved(made_from: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in {*made_from, *now} if made_from.get(name) != now.get(name))


def _now(main_id: Any, way: str) -> dict[str, Any]:
    """The texts that a translation of this item would be made from."""
    sources = _sources([main_id])
    found = (sources.get((main_id, CYRILLIC)) if way == LETTERS else None) or sources.get((main_id, ""))
    return translated(found[0], found[1]) if found else {}


def _sources(main_ids: list[Any]) -> dict[tuple[Any, str], tuple[dict[str, Any], dict[str, str], dict[str, Any]]]:
    """Content, decisions and source data of these items and of their Serbian texts, by item and language."""
    rows = ContentItem.rows.filter(Q(pk__in=main_ids) | Q(main_id__in=main_ids, language=CYRILLIC))
    found = rows.values_list("pk", "main_id", "language", "generated_content", "decisions", "source_data")
    return {(main_id or pk, code): (content, decided, data) for pk, main_id, code, content, decided, data in found}


def follow(main_ids: Iterable[Any]) -> None:
    """Note in the further languages' texts of these items which of their fields are outdated by now. Call it in the
    transaction that changed the items' texts or facts, or their Serbian texts."""
    rows = ContentItem.rows.filter(main_id__in=list(main_ids)).exclude(made_from=None).order_by("pk")
    held = list(
        rows.select_for_update(no_key=True).values_list(
            "pk", "main_id", "made_from", "outdated_fields", "generation_metadata__way"
        )
    )
    if not held:
        return
    sources = _sources(list({main_id for _, main_id, *_ in held}))
    texts_of = {key: translated(content, decided) for key, (content, decided, _) in sources.items()}
    now = timezone.now()
    for pk, main_id, made_from, before, way in held:
        if way == NATIVE:
            fields = _changed(made_from, sources[main_id, ""][2])
        else:
            at = (main_id, CYRILLIC) if way == LETTERS and (main_id, CYRILLIC) in texts_of else (main_id, "")
            fields = _moved(made_from, texts_of[at])
        if fields != before:
            ContentItem.rows.filter(pk=pk).update(outdated_fields=fields, updated_at=now)


def source_changes(item: ContentItem) -> None:
    """Note the present source data as `made_from` if the content has none yet. Call it before replacing source data."""
    if item.generated_content and item.made_from is None:
        item.made_from = source_of(item)
