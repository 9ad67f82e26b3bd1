"""The `translation` check: whether a translation says what its original says, field by field.

It compares what every language has in common: the fields and the entries of lists, numbers with their units, codes,
placeholders, tags, link targets, addresses and denials. It also reports a field that was left untranslated and one that
is much too short or too long. Whether each statement is in the data or in the original is for `grounding`, the language
for `language`.

`check(content, facts, settings)` returns the check's row for a text whose `facts.original` is there. A finding has
`field`, `detail`, `code`, `level` (`error` or `warning`), and where it has a place in the translation also `text`,
`start` and `end`, in characters of the field's visible text. Errors fail the check; a warning only shows.
"""

from collections.abc import Iterator
from itertools import chain, islice

from scribe.language import script
from scribe.language.detector import family
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from writing.checks import sources
from writing.checks.fields import row_of
from writing.checks.translation import figures, marks, negation, pairs, shape, sizes
from writing.checks.translation.pairs import Departure, Pair
from writing.checks.translation.untranslated import Untranslated
from writing.facts import Facts, Original
from writing.fields import Role
from writing.settings import WritingSettings
from writing.text import cut

ID = "translation"
MOST_FINDINGS = 200
EXCERPT = 120  # characters of the original that a number's source shows


def check(content: Json, facts: Facts, settings: WritingSettings) -> Json:
    """The check's row. Linear in both texts."""
    original = facts.original
    assert original is not None, "only a translation is compared"
    both, faults = pairs.pair_texts(original.content, content)
    kept = tuple(term.target for term in settings.glossary.terms if term.kept and term.target)
    found = chain(
        faults,
        *(_compare(pair, original.language, settings.language, facts.sku, kept) for pair in both),
        _untranslated_entries(content, facts, original, settings, kept),
    )
    row: Json = {"id": ID, "passed": True, "detail": "", "findings": []}
    if findings := [fault.finding() for fault in islice(found, MOST_FINDINGS)]:
        return conclude(row, findings)
    if negation.judges(family(original.language), family(settings.language)):
        detail = _("Numbers, codes, links, markup and denials are those of the original.")
    else:
        detail = _(
            "Numbers, codes, links and markup are those of the original. Denials cannot be judged in this language."
        )
    return {**row, "detail": detail}


def conclude(row: ReadOnlyJson, findings: list[Json]) -> Json:
    """The check's row with these findings instead, errors first."""
    findings = sorted(findings, key=lambda finding: finding["level"] != "error")
    if not findings:
        return dict(row)
    detail = _("{field}: {detail}", field=findings[0]["field"], detail=findings[0]["detail"])
    return {**row, "passed": findings[0]["level"] != "error", "detail": detail, "findings": findings}


def with_sources(claims: list[Json], compared: ReadOnlyJson, facts: Facts) -> list[Json]:
    """`claims` of the tables on a translation. Numbers in which `compared`, the check's row, finds no fault have the
    original as their source, however it writes them ("5 pm" is the source of "17 Uhr")."""
    if len(compared["findings"]) >= MOST_FINDINGS:
        return claims
    added = [(one["field"], one.get("text", "")) for one in compared["findings"] if one["code"] in figures.ADDED]
    originals = sources.original_fields(facts)

    def sourced(claim: Json) -> Json:
        row = row_of(claim["field"])
        shown = claim["text"]
        if (
            claim["supported"]
            or claim["kind"] != "number"
            or row.role is Role.KEYWORDS
            or not figures.has_digits(shown)
        ):
            return claim
        if any(field == claim["field"] and (text in shown or shown in text) for field, text in added):
            return claim
        name = next((name for name in originals if row_of(name.partition(":")[2]) is row), None)
        if name is None:
            return claim
        return {**claim, "supported": True, "source_field": name, "source_excerpt": cut(originals[name], EXCERPT)}

    return [sourced(claim) for claim in claims]


def _untranslated_entries(
    content: Json, facts: Facts, original: Original, settings: WritingSettings, kept: tuple[str, ...]
) -> Iterator[Departure]:
    if family(original.language) == family(settings.language):
        return iter(())
    names = (facts.name, *kept)
    return Untranslated(original.language, settings.language, names).departures(original.content, content)


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
