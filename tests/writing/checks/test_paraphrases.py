"""Other words for what the source says are no lies."""

from __future__ import annotations

from typing import Any

import pytest

from writing import checks, facts
from writing.settings import WritingSettings

KETTLE = {"name": "Kettle", "description": "Steel kettle, 0.9 l, walnut handle.", "attributes": {}}


def unsupported(text: str, source: dict[str, Any], language: str) -> list[str]:
    settings = WritingSettings(
        language=language,
        translate_name=False,
        generate_short=False,
        generate_seo=False,
        use_html=False,
        max_long_chars=9_000,
    )
    return [claim["text"] for claim in checks.run({"description": text}, facts.read(source), settings).unsupported]


def test_marks_tell_words_apart_where_a_text_writes_them() -> None:
    assert unsupported("Lá dentro cabem três páginas.", KETTLE, "pt") == []
    assert unsupported("Um cobertor de lã macia.", KETTLE, "pt") == ["lã"]
    assert unsupported("Rozpuść saszetkę w wodzie.", KETTLE, "pl") == []


def test_a_short_stem_takes_endings_and_no_other_words() -> None:
    assert unsupported("Žleb koji zadržava sok.", KETTLE, "sr") == []


def test_codes_say_what_a_thing_withstands() -> None:
    source = {"name": "Speaker", "description": "Speaker. IP67.", "attributes": {}}
    assert unsupported("A waterproof speaker.", source, "en") == []
    assert unsupported("A waterproof speaker.", KETTLE, "en") == ["waterproof"]


def test_a_seal_that_the_source_does_not_name() -> None:
    assert "ENEC" in unsupported("The ENEC-certified kettle.", KETTLE, "en")
    assert "CertiPUR" in unsupported("Die Hülle trägt das CertiPUR-Siegel.", KETTLE, "de")


def test_without_reaches_forward_only() -> None:
    assert "insonnia" in " ".join(unsupported("Cura l'insonnia senza effetti collaterali.", KETTLE, "it"))


@pytest.mark.parametrize(
    ("language", "source", "text"),
    [
        ("en", "Torque 55 Nm.", "It turns with 55 newton metres."),
        ("it", "Per ambienti fino a 25 m².", "Per ambienti fino a 25 metri quadri."),
        ("de", "Durchfluss 9 l/min.", "Höchstens neun Liter in der Minute."),
        ("pt", "Material: 55% linho, 45% algodão.", "Em linho (55%) e algodão (45%)."),
        ("fr", "Âge: 6–18 mois.", "De six à dix-huit mois."),
        ("fr", "Carnet de 192 pages.", "Pour les idées de trois heures du matin : 192 pages."),
        ("en", "For phones up to 300 g. Weight: 45 g.", "For phones of a weight of up to 300 g."),
    ],
)
def test_the_same_value_in_other_words(language: str, source: str, text: str) -> None:
    assert unsupported(text, {"name": "Thing", "description": source, "attributes": {}}, language) == []


def test_two_numbers_in_groups_agree_as_wholes() -> None:
    source = {"name": "Робот", "description": "Цена: 16 990 ₽", "attributes": {}}
    assert unsupported("Цена 13 990 ₽.", source, "ru") == ["13 990 ₽"]


@pytest.mark.parametrize(
    ("content", "true", "false"),
    [
        ("12 x 20 ml", "240 ml in all.", "200 ml in all."),
        ("4 × 50 g", "In total 200 g of tea.", "In total 250 g of tea."),
        ("120 x 75 cm", "It is 120 cm long.", "It is 9000 cm long."),
    ],
)
def test_so_many_of_a_thing_may_be_multiplied(content: str, true: str, false: str) -> None:
    source = {"name": "Set", "description": "A set.", "attributes": {"Content": content}}
    assert unsupported(true, source, "en") == []
    assert unsupported(false, source, "en") != []
