"""A merchant's glossary: its terms and who they are for.

An organization has terms, and a content profile may have some of its own, which take the place of the organization's
terms of the same text. At most MOST_TERMS of them together. Whoever adds or changes terms locks the organization first
and the terms after it, so that additions take turns and nobody waits in a circle.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Max, Q, Sum, Value
from django.db.models.functions import Lower

from accounts.models import Organization
from projects.models import ContentProfile, GlossaryTerm
from scribe.errors import Conflict, InvalidInput, NotFound
from scribe.messages import _
from scribe.rows import OrganizationQuerySet, claim_version
from scribe.types import Json, JsonValue
from writing import languages
from writing.glossary import NONE, Glossary, Term
from writing.settings import WritingSettings

MOST_TERMS = 5_000
MOST_FORMS = 50
MOST_WORDS = 20_000  # forms and forbidden words of one language, in all terms of an organization
MOST_KEPT = 100_000  # words of the glossaries that a process keeps in memory
LONGEST_WORD = 200  # characters of a term, of its word in a language, of a form or a forbidden word
LONGEST_NOTE = 500  # characters of a description or a note


def with_terms(settings: WritingSettings, organization_id: UUID, profile_id: UUID | None) -> WritingSettings:
    """`settings` with the terms of this organization and profile for their language."""
    found = for_language(organization_id, profile_id, settings.language)
    return replace(settings, glossary=found) if found else settings


def for_language(organization_id: UUID, profile_id: UUID | None, language: str) -> Glossary:
    """The terms for texts in `language`. A process keeps what it read until a term is added, changed or deleted."""
    rows = GlossaryTerm.objects.of(organization_id).filter(Q(profile=None) | Q(profile_id=profile_id))
    state = rows.aggregate(terms=Count("pk"), changes=Sum("version"), latest=Max("updated_at"))
    if not state["terms"]:
        return NONE
    asked = (organization_id, profile_id, language)
    with _keeping:
        kept = _kept.pop(asked, None)
        if kept and kept[0] == state:
            _kept[asked] = kept  # the last used is the last to go
            return kept[1]
    found = _read(rows, language)
    with _keeping:
        _kept[asked] = (state, found)
        while len(_kept) > 1 and sum(glossary.size for _, glossary in _kept.values()) > MOST_KEPT:
            del _kept[next(iter(_kept))]
    return found


_kept: dict[tuple[UUID, UUID | None, str], tuple[Json, Glossary]] = {}
_keeping = Lock()


def _read(rows: OrganizationQuerySet[GlossaryTerm], language: str) -> Glossary:
    best: dict[tuple[str, str], GlossaryTerm] = {}
    for row in rows.order_by("text", "id"):
        key = (row.language, row.text.lower())
        if key not in best or row.profile_id is not None:
            best[key] = row
    found = tuple(term for row in best.values() if (term := term_in(row, language)))
    return Glossary(found) if found else NONE


def term_in(row: GlossaryTerm, language: str) -> Term | None:
    """The term as texts in `language` say it; None if they have no word for it and none is forbidden."""
    base = languages.base_of(language)
    said: Json = row.targets.get(language) or row.targets.get(base) or {}
    forbidden = tuple(said.get("forbidden") or ())
    target = "" if row.do_not_translate else str(said.get("text") or "")
    its_own = row.do_not_translate or row.language in (language, base)
    if not target and its_own and row.text.lower() not in {word.lower() for word in forbidden}:
        target = row.text  # a term that is forbidden itself has no word
    if not target and not forbidden:
        return None
    return Term(
        text=row.text,
        language=row.language,
        target=target,
        kept=row.do_not_translate,
        case_sensitive=row.case_sensitive,
        forms=tuple(said.get("forms") or ()),
        forbidden=forbidden,
        note=str(said.get("note") or ""),
    )


def filter_terms(
    rows: OrganizationQuerySet[GlossaryTerm],
    *,
    profile: ContentProfile | None = None,
    language: str = "",
    search: str = "",
) -> OrganizationQuerySet[GlossaryTerm]:
    """Those of the terms `rows` that are the profile's own, have a word in `language` (our code), and have `search` in
    their text; what is empty asks for nothing."""
    if profile:
        rows = rows.filter(profile=profile)
    if language:
        rows = rows.filter(targets__has_key=language)
    return rows.filter(text__icontains=search) if search else rows


def create(*, organization: Organization, profile: ContentProfile | None, values: Json) -> GlossaryTerm:
    """A new term. Raises Conflict `term_exists` for one that is there and `too_many_terms`, and InvalidInput."""
    term = GlossaryTerm(organization=organization, profile=profile)
    fill(term, values)
    with writing_terms(organization.pk):
        _check_new(term)
        check_room(organization.pk, 1)
        term.save()
    return term


def update(*, term: GlossaryTerm, values: Json, accepted: frozenset[int] | None = None) -> GlossaryTerm:
    """Set what was sent and leave the rest. Of `targets`, only the languages that were sent change; null removes one.

    Raises VersionConflict when the term's version is not in `accepted`, NotFound for a term that is deleted meanwhile,
    Conflict `term_exists`, and InvalidInput.
    """
    with writing_terms(term.organization_id):
        claim_version(term, accepted)
        found = GlossaryTerm.objects.of(term.organization_id).select_for_update(no_key=True).filter(pk=term.pk).first()
        if found is None:
            raise NotFound
        fill(found, values)
        _check_new(found)
        found.save()
    return found


def delete(*, term: GlossaryTerm) -> None:
    term.delete()


@contextmanager
def writing_terms(organization_id: UUID) -> Iterator[None]:
    """A transaction in which nobody else adds or changes terms of the organization.

    Raises Conflict `term_exists` where the database finds a term that is there: it has the last word on which letters are
    the same in another case, and `too_many_words` where a language would have too many.
    """
    try:
        with transaction.atomic():
            Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
            yield
            _check_words(organization_id)
    except IntegrityError as error:
        if "term_once_per_profile" not in str(error):
            raise
        raise Conflict(_("One of these terms already exists in this language."), code="term_exists") from None


def check_room(organization_id: UUID, more: int) -> None:
    """Raise Conflict `too_many_terms` if `more` terms have no place. Call it within `writing_terms`."""
    if GlossaryTerm.objects.of(organization_id).count() + more > MOST_TERMS:
        raise too_many()


def _check_words(organization_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [organization_id, MOST_WORDS])
        if row := cursor.fetchone():
            raise Conflict(
                _(
                    "The glossary would have {number} forms and forbidden words in {language}, but the maximum is "
                    "{most}. Remove some first.",
                    number=row[1],
                    language=row[0],
                    most=MOST_WORDS,
                ),
                code="too_many_words",
            )


_WORDS = """
    SELECT said.key, sum(coalesce(jsonb_array_length(said.value -> 'forms'), 0)
                         + coalesce(jsonb_array_length(said.value -> 'forbidden'), 0)) AS words
    FROM projects_glossaryterm, jsonb_each(targets) AS said
    WHERE organization_id = %s GROUP BY said.key HAVING sum(coalesce(jsonb_array_length(said.value -> 'forms'), 0)
                         + coalesce(jsonb_array_length(said.value -> 'forbidden'), 0)) > %s
    ORDER BY said.key LIMIT 1
"""


def too_many() -> Conflict:
    return Conflict(_("A glossary can have at most {most} terms.", most=MOST_TERMS), code="too_many_terms")


def _check_new(term: GlossaryTerm) -> None:
    folded = GlossaryTerm.objects.of(term.organization_id).alias(folded=Lower("text"))  # as the constraint compares
    same = folded.filter(profile_id=term.profile_id, language=term.language, folded=Lower(Value(term.text)))
    if same.exclude(pk=term.pk).exists():
        raise Conflict(_("The term “{text}” already exists in this language.", text=term.text), code="term_exists")


def fill(term: GlossaryTerm, values: Json) -> None:
    """Set `values` on `term`. Of `targets`, only the named languages change; None removes one. Raises InvalidInput."""
    for name in ("do_not_translate", "case_sensitive"):
        if name in values:
            setattr(term, name, values[name])
    if "description" in values:
        term.description = _text(values["description"], "#/description", LONGEST_NOTE)
    if "text" in values:
        term.text = _word(values["text"], "#/text")
    if "language" in values:
        term.language = language_code(values["language"], "#/language")
    if "targets" in values:
        merged = {**term.targets, **_targets(values["targets"])}
        term.targets = {code: said for code, said in merged.items() if said is not None}
    if not term.text:
        raise InvalidInput.at("#/text", _("Enter the term."), "empty_term")


def language_code(code: object, pointer: str) -> str:
    """Our code of a language, however it is written. Raises InvalidInput at `pointer`."""
    found = languages.find_variant(str(code))
    if found is None:
        raise InvalidInput.at(pointer, _("The language “{code}” is not supported.", code=code), "unknown_language")
    return found.code


def _targets(given: Json) -> dict[str, Json | None]:
    """`given` by our codes of the languages; None for a language that has nothing to say."""
    cleaned: dict[str, Json | None] = {}
    for code, said in given.items():
        at = f"#/targets/{code}"
        language = language_code(code, at)
        if language in cleaned:
            raise InvalidInput.at(at, _("{language} is listed twice.", language=language), "repeated_language")
        cleaned[language] = None if said is None else _target(said, at)
    return cleaned


def _target(said: Json, at: str) -> Json:
    target: Json = {
        "text": _word(said.get("text") or "", f"{at}/text"),
        "forms": _words(said.get("forms"), f"{at}/forms"),
        "forbidden": _words(said.get("forbidden"), f"{at}/forbidden"),
        "note": _text(said.get("note") or "", f"{at}/note", LONGEST_NOTE),
    }
    own = {word.lower() for word in (target["text"], *target["forms"])}
    if both := own & {word.lower() for word in target["forbidden"]}:
        raise InvalidInput.at(
            f"{at}/forbidden",
            _("“{both}” can't be forbidden: it is the word to use for this term.", both=min(both)),
            "forbids_itself",
        )
    return target


def _words(given: JsonValue, at: str) -> list[str]:
    words = list(dict.fromkeys(filter(None, (_word(word, at) for word in given or ()))))
    if len(words) > MOST_FORMS:
        raise InvalidInput.at(at, _("Enter at most {most} words.", most=MOST_FORMS), "too_many_words")
    return words


def _word(given: object, at: str) -> str:
    return _text(" ".join(str(given).split()), at, LONGEST_WORD)


def _text(given: object, at: str, longest: int) -> str:
    """`given` as text that a column takes."""
    text = str(given)
    if len(text) > longest:
        raise InvalidInput.at(
            at, _("“{text}…” is too long: at most {most} characters.", text=text[:40], most=longest), "too_long"
        )
    if "\0" in text:
        raise InvalidInput.at(at, _("The text contains a NUL character. Remove it."), "invalid_characters")
    return text
