"""Posts between people: reading, editing, states, scoring, numbers, and who may see what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from blog.models import BlogPost
from integrations.models import BlogConnection
from scribe import jobs
from scribe.models import Job
from tests.factories import make_item, make_organization, make_project

pytestmark = pytest.mark.django_db


def path(post: BlogPost, tail: str = "") -> str:
    return f"projects/{post.project_id}/blog-posts/{post.pk}{tail}"


@pytest.fixture
def owner(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def test_posts_are_listed_newest_first_and_filtered(owner: Any, project: Any, make_post: Any) -> None:
    first, second = make_post(title="First"), make_post(title="Second", status="published")
    base = f"projects/{project.pk}/blog-posts"
    assert [p["id"] for p in owner.get(base)] == [str(second.pk), str(first.pk)]
    assert [p["id"] for p in owner._send("get", base, 200, data={"status": "published"})] == [str(second.pk)]
    owner._send("get", base, 400, data={"status": "nonsense"})
    page = owner._send("get", base, 200, data={"limit": 1})
    assert len(page) == 1
    assert owner.last["X-Total-Count"] == "2"


def test_the_list_costs_the_same_for_three_and_thirty(
    owner: Any, project: Any, make_post: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_post()
    with django_assert_max_num_queries(8):
        assert len(owner.get(f"projects/{project.pk}/blog-posts")) == 30


def test_text_is_sanitized_and_scored_when_it_is_edited(owner: Any, make_post: Any) -> None:
    post = make_post()
    changed = owner.patch(
        path(post),
        {
            "title": "<b>New</b> title",
            "content": '<h1>Big</h1><p onclick="x()">Text <script>alert(1)</script> <a href="https://other.example/">link</a> '
            '<a href="javascript:alert(1)">bad</a></p><img src="http://plain.example/a.png"><img src="https://ok.example/a.png" '
            'alt="A" onerror="x()"><iframe src="https://x.example"></iframe>',
            "slug": "Šta Je To?",
        },
    )
    assert changed["title"] == "New title"
    assert changed["slug"] == "sta-je-to"
    text = changed["content"]
    assert "<h2>Big</h2>" in text
    assert '<a href="https://other.example/">link</a>' in text
    assert '<img src="https://ok.example/a.png" alt="A">' in text
    for bad in ("script", "onclick", "onerror", "javascript", "plain.example", "iframe", "h1"):
        assert bad not in text
    assert changed["analytics"]["words"] > 0
    again = owner.patch(path(post), {"content": text})
    assert again["content"] == text, "sanitizing twice changes nothing"


def test_tags_are_plain_text_and_each_once(owner: Any, make_post: Any) -> None:
    post = make_post(title="A")
    given = ["<b>Socks</b>", "Socks", "<script>alert(1)</script>", "\u202eWool"]
    assert owner.patch(path(post), {"tags": given})["tags"] == ["Socks", "Wool"]


def test_seo_meta_is_changed_key_by_key(owner: Any, make_post: Any) -> None:
    post = make_post(seo_meta={"title": "Old", "description": "Kept"})
    changed = owner.patch(path(post), {"seo_meta": {"title": "New", "focus_keyword": "bottle"}})
    assert changed["seo_meta"] == {"title": "New", "description": "Kept", "focus_keyword": "bottle"}
    assert owner.patch(path(post), {"seo_meta": {"title": None}})["seo_meta"] == {
        "description": "Kept",
        "focus_keyword": "bottle",
    }


def test_status_goes_only_to_draft_from_failed_or_scheduled(owner: Any, make_post: Any) -> None:
    later = timezone.now() + timedelta(days=1)
    for start, status in (("failed", 200), ("published", 409), ("generating", 409), ("publishing", 409)):
        post = make_post(status=start)
        reply = owner.patch(path(post), {"status": "draft"}, status=status)
        assert reply.get("status") == ("draft" if status == 200 else 409)
    post = make_post(status="scheduled", scheduled_at=later)
    assert owner.patch(path(post), {"title": "Still"})["scheduled_at"], "editing keeps the schedule"
    freed = owner.patch(path(post), {"status": "draft"})
    assert (freed["status"], freed["scheduled_at"]) == ("draft", None)
    for wish in ("published", "scheduled", "nonsense"):
        assert owner.patch(path(make_post()), {"status": wish}, status=409)["code"] == "status_not_allowed"


def test_editing_a_published_post_marks_unpublished_changes(owner: Any, make_post: Any) -> None:
    post = make_post(status="published", wp_post_id=7)
    assert owner.get(path(post))["analytics"]["unpublished_changes"] is False
    assert owner.patch(path(post), {"topic": "x"})["analytics"]["unpublished_changes"] is False
    assert owner.patch(path(post), {"content": "<p>Other</p>"})["analytics"]["unpublished_changes"] is True


def test_a_post_that_is_being_written_cannot_be_edited(owner: Any, make_post: Any) -> None:
    assert owner.patch(path(make_post(status="generating")), {"title": "x"}, status=409)["code"] == "post_is_busy"


def test_product_links_and_source_items_are_checked(owner: Any, project: Any, make_post: Any) -> None:
    post, item = make_post(), make_item(project)
    changed = owner.patch(
        path(post),
        {
            "source_item_ids": [str(item.pk)],
            "product_links": {str(item.pk): "https://a.example/?a=1&b=2"},
        },
    )
    assert changed["source_item_ids"] == [str(item.pk)]
    assert changed["product_links"] == {str(item.pk): "https://a.example/?a=1&b=2"}
    refused = owner.patch(path(post), {"product_links": {"x": "javascript:1"}}, status=400)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("#/product_links/x", "invalid_url")]
    foreign = make_item(make_project(make_organization()))
    owner.patch(path(post), {"source_item_ids": [str(foreign.pk)]}, status=404)
    owner.patch(path(post), {"featured_image_url": "javascript:alert(1)"}, status=400)
    assert owner.patch(path(post), {"featured_image_url": ""})["featured_image_url"] is None


def test_deleting_a_post_stops_its_writing(owner: Any, cast: Any, project: Any, make_post: Any) -> None:
    post = make_post(status="generating")
    job = jobs.create(
        job_type=Job.Type.BLOG_GENERATION,
        organization=cast.organization,
        project=project,
        payload={"work": "post", "post_id": str(post.pk)},
    )
    owner.delete(path(post))
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert not BlogPost.objects.exists()
    assert owner.delete(path(make_post(status="publishing")), status=409)["code"] == "post_is_busy"


def test_the_score_lists_every_check_and_takes_another_keyphrase(owner: Any, make_post: Any) -> None:
    post = make_post(seo_meta={"focus_keyword": "steel bottles"})
    score = owner.get(path(post, "/seo-score"))
    assert score["focus_keyword"] == "steel bottles"
    assert 0 <= score["score"] <= 100
    assert score["grade"] in ("good", "ok", "bad")
    assert len(score["checks"]) == len({c["id"] for c in score["checks"]}) >= 18
    assert {"id", "group", "status", "score", "message", "key", "params", "value"} <= set(score["checks"][0])
    other = owner._send("get", path(post, "/seo-score"), 200, data={"focus_keyword": "tents"})
    assert other["focus_keyword"] == "tents"
    assert other["score"] < score["score"]
    none = owner._send("get", path(post, "/seo-score"), 200, data={"focus_keyword": ""})
    assert none["score"] == none["readability"]["score"]
    assert len(none["checks"]) == len(score["checks"])
    empty = owner.get(path(make_post(content=""), "/seo-score"))
    assert empty["score"] == 0


def test_analytics_count_what_there_is(owner: Any, project: Any, make_post: Any) -> None:
    november = timezone.now().replace(year=2026, month=11, day=3)
    make_post(status="published", published_at=november, word_count=100, seo_score=80, xct_used=Decimal("1.25"))
    make_post(status="published", published_at=november, post_type="news", word_count=50, seo_score=60)
    make_post()
    numbers = owner.get(f"projects/{project.pk}/blog-posts/analytics")
    assert numbers["total"] == 3
    assert numbers["by_status"]["published"] == 2
    assert numbers["by_status"]["failed"] == 0
    assert numbers["by_type"] == {
        "article": 2,
        "how_to": 0,
        "listicle": 0,
        "product_roundup": 0,
        "comparison": 0,
        "news": 1,
    }
    assert numbers["words_total"] == 150
    assert numbers["seo_average"] == 70.0
    assert numbers["published_by_month"] == {"2026-11": 2}
    assert numbers["xct_used"] == "1.2500"


def test_a_stranger_gets_404_everywhere(api: Any, cast: Any, project: Any, make_post: Any) -> None:
    post = make_post()
    stranger = api.as_(cast.stranger)
    for method, tail in (
        ("get", ""),
        ("patch", ""),
        ("delete", ""),
        ("get", "/seo-score"),
        ("get", "/images"),
        ("post", "/publish"),
        ("post", "/unpublish"),
        ("post", "/schedule"),
        ("post", "/unschedule"),
        ("post", "/regenerate"),
        ("post", "/images/from-stock"),
        ("post", "/images/ai-generate"),
        ("post", "/images/upload"),
    ):
        getattr(stranger, method)(path(post, tail), status=404)
    stranger.get(f"projects/{project.pk}/blog-posts", status=404)
    stranger.get(f"projects/{project.pk}/blog-posts/analytics", status=404)
    api.get(path(post), status=401)
    other = make_project(cast.organization)
    api.as_(cast.owner).get(f"projects/{other.pk}/blog-posts/{post.pk}", status=404)
    api.as_(cast.owner).get(f"projects/{project.pk}/blog-posts/not-an-id", status=404)


def test_templates_have_one_default(owner: Any, api: Any, cast: Any) -> None:
    first = owner.post("blog-templates", {"name": "A", "is_default": True, "tone": None}, status=201)
    second = owner.post(
        "blog-templates", {"name": "B", "is_default": True, "structure": {"sections": ["x"]}}, status=201
    )
    shown = {t["name"]: t["is_default"] for t in owner.get("blog-templates")}
    assert shown == {"A": False, "B": True}
    assert owner.patch(f"blog-templates/{first['id']}", {"is_default": True})["is_default"] is True
    assert owner.get(f"blog-templates/{second['id']}")["is_default"] is False
    owner.post("blog-templates", {}, status=400)
    api.as_(cast.stranger).get(f"blog-templates/{first['id']}", status=404)
    owner.delete(f"blog-templates/{first['id']}")
    owner.get(f"blog-templates/{first['id']}", status=404)


def test_blog_connections_hide_their_password(owner: Any, api: Any, cast: Any, monkeypatch: Any) -> None:
    from scribe.http import addresses

    monkeypatch.setattr(addresses, "look_up", lambda host, port: ["93.184.216.34"])
    body = {"name": "Blog", "site_url": "blog.example.org/wp-admin/", "username": "editor", "app_password": "abcd efgh"}
    api.as_(cast.teammate).post("blog-connections", body, status=403)
    made = owner.post("blog-connections", body, status=201)
    assert made["site_url"] == "https://blog.example.org"
    assert "abcd efgh" not in str(made)
    assert "abcdefgh" not in str(made)
    assert (made["is_active"], made["has_categories"], made["has_credentials"]) == (True, False, True)
    assert BlogConnection.objects.get().app_password == "abcd efgh"
    moved = owner.patch(f"blog-connections/{made['id']}", {"site_url": "https://elsewhere.example.org"})
    assert moved["has_credentials"] is False
    assert BlogConnection.objects.get().app_password == ""
    for bad in (
        "http://blog.example.org",
        "https://10.0.0.9",
        "https://intranet.local",
        "ftp://x.example",
        "https://user:pw@x.example",
    ):
        owner.post("blog-connections", {**body, "site_url": bad}, status=400)
    api.as_(cast.stranger).get(f"blog-connections/{made['id']}", status=404)
    assert len(api.as_(cast.teammate).get("blog-connections")) == 1


def test_a_connection_with_scheduled_posts_stays(owner: Any, cast: Any, make_post: Any) -> None:
    connection = BlogConnection.objects.create(
        organization=cast.organization, name="Blog", site_url="https://blog.example.org", username="u", app_password="p"
    )
    post = make_post(status="scheduled", scheduled_at=timezone.now() + timedelta(days=1), blog_connection=connection)
    problem = owner.delete(f"blog-connections/{connection.pk}", status=409)
    assert problem["code"] == "connection_has_scheduled_posts"
    owner.post(path(post, "/unschedule"))
    owner.delete(f"blog-connections/{connection.pk}")
    post.refresh_from_db()
    assert post.blog_connection is None


@pytest.mark.parametrize(("key", "text", "code"), [("title", "a" * 501, "too_long"), ("robots", "x", "unknown_field")])
def test_what_seo_texts_cannot_hold_is_refused_and_nothing_is_cut(
    owner: Any, make_post: Any, key: str, text: str, code: str
) -> None:
    post = make_post(seo_meta={"title": "Old"})
    refused = owner.patch(path(post), {"seo_meta": {"description": "b" * 500, key: text}}, 400)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [(f"#/seo_meta/{key}", code)]
    assert owner.get(path(post))["seo_meta"] == {"title": "Old"}
    assert owner.patch(path(post), {"seo_meta": {"title": "b" * 500}})["seo_meta"] == {"title": "b" * 500}


def test_elements_that_an_seo_text_cannot_have_are_named(owner: Any, make_post: Any) -> None:
    changed = owner.patch(path(make_post()), {"seo_meta": {"title": "Cold <b>drinks</b>"}})
    assert (changed["seo_meta"], changed["generation_metadata"]["removed_elements"]) == (
        {"title": "Cold drinks"},
        ["b"],
    )
    [told] = changed["warnings"]
    assert (told["field"], told["code"]) == ("seo_meta", "removed")
    assert told["detail"] == "Removed, because a text can't have it: b."
    assert owner.patch(path(make_post()), {"title": "Cold drinks"})["warnings"] == []


@pytest.mark.parametrize(("text", "code"), [("a" * 102_401, "too_long"), ("<div>" * 201, "too_deep")])
def test_a_text_that_is_too_long_or_deep_is_refused_by_its_place(
    owner: Any, make_post: Any, text: str, code: str
) -> None:
    post = make_post()
    for body, pointer in (({"content": text}, "#/content"), ({"seo_meta": {"title": text}}, "#/seo_meta/title")):
        errors = owner.patch(path(post), body, 400)["errors"]
        assert [(error["pointer"], error["code"]) for error in errors] == [(pointer, code)]
