"""The memory of translations: what was approved once, or translated by the merchant, is not translated, or paid, again.

A text in a further language notes a key for each of its fields, made of the field, both languages, the original and the
glossary's terms that occur in it. As long as the text is approved, its fields are the translation wherever the same key is
asked for, in any project of the organization. Nothing else is stored, so what is edited, rejected or erased is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import HasAnyKeys

from projects import source_data
from projects.models import ContentItem, Project
from projects.models.expressions import OriginalKeys
from projects.staleness import NATIVE
from writing import facts
from writing.checks import glossary
from writing.fields import BY_NAME
from writing.settings import WritingSettings
from writing.translation import memory
from writing.translation.memory import Near, Remembered

ORIGINALS = "originals"  # in `generation_metadata`: the key of each field
NEAR_FIELDS = ("name", "short_description", "description")
MOST_CANDIDATES = 100
MOST_FOUND = 1000
_EMPTY = facts.read({})


def keys(texts: Mapping[str, Any], source: str, settings: WritingSettings) -> dict[str, str]:
    """The key of each field of an original in language `source`, for its translation under `settings`."""
    return {name: _key(name, value, source, settings) for name, value in texts.items()}


def _key(name: str, value: Any, source: str, settings: WritingSettings) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    terms = glossary.told(replace(_EMPTY, fields={name: text}, cache={}), settings.glossary)
    return memory.digest("\n".join((name, source, settings.language, memory.digest(terms), memory.key(text))))


#: Texts that the shop has of its own, and that we have written nothing of.
OF_SHOP = Q(view_data__isnull=False, generated_content={})


def _approved(project: Project, language: str) -> QuerySet[ContentItem]:
    statuses = (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)
    rows: QuerySet[ContentItem] = ContentItem.rows.of(project.organization_id).filter(
        language=language, project__is_test=project.is_test
    )
    return rows.filter(Q(status__in=statuses) | OF_SHOP).order_by("-updated_at")


def has_any(project: Project, language: str) -> bool:
    """Whether there is an approved translation in `language` to look for."""
    return _approved(project, language).filter(generation_metadata__has_key=ORIGINALS).order_by().exists()


def known(project: Project, language: str, wanted: Iterable[str]) -> dict[str, Any]:
    """The approved translations of these keys, by key."""
    asked = set(wanted)
    rows = _approved(project, language).alias(noted=OriginalKeys()).filter(HasAnyKeys(OriginalKeys(), sorted(asked)))
    found: dict[str, Any] = {}
    columns = ("generated_content", f"generation_metadata__{ORIGINALS}", "source_data", "view_data")
    for content, noted, data, view in rows.values_list(*columns)[:MOST_FOUND]:
        theirs = {} if content else source_data.own_texts(data, view)
        for name, key in (noted or {}).items():
            if key in asked and name in BY_NAME and (value := theirs.get(name) or BY_NAME[name].of(content)):
                found.setdefault(key, value)
    return found


def candidates(project: Project, language: str) -> list[Remembered]:
    """The latest approved pairs of a project, to find those that are near."""
    rows = _approved(project, language).filter(project=project, made_from__isnull=False).exclude(OF_SHOP)
    rows = rows.exclude(view_data__isnull=False, generation_metadata__way=NATIVE)  # made from texts in its own language
    return [*_of_shop(project, language), *_of_ours(rows)][:MOST_CANDIDATES]


def _of_shop(project: Project, language: str) -> Iterator[Remembered]:
    """What the merchant translated himself: the shop's text, and its own one in the language."""
    rows = ContentItem.rows.filter(OF_SHOP, project=project, language=language).order_by("-updated_at")
    for data, view in rows.values_list("source_data", "view_data")[:MOST_CANDIDATES]:
        shown, theirs = source_data.texts(data), source_data.own_texts(data, view)
        yield from (Remembered(str(shown[n]), str(theirs[n])) for n in NEAR_FIELDS if shown.get(n) and theirs.get(n))


def _of_ours(rows: QuerySet[ContentItem]) -> list[Remembered]:
    return [
        Remembered(original, str(translated))
        for made_from, content in rows.values_list("made_from", "generated_content")[:MOST_CANDIDATES]
        for name in NEAR_FIELDS
        if made_from and isinstance(original := made_from.get(name), str) and (translated := BY_NAME[name].of(content))
    ]


def near(texts: Mapping[str, Any], pairs: list[Remembered], source: str) -> list[Near]:
    """The pairs that help with the wording of these texts, the likest first."""
    found = [
        one
        for name in NEAR_FIELDS
        if isinstance(texts.get(name), str)
        for one in memory.near(texts[name], pairs, source)
    ]
    return sorted(dict.fromkeys(found), key=lambda one: -one.likeness)[: memory.MOST]
