"""Names that an operation does not know are refused, by a rule per operation: never ignored where that would cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from scribe.api.unknown_names import Unknown, faults, rule_of
from tests.factories import make_item, make_project


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def faults_of(refused: Any) -> list[tuple[str, str]]:
    assert refused["code"] == "invalid_input"
    assert {fault["code"] for fault in refused["errors"]} == {"unknown_name"}, refused
    return [(fault["pointer"], fault["detail"].partition("mean ")[2]) for fault in refused["errors"]]


def test_a_key_whose_end_network_or_cap_is_misspelled_is_not_made(me: Any) -> None:
    body = {"name": "Shop", "scopes": ["items:read"]}
    for name, value, meant in (
        ("expire_at", "2030-01-01T00:00:00Z", "expires_at"),
        ("allowed_network", ["10.0.0.0/8"], "allowed_networks"),
        ("xct_cap", "5", "xct_per_month"),
    ):
        assert faults_of(me.post("api-keys", {**body, name: value}, 400)) == [(f"#/{name}", f"`{meant}`?")]
    assert faults_of(me.post("api-keys", {**body, "projects": []}, 400))[0][0] == "#/projects"
    assert me.get("api-keys") == []
    refused = me.post("webhooks/endpoints", {"url": "https://a.example", "projects": []}, 400)
    assert [pointer for pointer, _ in faults_of(refused)] == ["#/projects"]
    assert me.get("webhooks/endpoints") == []


def test_operations_of_the_contract_refuse_near_misses_and_ignore_the_rest(me: Any, cast: Any) -> None:
    item = make_item(make_project(cast.organization), status="generated")
    path = f"projects/{item.project_id}/items/{item.pk}"
    assert faults_of(me.patch(path, {"statsu": "approved"}, 400)) == [("#/statsu", "`status`?")]
    assert me.patch(path, {"metadata": {"note": "x"}, "from_an_older_client": 1})["metadata"] == {"note": "x"}
    items = f"projects/{item.project_id}/items"
    assert faults_of(me.get(items, 400, limt=3)) == [("?limt", "`limit`?")]
    assert len(me.get(items, utm_source="mail")) == 1
    started = me.post(f"projects/{item.project_id}/generate", {"langauge": "de"}, 400)
    assert faults_of(started) == [("#/langauge", "`language`?")]


def test_operations_of_ours_refuse_every_unknown_name(me: Any, cast: Any) -> None:
    project = make_project(cast.organization)
    estimate = f"projects/{project.pk}/regenerate/estimate"
    assert [pointer for pointer, _ in faults_of(me.post(estimate, {"something": 1}, 400))] == ["#/something"]
    assert [pointer for pointer, _ in faults_of(me.get("events", 400, something=1))] == ["?something"]
    refused = me.post("billing/topup-checkout", {"amount": 5, "curency": "EUR"}, 400)
    assert {"#/amount", "#/curency"} <= {fault["pointer"] for fault in refused["errors"]}


def test_what_is_not_there_comes_before_what_is_not_valid(me: Any, cast: Any) -> None:
    theirs = make_project(cast.stranger.organization)
    me.get(f"projects/{theirs.pk}/items", 404, limt=3)
    me.patch(f"projects/{theirs.pk}", {"nmae": "Mine"}, 404)


def test_names_inside_a_body_are_looked_at_as_well(me: Any, cast: Any) -> None:
    project = make_project(cast.organization)
    body = {"job_type": "generation", "payload": {"langauge": "de"}}
    refused = me.post(f"projects/{project.pk}/jobs", body, 400)
    assert [fault["pointer"] for fault in refused["errors"]] == ["#/payload/langauge"]


@pytest.mark.parametrize(
    ("tag", "method", "path", "rule"),
    [
        ("items", "GET", "api/v1/projects/<str:project_id>/items", Unknown.NEAR),
        ("api-keys", "POST", "api/v1/api-keys", Unknown.REFUSED),
        ("billing", "GET", "api/v1/billing/transactions", Unknown.REFUSED),
        ("events", "GET", "/api/v1/events", Unknown.REFUSED),
        ("plugin", "POST", "api/v1/plugin/generate-description", Unknown.IGNORED),
        ("paddle-webhooks", "POST", "api/v1/webhooks/paddle", Unknown.IGNORED),
        ("shopify", "POST", "api/v1/shopify/webhooks/uninstalled", Unknown.IGNORED),
        ("shopify", "GET", "api/v1/shopify/connect", Unknown.NEAR),
    ],
)
def test_the_rule_of_an_operation(tag: str, method: str, path: str, rule: Unknown) -> None:
    assert rule_of(tag, method, path) is rule


def test_only_one_slip_of_the_finger_counts_as_near() -> None:
    known = {"status", "language", "name", "settings", "item_ids"}
    near = faults(["statsu", "langauge", "nmae", "Setting", "itemids"], known, Unknown.NEAR)
    assert set(near) == {"statsu", "langauge", "nmae", "Setting", "itemids"}
    assert not faults(["state", "id", "created_at", "setup", "content_profile"], known, Unknown.NEAR)


class TestRefusedChoices:
    """A value that is none of the choices is refused with the one that is meant."""

    @pytest.fixture
    def refused(self, me: Any, cast: Any) -> Any:
        project = make_project(cast.organization)

        def ask(method: str, path: str, body: Any = None) -> Any:
            path = path.format(project=project.pk)
            found = me.get(path, 400) if method == "get" else me.post(path, body, 400)
            (fault,) = found["errors"]
            return fault["pointer"], fault["code"], fault["detail"]

        return ask

    def test_of_few_choices_all_are_named(self, refused: Any) -> None:
        pointer, code, told = refused("get", "projects/{project}/items?status=flaged")
        assert (pointer, code) == ("?status", "invalid_choice")
        assert "Did you mean `flagged`?" in told
        assert "pending, generated, flagged, approved, rejected, synced, excluded" in told
        body = {"name": "Shop", "scopes": ["items:read"], "mode": "tset"}
        assert "`test`" in refused("post", "api-keys", body)[2]
        assert "`woocommerce`" in refused("post", "projects", {"name": "A", "platform": "woocomerce"})[2]
        assert "`strict`" in refused("post", "projects/{project}/generate", {"grounding": "strikt"})[2]
        assert "Choices: " in refused("post", "projects", {"name": "A", "platform": "???"})[2]

    def test_of_many_the_nearest_are_named_and_the_place_in_the_list(self, refused: Any) -> None:
        body = {"name": "Shop", "scopes": ["items:read", "item:read"]}
        pointer, code, told = refused("post", "api-keys", body)
        assert (pointer, code) == ("#/scopes/1", "invalid_choice")
        assert "items:read" in told
        assert len(told) < 200
        body = {"url": "https://a.example.com/hook", "types": ["item.approved", "item.aproved"]}
        pointer, code, told = refused("post", "webhooks/endpoints", body)
        assert (pointer, code) == ("#/types/1", "unknown_event_type")
        assert "item.approved" in told
        assert "item.approved" in refused("get", "events?types=item.aproved")[2]


def test_a_page_that_is_no_number_is_said_so(me: Any) -> None:
    for path in ("projects", "system/languages"):
        refused = me.get(path, 400, limit="abc")
        assert refused["detail"] == "?limit: A valid integer is required."
        assert [fault["pointer"] for fault in refused["errors"]] == ["?limit"]


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_told_as_that(api: Any, cast: Any) -> None:
    reply = api.as_(cast.owner).get("projcts", 404)
    assert (reply["code"], reply["detail"]) == ("not_found", "There is nothing at this address. Check its spelling.")


@pytest.mark.django_db
def test_the_guide_names_the_code_of_an_unknown_name(api: Any, cast: Any) -> None:
    guide = (settings.BASE_DIR / "docs/guides/api-guide.md").read_text(encoding="utf-8")
    paragraph = next(part for part in guide.split("\n\n") if part.startswith("**Unknown names.**"))
    for path in ("projects?limt=3", "projects?fields=statsu"):
        assert f"`{api.as_(cast.owner).get(path, 400)['code']}`" in paragraph
