"""Numbers of a translation in the forms of its language: words, other units beside, clock times, decades, dates."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from writing import checks, facts
from writing.checks.translation import times
from writing.facts import Original
from writing.settings import WritingSettings

ROWS = (Path(__file__).parent / "numbers.tsv").read_text("utf-8").splitlines()[1:]
SPLIT = ROWS.index("---")
GOOD, CHANGED = ([row.split("\t") for row in rows] for rows in (ROWS[:SPLIT], ROWS[SPLIT + 1 :]))
LANGUAGES = sorted({row[0] for row in GOOD})


def report(languages: str, before: str, after: str) -> Any:
    source, target = languages.split(">")
    read = replace(facts.read({"name": "Product", "description": before}), cache={})
    read = replace(read, original=Original({"description": before}, source))
    return checks.run({"description": after}, read, WritingSettings(language=target))


def faults(found: Any) -> list[str]:
    """What fails the comparison, and the numbers and codes that have no source."""
    row = next(check for check in found.checks if check["id"] == "translation")
    claims = [claim["text"] for claim in found.claims if claim["kind"] in ("number", "code") and not claim["supported"]]
    return [one["detail"] for one in row["findings"] if one["level"] == "error"] + claims


def rows_of(rows: list[list[str]], languages: str) -> list[list[str]]:
    return [row for row in rows if row[0] == languages]


@pytest.mark.parametrize("languages", LANGUAGES)
def test_an_honest_form_of_a_number_is_no_fault(languages: str) -> None:
    found = {row[2]: faults(report(*row)) for row in rows_of(GOOD, languages)}
    assert {text: wrong for text, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("languages", [key for key, _ in groupby(CHANGED, key=lambda row: row[0])])
def test_a_changed_number_is_a_fault_in_any_form(languages: str) -> None:
    rows = rows_of(CHANGED, languages)
    assert [row for row in rows if not faults(report(*row))] == []


def test_a_number_that_the_original_lacks_has_no_source() -> None:
    found = report("en>de", "The set has lids.", "Das Set hat 3 Deckel, bis 17 Uhr.")
    assert "3" in faults(found)
    assert "The original does not have “17”." in faults(found)


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("by 5:30 pm, 10.30 kg", "bis 17.30 Uhr, 10,30 kg", ("by        , 10.30 kg", "bis          , 10,30 kg")),
        ("by 5 pm", "bis 5 Uhr", ("by 5 pm", "bis 5 Uhr")),
        ("12 am", "Mitternacht", ("     ", " " * len("Mitternacht"))),
        ("24/7 help", "Hilfe", ("     help", "Hilfe")),
        ("17 colours", "17 Farben", ("17 colours", "17 Farben")),
    ],
)
def test_equal_times_are_taken_away_and_nothing_else(before: str, after: str, left: tuple[str, str]) -> None:
    assert times.without_equal_times(before, after) == left


def test_hours_and_minutes_are_one_number() -> None:
    texts = ("1 h 30", "1h30", "1 hour and 30 minutes", "1 Std. 30 Min.", "1 heure 30 minutes")
    assert [[minutes for _, _, minutes in times.durations(text)] for text in texts] == [[90]] * len(texts)
    assert list(times.durations("2 hours and 30 people")) == []
