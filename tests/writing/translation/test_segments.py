"""Texts are cut into segments, segments of two languages are matched, and texts are put together from them again."""

from __future__ import annotations

from typing import Any

import pytest

from writing.translation.segments import compose, pairs, segments

DE = "<p>Hält 12 Stunden kalt. Passt in jede Tasche.</p><ul><li>Aus <strong>Stahl</strong></li><li>750 ml</li></ul>"
FR = "<p>Garde le froid 12 heures. Tient dans chaque sac.</p><ul><li>En <strong>acier</strong></li><li>750 ml</li></ul>"


def test_sentences_and_blocks_are_matched_with_their_markup() -> None:
    assert list(pairs(DE, FR)) == [
        ("Hält 12 Stunden kalt.", "Garde le froid 12 heures."),
        ("Passt in jede Tasche.", "Tient dans chaque sac."),
        ("Aus <strong>Stahl</strong>", "En <strong>acier</strong>"),
        ("750 ml", "750 ml"),
    ]
    assert "Hält 12 Stunden kalt. Passt in jede Tasche." in segments(DE)


def test_a_text_is_put_together_in_another_order_and_another_markup() -> None:
    known = dict(pairs(DE, FR))
    turned = "<ul><li>Passt in jede Tasche.</li></ul>\n<p>Aus <strong>Stahl</strong></p><p>750 ml</p>"
    assert compose(turned, known, "fr") == (
        "<ul><li>Tient dans chaque sac.</li></ul>\n<p>En <strong>acier</strong></p><p>750 ml</p>"
    )
    assert compose("Passt in jede Tasche. Hält 12 Stunden kalt.", known, "fr") == (
        "Tient dans chaque sac. Garde le froid 12 heures."
    )
    assert compose(DE, known, "fr") == FR
    assert compose("Passt in jede Tasche. Und neu.", known, "fr") is None
    assert compose("Aus <strong>Stahl</strong> 750 ml", known, "fr") is None


@pytest.mark.parametrize(
    ("original", "translation", "found"),
    [
        # Another number of sentences: the block alone.
        ("<p>Eins. Zwei.</p>", "<p>Un et deux.</p>", [("Eins. Zwei.", "Un et deux.")]),
        # As many, with numbers that moved from one to the other: the block alone.
        ("Fasst 2 Liter. Wiegt 300 g.", "Pèse 300 g. Contient 2 litres.",
         [("Fasst 2 Liter. Wiegt 300 g.", "Pèse 300 g. Contient 2 litres.")]),
        # Other blocks: nothing.
        ("<p>Eins.</p><p>Zwei.</p>", "<p>Un. Deux.</p>", []),
        ("<ul><li>Eins</li></ul>", "<p>Un</p>", []),
        # An element over two sentences keeps them together.
        ("<p><strong>Eins. Zwei.</strong> Drei.</p>", "<p><strong>Un. Deux.</strong> Trois.</p>",
         [("<strong>Eins. Zwei.</strong> Drei.", "<strong>Un. Deux.</strong> Trois.")]),
        # Entities are text, and lists go entry by entry.
        ("<p>Tag &amp; Nacht</p>", "<p>Jour &amp; nuit</p>", [("Tag & Nacht", "Jour & nuit")]),
        (["Stahl", "Tag & Nacht"], ["acier", "jour & nuit"], [("Stahl", "acier"), ("Tag & Nacht", "jour & nuit")]),
        (["Stahl"], ["acier", "inox"], []),
        ({"Farbe": "rot"}, {"Couleur": "rouge"}, [("Farbe", "Couleur"), ("rot", "rouge")]),
        ({"Farbe": "rot", "Form": "rund"}, {"Couleur": "rouge", "Forme": "rond"}, []),  # in no order
        ("Eins.", None, []),
    ],
)  # fmt: skip
def test_what_cannot_be_matched_surely_is_one_segment_or_none(original: Any, translation: Any, found: Any) -> None:
    assert list(pairs(original, translation)) == found


def test_text_and_markup_keep_apart() -> None:
    known = {"Tag & Nacht": "Jour & nuit <1 h", "Rot": "<em>Rouge</em>"}
    assert compose("<p>Tag &amp; Nacht</p>", known, "fr") == "<p>Jour &amp; nuit &lt;1 h</p>"
    assert compose("Tag & Nacht", known, "fr") == "Jour & nuit <1 h"
    assert compose("<p>Rot</p>", known, "fr") == "<p><em>Rouge</em></p>"
    assert compose("Rot", known, "fr") is None  # markup has no place in a plain text


def test_objects_need_all_their_names_and_values() -> None:
    known = {"Farbe": "Couleur", "rot": "rouge", "Ton": "Couleur"}
    assert compose({"Farbe": "rot"}, known, "fr") == {"Couleur": "rouge"}
    assert compose({"Farbe": "blau"}, known, "fr") is None
    assert compose({"Farbe": "rot", "Ton": "rot"}, known, "fr") is None  # two names would become one


def test_a_language_without_spaces_between_sentences_gets_none() -> None:
    known = {"It is light.": "很轻。", "It is red.": "红色。"}
    assert compose("It is light. It is red.", known, "zh") == "很轻。红色。"
    assert list(pairs("很轻。红色。", "It is light. It is red.")) == [
        ("很轻。", "It is light."),
        ("红色。", "It is red."),
    ]
