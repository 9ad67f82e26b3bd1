"""What every operation shares: problems, ids, limits, headers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import redis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from rest_framework.parsers import JSONParser as DRFJSONParser

from scribe.api import rate_limits
from scribe.jobs.events import valkey
from scribe.local.servers import free_port


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == response["X-Request-ID"]
    return dict(body)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def test_a_trailing_slash_is_another_path(client: Client, db: Any) -> None:
    problem(client.get("/api/v1/projects/"), 404, "not_found")


def test_nobody_gets_401_even_with_a_malformed_id(client: Client, db: Any) -> None:
    problem(client.get("/api/v1/projects/not-a-uuid"), 401, "not_authenticated")
    problem(client.get("/api/v1/jobs/not-a-uuid"), 401, "not_authenticated")


def test_a_malformed_id_is_not_there(api: Any, cast: Any) -> None:
    api.as_(cast.owner).get("jobs/not-a-uuid", status=404)
    api.as_(cast.owner).get("jobs/00000000-0000-0000-0000-000000000000", status=404)


def test_a_method_that_is_not_there_is_405(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner)
    caller.put("organization", {}, status=405)
    problem(caller.last, 405, "method_not_allowed")


def test_a_foreign_host_is_a_problem_too(client: Client, db: Any) -> None:
    problem(client.get("/api/v1/organization", headers={"Host": "evil.example"}), 400, "bad_request")


def test_malformed_json_says_so(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner)
    for text in (b'{"name": ', b"[1]", b'"text"', b'{"a": NaN}', b"\xff\xfe"):
        response = caller.client.patch(
            "/api/v1/organization", text, content_type="application/json", headers=caller.headers
        )
        problem(response, 400, "malformed_json")


def test_a_nul_cannot_be_stored(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner)
    caller.patch("organization", {"name": "a\0b"}, status=400)
    problem(caller.last, 400, "invalid_text")
    caller.client.get("/api/v1/projects?status=%00", headers=caller.headers)
    problem(caller.client.get("/api/v1/projects?status=%00", headers=caller.headers), 400, "invalid_text")


def test_too_many_fields_of_a_query_or_form_are_the_callers_fault(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner)
    problem(caller.client.get("/api/v1/projects?" + "a=b&" * 2501, headers=caller.headers), 400, "too_many_fields")
    form = {f"f{n}": "x" for n in range(2501)}
    coded, kind = urlencode(form), "application/x-www-form-urlencoded"
    posted = caller.client.post("/api/v1/projects", coded, content_type=kind, headers=caller.headers)
    problem(posted, 400, "too_many_fields")
    project = caller.post("projects", {"name": "P", "platform": "woocommerce"}, status=201)["id"]
    path = f"/api/v1/projects/{project}/sources/file"
    problem(caller.client.post(path, form, headers=caller.headers), 400, "too_many_fields")
    files = {f"f{n}": SimpleUploadedFile("a.csv", b"x") for n in range(101)}
    problem(caller.client.post(path, files, headers=caller.headers), 400, "too_many_files")


def test_another_content_type_is_415(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner)
    response = caller.client.patch(
        "/api/v1/organization", b"<a/>", content_type="application/xml", headers=caller.headers
    )
    problem(response, 415, "unsupported_media_type")


def test_a_large_body_is_refused_by_its_length(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner)
    body = json.dumps({"name": "x" * (5 * 1024 * 1024 + 10)})
    response = caller.client.patch(
        "/api/v1/organization", body, content_type="application/json", headers=caller.headers
    )
    problem(response, 413, "body_too_large")


def test_accept_never_decides(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner).with_(Accept="text/event-stream")
    assert caller.get("organization")["name"]


def test_a_sane_request_id_is_kept_and_another_replaced(client: Client, db: Any) -> None:
    assert client.get("/health", headers={"X-Request-ID": "shop-42"})["X-Request-ID"] == "shop-42"
    assert client.get("/health", headers={"X-Request-ID": "a b\r\n"})["X-Request-ID"] != "a b\r\n"


def test_headers_of_every_reply(client: Client, db: Any) -> None:
    response = client.get("/health")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Server" not in response


def test_too_many_requests_say_when_to_come_back(api: Any, cast: Any) -> None:
    with override_settings(RATE_LIMIT_FACTOR=1, RATE_LIMITS={"principal": (3, 60), "public": (2, 60)}):
        caller = api.as_(cast.owner)
        for left in (2, 1, 0):
            caller.get("organization")
            assert caller.last["RateLimit-Remaining"] == str(left)
            limit, seconds = caller.last["RateLimit-Limit"], caller.last["RateLimit-Reset"]
            assert caller.last["RateLimit"] == f'"principal";r={left};t={seconds}'
            assert caller.last["RateLimit-Policy"] == f'"principal";q={limit};w=60'
        caller.get("organization", status=429)
        assert 0 < int(caller.last["Retry-After"]) <= 60
        problem(caller.last, 429, "too_many_requests")
        api.as_(cast.teammate).get("organization")  # others are unaffected


def test_only_known_origins_get_cors(client: Client, db: Any) -> None:
    with override_settings(CORS_ALLOWED_ORIGINS=["https://app.example.com"]):
        good = client.options(
            "/api/v1/organization",
            headers={"Origin": "https://app.example.com", "Access-Control-Request-Method": "GET"},
        )
        assert good["Access-Control-Allow-Origin"] == "https://app.example.com"
        assert "idempotency-key" in good["Access-Control-Allow-Headers"].lower()
        bad = client.get("/api/v1/organization", headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in bad


def test_calls_are_counted_on_after_the_counter_was_cut_off(db: Any, settings: Any) -> None:
    settings.RATE_LIMIT_FACTOR = 1
    first = rate_limits.count("public", "somebody")
    valkey().client_kill_filter(_type="normal", skipme=True)
    valkey().script_flush()
    second = rate_limits.count("public", "somebody")
    assert first is not None
    assert second is not None
    assert (first.used, second.used) == (1, 2)


@pytest.mark.thorough
def test_the_api_stays_open_while_the_counter_is_out_of_reach(
    db: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMIT_FACTOR = 1
    away = redis.Redis(port=free_port())
    with monkeypatch.context() as patched:
        patched.setattr(rate_limits, "valkey", lambda: away)
        assert [rate_limits.count("public", "somebody") for _ in range(3)] == [None] * 3
    standing = rate_limits.count("public", "somebody")
    assert standing is not None
    assert standing.used == 1


def test_every_view_reads_json_by_our_own_rules() -> None:
    """DRF's parser lets numbers through that no digest takes, and the NUL that no column holds."""
    from django.urls import get_resolver

    def views(patterns: Any) -> Any:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern.url_patterns)
            elif (view := getattr(pattern.callback, "cls", None)) is not None:
                yield view

    found = set(views(get_resolver().url_patterns))
    assert len(found) > 50
    assert not [view for view in found if DRFJSONParser in view.parser_classes]


def test_numbers_beyond_64_bits_are_no_error_of_ours(cast: Any, api: Any) -> None:
    caller = api.as_(cast.owner).with_(Idempotency_Key="k1")
    path = "projects/01a21389-0000-7000-8000-000000000000/blog-posts/01a21389-0000-7000-8000-000000000000/images"
    caller.post(f"{path}/from-stock", {"photo_url": "x", "more": 2**64}, status=404)


@pytest.mark.parametrize("path", ["auth/login", "webhooks/dodo", "auth/register"])
def test_a_wrong_method_on_a_public_path_is_405(client: Client, db: Any, path: str) -> None:
    response = client.put(f"/api/v1/{path}", b"{}", content_type="application/json")
    problem(response, 405, "method_not_allowed")
    assert "POST" in response["Allow"]


@pytest.mark.parametrize("path", ["/health", "/api/v1/system/languages", "/api/v1/projects"])
def test_a_made_up_method_finds_no_attribute_of_a_view(client: Client, db: Any, path: str) -> None:
    """`QUERY` called the view's own `query`."""
    assert client.generic("QUERY", path).status_code in (401, 405)


def test_a_nul_in_a_path_is_not_there(client: Client, db: Any) -> None:
    for path in ("/api/v1/projects/%00", "/admin/billing/plan/%00/change/"):
        problem(client.get(path), 404, "not_found")


def nested(levels: int) -> bytes:
    return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


@pytest.mark.parametrize("levels", [65, 900, 200_000])
def test_deep_json_is_refused(api: Any, cast: Any, levels: int) -> None:
    caller = api.as_(cast.owner)
    path = "/api/v1/content-profiles"
    body = b'{"name": "x", "settings": %s}' % nested(levels - 1)
    response = caller.client.post(path, body, content_type="application/json", headers=caller.headers)
    problem(response, 400, "too_deep" if levels < 1000 else "malformed_json")


def test_sixty_four_levels_are_taken_and_lists_count(api: Any, cast: Any) -> None:
    from scribe import sizes

    assert not sizes.deeper_than(json.loads(nested(64)))
    assert sizes.deeper_than(json.loads(nested(65)))
    assert sizes.deeper_than(json.loads(b"[" * 65 + b"]" * 65))
    assert not sizes.deeper_than("text")


def test_an_endless_retry_after_is_no_error_of_ours(client: Client) -> None:
    from scribe.api.problems import render
    from scribe.errors import UpstreamFailed, UpstreamTimeout
    from scribe.http.client import retry_after

    assert render(UpstreamFailed(retry_after=float("inf")))["Retry-After"] == "86400"
    assert [retry_after(text) for text in ("inf", "-inf", "nan", "1e999", "soon", "")] == [None] * 6
    assert retry_after("Mon, 01 Jan 2035 00:00:00 +99999999999") is None
    assert retry_after("12") == 12
    assert json.loads(render(UpstreamTimeout("Too slow.", party="store")).content)["code"] == "upstream_error"
