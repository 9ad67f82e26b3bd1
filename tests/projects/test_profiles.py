"""Content profiles from the outside."""

from __future__ import annotations

from typing import Any

import pytest

from projects.models import ContentProfile

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def test_what_was_never_sent_is_stored_unset_and_shown_resolved(me: Any, cast: Any) -> None:
    made = me.post("content-profiles", {"name": "House", "tone": "luxury", "max_short_chars": 150}, 201)
    assert (made["tone"], made["max_short_chars"], made["language"], made["use_html"]) == ("luxury", 150, "en", True)
    assert ContentProfile.objects.get(pk=made["id"]).settings == {"tone": "luxury", "max_short_chars": 150}
    cast.organization.settings = {"generation": {"language": "sr"}}
    cast.organization.save()
    assert me.get(f"content-profiles/{made['id']}")["language"] == "sr"


def test_an_update_sets_what_is_sent_and_leaves_the_rest(me: Any) -> None:
    made = me.post("content-profiles", {"name": "House", "tone": "luxury", "language": "de"}, 201)
    changed = me.put(f"content-profiles/{made['id']}", {"language": "fr"})
    assert (changed["name"], changed["tone"], changed["language"]) == ("House", "luxury", "fr")
    assert me.put(f"content-profiles/{made['id']}", {"tone": None})["tone"] == "professional"


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x", "language": "xx-nothing"},
        {"name": "x", "max_long_chars": 1},
        {"name": "x", "ai_provider": "nobody"},
        {"name": "x", "ai_provider": "anthropic", "ai_model": "no-such-model"},
    ],
)
def test_a_setting_that_could_never_apply_is_refused(me: Any, body: dict[str, Any]) -> None:
    assert me.post("content-profiles", body, 400)["errors"]
    assert me.get("content-profiles") == []


def test_one_profile_at_most_is_the_default(me: Any) -> None:
    first, second = (me.post("content-profiles", {"name": name}, 201) for name in "ab")
    assert not first["is_default"]
    assert me.put(f"content-profiles/{first['id']}/set-default")["is_default"]
    me.put(f"content-profiles/{second['id']}/set-default")
    me.put(f"content-profiles/{second['id']}/set-default")
    assert {one["name"]: one["is_default"] for one in me.get("content-profiles")} == {"a": False, "b": True}


def test_deleting_one_in_use_unlinks_it(me: Any) -> None:
    profile = me.post("content-profiles", {"name": "House"}, 201)
    project = me.post("projects", {"name": "P", "platform": "shopify"}, 201)
    me.patch(f"projects/{project['id']}", {"content_profile_id": profile["id"]})
    me.delete(f"content-profiles/{profile['id']}")
    assert me.get(f"projects/{project['id']}")["content_profile_id"] is None
    me.get(f"content-profiles/{profile['id']}", 404)


def test_a_stranger_finds_nothing(api: Any, cast: Any, me: Any) -> None:
    path = f"content-profiles/{me.post('content-profiles', {'name': 'House'}, 201)['id']}"
    other = api.as_(cast.stranger)
    other.get(path, 404)
    other.put(path, {"name": "x"}, 404)
    other.put(f"{path}/set-default", status=404)
    other.delete(path, 404)
    assert other.get("content-profiles") == []
    api.get(path, 401)
