"""Statements beyond any data, words without a licence, and what numbers measure."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from tests.writing.checks.conftest import Judge

Unsupported = Callable[..., list[tuple[str, str]]]
NOTEBOOK = {"name": "Notebook", "description": "A notebook with 96 pages of dotted paper. For all who like to write."}


@pytest.mark.parametrize(
    ("language", "nonsense", "plain"),
    [
        ("en", "The paper absorbs moonlight.", "The paper absorbs ink."),
        ("de", "Das Papier speichert Gedanken.", "Das Papier ist gepunktet."),
        ("fr", "Le papier attire les rêves.", "Le papier attire le regard."),
        ("es", "El papel guarda los sueños.", "El papel guarda la forma."),
        ("it", "La carta ricorda la luna.", "La carta conserva la piega."),
        ("pt", "O papel guarda os sonhos.", "O papel guarda a forma."),
        ("nl", "Het papier onthoudt dromen.", "Het papier houdt de vorm."),
        ("pl", "Papier przyciąga marzenia.", "Papier przyciąga wzrok."),
        ("ru", "Бумага помнит звёзды.", "Бумага помнит сгибы."),
        ("sr-Latn", "Papir pamti snove.", "Papir je od celuloze."),
        ("sr", "Папир памти снове.", "Папир је беле боје."),
    ],
)
def test_realms_that_no_product_joins_are_a_claim(
    language: str, nonsense: str, plain: str, unsupported: Unsupported
) -> None:
    assert "promise" in {kind for kind, _ in unsupported(nonsense, NOTEBOOK, language)}
    assert "promise" not in {kind for kind, _ in unsupported(plain, NOTEBOOK, language)}


def test_what_the_source_says_itself_is_no_nonsense(unsupported: Unsupported) -> None:
    clock = {"name": "Moon clock", "description": "The clock follows the moon and its tides."}
    assert unsupported("It follows the moon and the tides.", clock) == []


def test_unknown_words_are_shown_and_make_no_text_wrong(judge: Judge) -> None:
    report = judge("A notebook with dotted paper for zeppelin captains.", NOTEBOOK)
    grounding = next(check for check in report.checks if check["id"] == "grounding")
    assert [word["text"] for word in grounding["unknown"]] == ["zeppelin", "captains"]
    word = grounding["unknown"][0]
    assert "A notebook with dotted paper for zeppelin captains."[word["start"] : word["end"]] == "zeppelin"
    assert grounding["passed"] is True
    assert report.unsupported == []


def test_a_text_in_another_language_than_its_source_has_no_unknown_words(judge: Judge) -> None:
    report = judge("Ein Heft für Zeppelinkapitäne.", NOTEBOOK, "de")
    assert next(check for check in report.checks if check["id"] == "grounding")["unknown"] == []


def test_a_true_value_of_another_property_is_none(unsupported: Unsupported) -> None:
    chair = {"name": "Chair", "attributes": {"Height": "80 cm", "Width": "45 cm", "Weight": "6 kg", "Load": "120 kg"}}
    assert unsupported("80 cm high and 45 cm wide, 6 kg, carries 120 kg.", chair) == []
    assert unsupported("45 cm high.", chair) == [("number", "45 cm")]
    assert unsupported("It weighs 120 kg.", chair) == [("number", "120 kg")]


def test_a_number_of_a_name_measures_nothing(unsupported: Unsupported) -> None:
    sander = {"name": "Sander LO 240", "description": "Sander with 12000 strokes.", "attributes": {"Power": "300 W"}}
    assert unsupported("The LO 240 makes 12000 strokes.", sander) == []


def test_the_words_of_a_name_label_no_number(unsupported: Unsupported) -> None:
    hose = {"name": "Hose 25 m", "description": '1/2" (13 mm), 22 bar.'}
    assert unsupported("A half-inch hose.", hose) == []
    assert unsupported("A hose of 30 m.", hose) == [("number", "30 m")]


def test_the_work_on_numbers_is_linear(judge: Judge) -> None:
    def seconds(count: int) -> float:
        text = " ".join(f"Part {n} has {n + 0.5} mm." for n in range(1, count))
        source = {"name": "Parts", "description": " ".join(f"Part {n}: {n + 0.25} mm." for n in range(1, count))}
        judge("One part.", source, max_long_chars=9_000)
        begun = process_time()
        judge(text[:40_000], source, max_long_chars=40_000)
        return process_time() - begun

    seconds(50)
    few = min(seconds(200), seconds(200))
    assert min(seconds(800), seconds(800)) < 12 * few  # four times as much; sixteen times if it were quadratic
