"""What the memory takes for the same original, and what helps with wording."""

from __future__ import annotations

import pytest

from writing.translation import memory
from writing.translation.memory import Remembered

ONE = "The tent weighs 2.4 kg and sleeps two people."


@pytest.mark.parametrize("other", [f" {ONE} ", ONE.replace(" ", "\u00a0"), ONE.replace(" ", "  ")])
def test_spaces_make_no_other_original(other: str) -> None:
    assert memory.key(other) == memory.key(ONE)


@pytest.mark.parametrize("other", [ONE.lower(), f"<p>{ONE}</p>", ONE.replace("2.4", "24")])
def test_anything_else_does(other: str) -> None:
    assert memory.key(other) != memory.key(ONE)


def test_accents_are_one_letter_however_they_are_encoded() -> None:
    assert memory.key("Cafe\u0301") == memory.key("Café")


@pytest.mark.parametrize(
    ("other", "near"),
    [
        ("The tent weighs 2.4 kg and sleeps two persons.", True),
        ("<p>The tent weighs 2.4 kg and sleeps two people!</p>", True),
        ("The tent weighs 24 kg and sleeps two people.", False),
        ("The tent weighs 2.4 lb and sleeps two people.", False),
        ("The tent never weighs 2.4 kg and sleeps two people.", False),
        ("A mug for tea of 2.4 kg.", False),
        ("", False),
    ],
)
def test_a_near_original_has_equal_numbers_and_denials(other: str, near: bool) -> None:
    assert bool(memory.near(ONE, [Remembered(other, "…")], "en")) is near


def test_the_likest_come_first_and_only_a_few() -> None:
    others = [Remembered(f"{ONE} {'So light! ' * count}", str(count)) for count in (3, 0, 2, 1)]
    assert [one.pair.translation for one in memory.near(ONE, others, "en")] == ["0", "1", "2"]
