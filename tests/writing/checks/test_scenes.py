"""Openings, fears, brackets and statements of fitness: what a sentence says of the product, and what it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.writing.checks.conftest import Judge

Unsupported = Callable[..., list[tuple[str, str]]]
SPEAKER = {
    "name": "Zvučnik Grmi",
    "description": "Prenosivi zvučnik sa trakom za nošenje, otporan na prskanje. Nema FM radio.",
}


def test_an_opening_without_a_word_of_the_source_sets_a_scene(judge: Judge, unsupported: Unsupported) -> None:
    pack = {"name": "Backpack Nomad", "description": "A backpack of 40 litres with a padded compartment."}
    text = "Open the zip, and all is there. The Nomad holds 40 litres."
    assert unsupported(text, pack) == []
    shown = next(check for check in judge(text, pack).checks if check["id"] == "grounding")["unknown"]
    assert "zip" in [word["text"] for word in shown]
    assert ("feature", "zip") in unsupported("The Nomad opens with a zip. It holds 40 litres.", pack)
    assert unsupported("It is the best on the market. The Nomad holds 40 litres.", pack) != []


def test_what_a_thing_does_not_mind_it_stands(unsupported: Unsupported) -> None:
    assert unsupported("Zvučnik se ne plaši prskanja.", SPEAKER, "sr-Latn") == []


def test_a_denial_in_brackets_belongs_to_what_stands_before_it(unsupported: Unsupported) -> None:
    kit = {"name": "Microscope", "attributes": {"Power": "2 x AA (not included)"}}
    assert unsupported("Due pile AA da acquistare a parte.", kit, "it") == []


def test_the_answer_no_denies_what_it_answers(unsupported: Unsupported) -> None:
    floor = {"name": "Laminat", "description": "Laminatni pod za dom. Nije za kupatila. Pogodan za podno grejanje."}
    assert unsupported("Podno grejanje: da; kupatilo: ne", floor, "sr-Latn") == []


def test_what_is_to_be_kept_away_is_denied(unsupported: Unsupported) -> None:
    knife = {"name": "Kochmesser", "description": "Messer mit Griff aus Walnussholz. Nicht für die Spülmaschine."}
    assert unsupported("Houd het mes uit de vaatwasser.", knife, "nl") == []
    assert unsupported("Het mes mag in de vaatwasser.", knife, "nl") != []


@pytest.mark.parametrize(
    ("language", "description", "lie"),
    [
        (
            "pl",
            "Sweter z golfem. Nadaje się do prania ręcznego, nie suszyć w suszarce bębnowej.",
            "Wrzucisz go do suszarki bębnowej.",
        ),
        ("es", "Funda de coche con correas. No apta para SUV.", "Sirve igualmente para SUV."),
        (
            "nl",
            "Schoen voor de bergen met een zool van rubber. Niet geschikt voor stijgijzers.",
            "Hij is geschikt voor stijgijzers.",
        ),
        ("pl", "Karma dla psów i kotów. Bez zbóż. Nie zawiera soi.", "Karma z dodatkiem soi."),
    ],
)
def test_what_the_source_denies_as_a_whole_is_not_affirmed(
    language: str, description: str, lie: str, unsupported: Unsupported
) -> None:
    assert "negation" in {kind for kind, _ in unsupported(lie, {"name": "X", "description": description}, language)}


@pytest.mark.parametrize(
    ("language", "description", "true", "lie"),
    [
        (
            "en",
            "A helmet for the bicycle and for the scooter, with a strap.",
            "Also ideal for the scooter.",
            "Also ideal for climbers.",
        ),
        (
            "de",
            "Eine Bürste für den Hund und für das Pferd, mit Griff.",
            "Auch ideal für das Pferd.",
            "Auch ideal für Kaninchen.",
        ),
        (
            "pt",
            "Ténis com sola de borracha para relva e para a cidade.",
            "Servem também, ideal para a cidade.",
            "Serve também para ciclismo.",
        ),
    ],
)
def test_fitness_for_what_the_source_does_not_mention_is_a_claim(
    language: str, description: str, true: str, lie: str, unsupported: Unsupported
) -> None:
    source = {"name": "X", "description": description}
    assert "use" not in {kind for kind, _ in unsupported(true, source, language)}
    assert "use" in {kind for kind, _ in unsupported(lie, source, language)}


def test_one_everyday_claim_of_a_first_sentence_sets_the_scene(judge: Judge) -> None:
    source = {"name": "Pebble", "description": "Portable speaker with 12 hours of playback."}
    text = "Breakfast radio, afternoon playlist, one last slow song: up to twelve hours. {}"
    report = judge(text.format("The speaker is portable."), source)
    assert report.unsupported == []
    grounding = next(check for check in report.checks if check["id"] == "grounding")
    assert "radio" in [word["text"] for word in grounding["unknown"]]
    assert judge("The speaker is portable. It has a radio and a pocket.", source).unsupported != []
    assert judge("A waterproof speaker. It is portable.", source).unsupported != []


def test_a_certificate_of_a_code_is_checked_by_the_code(unsupported: Unsupported) -> None:
    source = {"name": "Rocano X4", "attributes": {"Protección": "IP68"}}
    assert unsupported("Con certificación de protección IP68.", source, "es") == []
    assert unsupported("Con certificación de protección IP69.", source, "es") != []
    assert unsupported("Con certificación ecológica.", source, "es") != []


@pytest.mark.parametrize(
    ("language", "source", "honest", "lie"),
    [
        (
            "fr",
            {"name": "Barnum", "description": "Résiste aux éclaboussures."},
            "Barnum ne craint pas les éclaboussures.",
            "Barnum est étanche.",
        ),
        (
            "pt",
            {"name": "Cavala", "description": "Filetes. Sem pele e sem espinhas."},
            "Cavala: filetes limpos de pele e espinhas.",
            "Cavala: filetes com espinhas.",
        ),
        (
            "it",
            {"name": "Kit", "attributes": {"Power": "2 x AA (not included)"}},
            "Il kit è completo; le due pile AA no.",
            "Il kit è completo, con due pile AA.",
        ),
        (
            "fr",
            {"name": "Hochet", "attributes": {"Âge": "dès 3 mois"}},
            "Le hochet est pour les bébés à partir de trois mois.",
            "Le hochet est pour les bébés à partir de cinq mois.",
        ),
    ],
)
def test_fears_lacks_and_ages_are_read_as_they_are_meant(
    language: str, source: dict[str, object], honest: str, lie: str, unsupported: Unsupported
) -> None:
    assert unsupported(honest, source, language) == []
    assert unsupported(lie, source, language) != []
