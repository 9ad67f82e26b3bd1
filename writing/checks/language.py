"""The `language` check: is the text in the language that was asked for, as a whole and in each sentence?"""

import re
from itertools import islice
from textwrap import shorten

from scribe.language import detector
from scribe.language.detector import family
from scribe.messages import _
from scribe.types import Json
from writing.checks import foreign
from writing.checks.fields import Field
from writing.facts import Facts
from writing.fields import Role

LONG = 160  # characters from which a field is judged alone
ODD_LETTERS = 3  # fewer may be a symbol: "µm"
LATIN_LETTERS, MOST_LATIN = 4, 3  # so many small Latin words of this length make a Cyrillic text a mixed one
MOST_SENTENCES = 20  # foreign sentences that are reported
_WORD = re.compile(r"[^\W\d_]+")


def check(fields: list[Field], facts: Facts, language: str) -> Json:
    """Judge all prose together, then each long field alone, then each sentence. `na` if the detector cannot tell.

    Names and values of the source, and quotations, may stay untranslated in any text. Prose that seems to be in another
    language is judged again without them.
    """
    prose = [field for field in fields if field.row.role is Role.PROSE]
    whole = judge("\n".join(field.text for field in prose), facts, language)
    findings = []
    for field in prose:
        if len(field.text) >= LONG:
            alone = judge(field.text, facts, language)
            if alone.fits is False:
                findings.append({"field": field.name, "detail": alone.detail, "seen": alone.seen})
    if whole.fits is False and not findings:
        findings.append({"field": "text", "detail": whole.detail, "seen": whole.seen})
    if not findings:
        findings = _sentences(prose, facts, language) or _scripts(prose, language)
    if findings:
        return {"id": "language", "passed": False, "detail": findings[0]["detail"], "findings": findings}
    passed: bool | str = "na" if whole.fits is None else True
    return {"id": "language", "passed": passed, "detail": whole.detail, "findings": []}


def _sentences(prose: list[Field], facts: Facts, language: str) -> list[Json]:
    named = _source_words(facts)
    found = ((field, *pair) for field in prose for pair in foreign.sentences(field.text, language, named))
    return [
        {
            "field": field.name,
            "detail": _(
                "“{text}” reads as “{seen}”, not as “{language}”.",
                text=shorten(text, 80, placeholder="…"),
                seen=seen,
                language=family(language),
            ),
            "seen": seen,
            "text": text,
        }
        for field, text, seen in islice(found, MOST_SENTENCES)
    ]


def _scripts(prose: list[Field], language: str) -> list[Json]:
    """Words in letters of another script, or of two. Quotations may have them; a Cyrillic text may have names and some
    other words in Latin."""
    own = detector.script_of(language)
    findings = []
    for field in prose:
        words = _WORD.findall(foreign.QUOTES.sub(" ", field.text))
        odd = [word for word in words if len(word) >= ODD_LETTERS and not word.isascii() and _is_odd(word, own)]
        if own == "cyrillic":
            latin = [word for word in words if word.islower() and len(word) >= LATIN_LETTERS and word.isascii()]
            odd += latin if len(latin) >= MOST_LATIN else []
        if odd:
            said = ", ".join(f"“{word}”" for word in odd[:5])
            findings.append(
                {
                    "field": field.name,
                    "detail": _("Written in the letters of another script: {said}.", said=said),
                    "seen": max(detector.scripts(odd[0])),
                    "text": odd[0],
                }
            )
    return findings


def _is_odd(word: str, own: str) -> bool:
    shares = detector.scripts(word)
    main = max(shares, key=shares.__getitem__, default=own)
    if own not in foreign.ALPHABETS:
        return False
    return len(shares) > 1 or (main != own and main != "latin")


def judge(text: str, facts: Facts, language: str) -> detector.Judgement:
    first = detector.judge(text, language)
    if first.fits is not False:
        return first
    quoted = _source_words(facts)
    said = foreign.QUOTES.sub(" ", text)
    rest = _WORD.sub(lambda match: "" if match[0].lower() in quoted else match[0], said)
    return detector.judge(rest, language)


def _source_words(facts: Facts) -> frozenset[str]:
    """The words of the source's names and values, in lower case."""
    found: frozenset[str] | None = facts.cache.get("quoted")
    if found is None:
        named = [
            facts.name,
            *facts.categories,
            *facts.tags,
            *facts.attributes,
            *facts.attributes.values(),
            *facts.other.values(),
        ]
        found = frozenset(word.lower() for text in named for word in _WORD.findall(text))
        facts.cache["quoted"] = found
    return found
