"""The table of generated fields: every field has its say in every store, every file format and everything of our own."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog import source_data
from catalog.files import adapters, layouts, mapping, targets, wxr
from catalog.files.layouts import Layout
from catalog.files.merge import MergeResult
from integrations.ai.types import Brief
from integrations.shopify import mapping as shopify
from integrations.shopify.metafields import LINE, LINES, LIST, NEW_TYPES, Definitions
from integrations.stores.interface import Store
from integrations.stores.magento import mapping as magento
from integrations.stores.magento.attributes import SYSTEM, Attributes
from integrations.stores.platforms import PLATFORMS
from integrations.stores.types import CHOSEN, Credentials, Current, Opening, Placement, Push, Ref
from integrations.stores.woocommerce import mapping as woocommerce
from projects import profiles, versions
from projects.api.serializers.generation import WritingRequest
from projects.api.serializers.profiles import ProfileReply, ProfileSettings
from projects.models import ContentItem
from projects.plugin.forms import PluginText
from projects.plugin.generations import EMPTY
from projects.sync import plan
from tests.scribe.source import nodes
from writing import checks, facts, output, prompts
from writing.checks import fields as read
from writing.fields import BY_NAME, FIELDS, KEYS, OFFERED, SETTINGS, Form, GeneratedField, Role, flat
from writing.offline import product as offline
from writing.settings import DEFAULTS, WritingSettings

ROOT = Path(__file__).resolve().parents[2]
SAMPLES: dict[Form, Any] = {
    Form.NAME: "Sample words",
    Form.LINE: "Sample words",
    Form.HTML: "<p>Sample words</p>",
    Form.LINES: ["Sample words"],
    Form.WORDS: ["sample words"],
    Form.PAIRS: {"Colour": "sample words"},
    Form.SLUG: "sample-words",
    Form.DATA: {"sample": "words"},
}
STORES: dict[str, type[Store]] = {row.id: row.client for row in PLATFORMS.values()}
EVERYTHING = WritingSettings(use_html_short=True, **dict.fromkeys(SETTINGS, True))
each_field = pytest.mark.parametrize("row", FIELDS, ids=lambda row: row.name)
each_store = pytest.mark.parametrize("platform", STORES)
each_format = pytest.mark.parametrize("adapter", adapters.every(), ids=lambda adapter: adapter.name)
# Columns that are written, but not yet recognised in a file that comes back.
UNREAD = {("woocommerce", "seo.focus_keyword"), ("wordpress", "seo.slug")}


def sample_of(row: GeneratedField) -> dict[str, Any]:
    """Content that holds this field alone."""
    value = SAMPLES[row.form]
    return {row.key: {row.part: value}} if row.part else {row.key: value}


# --- stores


def test_every_platform_has_its_case_here() -> None:
    assert set(WRITERS) == set(RAW) == set(PLATFORMS)


@each_store
def test_a_store_says_where_it_keeps_every_field(platform: str) -> None:
    assert set(STORES[platform].field_places) == set(BY_NAME)


def _of_woocommerce(store: Any, push: Push, skipped: dict[str, str]) -> Any:
    return woocommerce.update(push, plugin="yoast", tag_ids={"sample words": 7}, own={}, skipped=skipped)


def _of_shopify(store: Any, push: Push, skipped: dict[str, str]) -> Any:
    return shopify.update(push, Definitions(lambda namespace: []), store.placement, skipped)


def _of_magento(store: Any, push: Push, skipped: dict[str, str]) -> Any:
    colour = {"attribute_code": "colour", "default_frontend_label": "Colour", "frontend_input": "text"}
    here = {"attribute_code": "xc.here", "default_frontend_label": "Here", "frontend_input": "textarea"}
    return magento.update(push, Attributes(lambda: [colour, here]), skipped)


def _of_wordpress(store: Any, push: Push, skipped: dict[str, str]) -> Any:
    store._unfiltered = True  # what the site says of the user's rights
    return store._body(push, {"sample words": 7}, skipped)


WRITERS: dict[str, Callable[[Any, Push, dict[str, str]], Any]] = {
    "woocommerce": _of_woocommerce,
    "shopify": _of_shopify,
    "magento2": _of_magento,
    "wordpress": _of_wordpress,
}
RAW: dict[str, dict[str, Any]] = {
    "woocommerce": {"id": 1},
    "shopify": {"id": "gid://shopify/Product/1"},
    "magento2": {"sku": "A-1"},
    "wordpress": {
        "id": 1,
        "meta": {"xc.here": "", "_yoast_wpseo_title": "", "_yoast_wpseo_metadesc": "", "_yoast_wpseo_focuskw": ""},
    },
}


@each_store
@each_field
def test_what_a_store_has_a_place_for_is_written_there(platform: str, row: GeneratedField) -> None:
    kind = PLATFORMS[platform].default_item_type
    place = STORES[platform].field_places[row.name]
    chosen = "meta.xc" if row.form is Form.PAIRS else "meta.xc.here"  # pairs are kept in a namespace of their own
    placement = Placement({row.name: chosen} if place == CHOSEN else {}, push_slug=True)
    store: Any = STORES[platform].opened(Credentials("https://shop.example"), Opening(placement=placement))
    store.plugin = "yoast"
    item = ContentItem(item_type=kind, generated_content=sample_of(row), source_data={})
    current, skipped = Current({}, RAW[platform]), {}
    found = plan.texts_to_push(item, current, store, placement, skipped)
    refused = {name: why for name in found if (why := store.missing_place(name, kind))}
    allowed = {name: value for name, value in found.items() if name not in refused}
    body = WRITERS[platform](store, Push(Ref("1", kind), allowed, current), skipped)
    said = json.dumps(body, ensure_ascii=False).lower()
    if place:
        assert not skipped
        assert not refused
        assert "sample" in said or '"tags": [7]' in said or '"tags": [{"id": 7}]' in said
    else:
        assert all({**skipped, **refused}.values())
        assert {**skipped, **refused}
        assert "sample" not in said


@each_field
def test_shopify_has_a_new_metafields_type_for_every_field_with_a_chosen_place(row: GeneratedField) -> None:
    types = {Form.LINE: LINE, Form.HTML: LINES, Form.LINES: LIST, Form.DATA: "json"}
    if row.placed and row.form is not Form.PAIRS:  # of pairs, each value is a line
        assert NEW_TYPES.get(row.name, LINE) == types[row.form]


def test_lists_of_sentences_in_the_same_text_are_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    more = replace(BY_NAME["bullet_points"], name="more_points")
    monkeypatch.setattr("writing.fields.FIELDS", (*FIELDS, more))
    item = ContentItem(generated_content={"bullet_points": ["Light"], "more_points": ["Wash cold"]}, source_data={})
    store = STORES["woocommerce"].opened(Credentials("https://shop.example"), Opening())
    current = Current({"description": "<p>Old</p>"}, {})
    placement = Placement({"bullet_points": "description", "more_points": "description"})
    found = plan.texts_to_push(item, current, store, placement, {})
    assert found["description"] == '<ul class="xc-bullets"><li>Light</li><li>Wash cold</li></ul>\n<p>Old</p>'


def test_a_list_of_sentences_goes_nowhere_unless_its_row_or_the_settings_say_where(monkeypatch: Any) -> None:
    care = replace(BY_NAME["bullet_points"], name="care", default_place="")
    monkeypatch.setattr("writing.fields.FIELDS", (*FIELDS, care))
    content = {"description": "<p>New</p>", "bullet_points": ["Light"], "care": ["Wash cold"]}
    store, skipped = STORES["woocommerce"].opened(Credentials("https://shop.example"), Opening()), {}
    item = ContentItem(generated_content=content, source_data={})
    found = plan.texts_to_push(item, Current({}, {}), store, Placement(), skipped)
    assert found["description"] == '<ul class="xc-bullets"><li>Light</li></ul>\n<p>New</p>'
    assert list(skipped) == ["care"]
    found = plan.texts_to_push(item, Current({}, {}), store, Placement({"care": "meta.care"}), {})
    assert found["meta.care"] == '["Wash cold"]'


def test_every_seo_plugin_has_the_same_fields() -> None:
    assert {frozenset(keys) for keys in woocommerce.PLUGINS.values()} == {frozenset(woocommerce.YOAST)}


def test_magento_shows_no_field_of_ours_as_an_attribute() -> None:
    assert set(magento.CODES.values()) <= SYSTEM


# --- files


@each_format
def test_a_file_format_says_where_it_keeps_every_field(adapter: Any) -> None:
    assert set(adapter.headers) == set(BY_NAME)


def test_wxr_says_where_it_keeps_every_field() -> None:
    assert set(wxr.PLACES) == set(BY_NAME)


@each_format
@each_field
def test_a_file_gets_the_column_of_a_field(adapter: Any, row: GeneratedField) -> None:
    header = adapter.headers[row.name]
    if row.form is Form.SLUG:  # an address goes to a column that the file has, never to a new one
        layout = Layout(adapter.name, ["SKU", header or row.name])
        assert [target.column for target in targets.plan(layout, {row.name}).targets] == [1]
        return
    made = targets.plan(Layout(adapter.name, ["SKU"]), {row.name})
    assert made.appended == [header] * bool(header)
    assert [target.field for target in made.targets] == [row.name] * bool(header)


@pytest.mark.parametrize("platform", [*PLATFORMS, "generic"])
@each_field
def test_the_column_of_a_field_is_recognised_in_a_file(platform: str, row: GeneratedField) -> None:
    headers = adapters.get(platform).headers
    if not row.in_source or not headers[row.name] or (platform, row.name) in UNREAD:
        return
    columns = ["SKU", "Handle", *(header for header in headers.values() if header)]
    layout = mapping.detect(columns, [], platform if platform != "generic" else "woocommerce")
    assert layout.named().get(headers[row.name]) == row.name


@each_field
def test_wxr_gets_the_texts_that_it_has_a_place_for(row: GeneratedField) -> None:
    document = wxr.WxrDocument.open(io.BytesIO(WXR))
    changes: Iterator[tuple[int, dict[str, Any]]] = iter([(1, flat(sample_of(row)))])
    written = b"".join(wxr.merge(document, changes, MergeResult()))
    assert (b"ample words" in written) == bool(wxr.PLACES[row.name])


WXR = b"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<wp:wxr_version>1.2</wp:wxr_version>
<item><title>Old</title><content:encoded><![CDATA[old]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>7</wp:post_id><wp:post_type>post</wp:post_type></item></channel></rss>
"""


# --- our own


@each_field
def test_a_field_is_asked_for_described_and_priced(row: GeneratedField) -> None:
    if row.role is Role.DERIVED:
        assert not row.instruction
        assert not row.expected
        return
    assert row.setting in DEFAULTS
    assert row.key in EVERYTHING.wanted
    off = WritingSettings(**{**dict.fromkeys(SETTINGS, True), row.setting: False})
    assert row.key not in off.wanted
    assert prompts.expected_characters(off) < prompts.expected_characters(EVERYTHING)
    assert sum(line.startswith(f"{row.key}: ") for line in prompts.task(EVERYTHING)) == 1
    part = output.schema(EVERYTHING)["properties"][row.key]
    assert not row.part or row.part in part["properties"]


@each_field
def test_an_answer_is_accepted_read_and_limited(row: GeneratedField) -> None:
    answer = {key: dict.fromkeys([r.part for r in FIELDS if r.key == key], "") for key in KEYS if "." in key}
    for other in FIELDS:
        if other.role is not Role.DERIVED:
            held = sample_of(other)[other.key]
            answer[other.key] = {**answer.get(other.key, {}), **held} if other.part else held
    source = facts.read({"name": "Sample words"}, "product")
    content = output.accept(answer, facts=source, settings=EVERYTHING).content
    assert tuple(content) == KEYS
    if row.role is Role.DERIVED:
        assert row.of(content)
        return
    assert row.of(content) == SAMPLES[row.form]
    assert any(field.row is row for field in read.readable_texts(content))
    if row.limit:
        long = "Sample words go on. " * 2_000
        sized = {row.key: {row.part: long}} if row.part else {row.key: [long] if row.entries else long}
        within = next(check for check in checks.run(sized, source, EVERYTHING).checks if check["id"] == "limits")
        assert any(found["value"] for found in within["findings"])


def test_the_built_in_writer_writes_every_field() -> None:
    wanted = EVERYTHING.wanted
    brief = Brief(facts={"name": "Mug", "attributes": {"Colour": "blue"}}, wanted=wanted, limits=EVERYTHING.limits)
    written = offline.write(brief)
    assert [row.name for row in FIELDS if row.key in wanted and row.of(written) is None] == []


def test_the_plugins_reply_has_every_field() -> None:
    """`description` is its `content`."""
    assert set(KEYS) - {"description", "short_description"} <= set(EMPTY)
    assert {*EMPTY, "content", "short_description"} <= set(PluginText().fields)


def test_the_api_and_the_profiles_offer_every_setting() -> None:
    for shape in (WritingRequest, ProfileSettings, ProfileReply):
        assert set(OFFERED) <= set(shape().fields)
    assert set(OFFERED) <= set(profiles.SETTINGS)


def test_source_data_holds_the_fields_that_shops_have() -> None:
    shown = {row.name for row in FIELDS if row.in_source}
    assert {name.partition(".")[0] for name in shown} <= set(source_data.CANONICAL)
    assert shown - set(layouts.FIELDS) == {"attributes"}
    assert {row.name for row in versions.COMPARED} == shown - {"attributes"}


# --- and nobody keeps a list beside the table


def _texts_of(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def test_settings_that_ask_for_fields_are_named_in_the_table_alone() -> None:
    names = set(SETTINGS)
    found = {
        (path.relative_to(ROOT).as_posix(), text)
        for app in ("writing", "projects", "blog", "studio")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
        for text in _texts_of(path)
        if text in names
    }
    elsewhere = {place for place in found if place[0] != "writing/fields.py"}
    assert elsewhere == {
        # The plugin's contract asks for both descriptions, whatever the project's settings say.
        ("projects/plugin/generations.py", "generate_short"),
        ("projects/plugin/generations.py", "generate_long"),
        # A case of the claims' measure is one text.
    }
