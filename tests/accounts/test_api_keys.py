"""Keys for programs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts import api_keys, key_texts
from accounts.models import ApiKey, ApiKeyRequest, Notification, User
from projects.models import ContentItem
from scribe import retention
from scribe.models import AuditEntry
from tests.accounts.conftest import Mails, Person, bearer, text_of
from tests.factories import make_item, make_project
from tests.helpers import Api

VECTOR = "2DGtZY"


def make(owner: Person, name: str = "My shop", *scopes: str, **more: Any) -> Any:
    named = {"scopes": list(scopes)} if scopes else {}
    return owner.api.post("api-keys", {"name": name, **named, **more}, status=201)


def later(**span: int) -> str:
    return (timezone.now() + timedelta(**span)).isoformat()


def test_a_key_is_shown_once_and_kept_hashed(owner: Person, mails: Mails) -> None:
    made = make(owner)
    assert re.fullmatch(r"xcs_live_[A-Za-z0-9]{42}", made["key"])
    assert made["key"].startswith(made["prefix"])
    listed = owner.api.get("api-keys")
    assert [k["id"] for k in listed] == [made["id"]]
    assert "key" not in listed[0]
    row = ApiKey.objects.values().get()
    assert made["key"] not in str(row)
    told = text_of(mails.last(owner.email, "API key"))
    assert made["prefix"] in told
    assert made["key"] not in told


def test_the_newest_comes_first_and_only_ours(owner: Person, stranger: Person) -> None:
    first, second = make(owner, "one"), make(owner, "two")
    make(stranger)
    assert [k["id"] for k in owner.api.get("api-keys")] == [second["id"], first["id"]]
    owner.api.post("api-keys", {}, status=400)
    owner.api.post("api-keys", {"name": ""}, status=400)


def test_a_key_without_named_scopes_opens_the_plugin_operations_only(owner: Person) -> None:
    made = make(owner)
    assert made["scopes"] == ["plugin:read", "plugin:write"]
    for api in (bearer(made["key"]), Api({"X-API-Key": made["key"]})):
        api.get("plugin/status")
        for path in ("users/me", "organization", "api-keys", "notifications", "projects", "billing/balance"):
            assert api.get(path, 403)["code"] == "missing_scope"
    owner.api.get("plugin/status", 401)  # and a sign-in does not open those
    Api().get("plugin/status", 401)


def test_a_deactivated_or_deleted_key_is_dead(owner: Person) -> None:
    made, other = make(owner), make(owner)
    reply = owner.api.patch(f"api-keys/{made['id']}/deactivate")
    assert reply["is_active"] is False
    bearer(made["key"]).get("plugin/status", 401)
    owner.api.patch(f"api-keys/{made['id']}/deactivate")
    owner.api.delete(f"api-keys/{other['id']}")
    bearer(other["key"]).get("plugin/status", 401)
    assert [k["id"] for k in owner.api.get("api-keys")] == [made["id"]]


def test_made_up_keys_are_401(owner: Person) -> None:
    made = make(owner)
    for key in ("xcs_", "xcs_" + "a" * 40, key_texts.create("live")):
        assert bearer(key).get("plugin/status", 401)["code"] == "not_authenticated"
    wrong = made["key"][:-8] + ("a" if made["key"][-8] != "a" else "b") + made["key"][-7:]
    for key in (made["prefix"], made["key"] + "x", made["key"].lower(), wrong):
        assert bearer(key).get("plugin/status", 401)["code"] == "api_key_mistyped"


def test_the_checksum_is_what_the_guide_says() -> None:
    """A vector that clients and secret scanners can hold their own code against."""
    assert key_texts.checksum("xcs_live_" + "0" * 36) == VECTOR
    assert not key_texts.is_mistyped("xcs_live_" + "0" * 36 + VECTOR)
    assert not key_texts.is_mistyped("xcs_" + "a" * 40)  # keys of the first kind have none


def test_last_use_is_noted_coarsely(owner: Person, django_assert_num_queries: Any) -> None:
    made = make(owner)
    bearer(made["key"]).get("plugin/status")
    first = ApiKey.objects.get().last_used_at
    assert first is not None
    assert owner.api.get(f"api-keys/{made['id']}")["last_used_address"] == "127.0.0.1"
    bearer(made["key"]).get("plugin/status")
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    bearer(made["key"]).get("plugin/status")
    assert ApiKey.objects.get().last_used_at >= first


def test_keys_of_others_do_not_exist_and_members_have_none(owner: Person, member: Person, stranger: Person) -> None:
    made = make(owner)
    for pk in (made["id"], "nonsense"):
        stranger.api.get(f"api-keys/{pk}", 404)
        stranger.api.patch(f"api-keys/{pk}", {"name": "x"}, status=404)
        stranger.api.post(f"api-keys/{pk}/rotate", status=404)
        stranger.api.delete(f"api-keys/{pk}", status=404)
        stranger.api.patch(f"api-keys/{pk}/deactivate", status=404)
    member.api.get("api-keys", 403)
    member.api.post("api-keys", {"name": "x"}, status=403)
    member.api.delete(f"api-keys/{made['id']}", status=403)
    member.api.patch(f"api-keys/{made['id']}/deactivate", status=403)
    assert ApiKey.objects.get().is_active


# --- what a key opens, as whom, from where, until when


def test_a_key_acts_as_the_person_who_made_it(owner: Person) -> None:
    key = make(owner, "ERP", "projects:write")
    made = bearer(key["key"]).post("projects", {"name": "ERP", "platform": "woocommerce"}, status=201)
    assert [p["id"] for p in owner.api.get("projects")] == [made["id"]]
    assert bearer(key["key"]).get("projects")  # write implies read
    refused = bearer(key["key"]).get("organization", 403)
    assert (refused["code"], refused["scope"]) == ("missing_scope", "organization:read")
    assert bearer(key["key"]).post("api-keys", {"name": "More"}, status=403)["code"] == "closed_to_keys"


def test_a_key_loses_the_role_that_its_maker_lost_and_dies_with_the_maker(owner: Person) -> None:
    key = make(owner, "ERP", "organization:write", "projects:read", "plugin:read")
    api = bearer(key["key"])
    api.patch("organization", {"name": "New"})
    User.objects.filter(pk=owner.id).update(role="member")
    assert api.patch("organization", {"name": "Newer"}, status=403)["code"] == "admin_required"
    api.get("projects")
    User.objects.filter(pk=owner.id).update(is_active=False)
    for path in ("projects", "plugin/status"):
        assert api.get(path, 401)["code"] == "api_key_orphaned"
    ApiKey.objects.update(created_by=None)
    assert api.get("plugin/status", 401)["code"] == "api_key_orphaned"


def test_a_key_does_not_change_the_second_factors_policy_nor_without_its_scope_where_invoices_go(owner: Person) -> None:
    owner.api.patch("organization", {"enforce_2fa": True, "billing_email": "money@example.com"})
    api = bearer(make(owner, "ERP", "organization:write")["key"])
    assert api.patch("organization", {"enforce_2fa": False}, status=403)["code"] == "closed_to_keys"
    refused = api.patch("organization", {"billing_email": "thief@example.com"}, status=403)
    assert (refused["code"], refused["scope"]) == ("missing_scope", "billing:write")
    same = {"name": "New", "enforce_2fa": True, "billing_email": "money@example.com"}  # sent back as it was read
    assert {name: api.patch("organization", same)[name] for name in same} == same
    billing = bearer(make(owner, "Books", "organization:write", "billing:write")["key"])
    assert billing.patch("organization", {"billing_email": "books@example.com"})["billing_email"] == "books@example.com"
    assert billing.patch("organization", {"enforce_2fa": False}, status=403)["code"] == "closed_to_keys"


def test_a_key_of_staff_does_nothing_that_is_for_staff(owner: Person, stranger: Person) -> None:
    key = make(owner, "ERP", "organization:read", "billing:write")
    User.objects.filter(pk=owner.id).update(is_super_admin=True)
    other = bearer(key["key"]).patch(f"billing/settings?organization_id={stranger.row.organization_id}", {}, status=403)
    assert other["code"] == "staff_required"
    assert bearer(key["key"]).post("billing/topup", {"amount": 5}, status=403)["code"] == "closed_to_keys"
    assert User.objects.get(pk=owner.id).is_super_admin


def test_a_key_ends_when_it_was_to_end(owner: Person) -> None:
    key = make(owner, "ERP", "projects:read", expires_at=later(days=1))
    bearer(key["key"]).get("projects")
    ApiKey.objects.update(expires_at=timezone.now())
    assert bearer(key["key"]).get("projects", 401)["code"] == "api_key_expired"
    owner.api.post("api-keys", {"name": "x", "expires_at": later(days=-1)}, status=400)
    owner.api.post("api-keys", {"name": "x", "scopes": ["everything"]}, status=400)
    owner.api.post("api-keys", {"name": "x", "scopes": []}, status=400)


def test_a_key_is_used_from_its_networks_alone(owner: Person) -> None:
    key = make(owner, "ERP", "projects:read", allowed_networks=["198.51.100.7/24", "2001:db8::/32"])
    assert key["allowed_networks"] == ["198.51.100.0/24", "2001:db8::/32"]
    api = bearer(key["key"])
    assert api.get("projects", 403)["code"] == "address_not_allowed"
    for address in ("198.51.100.200", "2001:db8::1", "::ffff:198.51.100.9"):
        api.client.defaults["REMOTE_ADDR"] = address
        api.get("projects")
    mapped = ["::ffff:198.51.100.7/120", "::ffff:203.0.113.9", "::ffff:0:0/96"]
    changed = owner.api.patch(f"api-keys/{key['id']}", {"allowed_networks": mapped})
    assert changed["allowed_networks"] == ["198.51.100.0/24", "203.0.113.9/32", "0.0.0.0/0"]
    ApiKey.objects.update(allowed_networks=mapped[:1])  # kept before they were understood
    api.client.defaults["REMOTE_ADDR"] = "198.51.100.9"
    api.get("projects")
    owner.api.patch(f"api-keys/{key['id']}", {"allowed_networks": []})
    bearer(key["key"]).get("projects")
    owner.api.patch(f"api-keys/{key['id']}", {"allowed_networks": ["all"]}, status=400)


def test_rotation_lets_both_keys_work_for_a_while(owner: Person) -> None:
    old = make(owner, "ERP", "projects:read", expires_at=later(days=90), allowed_networks=["127.0.0.0/8"])
    new = owner.api.post(f"api-keys/{old['id']}/rotate", {"overlap_hours": 2}, status=201)
    assert (new["scopes"], new["allowed_networks"]) == (old["scopes"], old["allowed_networks"])
    assert new["key"] != old["key"]
    for key in (old, new):
        bearer(key["key"]).get("projects")
    shown = owner.api.get(f"api-keys/{old['id']}")
    assert shown["replaced_by_id"] == new["id"]
    assert shown["expires_at"] < later(hours=2)
    assert later(days=89) < new["expires_at"] < later(days=91)
    assert owner.api.post(f"api-keys/{old['id']}/rotate", status=409)["code"] == "api_key_replaced"
    ApiKey.objects.filter(pk=old["id"]).update(expires_at=timezone.now())
    bearer(old["key"]).get("projects", 401)
    bearer(new["key"]).get("projects")
    assert owner.api.post(f"api-keys/{new['id']}/rotate", {"overlap_hours": 0}, status=201)
    bearer(new["key"]).get("projects", 401)


def test_approving_is_a_scope_of_its_own(owner: Person) -> None:
    item = make_item(
        make_project(User.objects.get(pk=owner.id).organization), status="generated", generated_content={"name": "Nice"}
    )
    path = f"projects/{item.project_id}/items/{item.pk}"
    editor = bearer(make(owner, "Editor", "items:write")["key"])
    editor.patch(path, {"generated_content": {"name": "Nicer"}})
    for standing, status in (("approved", 403), ("synced", 403), ("generated", 200)):
        ContentItem.objects.update(status=standing, excluded_at=timezone.now())
        refused = editor.post(f"projects/{item.project_id}/items/restore", {"item_ids": [str(item.pk)]}, status=status)
        assert refused.get("scope") == ("items:approve" if status == 403 else None)
    editor.patch(path, {"status": "rejected"})
    for body in ({"status": "approved"}, {"decisions": {"name": "approved"}}, {"decisions": {"name": None}}):
        assert editor.patch(path, body, status=403)["scope"] == "items:approve"
    batch = f"projects/{item.project_id}/items/batch"
    refused = editor.patch(batch, {"item_ids": [str(item.pk)], "status": "approved"}, status=403)
    assert refused["scope"] == "items:approve"
    reviewer = bearer(make(owner, "Reviewer", "items:write", "items:approve")["key"])
    reviewer.patch(path, {"status": "approved", "override": True})
    for verb in ("exclude", "restore"):
        reviewer.post(f"projects/{item.project_id}/items/{verb}", {"item_ids": [str(item.pk)]})
    starter = bearer(make(owner, "Starter", "generation:write")["key"])
    jobs = f"projects/{item.project_id}/jobs"
    assert starter.post(jobs, {"job_type": "sync", "payload": {}}, status=403)["scope"] == "sync:write"


def test_two_credentials_are_refused_whatever_they_are(owner: Person) -> None:
    """The access token won over a key beside it: whoever meant the key did what the key may not."""
    key, other = make(owner, "One", "projects:read")["key"], make(owner, "Two", "projects:read")["key"]
    for api, beside in ((owner.api, key), (bearer(key), other), (bearer(key), key), (bearer("nonsense"), "xcs_")):
        for path in ("projects", "plugin/status"):
            assert api.with_(X_API_Key=beside).get(path, 400)["code"] == "two_credentials"
        assert api.with_(X_API_Key=beside).post("projects", {}, status=400)["code"] == "two_credentials"
    Api({"Authorization": "Basic c2hvcDpwYXNz", "X-API-Key": key}).get(
        "projects"
    )  # a proxy's own sign-in is none of ours


def test_two_keys_share_no_idempotent_answer(owner: Person) -> None:
    one, two = make(owner, "One", "projects:write")["key"], make(owner, "Two", "projects:write")["key"]
    body = {"name": "Mine", "platform": "woocommerce"}
    made = [bearer(key).with_(Idempotency_Key="k").post("projects", body, status=201)["id"] for key in (one, one, two)]
    assert made[0] == made[1] != made[2]


def test_a_test_key_says_so(owner: Person) -> None:
    made = make(owner, "Try", "projects:read", mode="test")
    assert made["mode"] == "test"
    assert re.fullmatch(r"xcs_test_[A-Za-z0-9]{42}", made["key"])
    new = owner.api.post(f"api-keys/{made['id']}/rotate", status=201)
    assert new["key"].startswith("xcs_test_")
    owner.api.post("api-keys", {"name": "x", "mode": "both"}, status=400)


# --- what a key asked for, and warnings before its end


def test_the_requests_of_a_key_are_kept_and_shown(owner: Person, member: Person, stranger: Person) -> None:
    key = make(owner, "ERP", "projects:read")
    api = bearer(key["key"]).with_(X_Request_ID="r-1")
    api.get("projects")
    api.get("organization", 403)
    api.get(f"projects/{key['id']}", 404)
    rows = owner.api.get(f"api-keys/{key['id']}/requests")
    assert [(row["method"], row["route"], row["status"]) for row in rows] == [
        ("GET", "api/v1/projects/<str:project_id>", 404),
        ("GET", "api/v1/organization", 403),
        ("GET", "api/v1/projects", 200),
    ]
    assert rows[0]["request_id"] == "r-1"
    assert [row["code"] for row in rows] == ["not_found", "missing_scope", ""]
    assert {row["address"] for row in rows} == {"127.0.0.1"}
    assert key["id"] not in str(rows)  # the pattern of the path, without ids
    assert len(owner.api.get(f"api-keys/{key['id']}/requests", limit=1)) == 1
    stranger.api.get(f"api-keys/{key['id']}/requests", 404)
    member.api.get(f"api-keys/{key['id']}/requests", 403)
    owner.api.get("projects")
    assert ApiKeyRequest.objects.count() == 3  # people's requests are not kept
    ApiKeyRequest.objects.update(created_at=timezone.now() - timedelta(days=15))
    retention.forget_old_rows()
    assert not ApiKeyRequest.objects.exists()


def test_a_deleted_key_takes_its_log_along(owner: Person) -> None:
    key = make(owner, "ERP", "projects:read")
    bearer(key["key"]).get("projects")
    owner.api.delete(f"api-keys/{key['id']}")
    assert not ApiKeyRequest.objects.exists()


def test_people_are_warned_before_a_key_ends_once_a_step(owner: Person, mails: Mails) -> None:
    made = make(owner, "ERP", "projects:read", expires_at=later(days=20))
    row = ApiKey.objects.filter(pk=made["id"])
    assert api_keys.warn_of_ends() == 0
    for days, sent in ((14, 1), (13, 0), (3, 1), (2, 0)):
        row.update(expires_at=timezone.now() + timedelta(days=days, minutes=-1))
        assert api_keys.warn_of_ends() == sent, days
    told = text_of(mails.last(owner.email, "about to expire"))
    assert made["prefix"] in told
    assert made["key"] not in told
    owner.api.patch(f"api-keys/{made['id']}", {"expires_at": later(days=1)})
    assert api_keys.warn_of_ends() == 1  # a new end is warned of anew
    owner.api.patch(f"api-keys/{made['id']}", {"expires_at": later(days=2)})
    owner.api.post(f"api-keys/{made['id']}/rotate", {"expires_at": later(days=90)}, status=201)
    assert api_keys.warn_of_ends() == 0  # it was replaced


def test_dead_keys_are_not_warned_of(owner: Person) -> None:
    for end in ({"is_active": False}, {"expires_at": timezone.now() - timedelta(hours=1)}):
        made = make(owner, "ERP", "projects:read", expires_at=later(days=2))
        ApiKey.objects.filter(pk=made["id"]).update(**end)
    assert api_keys.warn_of_ends() == 0


def test_a_key_that_was_rotated_out_is_not_brought_back(owner: Person) -> None:
    """Its end could be changed, and the old secret worked again without end."""
    made = make(owner)
    owner.api.post(f"api-keys/{made['id']}/rotate", {"overlap_hours": 0}, status=201)
    for end in (None, later(days=900)):
        refused = owner.api.patch(f"api-keys/{made['id']}", {"expires_at": end}, 409)
        assert refused["code"] == "api_key_replaced"
    bearer(made["key"]).get("plugin/status", 401)
    assert owner.api.patch(f"api-keys/{made['id']}", {"name": "The old one"})["name"] == "The old one"


def test_nor_when_the_key_in_its_place_is_deleted(owner: Person) -> None:
    """The deletion took away all that told of the rotation."""
    made = make(owner, "ERP", "projects:read")
    new = owner.api.post(f"api-keys/{made['id']}/rotate", {"overlap_hours": 1}, status=201)
    owner.api.delete(f"api-keys/{new['id']}")
    path = f"api-keys/{made['id']}"
    refused = [owner.api.patch(path, {"expires_at": end}, 409) for end in (None, later(days=900))] + [
        owner.api.post(f"{path}/rotate", {}, status=409)
    ]
    assert {(each["code"], each["replaced_by"]) for each in refused} == {("api_key_replaced", None)}
    bearer(made["key"]).get("projects")  # to the end of the overlap, as was said
    ApiKey.objects.update(expires_at=timezone.now())
    bearer(made["key"]).get("projects", 401)
    assert api_keys.warn_of_ends() == 0


def test_a_key_without_a_foreseeable_end_is_rotated(owner: Person) -> None:
    """Its life, counted anew, was beyond the last year there is."""
    made = make(owner, "ERP", "projects:read", expires_at="9999-12-31T23:59:59Z")
    new = owner.api.post(f"api-keys/{made['id']}/rotate", {"overlap_hours": 168}, status=201)
    assert new["expires_at"].startswith("2999-12-31")
    make(owner, "ERP", "projects:read", expires_at="9999-12-31T23:59:59Z")
    for end in ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "10000-01-01T00:00:00Z"):
        owner.api.post("api-keys", {"name": "x", "expires_at": end}, status=400)


def test_what_is_for_good_is_refused_by_name(owner: Person) -> None:
    made = make(owner, "ERP", "projects:read")
    for field, value in (("scopes", ["projects:write"]), ("mode", "test"), ("is_active", False)):
        refused = owner.api.patch(f"api-keys/{made['id']}", {"name": "New", field: value}, status=400)
        assert refused["code"] == "unchangeable"
        assert [(each["pointer"], each["code"]) for each in refused["errors"]] == [(f"#/{field}", "unchangeable")]
    both = owner.api.patch(f"api-keys/{made['id']}", {"mode": "test", "scopes": None}, status=400)
    assert {each["pointer"] for each in both["errors"]} == {"#/mode", "#/scopes"}
    assert owner.api.get(f"api-keys/{made['id']}")["name"] == "ERP"


def test_a_change_that_changes_nothing_is_told_to_nobody(owner: Person) -> None:
    """A PATCH with `{}` sent a mail to every admin."""
    made = make(
        owner, "ERP", "projects:read", expires_at=later(days=9), allowed_networks=["127.0.0.0/8"], xct_per_month="5"
    )
    told = Notification.objects.count(), AuditEntry.objects.count()
    same = {name: made[name] for name in ("name", "expires_at", "allowed_networks", "xct_per_month")}
    for body in ({}, {"name": "ERP"}, same):
        assert owner.api.patch(f"api-keys/{made['id']}", body)["name"] == "ERP"
    assert (Notification.objects.count(), AuditEntry.objects.count()) == told
    owner.api.patch(f"api-keys/{made['id']}", {"name": "ERP", "xct_per_month": "6"})
    assert AuditEntry.objects.latest("pk").after == {"xct_per_month": "6.0000"}
    assert owner.api.patch(f"api-keys/{made['id']}", {"xct_per_month": "-0"})["xct_per_month"] == "0.0000"
