"""The `glossary` check: a term's word in any of its forms, and the words that may not stand for it."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest

from writing import facts
from writing.checks import banned, fields, glossary, run
from writing.glossary import LABEL, MOST_TOLD, Glossary, Term, prompt_text
from writing.settings import WritingSettings


def source(text: str) -> facts.Facts:
    return facts.read({"name": text, "description": ""}, "product")


def checked(description: str, *terms: Term, named: str, language: str) -> dict[str, Any]:
    content = {"description": description}
    return glossary.check(fields.readable_texts(content), source(named), Glossary(terms), language)


@pytest.mark.parametrize(
    ("language", "word", "text"),
    [
        ("de", "Rucksack", "Zwei Rucksäcke für Kinder."),
        ("de", "Rucksack", "Ein leichter Reiserucksack."),
        ("de", "wasserdicht", "Ein wasserdichter Begleiter."),
        ("sr-Latn", "majica", "Nosite majicu svaki dan."),
        ("sr-Latn", "majica", "U ovim majicama je lako."),
        ("sr", "majica", "Носите мајицу сваки дан."),
        ("sr-Latn", "vodootporan", "Vodootporna jakna."),
        ("pl", "plecak", "Z tym plecakiem wszędzie."),
        ("pl", "wodoodporny", "Materiał wodoodpornego plecaka."),
        ("fr", "sac à dos", "Un sac à dos léger."),
        ("en", "backpack", "Two backpacks for children."),
        ("hr", "ruksak", "Dva ruksaka za djecu."),
        ("cs", "batoh", "S tímto batohem."),
    ],
)
def test_a_word_is_found_in_its_forms(language: str, word: str, text: str) -> None:
    found = checked(text, Term("knapsack", "en", word), named="A knapsack", language=language)
    assert (found["passed"], found["findings"]) == (True, []), found
    assert found["counts"] == {"named": 1, "used": 1}


@pytest.mark.parametrize(
    ("language", "word", "text"),
    [
        ("de", "Rucksack", "Ein leichter Beutel."),
        ("de", "Rucksack", "Ein Sack für den Rücken."),
        ("fr", "sac à dos", "Un sac pour le dos."),
        ("sr-Latn", "majica", "Majka je lepa."),
        ("en", "backpack", "A pack."),
    ],
)
def test_another_word_is_a_miss_that_warns(language: str, word: str, text: str) -> None:
    found = checked(text, Term("knapsack", "en", word), named="A knapsack", language=language)
    assert found["passed"] is True
    assert [(finding["code"], finding["level"], finding["text"]) for finding in found["findings"]] == [
        ("missing_term", "warning", word)
    ]
    assert found["detail"] == "0 of 1 terms have the glossary's word."


def test_a_listed_form_counts() -> None:
    term = Term("T-shirt", "en", "koszulka", forms=("koszulek",))
    found = checked("Pięć koszulek.", term, named="Five T-shirts", language="pl")
    assert found["counts"] == {"named": 1, "used": 1}


def test_a_forbidden_word_is_an_error_with_its_place() -> None:
    term = Term("backpack", "en", "Rucksack", forbidden=("Tornister", "Ranzen"))
    found = checked("Ein Rucksack, kein Schulranzen, doch zwei Tornister.", term, named="A backpack", language="de")
    assert found["passed"] is False
    (finding,) = found["findings"]
    assert (finding["code"], finding["level"], finding["found"]) == ("forbidden_term", "error", "Tornister")
    text = "Ein Rucksack, kein Schulranzen, doch zwei Tornister."
    assert text[finding["start"] : finding["end"]] == "Tornister"
    assert found["detail"] == "description: “Tornister” may not stand for “backpack”. The glossary says “Rucksack”."


def test_a_forbidden_word_counts_where_the_source_does_not_name_the_term() -> None:
    term = Term("backpack", "en", "Rucksack", forbidden=("Tornister",))
    assert checked("Ein Tornister.", term, named="A bottle", language="de")["passed"] is False
    assert checked("Eine Flasche.", term, named="A bottle", language="de")["passed"] == "na"


def test_what_is_kept_stays_letter_by_letter() -> None:
    term = Term("HydroGuard", "en", "HydroGuard", kept=True)
    for text, used in (("Mit HydroGuard.", 1), ("Mit Hydroguard.", 0), ("Mit HydroGuards.", 0)):
        assert checked(text, term, named="Coat with HydroGuard", language="de")["counts"]["used"] == used


def test_terms_are_named_in_the_forms_of_their_own_language() -> None:
    term = Term("Rucksack", "de", "backpack")
    named = checked("A bag.", term, named="Zwei Rucksäcke", language="en")
    assert named["counts"] == {"named": 1, "used": 0}


def test_the_report_has_the_check_only_with_a_glossary() -> None:
    content = {"name": "Flasche", "description": "<p>Eine Flasche.</p>"}
    plain = WritingSettings(language="de")
    assert "glossary" not in [check["id"] for check in run(content, source("Bottle"), plain).checks]
    terms = Glossary((Term("bottle", "en", "Trinkflasche", forbidden=("Flasche",)),))
    report = run(content, source("Bottle"), WritingSettings(language="de", glossary=terms))
    assert "glossary" in report.failed
    assert report.flagged
    assert report.score <= 0.3


def test_a_prompt_is_told_the_terms_that_the_source_names() -> None:
    terms = Glossary(
        (
            Term("bottle", "en", "Flasche", forbidden=("Pulle",), note="not for bulbs"),
            Term("ACME", "en", "ACME", kept=True),
            Term("cup", "en", "Tasse"),
        )
    )
    said = glossary.prompt_text(source("ACME steel bottles"), terms)
    assert said.startswith(LABEL)
    assert '{"term": "bottle", "word": "Flasche", "never": ["Pulle"], "note": "not for bulbs"}' in said
    assert '{"term": "ACME", "kept": "ACME"}' in said
    assert "Tasse" not in said
    assert glossary.prompt_text(source("A lamp"), terms) == ""


def test_a_term_that_has_no_room_does_not_silence_the_others() -> None:
    terms = (Term("cup", "en", "Tasse", note="n" * MOST_TOLD), Term("bottle", "en", "Flasche"))
    assert "Flasche" in prompt_text(terms)
    assert "Tasse" not in prompt_text(terms)


@pytest.mark.parametrize("notes", [[], [10], [MOST_TOLD], [1000, 3500, 2500], [3900, 100], [1300] * 4, [20] * 500])
def test_what_is_told_has_an_end_and_a_quote_counts_it(notes: list[int]) -> None:
    """A quote counted what is told of all terms; some of them may say more, where a long one no longer takes the room."""
    terms = tuple(Term(f"word{n}", "en", note="x" * length) for n, length in enumerate(notes))
    most = Glossary(terms).most_told
    some = [terms[first:last:step] for first in range(4) for last in range(8) for step in (1, 2)]
    assert max(len(prompt_text(chosen)) for chosen in (*some, terms)) <= most <= len(LABEL) + MOST_TOLD + 3
    assert bool(most) == any(prompt_text((term,)) for term in terms)


def test_a_text_is_read_once_however_many_terms_there_are(monkeypatch: Any) -> None:
    read = []

    class Counted(banned._Said):
        def __init__(self, *args: Any) -> None:
            read.append(args[0])
            super().__init__(*args)

    monkeypatch.setattr(banned, "_Said", Counted)
    terms = [Term(f"bag{n}", "en", f"Tasche{n}", forbidden=(f"Sack{n}", "Beutel")) for n in range(20)]
    for count in (2, 20):
        read.clear()
        found = checked("Ein Beutel.", *terms[:count], named="A bag1 and a bag15", language="de")
        assert [finding["code"] for finding in found["findings"]].count("forbidden_term") == count
        assert len(read) == 3  # the source; the text for the words, and its field for the forbidden ones


@pytest.mark.thorough
def test_a_text_costs_by_its_own_length_however_large_the_glossary() -> None:
    """It took two seconds of the processor for a text of 1 KB, and more with each forbidden word.

    A cost by the glossary is 20 times larger for 20 times the terms. Half of that is allowed: what is measured is some
    milliseconds, and the larger index fits no processor's cache.
    """
    text = "Ein leichter Reiserucksack aus festem Stoff, für jeden Tag und jedes Wetter. " * 13

    def cost(terms: int) -> float:
        words = [
            f"{chr(97 + at % 26)}{chr(97 + at // 26 % 26)}wort{'xyz'[at % 3]}{'q' * (at % 7)}en"
            for at in range(terms * 20)
        ]
        glossary_of = Glossary(
            tuple(
                Term(f"term {at}", "en", f"Wort{at}", forbidden=tuple(words[at * 20 : at * 20 + 20]))
                for at in range(terms)
            )
        )
        about, texts = source("A backpack"), fields.readable_texts({"description": text})
        glossary.check(texts, about, glossary_of, "de")  # what it looks words up by is built once
        best = float("inf")
        for _ in range(7):
            began = process_time()
            for _ in range(20):
                glossary.check(texts, about, glossary_of, "de")
            best = min(best, process_time() - began)
        return best

    assert cost(1_000) < 10 * cost(50)
