"""Banned words in their forms and disguises, and what a model says to its prompter, in every language that we write in.

The sets were written before the code that they test. What the first run gave is in `docs/reference/proof.md`.
"""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest

from writing import facts, languages
from writing.checks import banned, forbidden, model_talk
from writing.checks.fields import Field
from writing.checks.tables import table
from writing.settings import WritingSettings

SETS = Path(__file__).parent / "sets"
# Forms that change the word's beginning: "cud" and "cudowny" are two words of one family, "чудеса" is an irregular plural.
MISSED = {"Cudowny krem.", "Творит чудеса.", "Прави чудеса.", "Halvimmat mukit.", "Is saoire é."}


def rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (SETS / name).read_text("utf-8").splitlines()]


def found(text: str, *, raw: str = "", source: dict[str, Any] | None = None, **settings: Any) -> list[tuple[str, str]]:
    field = Field("description", raw or text, text)
    report = forbidden.check([field], facts.read(source or {"name": "x"}), WritingSettings(**settings))
    return [(finding["code"], finding["text"]) for finding in report["findings"]]


def test_forms_and_disguises_of_a_banned_word_are_found_and_other_words_are_not() -> None:
    said = [(code, term, flag == "1", html.unescape(text)) for code, term, flag, text in rows("banned_words.tsv")]
    hits = [(text, any(banned.find(text, (term,), code))) for code, term, _, text in said]
    assert {text for (text, hit), (*_, is_form, _) in zip(hits, said, strict=True) if is_form and not hit} == MISSED
    assert [text for (text, hit), (*_, is_form, _) in zip(hits, said, strict=True) if hit and not is_form] == []


def test_every_language_has_forms_of_its_words() -> None:
    """Either a banned word's form is in the set, or the language is written like one that is."""
    alike = {"pt-BR": "pt", "bs": "hr", "zh-TW": "zh", "mt": "en", "ur": "fa", "bn": "hi"}
    tried = {code for code, *_ in rows("banned_words.tsv")}
    assert {row.code for row in languages.LANGUAGES} - tried == set(alike)


def test_the_finding_shows_how_the_text_says_it() -> None:
    report = forbidden.check(
        [Field("description", "x", "Najjeftinije šolje.")],
        facts.read({"name": "x"}),
        WritingSettings(language="sr-Latn", forbidden_words=("jeftin",)),
    )
    assert report["findings"][0]["found"] == "Najjeftinije"
    assert report["detail"] == "description: “jeftin” must not appear, as “Najjeftinije” does."


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("game changer", "A gamechanger."),
        ("best price", "The best\u00a0prices."),
        ("24/7", "Open 24/7."),
        ("C++", "In C++."),
    ],
)
def test_phrases_and_signs_are_found_as_they_stand(term: str, text: str) -> None:
    assert found(text, forbidden_words=(term,)) == [("banned_word", term)]


def test_letters_of_other_alphabets_in_a_right_word_do_no_harm() -> None:
    assert found("Ein Becher aus Steingut.", language="de", forbidden_words=("billig", "Wunder")) == []
    assert found("В коробке кружка и блюдце.", language="ru", forbidden_words=("чудо", "акция")) == []


def test_what_a_model_says_to_its_prompter_is_found_and_the_same_words_to_a_shopper_are_not() -> None:
    said = [(code, flag == "1", text) for code, flag, text in rows("model_talk.tsv")]
    assert [text for code, is_talk, text in said if is_talk and not model_talk.find(text, code)] == []
    assert [(text, hit) for code, is_talk, text in said if not is_talk and (hit := model_talk.find(text, code))] == []


def test_no_text_of_the_development_set_talks_to_a_prompter() -> None:
    texts = [json.loads(line) for line in (SETS / "development_texts.jsonl").open(encoding="utf-8")]
    assert [(row["id"], hit) for row in texts if (hit := model_talk.find(row["text"], row["language"]))] == []


def test_a_model_that_speaks_english_around_another_language_is_found() -> None:
    assert (
        model_talk.find("Here is the product description: Eine Tasse aus Steingut.", "de")
        == "Here is the product description"
    )
    assert model_talk.find("Eine Tasse aus Steingut. Let me know if you need changes.", "de") == "Let me know"


def test_a_quoted_customer_may_speak_of_herself() -> None:
    assert model_talk.find("“I can't imagine mornings without it”, says Ana. A mug of stoneware.", "en") == ""


def test_every_language_has_phrases_that_can_begin_a_finding() -> None:
    held = table("model_talk")
    have = {*held["spaced"], *held["unspaced"]}
    assert {model_talk.family(row.code) for row in languages.LANGUAGES} <= have
    starred = [
        (code, kind, phrase)
        for code, kinds in held["spaced"].items()
        for kind, listed in kinds.items()
        for phrase in listed.split(" | ")
        if kind not in ("text", "change") and "*" in phrase.split()[0]
    ]
    assert starred == []


LINKS = [
    ('<a href="https://evil.example/x">x</a>', "foreign_address"),
    ("<a href='https://evil.example/x'>x</a>", "foreign_address"),
    ("<a href=https://evil.example/x>x</a>", "foreign_address"),
    ('<a href="//evil.example/x">x</a>', "foreign_address"),
    ('<a href="https://evil.example/?u=shop.example">x</a>', "foreign_address"),
    ('<a href="https://shop.example.evil.example/">x</a>', "foreign_address"),
    ('<a href="https&#58;//evil.example">x</a>', "foreign_address"),
    ('<a href="java\nscript:alert(1)">x</a>', "foreign_address"),
    ('<a href="mailto:sales@evil.example">x</a>', "foreign_mail"),
    ('<a href="tel:+381641234567">x</a>', "foreign_phone"),
    ('<a href="https://shop.example/mugs">x</a>', ""),
    ('<a href="https://www.shop.example/mugs">x</a>', ""),
    ('<a href="https://media.shop.example/m.pdf">x</a>', ""),
    ('<a href="/mugs">x</a>', ""),
    ('<a href="#care">x</a>', ""),
    ('<a href="https://maker.example/care">x</a>', ""),
    ('<a href="mailto:help@shop.example">x</a>', ""),
]


@pytest.mark.parametrize(("raw", "code"), LINKS)
def test_links_lead_to_the_shop_or_where_the_source_leads(raw: str, code: str) -> None:
    source = {"name": "Mug", "description": "See https://maker.example/care or write to help@shop.example."}
    said = found("x", raw=raw, source=source, shop_host="shop.example")
    assert [kind for kind, _ in said] == ([code] if code else [])


def test_a_link_needs_a_source_even_where_the_shop_is_not_known() -> None:
    assert found("x", raw='<a href="https://evil.example/x">x</a>') == [("foreign_address", "https://evil.example/x")]
