"""A glossary as CSV: a row per term, with a column for the term and some per language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils import timezone

from accounts.models import Organization
from catalog.files import delimited
from projects import glossary
from projects.glossary_columns import LISTED, GlossaryColumns
from projects.models import ContentProfile, GlossaryTerm
from scribe import statements
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json

OWN = ("term", "language", "description", "translatable", "casesensitive")
OWN_FIELDS = ("text", "description", "do_not_translate", "case_sensitive")
MOST_ROWS = 4 * glossary.MOST_TERMS  # of a file
BATCH = 500


@dataclass
class GlossaryImport:
    """What an import did. `refused` names rows with their line and the reason; `unread` are columns that mean nothing here."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Json] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def export_lines(terms: Iterable[GlossaryTerm]) -> Iterator[str]:
    """The lines of the CSV: a row per term, and for each language its word, forms, forbidden words and note.

    `import_csv` reads it back unchanged.
    """
    return delimited.lines([f"'{cell}" if _runs(cell) else cell for cell in row] for row in _rows(list(terms)))


def _rows(terms: list[GlossaryTerm]) -> Iterator[list[str]]:
    used = sorted({code for term in terms for code in term.targets})
    parts = ("", " forms", " forbidden", " note")
    columns = [*OWN, *(f"{code}{part}" for code in used for part in parts)]
    yield columns
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
        yield row


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would run the cell, marked or not."""
    return cell.lstrip("'").startswith(delimited.FORMULA)


def _plain(cell: str) -> str:
    """The cell without the mark that the export puts before what spreadsheets would run."""
    return cell[1:] if cell[:1] == "'" and _runs(cell) else cell


def _flag(value: bool) -> str:
    return "true" if value else "false"


def import_csv(
    *, organization: Organization, profile: ContentProfile | None, file: BinaryIO, language: str
) -> GlossaryImport:
    """Read terms from a CSV: a column for the term and one per language, as here, Tolgee and Crowdin name them.

    A term that is there is updated in what the file has columns for, and in the languages that the row fills; the rest
    stays. `language` is the terms' own, where no column says it. A row that can't be read is refused by its line, and the
    others are taken. Raises InvalidInput `no_term_column`, and Conflict `too_many_terms` or `term_exists`.
    """
    done = GlossaryImport()
    read = _read(file, language, done)
    with glossary.writing_terms(organization.pk):
        _write(read, organization, profile, done)
    return done


@dataclass
class TermRow:
    """A term as the file has it: the line, the values that the row gives, and the term that they make where there is none."""

    line: int
    values: Json
    term: GlossaryTerm


def _read(file: BinaryIO, language: str, done: GlossaryImport) -> list[TermRow]:
    """The terms of the file, each once. Nothing is locked meanwhile, and a file that can't fit is not read to its end."""
    table = delimited.DelimitedTable.open(file, language)
    columns = GlossaryColumns.of(table.columns)
    done.unread = columns.unread
    if not columns.has_term and language not in columns.words:
        raise InvalidInput(
            _("The file has no column for the term: name it `term`, or give the terms' language."),
            code="no_term_column",
        )
    found: dict[tuple[str, str], TermRow] = {}
    for number, row in enumerate(table.rows()):
        if len(found) > glossary.MOST_TERMS or number >= MOST_ROWS:
            raise glossary.too_many()
        cells = {column: _plain(cell) for column, cell in zip(table.columns, row.cells, strict=False)}
        new = TermRow(row.line, columns.read(cells, language), GlossaryTerm())
        try:
            glossary.fill(new.term, new.values)
        except InvalidInput as error:
            done.refused.append({"line": row.line, "reason": error.detail})
            continue
        first = found.setdefault((new.term.language, new.term.text.lower()), new)
        if clash := _other_word(first.term.targets, new.term.targets):
            reason = _("An earlier line of the file has another word for this term in {language}.", language=clash)
            done.refused.append({"line": row.line, "reason": reason})
        elif first is not new:
            first.term.targets |= new.term.targets
            first.values["targets"] |= new.values["targets"]
    return list(found.values())


def _other_word(held: Json, given: Json) -> str:
    """The first language for which both have a word, each another; empty if there is none."""
    words = ((code, (held.get(code) or {}).get("text"), said.get("text")) for code, said in given.items())
    return next((code for code, one, other in words if one and other and one != other), "")


def _write(
    read: list[TermRow], organization: Organization, profile: ContentProfile | None, done: GlossaryImport
) -> None:
    known = {
        (row.language, row.text.lower()): row
        for row in GlossaryTerm.objects.of(organization.pk).filter(profile=profile).select_for_update(no_key=True)
    }
    fresh, changed = [], []
    for new in read:
        term = new.term
        row = known.get((term.language, term.text.lower()))
        if row is None:
            term.organization, term.profile = organization, profile
            fresh.append(term)
            continue
        try:
            if _update(row, new.values):
                changed.append(row)
            else:
                done.unchanged += 1
        except InvalidInput as error:  # against what the term has already
            done.refused.append({"line": new.line, "reason": error.detail})
    glossary.check_room(organization.pk, len(fresh))
    GlossaryTerm.objects.bulk_create(fresh, batch_size=BATCH)
    statements.update(changed, [*OWN_FIELDS, "targets", "updated_at"])
    done.created, done.updated = len(fresh), len(changed)


def _update(row: GlossaryTerm, values: Json) -> bool:
    """Take over what the file says of a term. Returns whether that changed anything. Raises InvalidInput."""
    before = [*(getattr(row, name) for name in OWN_FIELDS), row.targets]
    targets = {code: {**(row.targets.get(code) or {}), **words} for code, words in values["targets"].items()}
    glossary.fill(row, {**values, "targets": targets})
    row.updated_at = timezone.now()
    return before != [*(getattr(row, name) for name in OWN_FIELDS), row.targets]
