"""Words inside longer words make no claims; a longer word of the source supports its parts."""

from __future__ import annotations

import pytest

from tests.writing.checks.claims import claims_without_source
from writing.checks import lexicon
from writing.checks.words import tokens

ORDINARY = {
    "de": "erreichen vergleichen Bereichen zahlreichen erfolgreichen Kennzeichen Lesezeichen hinweisen beweisen Diebstahl verbuchen "
    "beigetragen Kameraden grausam sicherstellen Darmstadt",
    "nl": "bereiken voorzijde binnenzijde verfijnd essentieel",
}


def concepts_in(text: str, language: str) -> set[str]:
    return {match.concept for match in lexicon.lexicon_for(language).find(text, tokens(text))}


@pytest.mark.parametrize(("language", "word"), [(code, word) for code in ORDINARY for word in ORDINARY[code].split()])
def test_an_ordinary_word_claims_nothing(language: str, word: str) -> None:
    assert concepts_in(word, language) == set()


@pytest.mark.parametrize(("language", "word", "concept"), [("de", "Leders", "leather"), ("nl", "eiken", "oak")])
def test_an_ending_makes_no_other_word(language: str, word: str, concept: str) -> None:
    assert concept in concepts_in(word, language)


@pytest.mark.parametrize(
    ("language", "source", "text", "lie"),
    [
        ("de", "Wanderschuh aus Wanderleder, für den Winter und das Gebirge.", "Aus Leder.", "Aus Holz."),
        ("nl", "Een tafelblad van massiefhout, en met een poot van staal.", "Van hout.", "Van glas."),
    ],
)
def test_a_compound_of_the_source_supports_its_parts(language: str, source: str, text: str, lie: str) -> None:
    facts = {"name": "X", "description": source}
    assert claims_without_source(facts, language, text) == []
    assert claims_without_source(facts, language, lie) != []
