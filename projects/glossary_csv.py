"""A glossary as CSV: a row per term, with a column for the term and some per language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import transaction

from accounts.models import Organization
from projects import glossary
from projects.files import delimited
from projects.glossary_columns import LISTED, GlossaryColumns
from projects.models import ContentProfile, GlossaryTerm
from scribe.errors import Conflict, InvalidInput

OWN = ("term", "language", "description", "translatable", "casesensitive")


@dataclass
class GlossaryImport:
    """What an import did. `refused` names rows with their line and the reason; `unread` are columns that mean nothing here."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def exported(terms: Iterable[GlossaryTerm]) -> Iterator[str]:
    """The lines of the CSV: a row per term, and for each language its word, forms, forbidden words and note.

    `import_csv` reads it back unchanged.
    """
    terms = list(terms)
    used = sorted({code for term in terms for code in term.targets})
    parts = ("", " forms", " forbidden", " note")
    columns = [*OWN, *(f"{code}{part}" for code in used for part in parts)]
    yield _line(columns)
    for term in terms:
        row = [term.text, term.language, term.description, _flag(not term.do_not_translate), _flag(term.case_sensitive)]
        for code in used:
            said = term.targets.get(code) or {}
            row += [
                said.get("text", ""),
                LISTED.join(said.get("forms", ())),
                LISTED.join(said.get("forbidden", ())),
                said.get("note", ""),
            ]
        yield _line(row)


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _flag(value: bool) -> str:
    return "true" if value else "false"


@transaction.atomic
def import_csv(
    *, organization: Organization, profile: ContentProfile | None, file: BinaryIO, language: str
) -> GlossaryImport:
    """Read terms from a CSV: a column for the term and one per language, as here, Tolgee and Crowdin name them.

    A term that is there is updated in the languages that the row fills; other languages stay. `language` is the terms'
    own, where no column says it. A row that can't be read is refused by its line, and the others are taken.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    table = delimited.DelimitedTable.open(file)
    columns = GlossaryColumns.of(table.columns)
    if not columns.has_term and language not in columns.words:
        raise InvalidInput(
            "The file has no column for the term: name it `term`, or give the terms' language.", code="no_term_column"
        )
    known = {
        (row.language, row.text.lower()): row
        for row in GlossaryTerm.objects.of(organization.pk).filter(profile=profile).select_for_update(no_key=True)
    }
    done = GlossaryImport(unread=columns.unread)
    for row in table.rows():
        cells = dict(zip(table.columns, row.cells, strict=False))
        try:
            _take(columns.read(cells, language), known, organization, profile, done)
        except InvalidInput as error:
            done.refused.append({"line": row.line, "reason": error.detail})
    if len(known) > glossary.MOST_TERMS:
        raise Conflict(f"A glossary may have at most {glossary.MOST_TERMS} terms.", code="too_many_terms")
    return done


def _take(
    values: dict[str, Any],
    known: dict[tuple[str, str], GlossaryTerm],
    organization: Organization,
    profile: ContentProfile | None,
    done: GlossaryImport,
) -> None:
    fresh = GlossaryTerm(organization=organization, profile=profile)
    glossary.fill(fresh, values)
    key = (fresh.language, fresh.text.lower())
    if (row := known.get(key)) is None:
        fresh.save()
        known[key] = fresh
        done.created += 1
        return
    before = (row.text, row.description, row.do_not_translate, row.case_sensitive, row.targets)
    glossary.fill(row, {**values, "targets": {**row.targets, **fresh.targets}})
    if before == (row.text, row.description, row.do_not_translate, row.case_sensitive, row.targets):
        done.unchanged += 1
        return
    row.save()
    done.updated += 1
