"""What a source says no to, in words that no table has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Unsupported = Callable[..., list[tuple[str, str]]]
SPEAKER = {
    "name": "Zvučnik Grmi",
    "description": "Prenosivi zvučnik sa trakom za nošenje, otporan na prskanje. Nema FM radio.",
}


@pytest.mark.parametrize(
    ("language", "source", "lie", "truth"),
    [
        ("en", "Toaster. No bagel function.", "It has a bagel function.", "There is no bagel function."),
        ("es", "Toaster. No bagel function.", "Tiene función bagel.", "No tiene función bagel."),
        ("de", "Rucksack ohne Trinkblase.", "Mit Trinkblase.", "Die Trinkblase kaufen Sie separat."),
        ("fr", "Ceinture non réversible.", "La ceinture est réversible.", "La ceinture n'est pas réversible."),
        ("pt", "Mangueira. Não acompanha enrolador.", "Traz um enrolador.", "O enrolador é vendido à parte."),
        ("pl", "Karma. Bez konserwantów i pszenicy.", "Zawiera konserwanty.", "Karma bez konserwantów."),
        ("ru", "Корм без пшеницы.", "Корм с пшеницей.", "Пшеницы в корме нет."),
        ("sr-Latn", "Bicikl bez korpe.", "Bicikl ima korpu.", "Korpa se kupuje posebno."),
    ],
)
def test_what_the_source_denies_is_a_contradiction(
    language: str, source: str, lie: str, truth: str, unsupported: Unsupported
) -> None:
    facts: dict[str, Any] = {"name": "X", "description": source}
    assert "negation" in {kind for kind, _ in unsupported(lie, facts, language)}
    assert unsupported(truth, facts, language) == []


def test_a_small_word_of_the_language_is_no_negation(unsupported: Unsupported) -> None:
    facts = {
        "name": "Palmilha",
        "description": "Palmilha com almofada de gel no calcanhar e forro de algodão. Para os pés.",
    }
    assert unsupported("Tem gel no calcanhar.", facts, "pt") == []


@pytest.mark.parametrize(
    ("language", "source", "lie", "truth"),
    [
        ("nl", "Ruif zonder deksel.", "Het klapdeksel houdt alles dicht.", "Een deksel zit er niet op."),
        ("pt", "Mochila. Repele salpicos, mas não é impermeável.", "É impermeável.", "Não é impermeável."),
        ("it", "Borsa. Resiste agli spruzzi, ma non è impermeabile.", "È impermeabile.", "Non è impermeabile."),
        ("fr", "Perceuse. Percussion : non", "Fonction percussion pour le béton.", "La fonction percussion manque."),
    ],
)
def test_a_concept_that_the_source_denies_is_a_contradiction_wherever_it_stands(
    language: str, source: str, lie: str, truth: str, unsupported: Unsupported
) -> None:
    facts: dict[str, Any] = {"name": "X", "description": source}
    assert unsupported(lie, facts, language) != []
    assert unsupported(truth, facts, language) == []


def test_a_form_of_a_denied_word_that_the_source_affirms_is_none(unsupported: Unsupported) -> None:
    facts = {"name": "Travesseiro", "description": "Capa lavável. Não lavar a espuma."}
    assert unsupported("A capa pode ser lavada.", facts, "pt") == []


@pytest.mark.parametrize(
    ("language", "attributes", "lie", "truth"),
    [
        ("es", {"Bombilla": "no incluida"}, "Trae su bombilla.", "La bombilla se compra aparte."),
        ("ru", {"Кофеин": "не содержит"}, "Настой с кофеином.", "Кофеина в настое нет."),
        ("de", {"Ladegerät": "nicht enthalten"}, "Mit Ladegerät.", "Das Ladegerät ist nicht dabei."),
    ],
)
def test_a_field_whose_value_only_denies_denies_its_name(
    language: str, attributes: dict[str, str], lie: str, truth: str, unsupported: Unsupported
) -> None:
    facts: dict[str, Any] = {"name": "X", "attributes": attributes}
    assert unsupported(lie, facts, language) != []
    assert unsupported(truth, facts, language) == []


@pytest.mark.parametrize(
    ("language", "source", "text"),
    [
        ("sr-Latn", "Novčanik sa džepom. Bez pregrade za kovanice.", "Kovanice ostavite u drugom džepu."),
        ("pl", "Zestaw. Farba do kupienia osobno.", "Farbę wybierz sam."),
        ("ru", "Набор для вышивки. Рамка не входит.", "Рамку для картины подберите сами."),
    ],
)
def test_what_readers_are_to_bring_themselves_is_no_contradiction(
    language: str, source: str, text: str, unsupported: Unsupported
) -> None:
    assert unsupported(text, {"name": "X", "description": source}, language) == []


def test_what_a_thing_does_not_mind_it_stands(unsupported: Unsupported) -> None:
    assert unsupported("Zvučnik se ne plaši prskanja.", SPEAKER, "sr-Latn") == []


def test_a_denial_in_brackets_belongs_to_what_stands_before_it(unsupported: Unsupported) -> None:
    kit = {"name": "Microscope", "attributes": {"Power": "2 x AA (not included)"}}
    assert unsupported("Due pile AA da acquistare a parte.", kit, "it") == []


def test_the_answer_no_denies_what_it_answers(unsupported: Unsupported) -> None:
    floor = {"name": "Laminat", "description": "Laminatni pod za dom. Nije za kupatila. Pogodan za podno grejanje."}
    assert unsupported("Podno grejanje: da; kupatilo: ne", floor, "sr-Latn") == []


def test_a_certificate_of_a_code_is_checked_by_the_code(unsupported: Unsupported) -> None:
    source = {"name": "Rocano X4", "attributes": {"Protección": "IP68"}}
    assert unsupported("Con certificación de protección IP68.", source, "es") == []
    assert unsupported("Con certificación de protección IP69.", source, "es") != []
    assert unsupported("Con certificación ecológica.", source, "es") != []
