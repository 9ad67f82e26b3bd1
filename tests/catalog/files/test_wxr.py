"""WordPress exports given back with only the target elements replaced."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.files import wxr
from catalog.files.detection import open_file
from catalog.files.limits import MIB
from catalog.files.merge import MergeResult
from catalog.files.rows import Faults, ParsedItem
from catalog.files.wxr import WxrDocument
from scribe.errors import InvalidInput
from tests.catalog.files import samples


def merged(changes: dict[int, dict[str, Any]]) -> bytes:
    document = open_file(io.BytesIO(samples.WXR), platform="wordpress").table
    assert isinstance(document, WxrDocument)
    return b"".join(wxr.merge(document, iter(sorted(changes.items())), MergeResult()))


def items(data: bytes) -> list[ParsedItem]:
    return list(open_file(io.BytesIO(data), platform="wordpress").items(Faults()))


def test_without_changes_it_is_the_same_file() -> None:
    assert merged({}) == samples.WXR


def test_elements_are_replaced_where_they_stand() -> None:
    result = merged(
        {1: {"name": "Novo ]]> ime", "short_description": "<b>Uvod</b>", "seo.title": "SEO"}, 2: {"seo.title": "Novo"}}
    )
    post, page = items(result)
    assert post.source_data["name"] == "Novo ]]> ime"
    assert post.source_data["short_description"] == "<b>Uvod</b>"  # was an empty element
    assert post.source_data["seo"]["title"] == "SEO"  # was not there
    assert page.source_data["seo"]["title"] == "Novo"
    untouched = samples.WXR.split(b"<item>")[3]
    assert result.endswith(untouched)
    assert samples.WXR.split(b"<item>")[0] == result.split(b"<item>")[0]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60).filter(lambda text: "\r" not in text))
def test_any_text_reads_back(text: str) -> None:
    legal = wxr._ILLEGAL.sub("", text)
    post, page = items(merged({1: {"description": f"<p>{text}</p>"}}))
    assert post.source_data["description"] == f"<p>{legal}</p>"
    assert page == items(samples.WXR)[1] or page.line != items(samples.WXR)[1].line


def test_a_shops_own_pages_are_marked_as_left_out() -> None:
    cart = samples.WXR.replace(b"<![CDATA[]]>", b"<![CDATA[<!-- wp:woocommerce/checkout /-->]]>")
    assert [bool(item.left_out) for item in items(cart)] == [False, True]


def test_plain_texts_are_escaped_for_wordpress_and_read_back_plain() -> None:
    result = merged({1: {"name": "Für Kinder < 3 Jahre", "short_description": "1 < 2", "description": "<p>5 < 6</p>"}})
    assert b"<![CDATA[F\xc3\xbcr Kinder &lt; 3 Jahre]]>" in result
    post, _ = items(result)
    assert post.source_data["name"] == "Für Kinder < 3 Jahre"
    assert post.source_data["short_description"] == "1 &lt; 2"
    assert post.source_data["description"] == "<p>5 < 6</p>"


def test_a_request_reads_the_beginning_of_a_large_document_alone() -> None:
    """Here what follows the beginning is broken: who reads on would say so."""
    broken = samples.WXR + b" " * (wxr.FIRST + MIB) + b"<"
    document = open_file(io.BytesIO(broken), platform="wordpress").table
    assert isinstance(document, WxrDocument)
    assert len(document.sample(5)) == 2
    assert document.row_count(2_001) == 2_001  # so a job reads it
    assert document.estimate(2_001) == 2_001
    assert document.estimate(1) > 1_000
    with pytest.raises(InvalidInput):
        document.row_count()
    assert open_file(io.BytesIO(samples.WXR), platform="wordpress").table.row_count(2_001) == 2
