"""The measure itself: what counts as caught, as flagged, and what the intervals are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.writing.checks.rates import measure as rates
from tests.writing.checks.rates.__main__ import main

SOURCE = {
    "name": "Steel bottle",
    "description": "A bottle of stainless steel, 750 ml.",
    "attributes": {"Colour": "blue"},
}


def write(folder: Path, texts: list[dict[str, object]]) -> tuple[Path, Path]:
    products, cases = folder / "products.jsonl", folder / "texts.jsonl"
    products.write_text(json.dumps({"product": "p", "source": SOURCE}) + "\n")
    cases.write_text("".join(json.dumps({"product": "p", "language": "en", **text}) + "\n" for text in texts))
    return cases, products


def test_a_lie_is_caught_by_a_claim_that_shares_its_words(tmp_path: Path) -> None:
    cases = rates.read(
        *write(
            tmp_path,
            [
                {"id": "1", "kind": "number_unit", "text": "It holds 900 ml.", "lie": "900 ml"},
                {"id": "2", "kind": "nonsense", "text": "It holds 900 ml and waits for rain.", "lie": "waits for rain"},
                {"id": "3", "kind": "honest", "text": "A steel bottle for 750 ml.", "lie": None},
            ],
        )
    )
    assert [rates.judge(case).hit for case in cases] == [True, False, False]


def test_the_interval_is_wilsons() -> None:
    low, high = rates.Proportion(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


def test_the_command_prints_rates_per_language_and_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = write(tmp_path, [{"id": "1", "kind": "number_unit", "text": "It holds 900 ml.", "lie": "900 ml"}])
    main([*map(str, paths)])
    out = capsys.readouterr().out
    assert "| number_unit | 1/1 = 100%" in out
    assert "| en | 1/1 = 100%" in out


def test_the_command_prints_how_often_a_text_with_a_given_score_held_a_lie(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write(
        tmp_path,
        [
            {"id": "1", "kind": "number_unit", "text": "It holds 900 ml.", "lie": "900 ml"},
            {"id": "2", "kind": "nonsense", "text": "A steel bottle that waits for rain.", "lie": "waits for rain"},
            {"id": "3", "kind": "honest", "text": "A steel bottle.", "lie": None},
        ],
    )
    main([*map(str, paths)])
    table = capsys.readouterr().out.partition("| score | texts that held a lie |")[2]
    assert "| 0.3–0.4 | 1/1 = 100%" in table
    assert "| not flagged | 1/2 = 50%" in table


def test_a_lie_that_is_not_in_its_text_is_refused(tmp_path: Path) -> None:
    paths = write(tmp_path, [{"id": "1", "kind": "number_unit", "text": "It holds 900 ml.", "lie": "800 ml"}])
    with pytest.raises(SystemExit, match="line 1"):
        main([*map(str, paths)])


def test_the_curve_adds_kinds_of_findings_the_most_precise_first(tmp_path: Path) -> None:
    paths = write(
        tmp_path,
        [
            {"id": "1", "kind": "number_unit", "text": "It holds 900 ml.", "lie": "900 ml"},
            {"id": "2", "kind": "origin", "text": "A bottle of steel, made in Spain.", "lie": "made in Spain"},
            {"id": "3", "kind": "honest", "text": "A steel bottle of 750 ml for 20 sips.", "lie": None},
        ],
    )
    rows = rates.curve([rates.judge(case) for case in rates.read(*paths)])
    assert [kind for kind, _, _ in rows] == ["origin", "number", "shown words"]
    assert [(caught.hits, flagged.hits) for _, caught, flagged in rows] == [(1, 0), (2, 1), (2, 1)]
