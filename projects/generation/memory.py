"""The memory of translations: what was approved once, or translated by the merchant, is not translated, or paid, again.

A text in a further language notes a key for each of its fields, made of the field, both languages, the original and the
glossary's terms that occur in it, and a key for each segment of its originals (`writing.translation.segments`). As long as
the text is approved, its fields and segments are the translation wherever the same key is asked for, in any project of the
organization. Nothing else is stored of it, so what is edited, rejected or erased is forgotten. What merchants bring as TMX
are rows of their own (`TranslationUnit`), which count where no approved text has the segment.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.fields.json import HasAnyKeys

from catalog import source_data
from projects.models import ContentItem, Project, TranslationUnit
from projects.models.expressions import OriginalKeys
from projects.staleness import NATIVE
from scribe.language.numerals import are_numbers_alike
from scribe.types import Json, JsonValue, ReadOnlyJson
from writing import facts, languages, text
from writing.checks import fields, formality, glossary
from writing.fields import BY_NAME, Role
from writing.settings import WritingSettings
from writing.translation import memory, segments
from writing.translation.memory import Near, Remembered

ORIGINALS = "originals"  # in `generation_metadata`: the key of each field, and as `#0`, `#1` … of each segment
NEAR_FIELDS = ("name", "short_description", "description")
MOST_CANDIDATES = 100
MOST_FOUND = 1000
BATCH = 500  # segments looked up at a time
SEGMENT_KEY = 32  # hexadecimal digits
_EMPTY = facts.read({})


def keys(texts: ReadOnlyJson, source: str, settings: WritingSettings) -> dict[str, str]:
    """The key of each field of an original in language `source`, for its translation under `settings`."""
    return {name: _key(name, value, source, settings) for name, value in texts.items()}


def _key(name: str, value: object, source: str, settings: WritingSettings) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    terms = glossary.prompt_text(replace(_EMPTY, fields={name: text}, cache={}), settings.glossary)
    vocabulary = f"{terms}\n{settings.formality}" if settings.formality else terms
    return memory.digest("\n".join((name, source, settings.language, memory.digest(vocabulary), memory.key(text))))


def segment_keys(texts: ReadOnlyJson, source: str, settings: WritingSettings, organization_id: UUID) -> dict[str, str]:
    """The segments of an original in language `source`, each with its key. Search words have none: no word of theirs stands
    for one of the original. The organization is in the key, so that one's sentences make nobody else's search longer."""
    found = (one for name, value in texts.items() if _has_segments(name) for one in segments.segments(value))
    return {one: _segment_key(one, source, settings, organization_id) for one in found}


def _segment_key(segment: str, source: str, settings: WritingSettings, organization_id: UUID) -> str:
    return memory.digest(f"{organization_id}\n{_key('', segment, source, settings)}")[:SEGMENT_KEY]


def _has_segments(name: str) -> bool:
    return name in BY_NAME and BY_NAME[name].role is not Role.KEYWORDS


def notes(of_fields: ReadOnlyJson, of_segments: Mapping[str, str]) -> dict[str, str]:
    """What a text notes as `ORIGINALS`."""
    return {**of_fields, **{f"#{number}": key for number, key in enumerate(of_segments.values())}}


#: Texts that the shop has of its own, and that we have written nothing of.
OF_SHOP = Q(view_data__isnull=False, generated_content={})


def _approved_texts(project: Project, language: str) -> QuerySet[ContentItem]:
    statuses = (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)
    rows: QuerySet[ContentItem] = ContentItem.rows.of(project.organization_id).filter(
        language=language, project__is_test=project.is_test
    )
    return rows.filter(Q(status__in=statuses) | OF_SHOP).order_by("-updated_at")


def has_any(project: Project, language: str) -> bool:
    """Whether there is an approved translation in `language`, or in what it falls back to, to look for."""
    for code in filter(None, (language, languages.base_of(language))):
        texts = _approved_texts(project, code).filter(generation_metadata__has_key=ORIGINALS).order_by()
        if texts.exists() or _units(project).filter(language=code).exists():
            return True
    return False


def _units(project: Project) -> QuerySet[TranslationUnit]:
    rows: QuerySet[TranslationUnit] = TranslationUnit.objects.of(project.organization_id)
    return rows.filter(is_test=project.is_test)


def find_translations(project: Project, language: str, wanted: Iterable[str]) -> Json:
    """The approved translations of these keys, by key."""
    asked = set(wanted)
    rows = (
        _approved_texts(project, language).alias(noted=OriginalKeys()).filter(HasAnyKeys(OriginalKeys(), sorted(asked)))
    )
    found: Json = {}
    columns = ("generated_content", f"generation_metadata__{ORIGINALS}", "source_data", "view_data")
    for content, noted, data, view in rows.values_list(*columns)[:MOST_FOUND]:
        theirs = {} if content else source_data.own_texts(data, view)
        for name, key in (noted or {}).items():
            if key in asked and name in BY_NAME and (value := theirs.get(name) or BY_NAME[name].of(content)):
                found.setdefault(key, value)
    return found


# For each key one of the last approved texts that note it. Of a sentence that is everywhere only some texts are compared.
_HOLDERS = """
SELECT DISTINCT holder.id FROM unnest(%(keys)s::text[]) AS asked(key), LATERAL (
    SELECT recent.id FROM (
        SELECT item.id, item.updated_at FROM projects_contentitem item
        JOIN projects_project project ON project.id = item.project_id
        WHERE item.organization_id = %(organization)s AND item.language <> '' AND item.language = %(language)s
            AND jsonb_path_query_array(item.generation_metadata, '$.originals.*'::jsonpath) ? asked.key
            AND (item.status IN ('approved', 'synced') OR item.view_data IS NOT NULL AND item.generated_content = '{}')
            AND project.is_test = %(is_test)s
        LIMIT 20) recent
    ORDER BY recent.updated_at DESC LIMIT 1) holder
"""


def find_segments(project: Project, source: str, settings: WritingSettings, keys: Mapping[str, str]) -> dict[str, str]:
    """The translations of those of the segments `keys` (each with its key) that are known, by the segment: of approved
    texts, or else of what was imported, unless it departs from the glossary. What a variant lacks is its base's, but for
    numbers that the two write in different ways."""
    found = _find_segments(project, source, settings, keys)
    base = languages.base_of(settings.language)
    if base and base != source:
        there = replace(settings, language=base)
        lacking = (one for one in keys if one not in found)
        in_base = {one: _segment_key(one, source, there, project.organization_id) for one in lacking}
        borrowed = _find_segments(project, source, there, in_base)
        found |= {one: said for one, said in borrowed.items() if are_numbers_alike(said, settings.language, base)}
    return found


def _find_segments(project: Project, source: str, settings: WritingSettings, keys: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    asked = [*keys.items()]
    for some in (dict(asked[start : start + BATCH]) for start in range(0, len(asked), BATCH)):
        found |= _approved_segments(project, settings.language, some)
        missing = {memory.key(one): one for one in some if one not in found}
        units = _units(project).filter(source_language=source, language=settings.language, digest__in=[*missing])
        for digest, translation in units.values_list("digest", "translation"):
            if _is_in_style(missing[digest], translation, settings):
                found[missing[digest]] = translation
    return found


def _approved_segments(project: Project, language: str, keys: Mapping[str, str]) -> dict[str, str]:
    asked: Json = {
        "keys": [*keys.values()],
        "organization": project.organization_id,
        "language": language,
        "is_test": project.is_test,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, asked)
        holders = [pk for (pk,) in cursor.fetchall()]
    found: dict[str, str] = {}
    rows = ContentItem.rows.of(project.organization_id).filter(pk__in=holders).order_by("-updated_at")
    for noted, *row in rows.values_list(f"generation_metadata__{ORIGINALS}", *PAIRED):
        held = frozenset((noted or {}).values())  # under the vocabulary of then
        for one, said in segment_pairs(*row):
            if keys.get(one) in held:
                found.setdefault(one, said)
    return found


PAIRED = ("made_from", "generated_content", "source_data", "view_data")


def segment_pairs(made_from: Json | None, content: Json, data: Json, view: Json | None) -> Iterator[tuple[str, str]]:
    """The segments of a text in a further language with those of its original: of ours, or else of the shop's own."""
    if not content:
        both = source_data.translations(data, view)
    else:
        both = {n: (text, BY_NAME[n].of(content)) for n, text in (made_from or {}).items() if _has_segments(n)}
    for name, (original, translated) in both.items():
        if original and _has_segments(name):
            yield from segments.pairs(original, translated)


def _is_in_style(original: str, translation: str, settings: WritingSettings) -> bool:
    """Whether an imported translation says the glossary's words for the terms of its original, no forbidden one, and
    addresses the reader as the settings say."""
    about = replace(_EMPTY, fields={"description": original}, cache={})
    said = [fields.Field("description", translation, text.of_html(translation))]
    checks = [formality.check(said, about, settings)]
    if settings.glossary:
        checks.append(glossary.check(said, about, settings.glossary, settings.language))
    return not any(check["findings"] for check in checks if check)


def compose(name: str, value: JsonValue, known: Mapping[str, str], settings: WritingSettings) -> JsonValue:
    """The translation of a field, put together from `known` segments, or None where one is missing or it would be too
    long."""
    row = BY_NAME[name]
    made = segments.compose(value, known, settings.language) if known and _has_segments(name) else None
    most = row.limit if isinstance(row.limit, int) else 0
    entries = made if isinstance(made, list) else [made]
    return None if most and any(isinstance(one, str) and text.length(one) > most for one in entries) else made


def candidates(project: Project, language: str) -> list[Remembered]:
    """The latest approved pairs of a project, to find those that are near."""
    rows = _approved_texts(project, language).filter(project=project, made_from__isnull=False).exclude(OF_SHOP)
    rows = rows.exclude(view_data__isnull=False, generation_metadata__way=NATIVE)  # made from texts in its own language
    return [*_of_shop(project, language), *_of_ours(rows)][:MOST_CANDIDATES]


def _of_shop(project: Project, language: str) -> Iterator[Remembered]:
    """What the merchant translated himself: the shop's text, and its own one in the language."""
    rows = ContentItem.rows.filter(OF_SHOP, project=project, language=language).order_by("-updated_at")
    for data, view in rows.values_list("source_data", "view_data")[:MOST_CANDIDATES]:
        both = source_data.translations(data, view)
        yield from (Remembered(*map(str, both[n])) for n in NEAR_FIELDS if n in both)


def _of_ours(rows: QuerySet[ContentItem]) -> list[Remembered]:
    return [
        Remembered(original, str(translated))
        for made_from, content in rows.values_list("made_from", "generated_content")[:MOST_CANDIDATES]
        for name in NEAR_FIELDS
        if made_from and isinstance(original := made_from.get(name), str) and (translated := BY_NAME[name].of(content))
    ]


def exact(texts: Collection[JsonValue], known: Mapping[str, str]) -> list[Near]:
    """The `known` segments of texts of which others are unknown."""
    found = dict.fromkeys(one for value in texts for one in segments.segments(value) if one in known)
    return [Near(Remembered(one, known[one]), 100.0) for one in found]


def near(texts: ReadOnlyJson, pairs: list[Remembered], source: str) -> list[Near]:
    """The pairs that help with the wording of these texts, the likest first."""
    found = [
        one
        for name in NEAR_FIELDS
        if isinstance(texts.get(name), str)
        for one in memory.near(texts[name], pairs, source)
    ]
    return sorted(dict.fromkeys(found), key=lambda one: -one.likeness)[: memory.MOST]
