"""A model's answer: what is asked for, what is accepted, what an edit may change."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.ai.types import Answer, EndReason
from scribe.errors import InvalidInput
from writing import facts, fields, html, output, structured_data
from writing.output import Unusable
from writing.settings import WritingSettings

FACTS = facts.read(
    {
        "name": "Mug",
        "sku": "M-1",
        "price": "12,50",
        "images": ["https://x.example/a.jpg"],
        "attributes": {"Brand": "Acme"},
    }
)
ALL = WritingSettings(
    generate_bullet_points=True, generate_attributes=True, generate_tags=True, structured_data_enabled=True
)
ANSWER: dict[str, Any] = {
    "name": "Mug",
    "short_description": "A mug.",
    "description": "<p>A fine <b>mug</b>.</p>",
    "bullet_points": ["One", "- Two"],
    "attributes": [{"name": "Color", "value": "red"}],
    "tags": ["mug", "mug", "cup"],
    "seo": {"title": "Mug", "description": "A mug.", "focus_keyword": "mug"},
}


def accept(change: dict[str, Any] | None = None, settings: WritingSettings = ALL) -> output.Accepted:
    return output.accept({**ANSWER, **(change or {})}, facts=FACTS, settings=settings)


def test_the_schema_asks_for_just_what_the_settings_want() -> None:
    assert list(output.schema(WritingSettings())["properties"]) == ["name", "short_description", "description", "seo"]
    only_long = WritingSettings(translate_name=False, generate_short=False, generate_seo=False)
    assert list(output.schema(only_long)["properties"]) == ["description"]
    assert list(output.schema(ALL)["properties"]) == [
        "name",
        "short_description",
        "description",
        "bullet_points",
        "attributes",
        "tags",
        "seo",
    ]


def test_the_schema_is_in_the_portable_subset() -> None:
    def walk(node: dict[str, Any]) -> None:
        assert set(node) <= {"type", "properties", "required", "additionalProperties", "items"}
        if node["type"] == "object":
            assert node["additionalProperties"] is False
            assert set(node["required"]) == set(node["properties"])
            for child in node["properties"].values():
                walk(child)
        if node["type"] == "array":
            walk(node["items"])

    walk(output.schema(ALL))


def test_a_whole_answer_becomes_content() -> None:
    content = accept().content
    assert list(content) == [
        "name",
        "short_description",
        "description",
        "bullet_points",
        "attributes",
        "tags",
        "seo",
        "structured_data",
    ]
    assert content["description"] == "<p>A fine <strong>mug</strong>.</p>"
    assert content["bullet_points"] == ["One", "Two"]
    assert content["attributes"] == {"Color": "red"}
    assert content["tags"] == ["mug", "cup"]
    assert content["seo"] == {"title": "Mug", "description": "A mug.", "slug": "mug", "focus_keyword": "mug"}
    json.dumps(content)


def test_prose_may_be_empty_where_its_row_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    optional = replace(fields.BY_NAME["short_description"], optional=True)
    monkeypatch.setitem(fields._OF_KEY, "short_description", (optional,))  # noqa: SLF001 - the rows as the table has them
    assert accept({"short_description": ""}).content["short_description"] == ""


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (EndReason.TRUNCATED, "truncated"),
        (EndReason.REFUSED, "refused"),
        (EndReason.FILTERED, "filtered"),
        (EndReason.TOOL, "tool"),
        (EndReason.ERROR, "error"),
    ],
)
def test_only_a_finished_answer_counts(end: EndReason, code: str) -> None:
    with pytest.raises(Unusable) as caught:
        output.usable(Answer(ANSWER, "", end))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": None}, "schema"),
        ({"name": ["Mug"]}, "schema"),
        ({"name": "  "}, "empty_field"),
        ({"description": "<script>x</script>"}, "empty_field"),
        ({"bullet_points": {"a": 1}}, "schema"),
        ({"bullet_points": []}, "empty_field"),
        ({"attributes": "red"}, "schema"),
        ({"attributes": [1]}, "schema"),
        ({"seo": "Mug"}, "schema"),
        ({"seo": {}}, "empty_field"),
        ({"seo": []}, "schema"),
        ({"description": "x" * 70_000}, "too_long"),
    ],
)
def test_what_is_not_content_is_unusable(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Unusable) as caught:
        accept(change)
    assert caught.value.code == code


def test_a_missing_key_is_unusable() -> None:
    with pytest.raises(Unusable) as caught:
        output.accept({key: value for key, value in ANSWER.items() if key != "tags"}, facts=FACTS, settings=ALL)
    assert caught.value.code == "schema"


def test_keys_nobody_asked_for_are_left_out() -> None:
    assert "html" not in accept({"html": "<script>"}).content
    assert "tags" not in accept(settings=WritingSettings()).content


def test_hostile_markup_is_taken_out_and_told() -> None:
    accepted = accept({"description": '<p onclick="x()">Mug</p><script>x</script><img src=x>'})
    assert accepted.content["description"] == "<p>Mug</p>"
    assert set(accepted.removed) == {"script", "onclick", "img"}


def test_plain_text_becomes_paragraphs_where_html_is_wanted() -> None:
    assert (
        accept({"description": "One & two.\n\nThree < four."}).content["description"]
        == "<p>One &amp; two.</p><p>Three &lt; four.</p>"
    )


def test_no_html_where_plain_text_is_wanted() -> None:
    settings = WritingSettings(use_html=False)
    assert (
        accept({"description": "<p>One</p><p>Two &amp; three</p>"}, settings).content["description"]
        == "One\nTwo & three"
    )


def test_seo_is_cut_to_what_search_engines_show() -> None:
    seo = accept({"seo": {"title": "word " * 40, "description": "word " * 90, "focus_keyword": "mug"}}).content["seo"]
    assert len(seo["title"]) <= 60
    assert len(seo["description"]) <= 160


def test_slugs_come_from_the_name_in_the_texts_language() -> None:
    serbian = WritingSettings(language="sr")
    assert accept({"name": "Шоља за кафу"}, serbian).content["seo"]["slug"] == "solja-za-kafu"
    assert accept({"name": "マグ"}, WritingSettings(language="ja")).content["seo"]["slug"] == "mug"
    assert (
        accept({"seo": {"title": "x", "description": "y", "slug": "/Évil/../slug"}}).content["seo"]["slug"]
        == "evil-slug"
    )


def test_price_and_stock_come_from_the_source_alone() -> None:
    data = accept({"structured_data": {"offers": {"price": "1"}}}).content["structured_data"]
    assert data["offers"] == {"@type": "Offer", "price": "12.50"}
    assert data["brand"] == {"@type": "Brand", "name": "Acme"}
    stocked = facts.read({"name": "Mug", "price": "1.299,00", "raw": {"currency": "RSD", "In stock?": "0"}})
    offer = output.accept(ANSWER, facts=stocked, settings=ALL).content["structured_data"]["offers"]
    assert offer == {
        "@type": "Offer",
        "price": "1299.00",
        "priceCurrency": "RSD",
        "availability": "https://schema.org/OutOfStock",
    }
    assert (
        "offers"
        not in output.accept(ANSWER, facts=facts.read({"name": "Mug"}), settings=ALL).content["structured_data"]
    )


def test_a_page_keeps_pictures_of_its_own_hosts() -> None:
    page = facts.read({"name": "About", "description": '<p>Us</p><img src="https://cdn.shop.example/a.jpg">'}, "page")
    text = '<p>Us</p><img src="https://cdn.shop.example/b.jpg" alt="us"><img src="https://evil.example/pixel.gif">'
    merged = output.merge({}, {"description": text}, facts=page, settings=ALL)
    assert merged["description"] == '<p>Us</p><img src="https://cdn.shop.example/b.jpg" alt="us">'
    assert "structured_data" not in output.accept(ANSWER, facts=page, settings=ALL).content
    assert output.merge({}, {"description": text}, facts=FACTS, settings=ALL)["description"] == "<p>Us</p>"


# people's edits


def test_an_edit_replaces_top_level_keys() -> None:
    content = accept().content
    merged = output.merge(content, {"name": "New", "tags": None, "unknown": "x"}, facts=FACTS, settings=ALL)
    assert merged["name"] == "New"
    assert "tags" not in merged
    assert "unknown" not in merged
    assert merged["description"] == content["description"]
    assert merged["structured_data"]["name"] == "New"
    assert content["name"] == "Mug"


def test_an_edit_is_sanitized() -> None:
    merged = output.merge({}, {"description": "<p>x</p><script>y</script>", "name": "=1+1"}, facts=FACTS, settings=ALL)
    assert merged == {"name": "=1+1", "description": "<p>x</p>"}


def test_an_edit_of_one_seo_text_keeps_the_others_and_null_removes_one() -> None:
    seo = accept().content["seo"]
    merged = output.merge(accept().content, {"seo": {"title": "X"}}, facts=FACTS, settings=ALL)
    assert merged["seo"] == {**seo, "title": "X"}
    merged = output.merge(merged, {"seo": {"focus_keyword": None, "description": ""}}, facts=FACTS, settings=ALL)
    assert merged["seo"] == {"title": "X", "slug": "mug"}


def test_an_edit_cannot_change_the_price() -> None:
    merged = output.merge(
        accept().content,
        {"structured_data": {"name": "<b>Own</b>", "offers": {"price": "0"}}},
        facts=FACTS,
        settings=ALL,
    )
    assert merged["structured_data"]["name"] == "Own"
    assert merged["structured_data"]["offers"]["price"] == "12.50"


def test_structured_data_cannot_end_the_script_that_holds_it() -> None:
    end = "</script><script>alert(1)</script>"
    given = {f"a{end}": {f"b{end}": "x"}, "c": [{end: 1}], **{f"k{n}": "x" for n in range(200)}}
    data = output.merge(accept().content, {"structured_data": given}, facts=FACTS, settings=ALL)["structured_data"]
    assert "<" not in json.dumps({key: data[key] for key in data if key[0] in "abck"})
    assert len(data) < 80
    entities = facts.read({"name": "Mug &lt;/script>", "attributes": {"a&lt;/script>": "&lt;/script>"}})
    built = structured_data.build({}, entities)
    text = structured_data.as_text(built)
    assert "<" not in text
    assert json.loads(text) == built


@pytest.mark.parametrize(
    "patch", [{"name": 5.5j}, {"description": []}, {"seo": "x"}, {"structured_data": "x"}, {"attributes": 3}]
)
def test_a_wrong_type_is_invalid_input(patch: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        output.merge({}, patch, facts=FACTS, settings=ALL)
    assert caught.value.extra["errors"][0]["pointer"].startswith("#/generated_content/")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries(dict.fromkeys(ANSWER, _json)))
def test_any_answer_is_accepted_clean_or_refused(data: dict[str, Any]) -> None:
    try:
        content = output.accept(data, facts=FACTS, settings=ALL).content
    except Unusable:
        return
    json.dumps(content)
    assert html.sanitize(content["description"]) == content["description"]
    plain = [
        content["name"],
        content["short_description"],
        *content["bullet_points"],
        *content["tags"],
        *content["attributes"].values(),
    ]
    assert all(text and not text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in plain)


def test_elements_that_are_written_as_entities_reach_no_plain_field() -> None:
    disguised = "Cup &lt;img src=x onerror=alert(1)&gt;"
    assert accept({"name": disguised}).content["name"] == "Cup"
    assert output.merge({}, {"name": disguised}, facts=FACTS, settings=ALL)["name"] == "Cup"
    assert output.merge({}, {"name": "Cup &lt;M&gt;"}, facts=FACTS, settings=ALL)["name"] == "Cup <M>"


@pytest.mark.parametrize("text", ["=SUM Tasse", "+5 kg Aktion", "@home", "-5 °C Tasse", "Größe <M> Hemd", "x²<y"])
def test_an_edit_of_a_plain_field_keeps_every_sign(text: str) -> None:
    patch = {
        "name": text, "short_description": text, "bullet_points": [text], "tags": [text], "attributes": {text: text},
        "seo": {"title": text, "slug": "x"},
    }  # fmt: skip
    settings = WritingSettings()
    merged = output.merge({}, patch, facts=FACTS, settings=settings)
    assert merged == patch
    assert output.clean_text("name", text, facts=FACTS, settings=settings) == (text, [])
    assert output.merge({}, {"description": text}, facts=FACTS, settings=ALL)["description"].startswith("<p>")
    assert output.merge({}, {"description": text}, facts=FACTS, settings=ALL)["description"].count(
        "&lt;"
    ) == text.count("<")


def test_a_bullet_before_an_entry_goes_and_its_sign_stays() -> None:
    settings = WritingSettings(generate_bullet_points=True)
    points = ["- Two", "• Three", "– four", "-5 °C", "+5 kg"]
    merged = output.merge({}, {"bullet_points": points}, facts=FACTS, settings=settings)
    assert merged["bullet_points"] == ["Two", "Three", "four", "-5 °C", "+5 kg"]
