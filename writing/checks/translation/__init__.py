"""The `translation` check: whether a translation says what its original says, field by field.

It compares what every language has in common: the fields and the entries of lists, numbers with their units, codes,
placeholders, tags, link targets, addresses and denials. It also reports a field that was left untranslated and one that
is much too short or too long. Whether each statement is in the data or in the original is for `grounding`, the language
for `language`.

`check(content, facts, settings)` returns the check's row for a text whose `facts.original` is there. A finding has
`field`, `detail`, `code`, `level` (`error` or `warning`), and where it has a place in the translation also `text`,
`start` and `end`, in characters of the field's visible text. Errors fail the check; a warning only shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from scribe.language import script
from scribe.language.detector import family
from writing.checks.translation import figures, marks, negation, pairs, shape, sizes
from writing.checks.translation.pairs import Departure, Pair
from writing.facts import Facts
from writing.fields import Role
from writing.settings import WritingSettings

ID = "translation"
MOST_FINDINGS = 200


def check(content: dict[str, Any], facts: Facts, settings: WritingSettings) -> dict[str, Any]:
    """The check's row. Linear in both texts."""
    original = facts.original
    assert original is not None, "only a translation is compared"
    both, faults = pairs.of(original.content, content)
    kept = tuple(term.target for term in settings.glossary.terms if term.kept and term.target)
    found = chain(faults, *(_compare(pair, original.language, settings.language, facts.sku, kept) for pair in both))
    findings = [fault.finding() for fault in islice(found, MOST_FINDINGS)]
    findings.sort(key=lambda finding: finding["level"] != "error")
    errors = sum(finding["level"] == "error" for finding in findings)
    if findings:
        detail = f"{findings[0]['field']}: {findings[0]['detail']}"
    elif negation.judges(family(original.language), family(settings.language)):
        detail = "Numbers, codes, links, markup and denials are those of the original."
    else:
        detail = (
            "Numbers, codes, links and markup are those of the original. Denials cannot be judged in this language."
        )
    return {"id": ID, "passed": not errors, "detail": detail, "findings": findings}


def _compare(pair: Pair, source: str, target: str, sku: str, kept: tuple[str, ...]) -> Iterator[Departure]:
    if source == "sr" and target == "sr-Latn":  # codes and names change their letters with the rest
        pair = pair._replace(source=script.letters(pair.source))
    yield from marks.compare(pair, sku)
    yield from shape.compare(pair)
    if pair.row.role is Role.KEYWORDS:
        return
    yield from figures.compare(pair, source, target)
    if family(source) == family(target):
        return  # another script or another country's form: much may stay as it is
    yield from negation.compare(pair, family(source), family(target))
    yield from sizes.compare(pair, source, target, kept)
