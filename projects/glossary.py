"""A merchant's glossary: its terms and who they are for.

An organization has terms, and a content profile may have some of its own, which take the place of the organization's
terms of the same text. At most MOST_TERMS each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import Organization
from projects.models import ContentProfile, GenerationItem, GlossaryTerm
from scribe.errors import Conflict, InvalidInput
from scribe.models import Job
from writing import languages
from writing.glossary import NONE, Glossary, Term
from writing.settings import WritingSettings

MOST_TERMS = 5_000
MOST_FORMS = 50


def applied(settings: WritingSettings, organization_id: UUID, profile_id: UUID | None) -> WritingSettings:
    """`settings` with the terms of this organization and profile for their language."""
    found = for_language(organization_id, profile_id, settings.language)
    return replace(settings, glossary=found) if found else settings


def for_language(organization_id: UUID, profile_id: UUID | None, language: str) -> Glossary:
    """The terms for texts in `language`."""
    rows = GlossaryTerm.objects.of(organization_id).filter(Q(profile=None) | Q(profile_id=profile_id))
    best: dict[tuple[str, str], GlossaryTerm] = {}
    for row in rows.order_by("text", "id"):
        key = (row.language, row.text.lower())
        if key not in best or row.profile_id is not None:
            best[key] = row
    found = tuple(term for row in best.values() if (term := _term(row, language)))
    return Glossary(found) if found else NONE


def _term(row: GlossaryTerm, language: str) -> Term | None:
    said: dict[str, Any] = row.targets.get(language) or {}
    target = row.text if row.do_not_translate else str(said.get("text") or "")
    if not target and row.language == language:
        target = row.text
    forbidden = tuple(said.get("forbidden") or ())
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


@transaction.atomic
def create(*, organization: Organization, profile: ContentProfile | None, values: dict[str, Any]) -> GlossaryTerm:
    """A new term. Raises Conflict `term_exists` for one that is there, and InvalidInput."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)  # additions take turns
    term = GlossaryTerm(organization=organization, profile=profile)
    fill(term, values)
    check_room(organization, 1)
    _check_new(term)
    term.save()
    return term


@transaction.atomic
def update(*, term: GlossaryTerm, values: dict[str, Any]) -> GlossaryTerm:
    """Set what was sent and leave the rest. Of `targets`, only the languages that were sent change; null removes one."""
    Organization.objects.select_for_update(no_key=True).get(pk=term.organization_id)
    term = GlossaryTerm.objects.select_for_update(no_key=True).get(pk=term.pk)
    if "targets" in values:
        merged = {**term.targets, **values["targets"]}
        values = {**values, "targets": {code: said for code, said in merged.items() if said is not None}}
    fill(term, values)
    _check_new(term)
    term.save()
    return term


def delete(*, term: GlossaryTerm) -> None:
    term.delete()


def check_room(organization: Organization, more: int) -> None:
    if GlossaryTerm.objects.of(organization.pk).count() + more > MOST_TERMS:
        raise Conflict(f"A glossary may have at most {MOST_TERMS} terms.", code="too_many_terms")


def _check_new(term: GlossaryTerm) -> None:
    same = GlossaryTerm.objects.of(term.organization_id).filter(
        profile_id=term.profile_id, language=term.language, text__iexact=term.text
    )
    if same.exclude(pk=term.pk).exists():
        raise Conflict(f"The glossary has the term “{term.text}” in this language already.", code="term_exists")


def fill(term: GlossaryTerm, values: dict[str, Any]) -> None:
    """Set `values` on `term`. Raises InvalidInput."""
    for name in ("description", "do_not_translate", "case_sensitive"):
        if name in values:
            setattr(term, name, values[name])
    if "text" in values:
        term.text = " ".join(str(values["text"]).split())
    if "language" in values:
        term.language = language_code(values["language"], "#/language")
    if "targets" in values:
        term.targets = _targets(values["targets"])
    if not term.text:
        raise InvalidInput.at("#/text", "A term needs a text.", "empty_term")


def language_code(code: Any, pointer: str) -> str:
    """Our code of a language, however it is written. Raises InvalidInput at `pointer`."""
    found = languages.find(str(code))
    if found is None:
        raise InvalidInput.at(pointer, f"“{code}” is not a language we write in.", "unknown_language")
    return found.code


def _targets(given: dict[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for code, said in given.items():
        if said is None:  # nothing to say, or a language to remove
            continue
        language = language_code(code, f"#/targets/{code}")
        if language in cleaned:
            raise InvalidInput.at(f"#/targets/{code}", f"{language} is named twice.", "repeated_language")
        cleaned[language] = {
            "text": " ".join(str(said.get("text") or "").split()),
            "forms": _words(said.get("forms"), f"#/targets/{code}/forms"),
            "forbidden": _words(said.get("forbidden"), f"#/targets/{code}/forbidden"),
            "note": str(said.get("note") or ""),
        }
        both = {word.lower() for word in cleaned[language]["forbidden"]} & {
            word.lower() for word in (cleaned[language]["text"], *cleaned[language]["forms"])
        }
        if both:
            raise InvalidInput.at(
                f"#/targets/{code}/forbidden", f"“{min(both)}” is the term's own word.", "forbids_itself"
            )
    return cleaned


def _words(given: Any, pointer: str) -> list[str]:
    words = list(dict.fromkeys(" ".join(str(word).split()) for word in given or ()))
    words = [word for word in words if word]
    if len(words) > MOST_FORMS:
        raise InvalidInput.at(pointer, f"Give at most {MOST_FORMS} words.", "too_many_words")
    return words


def applied_to_job(settings: WritingSettings, job: Job) -> WritingSettings:
    """`settings` with the terms for a generation job's items, which are all of one project."""
    profile_id = (
        GenerationItem.objects.filter(job=job).values_list("item__project__content_profile_id", flat=True).first()
    )
    return applied(settings, job.organization_id, profile_id)
