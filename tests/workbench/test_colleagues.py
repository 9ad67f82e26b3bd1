"""Colleagues on an item: comments and reviewer."""

from __future__ import annotations

import re
from typing import Any

from projects.models import ItemComment
from tests.workbench.visiting import Visitor


def test_colleagues_comment_on_an_item(desk: Any) -> None:
    url = f"projects/{desk.project.pk}/items/{desk.written.pk}"
    mate = Visitor(desk.cast.teammate)
    desk.owner.send(f"{url}/comments", {"text": "  Is it <b>750</b> ml?  "})
    page = mate.send(f"{url}/comments", {"text": "It is."})
    assert "Is it &lt;b&gt;750&lt;/b&gt; ml?" in page
    assert page.index("750") < page.index("It is.")
    assert "Team: 2 comments" in mate.part(url)
    mate.send(f"{url}/comments", {"text": " "}, 400)
    mate.send(f"{url}/comments", {"text": "x" * 2001}, 400)
    first, second = ItemComment.objects.order_by("created_at")
    assert (
        mate.part(f"{url}/discussion").count("/comments/") == 2
    )  # one form, with both of its addresses: their own comment's
    mate.send(f"{url}/comments/{first.pk}", {}, 403)  # another's
    desk.owner.send(f"{url}/comments/{second.pk}")  # an admin may
    assert list(ItemComment.objects.all()) == [first]


def test_a_note_on_a_passage_stands_at_its_text(desk: Any) -> None:
    url = f"projects/{desk.project.pk}/items/{desk.written.pk}"
    desk.owner.send(
        f"{url}/comments", {"text": "Still true?", "field": "short_description", "quote": "cold for 12 hours"}
    )
    page = Visitor(desk.cast.teammate).part(url)
    text = page.partition('data-field="short_description"')[2].partition("</section>")[0]
    assert "<q>cold for 12 hours</q>" in text
    assert "Still true?" in text
    assert page.count("Still true?") == 1
    assert "<q>cold for 12 hours</q>" in desk.owner.part(f"{url}/discussion")


def test_an_item_is_given_to_a_colleague(desk: Any) -> None:
    item, mate = desk.written, desk.cast.teammate
    url = f"projects/{desk.project.pk}/items/{item.pk}"
    page = desk.owner.send(f"{url}/assignee", {"assignee": mate.pk, "version": item.version})
    told = re.search(r'data-item-version="(\d+)"', page)
    item.refresh_from_db()
    assert told
    assert (item.assignee, int(told[1])) == (mate, item.version)
    assert f"reviewer: <bdi>{mate.name}</bdi>" in desk.owner.part(url)
    mine = Visitor(mate).get(f"projects/{desk.project.pk}/review?assignee={mate.pk}")
    assert str(item.pk) in mine
    assert str(desk.clean[1].pk) not in mine
    assert f'<option value="{mate.pk}" selected>Assigned to me</option>' in mine
    desk.owner.send(f"{url}/assignee", {"assignee": "", "version": item.version - 1}, 412)
    desk.owner.send(f"{url}/assignee", {"assignee": desk.cast.stranger.pk, "version": item.version}, 404)
    desk.owner.send(f"{url}/assignee", {"assignee": "", "version": item.version})
    item.refresh_from_db()
    assert item.assignee is None
