"""What is deprecated says so: in headers, in the document, and on the page of versions."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from django.test import RequestFactory
from drf_spectacular.generators import SchemaGenerator
from rest_framework.response import Response

from scribe.api import deprecations
from scribe.api.access import PUBLIC
from scribe.api.deprecations import Deprecation
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet
from tests.documents import document
from tests.scribe.source import ROOT

OLD = Deprecation("2026-12-01", "2027-12-01", "Use the new one.")


class OldViewSet(ScribeViewSet):
    tag = "system"

    @operation(who=PUBLIC, summary="Old", description="Does it.", responses={200: None}, deprecated=OLD)
    def retrieve(self, request: Any) -> Response:
        return Response({})


def test_a_deprecated_operation_tells_it_with_each_reply(db: Any) -> None:
    view = OldViewSet.as_view({"get": "retrieve"})
    for method in ("get", "post"):  # the second is refused
        reply = view(getattr(RequestFactory(), method)("/api/v1/system/old"))
        assert reply.headers.get("Deprecation") == ("@1796083200" if method == "get" else None)
    assert parsedate_to_datetime(OLD.headers()["Sunset"]).date() == date(2027, 12, 1)


def test_a_deprecated_operation_is_marked_in_the_document() -> None:
    from django.urls import path

    patterns = [path("api/v1/system/old", OldViewSet.as_view({"get": "retrieve"}))]
    found = SchemaGenerator(patterns=patterns).get_schema(public=True)["paths"]["/api/v1/system/old"]["get"]
    assert found["deprecated"] is True
    assert found["description"] == f"Does it. {OLD.sentence()}"


def test_each_deprecation_stands_on_the_page_and_lasts_twelve_months() -> None:
    page = (ROOT / "docs/reference/versions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| (\d{4}-\d\d-\d\d) \| (\d{4}-\d\d-\d\d) \|", page, re.MULTILINE)
    known = [row for row in vars(deprecations).values() if isinstance(row, Deprecation)]
    assert sorted(rows) == sorted((row.since, row.sunset) for row in known)
    for row in known:
        since, sunset = date.fromisoformat(row.since), date.fromisoformat(row.sunset)
        assert sunset >= since.replace(year=since.year + 1)


def test_the_number_of_an_event_has_a_name_of_its_own() -> None:
    for name, schema in document("3.1")["components"]["schemas"].items():
        if re.fullmatch(r"Event(?!Reply$)[A-Z]\w+", name) and "timestamp" in schema.get("properties", {}):
            data = schema["properties"]["data"]
            assert data["properties"]["version"]["deprecated"] is True, name
            assert {"sequence", "version"} <= set(data["required"]), name
