"""Keys for a shop's plugin."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import ApiKey
from tests.accounts.conftest import Mails, Person, bearer, text_of
from tests.helpers import Api


def make(owner: Person, name: str = "My shop") -> Any:
    return owner.api.post("api-keys", {"name": name}, status=201)


def test_a_key_is_shown_once_and_kept_hashed(owner: Person, mails: Mails) -> None:
    made = make(owner)
    assert re.fullmatch(r"xcs_[A-Za-z0-9]{40}", made["key"])
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


def test_a_key_opens_the_plugin_operations_only(owner: Person) -> None:
    key = make(owner)["key"]
    for api in (bearer(key), Api({"X-API-Key": key})):
        api.get("plugin/status")
        for path in ("users/me", "organization", "api-keys", "notifications", "projects", "billing/balance"):
            api.get(path, 401)
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
    for key in ("xcs_", "xcs_" + "a" * 40, made["prefix"], made["key"] + "x", made["key"].lower()):
        bearer(key).get("plugin/status", 401)


def test_last_use_is_noted_coarsely(owner: Person, django_assert_num_queries: Any) -> None:
    made = make(owner)
    bearer(made["key"]).get("plugin/status")
    first = ApiKey.objects.get().last_used_at
    assert first is not None
    bearer(made["key"]).get("plugin/status")
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    bearer(made["key"]).get("plugin/status")
    assert ApiKey.objects.get().last_used_at >= first


def test_keys_of_others_do_not_exist_and_members_have_none(owner: Person, member: Person, stranger: Person) -> None:
    made = make(owner)
    for pk in (made["id"], "nonsense"):
        stranger.api.delete(f"api-keys/{pk}", status=404)
        stranger.api.patch(f"api-keys/{pk}/deactivate", status=404)
    member.api.get("api-keys", 403)
    member.api.post("api-keys", {"name": "x"}, status=403)
    member.api.delete(f"api-keys/{made['id']}", status=403)
    member.api.patch(f"api-keys/{made['id']}/deactivate", status=403)
    assert ApiKey.objects.get().is_active
