"""Good translations of ordinary shop prose flag nothing, in languages with full tables, with some and with none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from writing import checks, facts, repair
from writing.checks import lexicon
from writing.facts import Original
from writing.glossary import Glossary, Term
from writing.settings import WritingSettings

GOOD: dict[str, list[str]] = json.loads((Path(__file__).parent / "good.json").read_text("utf-8"))
LANGUAGES = [code for code in GOOD if code != "en"]
#: What the source says beside the text: words of the tables, words that no table has, numbers, and nothing.
ATTRIBUTES: list[dict[str, str]] = [
    {"Type": "sleeping bag", "Weight": "1.2 kg"}, {"Age": "from 3 years"},
    {"Material": "stainless steel", "Shape": "slim"}, {"Care": "30 °C"}, {"Closure": "zip"}, {"Lining": "mesh"},
    {"Run time": "12 hours"}, {"Connector": "barrel plug"}, {},
    {"Material": "organic cotton"}, {"Blade": "forged"}, {"Finish": "glazed"}, {"Size": "120 x 60 x 75 cm"},
    {"Scent": "none"}, {"Volume": "28 l"}, {"Power": "2 x AA"}, {}, {}, {"Weave": "twill"}, {"Wick": "braided"},
]  # fmt: skip


def report(before: str, after: str, language: str, attributes: dict[str, str] | None = None, **settings: Any) -> Any:
    source = facts.read({"name": "Product", "description": before, "attributes": attributes or {}})
    read = replace(source, original=Original({"description": before}, "en"), cache={})
    return checks.run({"description": after}, read, WritingSettings(language=language, **settings))


def row(found: Any, name: str) -> Any:
    return next(check for check in found.checks if check["id"] == name)


def test_the_set_is_whole() -> None:
    assert len(LANGUAGES) >= 12
    assert {len(texts) for texts in GOOD.values()} == {len(ATTRIBUTES)} == {20}
    kinds = {code: bool(lexicon.concepts_of(code.partition("-")[0])) for code in LANGUAGES}
    assert {code for code, has_table in kinds.items() if not has_table} == {"ja", "zh", "ar", "he"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_good_translations_flag_nothing(language: str) -> None:
    found = {}
    for before, after, attributes in zip(GOOD["en"], GOOD[language], ATTRIBUTES, strict=True):
        judged = report(before, after, language, attributes)
        failed = [name for name in judged.failed if name != "limits"]  # which asks for the other fields
        if failed or judged.unsupported or row(judged, "translation")["findings"]:
            found[after] = [(c["id"], c["detail"]) for c in judged.checks if c["id"] in (*failed, "translation")]
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_number_is_found_in_every_language(language: str) -> None:
    for at, (right, wrong) in {2: ("750", "570"), 12: ("40", "400")}.items():
        changed = GOOD[language][at].replace(right, wrong)
        assert row(report(GOOD["en"][at], changed, language), "translation")["passed"] is False


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wegen kleiner Teile ist er für Kinder unter 3 Jahren geeignet."),
        ("fr", "Il convient aux enfants de moins de 3 ans en raison de petites pièces."),
        ("es", "Es apto para niños menores de 3 años porque contiene piezas pequeñas."),
        ("pl", "Ze względu na małe części nadaje się dla dzieci poniżej 3 lat."),
        ("sr-Latn", "Zbog sitnih delova pogodna je za decu mlađu od 3 godine."),
        ("tr", "Küçük parçalar nedeniyle 3 yaşından küçük çocuklar için uygundur."),
        ("el", "Είναι κατάλληλο για παιδιά κάτω των 3 ετών λόγω μικρών εξαρτημάτων."),
    ],
)
def test_a_lost_denial_is_found(language: str, text: str) -> None:
    codes = {finding["code"] for finding in row(report(GOOD["en"][1], text, language), "translation")["findings"]}
    assert codes == {"negation_lost"}


def test_a_denial_that_went_to_another_word_is_found() -> None:
    before, after = "The jacket is windproof, but not waterproof.", "Die Jacke ist wasserdicht, aber nicht winddicht."
    codes = {finding["code"] for finding in row(report(before, after, "de"), "translation")["findings"]}
    assert codes == {"negation_lost", "negation_added"}


@pytest.mark.parametrize(("language", "judges"), [("de", True), ("hu", True), ("zh", False), ("ar", False)])
def test_a_check_that_cannot_judge_a_language_says_so(language: str, judges: bool) -> None:
    found = report(GOOD["en"][5], GOOD[language][5], language, {"Lining": "mesh"})
    assert (row(found, "grounding")["passed"] is True) is judges
    assert ("cannot be judged" in row(found, "translation")["detail"]) is not judges
    if not judges:
        assert row(found, "grounding")["passed"] == row(found, "coverage")["passed"] == "na"


@pytest.mark.parametrize("language", ["ar", "he", "ja", "zh"])
def test_numbers_alone_do_not_pass_a_text_whose_words_cannot_be_judged(language: str) -> None:
    """“Made of pure gold, with a lifetime guarantee, 750 ml”: only the number can be compared."""
    gold = {"ar": "مصنوعة من الذهب الخالص مع ضمان مدى الحياة، {}.", "he": "עשוי זהב טהור עם אחריות לכל החיים, {}.",
            "ja": "純金製で生涯保証付き、{}。", "zh": "纯金制成，终身保修，{}。"}[language]  # fmt: skip
    found = row(report("A cup of 750 ml.", gold.format("750 ml"), language), "grounding")
    assert [finding["supported"] for finding in found["findings"]] == [True]
    assert found["passed"] == "na"
    assert "cannot be recognised" in found["detail"]
    assert "All" not in found["detail"]
    wrong = row(report("A cup of 750 ml.", gold.format("570 ml"), language), "grounding")
    assert wrong["passed"] is False


def test_coverage_asks_of_a_translation_what_its_original_says() -> None:
    """What the original leaves out is no fault of its translation, and no repair could mend it."""
    attributes = {"Material": "stainless steel", "Lid": "bamboo", "Colour": "green"}
    before = "The bottle is made of stainless steel."
    good = report(before, "Die Flasche besteht aus Edelstahl.", "de", attributes)
    assert row(good, "coverage")["detail"] == "Attributes mentioned: 1 of 1."
    lacking = report(before, "Die Flasche besteht aus Metall.", "de", attributes)
    assert [finding["text"] for finding in row(lacking, "coverage")["findings"]] == ["Material"]
    assert repair.worth_it(lacking)


@pytest.mark.parametrize("glossary", [False, True])
def test_the_merchants_word_for_a_named_term_is_said_by_the_source(glossary: bool) -> None:
    """“Oslo” reads as a name that the source does not have."""
    term = Term("daybed", "en", "Lit Oslo")
    words = {"glossary": Glossary((term,))} if glossary else {}
    found = report("A daybed for two guests.", "Un Lit Oslo pour deux invités.", "fr", **words)
    assert (row(found, "grounding")["passed"] is True) is glossary
    assert report("A lamp for two guests.", "Un Lit Oslo pour deux invités.", "fr", **words).failed


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Il y a neuf brosses, cent vis et trois clés."),
        ("es", "Hay nueve cepillos, cien tornillos y tres llaves."),
        ("pl", "Jest dziewięć szczotek, sto śrub i trzy klucze."),
        ("sr", "Ima devet četki, sto šrafova i tri ključa."),
        ("de", "Es gibt neun Bürsten, hundert Schrauben und drei Schlüssel."),
    ],
)
def test_numbers_may_be_written_in_words(language: str, text: str) -> None:
    before = "There are 9 brushes, 100 screws and 3 keys."
    assert row(report(before, text, language), "translation")["findings"] == []
