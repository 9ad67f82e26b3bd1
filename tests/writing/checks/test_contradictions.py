"""What a source says no to, in words that no table has; and scenes, which claim nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Unsupported = Callable[..., list[tuple[str, str]]]


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


def test_what_the_source_has_is_not_missing(unsupported: Unsupported) -> None:
    facts = {"name": "Grat", "description": "Wanderrucksack mit Netzrücken. Regenhülle im Bodenfach integriert."}
    assert ("negation", "Regenhülle") in unsupported("Eine Regenhülle ist nicht dabei.", facts, "de")
    assert unsupported("Die Regenhülle ist dabei.", facts, "de") == []


def test_a_denial_in_the_name_of_a_field_is_of_all_its_values(unsupported: Unsupported) -> None:
    facts = {"name": "Massager", "attributes": {"Contraindications": "pacemaker, pregnancy"}}
    assert unsupported("Suitable during pregnancy.", facts) != []
    assert unsupported("Not for use during pregnancy.", facts) == []


def test_a_small_word_of_the_language_is_no_negation(unsupported: Unsupported) -> None:
    facts = {
        "name": "Palmilha",
        "description": "Palmilha com almofada de gel no calcanhar e forro de algodão. Para os pés.",
    }
    assert unsupported("Tem gel no calcanhar.", facts, "pt") == []


@pytest.mark.parametrize(
    ("language", "scene", "claim"),
    [
        ("en", "Put it on the tray.", "With a drip tray."),
        ("de", "Tinte aus dem Glas.", "Aus Glas."),
        ("it", "Si appoggia sul vetro.", "In vetro."),
        ("es", "Se apoya sobre la bandeja.", "Con bandeja."),
        ("fr", "Posez-la sur le plateau.", "Avec minuterie."),
    ],
)
def test_a_thing_of_the_readers_home_is_no_claim(
    language: str, scene: str, claim: str, unsupported: Unsupported
) -> None:
    facts = {"name": "X"}
    assert unsupported(scene, facts, language) == []
    assert unsupported(claim, facts, language) != []


@pytest.mark.parametrize(
    ("language", "source", "lie", "truth"),
    [
        (
            "it",
            "Monitor. No built-in speakers.",
            "Suona dagli altoparlanti integrati.",
            "Gli altoparlanti non ci sono.",
        ),
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
        ("nl", {"Parfum": "nee"}, "Een geparfumeerd blok.", "Een ongeparfumeerd blok."),
    ],
)
def test_a_field_whose_value_only_denies_denies_its_name(
    language: str, attributes: dict[str, str], lie: str, truth: str, unsupported: Unsupported
) -> None:
    facts: dict[str, Any] = {"name": "X", "attributes": attributes}
    assert unsupported(lie, facts, language) != []
    assert unsupported(truth, facts, language) == []


@pytest.mark.parametrize(
    ("language", "source", "lie", "truth"),
    [
        ("it", "Manual-focus prime lens.", "La messa a fuoco è automatica.", "La messa a fuoco è manuale."),
        ("de", "Monstera, toxic to cats and dogs.", "Für Katzen unbedenklich.", "Giftig für Katzen."),
        ("nl", "Barbecue. Montage nodig.", "Hij komt volledig gemonteerd.", "Niet volledig gemonteerd."),
        ("fr", "Gilet pour homme.", "Pensé pour les femmes.", "Pensé pour les hommes."),
        ("pl", "Kawa ziarnista.", "Kawa mielona.", "Kawa w ziarnach, nie mielona."),
        ("ru", "Laser level for indoors.", "Хорош для садовых участков.", "Работать им стоит в помещении."),
    ],
)
def test_the_opposite_of_what_the_source_says_contradicts_it_in_any_language(
    language: str, source: str, lie: str, truth: str, unsupported: Unsupported
) -> None:
    facts: dict[str, Any] = {"name": "X", "description": source}
    assert "negation" in {kind for kind, _ in unsupported(lie, facts, language)}
    assert unsupported(truth, facts, language) == []


def test_a_source_that_has_both_opposites_supports_both(unsupported: Unsupported) -> None:
    facts = {"name": "X", "description": "For indoor and outdoor use."}
    assert unsupported("Für die Terrasse.", facts, "de") == []
    assert unsupported("Für den Innenbereich.", facts, "de") == []


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
