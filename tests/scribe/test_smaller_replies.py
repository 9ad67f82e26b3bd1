"""Fewer bytes for what is read often: 304 for what the caller has, gzip for large replies, rows of chosen fields."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from accounts import api_keys
from billing.models import Wallet
from projects.models import ContentItem
from scribe.api.smaller_replies import SmallerReplies, is_known
from tests import factories
from tests.scribe.routes import ROUTES, ids_for, send
from tests.scribe.worlds import world_of


@pytest.fixture
def project(cast: Any) -> Any:
    return factories.make_project(cast.organization)


def items_of(project: Any, number: int = 3) -> list[ContentItem]:
    return [
        factories.make_item(project, position=position, source_data={"name": "Bottle", "description": "Steel. " * 200})
        for position in range(number)
    ]


class TestUnchanged:
    @pytest.mark.parametrize(
        "path", ["projects", "projects/{project}/items?limit=2", "schema", "system/languages", "billing/balance"]
    )
    def test_what_the_caller_has_is_304_until_it_changes(self, api: Any, cast: Any, project: Any, path: str) -> None:
        items_of(project)
        caller, path = api.as_(cast.owner), path.format(project=project.pk)
        if path == "projects":
            path += "?limit=5"  # a whole list is streamed, and has no tag
        caller.get(path)
        tag = caller.last["ETag"]
        again = caller.with_(If_None_Match=f'"other", {tag}')
        assert again.get(path, status=304) == b""
        assert again.last["ETag"] == tag
        assert "Content-Type" not in again.last.headers
        assert "X-Request-ID" in again.last.headers

    def test_a_change_is_sent(self, api: Any, cast: Any, project: Any) -> None:
        item, path = items_of(project, 1)[0], f"projects/{project.pk}/items?limit=2"
        caller = api.as_(cast.owner)
        caller.get(path)
        caller = caller.with_(If_None_Match=caller.last["ETag"])
        caller.get(path, status=304)
        caller.patch(f"projects/{project.pk}/items/{item.pk}", {"metadata": {"note": "new"}})
        assert caller.get(path)[0]["metadata"] == {"note": "new"}

    def test_the_same_rows_are_sent_again_when_there_is_a_next_page_now(
        self, api: Any, cast: Any, project: Any
    ) -> None:
        """Else a caller who goes by `Link` would never see what was added."""
        items_of(project, 2)
        caller, path = api.as_(cast.owner), f"projects/{project.pk}/items?limit=2"
        caller.get(path)
        assert "Link" not in caller.last.headers
        caller = caller.with_(If_None_Match=caller.last["ETag"])
        factories.make_item(project, position=9)
        caller.get(path)
        assert "Link" in caller.last.headers

    def test_another_organization_with_the_tag_gets_its_own(self, api: Any, cast: Any, project: Any) -> None:
        api.as_(cast.owner).get("organization")
        stranger = factories.make_user()
        tag = api.as_(cast.owner)
        tag.get("organization")
        assert api.as_(stranger).with_(If_None_Match=tag.last["ETag"]).get("organization")["id"] == str(
            stranger.organization_id
        )

    def test_errors_have_no_tag(self, api: Any, cast: Any) -> None:
        api.as_(cast.owner).get("jobs/nothing", status=404)
        caller = api.as_(cast.owner).with_(If_None_Match="*")
        caller.get("jobs/nothing", status=404)
        assert "ETag" not in caller.last.headers

    def test_a_rows_own_tag_stays_its_version(self, api: Any, cast: Any, project: Any) -> None:
        """It tells nothing of what the reply shows of other rows, such as the item's texts in further languages."""
        (item,) = items_of(project, 1)
        caller = api.as_(cast.owner).with_(If_None_Match='"1"', Accept_Encoding="gzip")
        caller.get(f"projects/{project.pk}/items/{item.pk}")
        assert caller.last["ETag"] == f'"{item.version}"'

    @pytest.mark.parametrize(
        ("known", "found"),
        [('"a"', True), ('W/"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False), ("a", False), ("", False)],
    )
    def test_tags_are_compared_weakly(self, known: str, found: bool) -> None:
        assert is_known('W/"a"', known) is found


class TestGzip:
    def test_a_large_reply_is_packed_for_who_takes_it(self, api: Any, cast: Any, project: Any) -> None:
        items_of(project)
        caller, path = api.as_(cast.owner), f"projects/{project.pk}/items"
        plain = {query: caller.get(path + query) for query in ("", "?limit=2")}
        for query, expected in plain.items():
            headers = {**caller.headers, "Accept-Encoding": "br, gzip;q=0.5"}
            reply = caller.client.get(f"/api/v1/{path}{query}", headers=headers)
            assert (reply["Content-Encoding"], reply.streaming) == ("gzip", not query)
            assert "Accept-Encoding" in reply["Vary"]
            sent = b"".join(reply.streaming_content) if reply.streaming else reply.content
            assert json.loads(gzip.decompress(sent)) == expected
            assert len(sent) < len(json.dumps(expected)) / 2
            assert reply.get("Content-Length", str(len(sent))) == str(len(sent))

    @pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0, br"])
    def test_nobody_gets_it_unasked(self, api: Any, cast: Any, project: Any, accepted: str) -> None:
        items_of(project)
        caller = api.as_(cast.owner).with_(Accept_Encoding=accepted)
        caller.get(f"projects/{project.pk}/items?limit=2")
        assert "Content-Encoding" not in caller.last.headers

    def test_small_replies_and_errors_are_sent_as_they_are(self, api: Any, cast: Any) -> None:
        caller = api.as_(cast.owner).with_(Accept_Encoding="gzip")
        for path, status in (("organization", 200), ("jobs/nothing", 404)):
            caller.get(path, status=status)
            assert "Content-Encoding" not in caller.last.headers

    def test_what_shows_a_secret_is_never_packed(self, api: Any, cast: Any) -> None:
        """A new key with 2,000 characters of the caller's own beside it."""
        caller = api.as_(cast.owner).with_(Accept_Encoding="gzip")
        networks = [f"10.{number}.0.0/16" for number in range(20)]
        made = caller.post(
            "api-keys", {"name": "x" * 80, "allowed_networks": networks, "scopes": ["items:read"] * 1}, status=201
        )
        assert made["key"].startswith("xcs_live_")
        assert "Content-Encoding" not in caller.last.headers

    @pytest.mark.parametrize(
        ("path", "method", "kind"),
        [
            ("/app/", "GET", "text/html"),
            ("/api/v1/auth/login", "POST", "application/json"),
            ("/api/v1/files/x.png", "GET", "image/png"),
            ("/api/v1/jobs/x/stream", "GET", "text/event-stream"),
        ],
    )
    def test_pages_posts_pictures_and_streams_are_sent_as_they_are(self, path: str, method: str, kind: str) -> None:
        request = HttpRequest()
        request.path, request.method, request.META["HTTP_ACCEPT_ENCODING"] = path, method, "gzip"
        reply = SmallerReplies(lambda _: HttpResponse(b"x" * 10_000, content_type=kind))(request)
        assert "Content-Encoding" not in reply.headers


class TestSparse:
    def test_rows_have_the_named_fields_alone(self, api: Any, cast: Any, project: Any) -> None:
        items = items_of(project)
        caller, path = api.as_(cast.owner), f"projects/{project.pk}/items?fields=id,%20status"
        expected = [{"id": str(item.pk), "status": "pending"} for item in items]
        assert caller.get(path) == expected
        assert caller.get(f"{path}&limit=2") == expected[:2]
        following = caller.last["Link"].split(">")[0].lstrip("<")
        assert caller.get(following.partition("testserver")[2]) == expected[2:]
        assert {tuple(row) for row in caller.get("system/languages?fields=code")} == {("code",)}

    def test_one_row_has_the_named_fields_alone_and_its_own_version(self, api: Any, cast: Any, project: Any) -> None:
        item = items_of(project)[0]
        caller, path = api.as_(cast.owner), f"projects/{project.pk}/items/{item.pk}"
        assert caller.get(f"{path}?fields=id,%20status") == {"id": str(item.pk), "status": "pending"}
        assert caller.last["ETag"] == f'"{item.version}"'
        (fault,) = caller.get(f"{path}?fields=statsu", status=400)["errors"]
        assert (fault["pointer"], fault["code"]) == ("?fields", "unknown_name")
        caller.get(f"projects/{project.pk}/items/{project.pk}?fields=statsu", status=404)

    @pytest.mark.parametrize("asked", ["id,statsu", "", "id,,status", "id.status"])
    def test_an_unknown_field_is_400_and_names_the_nearest(self, api: Any, cast: Any, project: Any, asked: str) -> None:
        path = f"projects/{project.pk}/items?fields={asked}"
        (fault,) = api.as_(cast.owner).get(path, status=400)["errors"]
        assert (fault["pointer"], fault["code"]) == ("?fields", "unknown_name")
        if "statsu" in asked:
            assert "`status`" in fault["detail"]

    @pytest.mark.thorough
    @pytest.mark.slow
    def test_every_list_and_every_row_takes_it(self, api: Any, cast: Any) -> None:
        Wallet.objects.filter(organization=cast.organization).update(plan="business")
        world = world_of(cast.owner, cast.teammate)
        about = {route: getattr(getattr(route.view, route.action), "about", None) for route in ROUTES}
        lists = [route for route, told in about.items() if told and told.row]
        ignored = []
        for route in lists:
            caller = cast.staff if route.for_staff else cast.owner
            url = route.url(ids_for(route, world, cast.organization))
            response = send(route, f"{url}?fields=idd", caller)
            elsewhere = response.status_code in (401, 502)  # a plugin's, or a shop's which isn't there
            if not elsewhere and b"unknown_name" not in response.content:
                ignored.append(f"{route}: {response.status_code} {response.content[:200]!r}")
        assert len(lists) > 30
        assert not ignored

    def test_a_key_sees_no_more_by_it(self, api: Any, cast: Any) -> None:
        _, secret = api_keys.create(organization=cast.organization, name="x", by=cast.owner, scopes=["projects:read"])
        caller = api.with_(X_API_Key=secret)
        caller.get("api-keys?fields=id", status=403)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("accepted", "query", "is_json"),
    [
        ("application/json", "", True),
        ("application/vnd.oai.openapi+json", "", True),
        ("application/json, */*", "", True),
        ("*/*", "", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", False),
        ("application/yaml", "", False),
        ("application/yaml, application/json;q=0.5", "", False),
        ("image/png", "", False),
        ("*/*", "?format=json", True),
        ("application/json", "?format=yaml", False),
        ("*/*", "?format=x", False),
    ],
)
def test_the_document_is_json_for_who_asks_for_json(
    api: Any, db: Any, accepted: str, query: str, is_json: bool
) -> None:
    caller = api.with_(Accept=accepted)
    for version in ("schema", "schema-3.1"):
        caller.get(f"{version}{query}")
        assert caller.last["Content-Type"].startswith("application/vnd.oai.openapi" + ("+json" if is_json else ";"))
        assert caller.last.content.startswith(b"{" if is_json else b"openapi: 3")
        assert "Accept" in caller.last["Vary"]
