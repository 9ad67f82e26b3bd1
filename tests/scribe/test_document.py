"""The OpenAPI document and its pages."""

from __future__ import annotations

from typing import Any

from scribe.api.tags import TAGS


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


def test_it_comes_as_yaml_too(api: Any, db: Any) -> None:
    assert api.get("schema").startswith(b"openapi: 3")


def test_the_pages_are_served_from_here(api: Any, db: Any) -> None:
    for path in ("/api/docs", "/api/redoc"):
        page = api.get(path).decode()
        assert "cdn" not in page.lower()
        assert "/static/drf_spectacular_sidecar/" in page
