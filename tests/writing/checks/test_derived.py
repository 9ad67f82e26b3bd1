"""Numbers that follow from those of the source, and labels that belong to another number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Unsupported = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("language", "attributes", "true", "false"),
    [
        ("pl", {"Długość": "42 cm + 5 cm przedłużki"}, "Długość do 47 cm.", "Długość do 49 cm."),
        ("en", {"Bars": "10", "Weight of a bar": "100 g"}, "Altogether 1 kg.", "Altogether 2 kg."),
        ("sr-Latn", {"Daska": "1285×192 mm"}, "Daska od 128,5 × 19,2 cm.", "Daska od 128,5 × 21,2 cm."),
        (
            "it",
            {"Lunghezze": "600 mm e 450 mm"},
            "Una da 60 e una da 45 centimetri.",
            "Una da 60 e una da 55 centimetri.",
        ),
        (
            "pl",
            {"Skład": "70% wełna, 30% akryl"},
            "Wełna z akrylem siedem do trzech.",
            "Wełna z akrylem osiem do jednego.",
        ),
        ("pl", {"Masa": "16,5 kg"}, "Waży szesnaście i pół kilograma.", "Waży osiemnaście i pół kilograma."),
        ("es", {"Resistencia": "hasta -7 °C"}, "Aguanta hasta siete bajo cero.", "Aguanta hasta nueve bajo cero."),
        ("es", {"Peso": "78 g"}, "No llegan a los 80 gramos.", "No llegan a los 60 gramos."),
        ("nl", {"Battery life": "12 hours"}, "Speelt een halve dag.", "Speelt een hele week, zeven dagen."),
        ("en", {"Size": "1.2 × 0.8 m"}, "It covers 0.96 m².", "It covers 1.96 m²."),
        ("en", {"Deposit": "12 EUR", "Fee": "3 EUR", "Duty": "5 USD"}, "15 EUR in all.", "17 EUR in all."),
        ("en", {"Voucher": "$12", "Fee": "3 USD", "Duty": "€5"}, "$15 in all.", "$17 in all."),
        ("en", {"Bars": "10", "Weight": "30", "Bar": "100 g"}, "Altogether 1 kg.", "Altogether 3 kg."),
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
        ("fr", {"Contenance": "75 cl"}, "Trois quarts de litre.", "Deux tiers de litre."),
        ("es", {"Volumen": "500 ml"}, "Medio litro.", "Tres cuartos de litro."),
        ("ru", {"Объём": "0,75 л"}, "Три четверти литра.", "Четверть литра."),
        ("en", {"Time": "15 min"}, "A quarter of an hour.", "Three quarters of an hour."),
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
        (
            "fr",
            {"Diamètre abat-jour": "22 cm", "Diamètre pied": "13 cm"},
            "Un pied de 13 cm de diamètre.",
            "Un pied de 22 cm de diamètre.",
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
        ("fr", {"Longueur": "610 mm"}, "Soixante et un centimètres.", "Soixante-dix centimètres."),
        ("es", {"Longitud": "41 m"}, "Cuarenta y un metros.", "Treinta y un metros."),
        (
            "es",
            {"Lado A": "600 mm", "Lado B": "450 mm"},
            "Sesenta centímetros para quien conduce, cuarenta y cinco para quien acompaña.",
            "Sesenta centímetros para quien conduce, cincuenta y cinco para quien acompaña.",
        ),
    ],
)
def test_a_number_in_words_has_its_one_and_the_unit_before_it(
    language: str, attributes: dict[str, str], true: str, false: str, unsupported: Unsupported
) -> None:
    source = {"name": "Thing", "attributes": attributes}
    assert unsupported(true, source, language) == []
    assert "number" in {kind for kind, _ in unsupported(false, source, language)}
