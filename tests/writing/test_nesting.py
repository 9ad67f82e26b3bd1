"""HTML that is nested too deeply for a parser."""

from __future__ import annotations

import pytest

from blog import content
from writing import depth, html


@pytest.mark.parametrize(
    "deep",
    [
        "<ul>" * 300,
        "<ul><li>" * 300 + "a" + "</li></ul>" * 300,
        "<div></b>" * 300,
        "<div><table></div></table>" * 300,
        "<div><b></div>" * 300,
    ],
)
def test_only_the_text_of_it_stays(deep: str) -> None:
    assert depth.is_too_deep(deep)
    assert html.sanitize(deep + "Mug & <b>cup</b>").split()[-3:] == ["Mug", "&amp;", "cup"]
    assert "<" not in content.sanitize(deep)


@pytest.mark.parametrize(
    "honest",
    [
        "<p>a" * 1_000,
        "<ul>" + "<li>a" * 1_000 + "</ul>",
        "<br>" * 1_000,
        "<p><b>a</b> <i>b</i></p>" * 500,
        "<b><i>a</b></i>" * 500,
        "<table>" + "<tr><td>a" * 500 + "</table>",
        "<div><div><p>a</p></div></div>" * 300,
    ],
)
def test_long_html_is_not_deep(honest: str) -> None:
    assert not depth.is_too_deep(honest)
