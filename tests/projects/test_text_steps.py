"""The steps from one text to another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writing import text_steps

word = st.sampled_from(["wool ", "warm ", "a ", "socks", "<b>", "</b>", ", ", "\n", "  ", "é", "5", "x"]) | st.text(
    max_size=4
)
text = st.lists(word, max_size=80).map("".join)


def sides(steps: list[tuple[str, str]]) -> tuple[str, str]:
    return tuple("".join(text for step, text in steps if step != other) for other in ("insert", "delete"))  # type: ignore[return-value]


@given(old=text, new=text)
def test_the_steps_lead_from_one_text_to_the_other(old: str, new: str) -> None:
    steps = list(text_steps.between(old, new))
    assert sides(steps) == (old, new)
    assert all(one[0] != other[0] for one, other in pairwise(steps))
    assert all(part for _, part in steps)
    if old == new:
        assert [step for step, _ in steps] in ([], ["equal"])


@given(old=st.lists(word, max_size=60), new=st.lists(word, max_size=60))
def test_operations_cover_both_lists_without_a_gap(old: list[str], new: list[str]) -> None:
    at, to = 0, 0
    for operation, start, end, from_, until in text_steps.operations(old, new):
        assert (start, from_) == (at, to)
        assert (old[start:end] == new[from_:until]) == (operation == "equal")
        assert {"insert": start == end, "delete": from_ == until}.get(operation, start < end and from_ < until)
        at, to = end, until
    assert (at, to) == (len(old), len(new))


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        ("Wool socks", "Wool socks", [("equal", "Wool socks")]),
        ("Grey wool socks", "Warm wool socks", [("delete", "Grey "), ("insert", "Warm "), ("equal", "wool socks")]),
        (
            "<p>Warm socks.</p>",
            "<p>Warm wool socks.</p>",
            [("equal", "<p>Warm "), ("insert", "wool "), ("equal", "socks.</p>")],
        ),
        ("", "New", [("insert", "New")]),
        ("Old", "", [("delete", "Old")]),
        ("", "", []),
        ("a b c d", "c d a b", [("delete", "a b "), ("equal", "c "), ("delete", "d"), ("insert", "d a b")]),
    ],
)
def test_words_that_stay_are_equal(old: str, new: str, steps: list[tuple[str, str]]) -> None:
    assert list(text_steps.between(old, new)) == steps


def test_long_texts_keep_what_they_share() -> None:
    old = " ".join(f"word{n}" for n in range(3000))
    new = old.replace("word1500 ", "another ")
    assert [step for step, _ in text_steps.between(old, new)] == ["equal", "delete", "insert", "equal"]
