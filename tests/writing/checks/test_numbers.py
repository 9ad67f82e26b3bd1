"""Numbers: their spellings, units and codes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writing.checks import numbers, spoken
from writing.checks.words import tokens


def found(text: str) -> list[tuple[tuple[float, ...], str]]:
    return [(number.values, number.unit) for number in numbers.find(text)[0]]


@pytest.mark.parametrize(
    ("spelled", "values"),
    [
        ("1234", (1234,)),
        ("1.234,5", (1234.5,)),
        ("1,234.5", (1234.5,)),
        ("1'234.50", (1234.5,)),
        ("1\u00a0234,5", (1234.5,)),
        ("1.234.567", (1234567,)),
        ("1.234", (1234, 1.234)),
        ("1,234", (1234, 1.234)),
        ("0.250", (0.25,)),
        ("12,50", (12.5,)),
        (",5", (0.5,)),
    ],
)
def test_a_number_has_its_readings(spelled: str, values: tuple[float, ...]) -> None:
    assert numbers.readings(spelled) == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 x 20 x 30 cm", [((10,), "cm"), ((20,), "cm"), ((30,), "cm")]),
        ("10x20cm", [((10,), "cm"), ((20,), "cm")]),
        ("von 45 bis 55 cm", [((45,), "cm"), ((55,), "cm")]),
        ("45–55 cm", [((45,), "cm"), ((55,), "cm")]),
        ("100 % Baumwolle", [((100,), "pct")]),
        ("100%ige Wolle", [((100,), "pct")]),
        ("180 g/m²", [((180,), "gsm")]),
        ("-20 °C", [((-20,), "c")]),
        ("40-mm-Treiber", [((40,), "mm")]),
        ("a 2-year warranty", [((2,), "year")]),
        ("12 л и 380 г", [((12,), "l"), ((380,), "g")]),
        ("24 meseca", [((24,), "month")]),
        ("1.500 U/min", [((1500, 1.5), "rpm")]),
        ("3000 K", [((3000,), "k")]),
        ("€ 19,90", [((19.9,), "eur")]),
        ("١٢ cm", [((12,), "cm")]),
        ("an 18qt pot", [((18,), "qt")]),
        ('a 35"x23" mat', [((35,), "in"), ((23,), "in")]),
        ("10cmx20cm", [((10,), "cm"), ((20,), "cm")]),
        ("a 2pk", [((2,), "piece")]),
        ("2x AAA", [((2,), "")]),
        ("½ inch", [((0.5,), "in")]),
        ("1/2 inch", [((0.5,), "in")]),
        ("1 1/2 l", [((1.5,), "l")]),
        ("2½ l", [((2.5,), "l")]),
        ("50/60 Hz", [((50,), "hz"), ((60,), "hz")]),
        ("14K gold", [((14, 14000), "")]),
        ("a 20K battery", [((20, 20000), "")]),
        ("26K steps", [((26000,), "")]),
        ("15 mil horas", [((15000,), "h")]),
        ("4,5 тыс. об/мин", [((4500,), "rpm")]),
        ("1,5 Mio. Liter", [((1_500_000,), "l")]),
        ("1. Erstens", []),
        ("the 2nd generation", []),
    ],
)
def test_numbers_and_units_are_read(text: str, expected: list[tuple[tuple[float, ...], str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("IPX4 and IP67", ["IPX4", "IP67"]),
        ("the AB-18-2", ["AB-18-2"]),
        ("WH-1000XM5", ["WH-1000XM5"]),
        ("ein USB-3.0-Anschluss", ["USB-3.0"]),
        ("4K", ["4K"]),
        ("18V and 500ml", []),
    ],
)
def test_codes_are_told_from_measures(text: str, codes: list[str]) -> None:
    assert [code.text for code in numbers.find(text)[1]] == codes


@pytest.mark.parametrize(
    ("claim", "source", "agrees"),
    [
        ("0.5 l", "500 ml", True),
        ("50 cl", "500 ml", True),
        ("700 g", "0,7 kg", True),
        ("2 years", "24 months", True),
        ("two days", "48 h", True),
        ("39.6 cm", '15.6"', True),
        ("40 cm", '15.6"', True),
        ("104 °F", "40 °C", True),
        ("500", "500 ml", True),
        ("500 ml", "500", True),
        ("500 g", "500 ml", False),
        ("5 mm", "5 cm", False),
        ("15 kg", "15.4 kg", False),
        ("45 cm", '15.6"', False),
        ("3 years", "24 months", False),
    ],
)
def test_values_agree_across_units(claim: str, source: str, agrees: bool) -> None:
    def one(text: str) -> numbers.Number:
        digits, _ = numbers.find(text)
        return [*digits, *spoken.number_words(text, tokens(text), "en")][0]

    assert numbers.agree(one(claim), one(source)) is agrees


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "two hundred and twenty-five pieces", (225, "piece")),
        ("en", "half an hour", (0.5, "h")),
        ("de", "sechsunddreißig Stück", (36, "piece")),
        ("de", "ein halber Liter", (0.5, "l")),
        ("fr", "quatre-vingt-dix minutes", (90, "min")),
        ("fr", "soixante-quinze", (75, "")),
        ("es", "doscientos cincuenta gramos", (250, "g")),
        ("it", "centoventi minuti", (120, "min")),
        ("pt", "cento e vinte horas", (120, "h")),
        ("nl", "vijfenveertig uur", (45, "h")),
        ("pl", "półtora litra", (1.5, "l")),
        ("ru", "сто двадцать минут", (120, "min")),
        ("ru", "две тысячи", (2000, "")),
        ("sr", "dvadeset pet sati", (25, "h")),
        ("sr", "двадесет пет сати", (25, "h")),
    ],
)
def test_numbers_in_words_are_added_up(language: str, text: str, expected: tuple[float, str]) -> None:
    (number,) = spoken.number_words(text, tokens(text), language)
    assert (number.values[0], number.unit) == expected


@given(st.integers(min_value=2, max_value=999_999), st.sampled_from(["cm", "kg", "ml", "W", "lm", "Nm"]))
def test_every_whole_number_survives_german_and_english_grouping(value: int, unit: str) -> None:
    for spelled in (f"{value:,}", f"{value:,}".replace(",", "."), f"{value:,}".replace(",", "\u00a0"), str(value)):
        values, read_unit = found(f"It has {spelled} {unit}.")[0]
        assert float(value) in values
        assert read_unit == unit.lower() if unit != "Nm" else read_unit == "nm_"


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    digits, codes = numbers.find(text)
    assert all(0 <= thing.start < thing.end <= len(text) for thing in (*digits, *codes))


def test_two_numbers_beside_a_slash_have_their_places() -> None:
    first, second = numbers.find("4/3x")[0]
    assert [(first.text, first.start, first.end), (second.text, second.start, second.end)] == [("4", 0, 1), ("3", 2, 3)]


@pytest.mark.parametrize("text", ["½x", "⅓×", "a ½x b"])
def test_a_fraction_that_stands_alone_has_its_place(text: str) -> None:
    (number,), _ = numbers.find(text)
    at = text.index(number.text[0])
    assert (number.start, number.end, number.text) == (at, at + 1, text[at])


@pytest.mark.parametrize(
    "text", ["12x" * 500, "12x" * 500 + "12 cm", "9" * 90_000, "1 234" + " 234" * 300, "1x2-3x4-" * 3000]
)
def test_numbers_without_end_are_read_without_an_error(text: str) -> None:
    found, codes = numbers.find(text)
    assert found or codes
    assert all(math.isfinite(value) for number in found for value in number.values)


def test_glued_dimensions_are_read_one_by_one() -> None:
    found, codes = numbers.find("120x60x75cm")
    assert [number.values[0] for number in found] == [120, 60, 75]
    assert {number.unit for number in found} == {"cm"}
    assert codes == []
