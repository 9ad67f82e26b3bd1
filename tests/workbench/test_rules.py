"""Rules from edits, on the pages of the review."""

from __future__ import annotations

from typing import Any

from projects.models import LearnedRule
from tests.factories import make_item
from tests.workbench.conftest import write

PRAISED = "A premium steel bottle that keeps drinks cold for 12 hours."


def test_the_third_similar_edit_offers_a_rule(desk: Any) -> None:
    root = f"projects/{desk.project.pk}"
    pages = []
    for _ in range(3):
        item = write(make_item(desk.project), desk.cast.owner, short_description=PRAISED)
        edit = {"field": "short_description", "text": PRAISED.replace("premium ", "")}
        pages.append(desk.owner.send(f"{root}/items/{item.pk}/text", edit))
    asked = "You removed “<bdi>premium</bdi>” from 3 texts. Never use it?"
    assert [asked in page for page in pages] == [False, False, True]
    assert asked in desk.owner.get(f"{root}/review")
    rule = LearnedRule.objects.get(state="proposed")
    url = f"{root}/review/rules/{rule.pk}"
    page = desk.owner.send(url, {"state": "accepted"})
    assert "never “<bdi>premium</bdi>”" in page
    assert "Undo" in page
    assert asked not in desk.owner.get(f"{root}/review")
    assert "never “<bdi>premium</bdi>”" in desk.owner.get(f"{root}/review/rules")
    desk.owner.send(url, {"state": "proposed"})
    assert asked in desk.owner.get(f"{root}/review/rules")
    desk.owner.send(url, {"state": "seen"}, 400)
    desk.owner.post(url, {"state": "dismissed"})  # without a script, a plain form
    rule.refresh_from_db()
    assert (rule.state, rule.decided_by) == ("dismissed", desk.cast.owner)
