"""Comments on items and the person who reviews them, over the API."""

from __future__ import annotations

from typing import Any

import pytest

from projects import comments
from projects.models import ItemComment
from scribe.errors import Conflict, NotFound
from tests.factories import make_item, make_organization, make_project
from tests.proof.ordering import in_order

pytestmark = pytest.mark.django_db


def test_comments_are_written_listed_and_deleted(api: Any, cast: Any) -> None:
    item = make_item(make_project(cast.organization))
    path = f"projects/{item.project_id}/items/{item.pk}/comments"
    mate, owner = api.as_(cast.teammate), api.as_(cast.owner)
    made = mate.post(path, {"text": "Is it right?"}, status=201)
    assert (made["text"], made["author_id"], made["author_name"]) == (
        "Is it right?",
        str(cast.teammate.pk),
        cast.teammate.name,
    )
    other = owner.post(path, {"text": "It is."}, status=201)
    assert [row["id"] for row in mate.get(path)] == [made["id"], other["id"]]
    mate.post(path, {"text": "x" * 2001}, status=400)
    mate.delete(f"{path}/{other['id']}", status=403)
    owner.delete(f"{path}/{made['id']}", status=204)
    cast.teammate.delete()
    assert [row["id"] for row in owner.get(path)] == [other["id"]]


def test_a_comment_is_about_a_passage_of_one_text(api: Any, cast: Any) -> None:
    item = make_item(make_project(cast.organization))
    path, mate = f"projects/{item.project_id}/items/{item.pk}/comments", api.as_(cast.teammate)
    made = mate.post(path, {"text": "Still true?", "field": "name", "quote": " 750 ml "}, status=201)
    assert (made["field"], made["quote"]) == ("name", "750 ml")
    assert mate.get(path)[0]["quote"] == "750 ml"
    mate.post(path, {"text": "Still true?", "quote": "750 ml"}, status=400)
    mate.post(path, {"text": "Still true?", "field": "colour", "quote": "750 ml"}, status=400)
    mate.post(path, {"text": "Still true?", "field": "name", "quote": "x" * 501}, status=400)


def test_a_comment_stays_when_its_author_leaves(cast: Any) -> None:
    item = make_item(make_project(cast.organization))
    comments.add(item=item, by=cast.teammate, text="Is it right?")
    cast.teammate.delete()
    assert ItemComment.objects.get().author is None


def test_an_item_takes_a_bounded_number_of_comments(cast: Any) -> None:
    item = make_item(make_project(cast.organization))
    rows = [ItemComment(organization=cast.organization, item=item, text="x") for _ in range(comments.MOST)]
    ItemComment.objects.bulk_create(rows)
    with pytest.raises(Conflict):
        comments.add(item=item, by=cast.owner, text="One more")


def test_two_comments_at_once_are_not_both_the_last_one(committed: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(comments, "MOST", 1)
    organization = make_organization()
    item = make_item(make_project(organization))

    def add() -> ItemComment:
        return comments.add(item=item, by=None, text="One")

    first, second = in_order(add, add)
    assert isinstance(first, ItemComment)
    assert isinstance(second, Conflict)
    item.delete()
    with pytest.raises(NotFound):
        add()


def test_an_item_is_given_to_a_person_of_the_organization(api: Any, cast: Any) -> None:
    item = make_item(make_project(cast.organization))
    path = f"projects/{item.project_id}/items"
    me, mate = api.as_(cast.owner), str(cast.teammate.pk)
    assert me.patch(f"{path}/{item.pk}", {"assignee_id": mate})["assignee_id"] == mate
    make_item(item.project)
    assert [row["id"] for row in me.get(f"{path}?assignee_id={mate}")] == [str(item.pk)]
    assert me.get(path)[0]["assignee_id"] == mate
    me.patch(f"{path}/{item.pk}", {"assignee_id": str(cast.stranger.pk)}, status=404)
    me.get(f"{path}?assignee_id={cast.stranger.pk}", status=404)
    cast.teammate.is_active = False
    cast.teammate.save()
    other = make_item(item.project)
    me.patch(f"{path}/{other.pk}", {"assignee_id": mate}, status=400)
    assert me.patch(f"{path}/{item.pk}", {"assignee_id": None})["assignee_id"] is None
