"""The record of a post's texts: who wrote, edited and approved them. Nothing of it can be changed."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from blog import posts, provenance
from blog.models import BlogPost, PostEvent
from integrations.models import BlogConnection
from tests.blog.written import WRITTEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


@pytest.fixture
def post(make_post: Any) -> BlogPost:
    made: BlogPost = make_post(metadata=WRITTEN)
    provenance.record_generation(made)
    return made


@pytest.fixture
def site(cast: Any) -> BlogConnection:
    return BlogConnection.objects.create(
        organization=cast.organization, name="Blog", site_url="https://blog.example", username="a", app_password="b"
    )


def path(post: BlogPost, tail: str = "") -> str:
    return f"projects/{post.project_id}/blog-posts/{post.pk}{tail}"


def scheduled(owner: Any, post: BlogPost, site: BlogConnection) -> None:
    body = {"connection_id": str(site.pk), "scheduled_at": (timezone.now() + timedelta(hours=1)).isoformat()}
    owner.post(path(post, "/schedule"), body)


def test_one_call_leads_from_a_post_to_its_model_and_to_the_person_who_let_it_out(
    owner: Any, cast: Any, post: BlogPost, site: BlogConnection
) -> None:
    scheduled(owner, post, site)
    record = owner.get(path(post, "/provenance"))
    assert record["approved"] is True
    text = next(text for text in record["texts"] if text["field"] == "content")
    assert text["sha256"] == hashlib.sha256(post.content.encode()).hexdigest()
    assert (text["generated"]["model"], text["generated"]["prompt_version"]) == ("claude-haiku-5-5", 3)
    assert text["approved"]["by"]["email"] == cast.owner.email
    assert [entry["event"] for entry in record["entries"]] == ["generated", "approved"]
    assert record["entries"][0]["checks"] == [{"id": "limits", "passed": True, "detail": ""}]


def test_a_post_that_is_edited_after_its_approval_is_not_approved(
    owner: Any, cast: Any, post: BlogPost, site: BlogConnection
) -> None:
    scheduled(owner, post, site)
    owner.patch(path(post), {"content": "<p>Steel bottles keep drinks warm. They are light as well.</p>"})
    record = owner.get(path(post, "/provenance"))
    assert record["approved"] is False
    by_field = {text["field"]: text for text in record["texts"]}
    assert by_field["content"]["approved"] is None
    assert by_field["title"]["approved"]["by"]["email"] == cast.owner.email
    (edit,) = by_field["content"]["edits"]
    assert edit["by"]["email"] == cast.owner.email
    assert 0 < edit["words_changed"] < 0.5
    assert by_field["title"]["edits"] == []


def test_a_change_of_anything_but_texts_is_no_edit(owner: Any, post: BlogPost) -> None:
    owner.patch(path(post), {"tags": ["steel"]})
    owner.patch(path(post), {"title": post.title})
    assert list(PostEvent.objects.values_list("kind", flat=True)) == ["generated"]


def test_a_post_from_before_the_record_names_its_model(owner: Any, make_post: Any) -> None:
    record = owner.get(path(make_post(metadata=WRITTEN), "/provenance"))
    assert {text["generated"]["model"] for text in record["texts"]} == {"claude-haiku-5-5"}
    assert record["entries"] == []


def test_the_database_refuses_to_change_or_delete_what_happened(post: BlogPost) -> None:
    for statement in ("UPDATE blog_postevent SET kind = 'approved'", "DELETE FROM blog_postevent"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_record_leaves_with_its_post(post: BlogPost) -> None:
    posts.delete(post=post)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not PostEvent.objects.exists()


def test_a_stranger_sees_no_record_of_a_post(api: Any, cast: Any, post: BlogPost) -> None:
    api.as_(cast.stranger).get(path(post, "/provenance"), status=404)
