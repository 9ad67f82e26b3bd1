"""Words inside longer words: ordinary words make no claims, and compounds make those of their parts."""

from __future__ import annotations

import pytest

from tests.writing.checks.claims import claims_without_source
from writing.checks import compounds, lexicon
from writing.checks.tables import table
from writing.checks.words import fold

JACKET = {"name": "Nord", "description": "A warm jacket with two pockets.", "categories": ["Jackets"]}
ORDINARY = {
    "de": "erreichen vergleichen Bereichen zahlreichen erfolgreichen Kennzeichen Lesezeichen hinweisen beweisen Diebstahl verbuchen "
    "beigetragen Kameraden grausam sicherstellen Darmstadt",
    "nl": "bereiken voorzijde binnenzijde verfijnd essentieel",
}
COMPOUNDS = [
    ("de", "Wanderleder", "leather"),
    ("de", "Elefantenledertasche", "leather"),
    ("de", "Eichentisch", "oak"),
    ("de", "Lederjacke", "leather"),
    ("de", "ledernes", "leather"),
    ("nl", "eikentafel", "oak"),
    ("nl", "tafelblad van massiefhout", "wood"),
]


def concepts_in(text: str, language: str) -> set[str]:
    return {match.concept for match in lexicon.of(language).find(text, lexicon.tokens(text))}


@pytest.mark.parametrize(
    ("language", "word"), [(tongue, word) for tongue in ORDINARY for word in ORDINARY[tongue].split()]
)
def test_an_ordinary_word_claims_nothing(language: str, word: str) -> None:
    assert concepts_in(word, language) == set()


@pytest.mark.parametrize(("language", "text", "concept"), COMPOUNDS)
def test_a_compound_claims_what_its_parts_say(language: str, text: str, concept: str) -> None:
    assert concept in concepts_in(text, language)


@pytest.mark.parametrize("language", lexicon.JOINED)
def test_the_frequent_words_claim_no_material_unless_it_is_listed(language: str) -> None:
    """What a known word claims is a listed form, or one of its endings: never letters in its middle."""
    listed = [
        fold(form).rstrip("*")
        for row in table("materials").values()
        for form in f"{row.get(language, '')}|{row.get('any', '')}".split("|")
        if form and " " not in form
    ]
    known = compounds.known_words(language)
    assert len(known) > 45_000
    wrong = [
        word
        for word in known
        if any(match.kind == "material" for match in lexicon.of(language).find(word, lexicon.tokens(word)))
        and not word.startswith(tuple(listed))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Ask your doctor whether it is suitable for children."),
        ("en", "Not sure which size suits a baby? Check if it fits before you order."),
        ("de", "Prüfen Sie, ob sie für Kinder geeignet ist."),
        ("fr", "Vérifiez si elle convient aux enfants."),
        ("es", "Compruebe si es apta para niños."),
        ("pl", "Sprawdź, czy nadaje się dla dzieci."),
    ],
)
def test_an_indirect_question_claims_nothing(language: str, text: str) -> None:
    assert claims_without_source(JACKET, language, text) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It is suitable for children."),
        ("de", "Die Jacke, welche für Kinder geeignet ist."),
        ("pl", "Kurtka, która jest odpowiednia dla dzieci."),
    ],
)
def test_a_statement_beside_a_question_still_claims(language: str, text: str) -> None:
    assert claims_without_source(JACKET, language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [("pt", "Consulte os dados técnicos na embalagem."), ("es", "Los dados técnicos están incluidos.")],
)
def test_data_are_no_dice(language: str, text: str) -> None:
    assert "contents:puzzle" not in concepts_in(text, language)
