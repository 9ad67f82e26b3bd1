"""Texts of content that are sent to the API: up to 100 KB each, HTML up to 200 deep; the error names the place."""

from __future__ import annotations

from typing import Any

import pytest

from accounts import api_keys
from projects import content_fields
from scribe.models import Job
from tests.factories import make_item, make_project
from tests.projects import uploads

pytestmark = pytest.mark.django_db

LONG, LONGEST = "č" * 51_201, "č" * 51_200
DEEP = "<div>" * 201


@pytest.mark.parametrize(("text", "code"), [(LONG, "too_long"), (DEEP, "too_deep")])
def test_generated_content(api: Any, cast: Any, text: str, code: str) -> None:
    item = make_item(make_project(cast.organization), generated_content={"name": "Mug"}, status="generated")
    path = f"projects/{item.project_id}/items/{item.pk}"
    me = api.as_(cast.owner)
    body = me.patch(path, {"generated_content": {"description": text}}, 400)
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("#/generated_content/description", code)]
    body = me.patch(path, {"generated_content": {"bullet_points": ["a", text]}}, 400)
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("#/generated_content/bullet_points/1", code)]
    me.patch(path, {"generated_content": {"description": LONGEST}})


@pytest.mark.parametrize(("text", "code"), [(LONG, "too_long"), (DEEP, "too_deep")])
def test_items_added_by_hand(api: Any, cast: Any, text: str, code: str) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    source = me.upload(f"projects/{project_id}/sources/manual", {}, 201)
    path = f"projects/{project_id}/sources/{source['id']}/items"
    data = {"name": "Mug", "attributes": {"Care": text}}
    body = me.post(path, {"items": [{"source_data": {"name": "Cup"}}, {"source_data": data}]}, 400)
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("#/items/1/source_data/attributes/Care", code)]
    me.post(path, {"items": [{"source_data": {"name": "Mug", "description": LONGEST}}]}, 201)


def test_names_count_as_texts_and_values_end_at_64_levels() -> None:
    [(name, wrong)] = content_fields.problems({LONG: 1}).items()
    assert (name, wrong[0].code) == (LONG[:100], "too_long")
    deep: Any = "a"
    for _ in range(900):
        deep = [deep]
    found = content_fields.problems({"a": deep})
    while isinstance(found, dict):
        [found] = found.values()
    assert found[0].code == "too_deep"


@pytest.mark.parametrize(("text", "code"), [(LONG, "too_long"), (DEEP, "too_deep")])
@pytest.mark.parametrize("path", ["plugin/generate-description", "plugin/generate-description-async"])
def test_requests_of_a_plugin(api: Any, cast: Any, path: str, text: str, code: str) -> None:
    _, key = api_keys.create(organization=cast.organization, name="Shop", by=cast.owner)
    shop = api.with_(X_API_Key=key)
    mug = {"source": "woocommerce", "product_title": "Mug"}
    body = shop.post(path, {**mug, "current_description": text}, 400)
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("#/current_description", code)]
    body = shop.post(path, {**mug, "product_attributes": {"Care": ["a", text]}}, 400)
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("#/product_attributes/Care/1", code)]
    assert not Job.objects.exists()


def test_a_plugins_request_of_100_kb_a_text_is_taken(api: Any, cast: Any) -> None:
    _, key = api_keys.create(organization=cast.organization, name="Shop", by=cast.owner)
    texts = {"current_description": LONGEST, "product_attributes": {"Care": LONGEST, "Use": LONGEST}}
    body = {"source": "woocommerce", "product_title": "Mug", **texts}
    api.with_(X_API_Key=key).post("plugin/generate-description-async", body, 202)
    assert Job.objects.count() == 1


def test_metadata_does_not_grow_without_an_end(api: Any, cast: Any) -> None:
    item = make_item(make_project(cast.organization), metadata={"old": "x" * 300_000})
    path = f"projects/{item.project_id}/items/{item.pk}"
    me = api.as_(cast.owner)
    body = me.patch(path, {"metadata": {"a": "x"}}, 400)
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("#/metadata", "too_large")]
    me.patch(path, {"metadata": {"old": "x" * 1000}})  # smaller is always taken
    for name in "abcd":
        me.patch(path, {"metadata": {name: "č" * 30_000}})
    me.patch(path, {"metadata": {"e": "č" * 30_000}}, 400)
    assert set(me.get(path)["metadata"]) == {"old", "a", "b", "c", "d"}


@pytest.mark.parametrize("field", ["settings", "settings_overrides"])
def test_settings_of_a_project(api: Any, cast: Any, field: str) -> None:
    path = f"projects/{make_project(cast.organization).pk}"
    me = api.as_(cast.owner)
    body = me.patch(path, {field: {str(n): "x" * 1000 for n in range(70)}}, 400)
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [(f"#/{field}", "too_large")]
    me.patch(path, {field: {str(n): "x" * 1000 for n in range(60)}})
