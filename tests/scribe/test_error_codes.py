"""Each error's code is in the catalogue, which its `type` leads to and the document lists."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.conf import settings
from rest_framework import exceptions as drf

from scribe.api.error_codes import CATALOGUE, type_of
from scribe.api.problems import OF_DRF, handle
from tests import factories
from tests.documents import document
from tests.scribe.error_catalogue import CODES, MEANINGS, PAGE, catalogue, collected, lines, page


@pytest.mark.thorough
def test_the_catalogue_has_each_code_of_the_source_and_its_page_each_row() -> None:
    """Sentences may have been changed since: they are no promise, and are written anew with the next code."""
    if os.environ.get("WRITE_CATALOGUE"):
        CODES.write_text(lines(), encoding="utf-8")
        PAGE.write_text(page(), encoding="utf-8")
    kept = {row.code: row.statuses for row in CATALOGUE.values()}
    assert kept == {code: " ".join(found[0]) for code, found in catalogue().items()}, "WRITE_CATALOGUE=1"
    written = PAGE.read_text(encoding="utf-8")
    for row in CATALOGUE.values():
        assert f'<a id="{row.code}"></a>`{row.code}` | {row.statuses.replace(" ", ", ")} |' in written


@pytest.mark.thorough
def test_each_place_that_makes_an_error_says_its_code_so_that_it_can_be_read() -> None:
    """A code that is put together belongs into COMPOSED of tests/scribe/error_catalogue.py, or better is a literal."""
    codes, unread = collected()
    assert unread == []
    assert len(codes) > 380
    assert MEANINGS.keys() <= codes.keys()
    assert {
        "scheme_not_allowed",
        "max_value",
        "refused",
        "empty_field",
        "method_not_allowed",
        "password_too_short",
    } <= codes.keys()


def test_no_row_is_without_a_sentence() -> None:
    assert [row.code for row in CATALOGUE.values() if not row.detail] == []


@pytest.mark.parametrize("error", [drf.MethodNotAllowed("PUT"), drf.ParseError()])
def test_what_the_framework_refuses_has_a_row(error: drf.APIException) -> None:
    assert handle(error).problem_code in CATALOGUE
    subclasses = {one for one in vars(drf).values() if isinstance(one, type) and issubclass(one, drf.APIException)}
    unraised = {drf.APIException, drf.ValidationError, drf.NotFound, drf.Throttled, drf.NotAcceptable}  # ours stand in
    assert subclasses - unraised == OF_DRF.keys()


def test_the_type_of_an_error_leads_to_its_row(api: Any, cast: Any) -> None:
    project = factories.make_project(cast.organization)
    caller = api.as_(cast.owner)
    refused = [
        caller.get("jobs/nothing", status=404),
        caller.get("no/such/path", status=404),
        caller.post("projects", {"platform": "x"}, status=400),
        api.get("projects", status=401),
        caller.get(f"projects/{project.pk}/items?fields=x", status=400),
    ]
    shown = api.get("/api/errors").decode()
    for problem in refused:
        assert problem["type"] == f"{settings.PUBLIC_URL}/api/errors#{problem['code']}"
        assert f'<tr id="{problem["code"]}">' in shown


def test_a_code_of_another_host_has_no_row() -> None:
    assert type_of("woocommerce_rest_cannot_edit") == "about:blank"


def test_what_people_meet_first_is_in_the_catalogue() -> None:
    known = {"insufficient_xct", "max_xct_exceeded", "missing_scope", "idempotency_key_reused", "unsupported_claims"}
    assert known | {"job_active", "items_full", "store_changed", "version_conflict", "unknown_name"} <= set(CATALOGUE)
    assert CATALOGUE["missing_scope"].statuses == "403"


def test_the_document_lists_the_codes_and_stays_open_for_more() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["ErrorCode"]["enum"] == list(CATALOGUE)
    for name in ("Problem", "ProblemError"):
        known, others = schemas[name]["properties"]["code"]["anyOf"]
        assert (known, others) == ({"$ref": "#/components/schemas/ErrorCode"}, {"type": "string"})


def test_the_document_says_which_headers_come_along_and_what_is_public() -> None:
    paths, headers = document()["paths"], document()["components"]["headers"]
    assert paths["/api/v1/system/languages"]["get"]["security"] == []
    assert paths["/api/v1/projects"]["get"]["security"]
    items = paths["/api/v1/projects/{project_id}/items"]["get"]["responses"]
    assert {"ETag", "Link", "X-Total-Count", "RateLimit-Remaining", "X-Request-ID"} <= set(items["200"]["headers"])
    assert "Retry-After" in items["429"]["headers"]
    generating = paths["/api/v1/projects/{project_id}/generate"]["post"]["responses"]["202"]["headers"]
    assert {"Preference-Applied", "Idempotent-Replayed"} <= set(generating)
    named = {
        name
        for item in paths.values()
        for one in item.values()
        for reply in one["responses"].values()
        for name in reply["headers"]
    }
    assert named == set(headers)


def test_null_is_said_beside_a_type_alone() -> None:
    def walk(part: Any) -> None:
        if isinstance(part, dict):
            assert "nullable" not in part or "type" in part, part
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            walk(inner)

    walk(document())
