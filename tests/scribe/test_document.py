"""The OpenAPI document and its pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scribe.api.schema import TAGS


def test_the_document_says_what_it_is(api: Any, db: Any) -> None:
    body = api.get("schema?format=json")
    assert body["info"]["title"] == "XC Scribe API"
    assert body["info"]["description"] == "API for the XC AI Content Automation platform."
    assert body["servers"] == [{"url": "http://testserver"}]
    assert [tag["name"] for tag in body["tags"]] == list(TAGS)
    assert all(tag["description"] for tag in body["tags"])
    for path, item in body["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            assert operation["summary"], f"{method} {path}"
            assert set(operation["tags"]) <= set(TAGS), f"{method} {path}"
            if path.startswith("/api/"):
                assert any(code[0] in "45" for code in operation["responses"]), f"{method} {path}"


def test_nobody_reads_how_our_classes_are_made(api: Any, db: Any) -> None:
    text = json.dumps(api.get("schema?format=json"))
    for ours in ("A thin view", "Views whose path", "validated_data", "renders rows"):
        assert ours not in text


@pytest.mark.parametrize("name", ["languages", "providers", "platforms", "content-types"])
def test_short_lists_come_in_pages_too(api: Any, db: Any, name: str) -> None:
    every = api.get(f"system/{name}")
    assert api.get(f"system/{name}?limit=2&offset=1") == every[1:3]
    assert api.last["X-Total-Count"] == str(len(every))
    assert 'rel="prev"' in api.last["Link"]
    api.get(f"system/{name}?limit=0", status=400)
    api.get(f"system/{name}?offset=x", status=400)


def test_it_comes_as_yaml_too(api: Any, db: Any) -> None:
    assert api.get("schema").startswith(b"openapi: 3")


def test_the_pages_are_served_from_here(api: Any, db: Any) -> None:
    for path in ("/api/docs", "/api/redoc"):
        page = api.get(path).decode()
        assert "cdn" not in page.lower()
        assert "/static/drf_spectacular_sidecar/" in page
