"""A sentence is taken out of a text: what stays, and where it can't be done."""

from __future__ import annotations

import pytest

from writing.removal import sentence_at, without_sentence

ONE = "<p>Warm wool. It <strong>never</strong> wears out. Made in Wales.</p>"


@pytest.mark.parametrize(
    ("raw", "sentence", "marked_up", "left"),
    [
        ("Warm wool. It never wears out. Made in Wales.", "It never wears out.", False, "Warm wool. Made in Wales."),
        ("Warm wool. It never wears out.", "It never wears out.", False, "Warm wool."),
        ("one\ntwo\nthree", "two", False, "one\n\nthree"),  # an entry of a list; empty lines are no entries
        (ONE, "It never wears out.", True, "<p>Warm wool. Made in Wales.</p>"),
        ("<ul><li>Warm</li><li>It lasts &amp; lasts.</li></ul>", "It lasts & lasts.", True, "<ul><li>Warm</li></ul>"),
        (
            "<p>Never <em>wears out. Made</em> in Wales.</p>",
            "Never wears out.",
            True,
            "<p><em> Made</em> in Wales.</p>",
        ),
        ("Never wears out.", "Never wears out.", False, ""),  # nothing would be left
        ("<p>Never wears out.</p>", "Never wears out.", True, ""),
        ("It lasts. It lasts.", "It lasts.", False, ""),  # which of them?
        ("It lasts.", "It holds.", False, ""),
        ("It lasts.", "", False, ""),
    ],
)
def test_a_sentence_goes_and_the_rest_stays(raw: str, sentence: str, marked_up: bool, left: str) -> None:
    assert without_sentence(raw, sentence, marked_up=marked_up) == left


def test_the_sentence_of_a_place_is_found() -> None:
    text = "Warm wool of Dr. Evans. It never wears out."
    assert sentence_at(text, text.index("Evans")) == "Warm wool of Dr. Evans."
    assert sentence_at(text, text.index("never")) == "It never wears out."
    assert sentence_at(text, 400) == ""
