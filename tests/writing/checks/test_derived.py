"""Numbers that follow from those of the source, and labels that belong to another number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Unsupported = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("language", "attributes", "true", "false"),
    [
        ("pl", {"Długość": "42 cm + 5 cm przedłużki"}, "Długość do 47 cm.", "Długość do 49 cm."),
        ("sr-Latn", {"Daska": "1285×192 mm"}, "Daska od 128,5 × 19,2 cm.", "Daska od 128,5 × 21,2 cm."),
        (
            "it",
            {"Lunghezze": "600 mm e 450 mm"},
            "Una da 60 e una da 45 centimetri.",
            "Una da 60 e una da 55 centimetri.",
        ),
        ("es", {"Peso": "78 g"}, "No llegan a los 80 gramos.", "No llegan a los 60 gramos."),
    ],
)
def test_a_number_that_follows_from_the_source_has_one(
    language: str, attributes: dict[str, str], true: str, false: str, unsupported: Unsupported
) -> None:
    source = {"name": "Thing", "attributes": attributes}
    assert unsupported(true, source, language) == []
    assert "number" in {kind for kind, _ in unsupported(false, source, language)}


def test_an_ordinal_is_no_measure(unsupported: Unsupported) -> None:
    assert (
        unsupported("Вес в 38-м размере.", {"name": "Кроссовки", "attributes": {"Размеры": "36–41, вес для 38"}}, "ru")
        == []
    )


def test_a_property_belongs_to_the_number_beside_it(unsupported: Unsupported) -> None:
    plant = {"name": "Monstera", "attributes": {"Höhe": "70 cm", "Topfdurchmesser": "19 cm"}}
    assert unsupported("Sie kommt mit 70 cm Höhe im 19-cm-Topf.", plant, "de") == []


def test_a_weight_is_no_load(unsupported: Unsupported) -> None:
    table = {"name": "Table", "attributes": {"Weight": "11.5 kg"}}
    assert unsupported("It weighs 11.5 kg.", table) == []
    assert unsupported("It bears 11.5 kg.", table) == [("number", "11.5 kg")]


def test_charging_is_no_playing(unsupported: Unsupported) -> None:
    speaker = {"name": "Speaker", "attributes": {"Battery life": "12 hours", "Charging time": "2.5 hours"}}
    assert unsupported("Opladen duurt 2,5 uur.", speaker, "nl") == []
    assert unsupported("Na 2,5 uur spelen is hij leeg.", speaker, "nl") == [("number", "2,5 uur")]


@pytest.mark.parametrize(
    ("language", "attributes", "true", "false"),
    [
        ("it", {"Gradazione": "43 % vol."}, "Un gin a 43 gradi.", "Un gin a 48 gradi."),
        ("en", {"Size": "2.3 x 1.6 m"}, "It is 2.3 metres long and 1.6 wide.", "It is 2.3 metres long and 1.9 wide."),
        (
            "sr-Latn",
            {"Dimenzije": "160 x 230 cm"},
            "Tepih je dug 2,3 metra, širok 1,6.",
            "Tepih je dug 2,3 metra, širok 1,9.",
        ),
        (
            "en",
            {"Dimensions": "180 x 70 cm", "Length of the fringes": "8 cm"},
            "The wrap is 1.8 metres long.",
            "The fringes are 70 cm long.",
        ),
    ],
)
def test_fractions_units_that_go_on_and_parts_are_read_as_they_are_meant(
    language: str, attributes: dict[str, str], true: str, false: str, unsupported: Unsupported
) -> None:
    source = {"name": "Thing", "attributes": attributes}
    assert unsupported(true, source, language) == []
    assert "number" in {kind for kind, _ in unsupported(false, source, language)}


@pytest.mark.parametrize(
    ("language", "attributes", "true", "false"),
    [
        ("fr", {"Garantie": "2 ans"}, "Une garantie de deux ans.", "Une garantie de trois ans."),
        ("es", {"Precio": "41 EUR"}, "Cuesta cuarenta y un euros.", "Cuesta treinta y un euros."),
    ],
)
def test_long_times_and_prices_in_words_are_claims(
    language: str, attributes: dict[str, str], true: str, false: str, unsupported: Unsupported
) -> None:
    source = {"name": "Thing", "attributes": attributes}
    assert unsupported(true, source, language) == []
    assert "number" in {kind for kind, _ in unsupported(false, source, language)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Per quei cinque minuti di coccole."),
        ("fr", "Les deux pieds dans les feuilles mortes."),
        ("de", "Trägt auch drei Kilo Kartoffeln nach Hause."),
        ("en", "For four-legged friends."),
    ],
)
def test_other_numbers_in_words_set_scenes(language: str, text: str, unsupported: Unsupported) -> None:
    assert unsupported(text, {"name": "Thing"}, language) == []


def test_a_measure_of_the_name_is_no_value_of_another_thing_that_the_name_names(
    unsupported: Unsupported,
) -> None:
    source = {
        "name": 'Набор головок Кряж 1/2", 24 предмета',
        "attributes": {"Квадрат": '1/2"', "Размеры головок": "8–32 мм"},
    }
    assert unsupported('Набор головок 1/2" Кряж, 24 предмета.', source, "ru") == []
    assert unsupported("Набор головок Кряж, размеры головок 24 мм.", source, "ru")  # 24 is the number of pieces
