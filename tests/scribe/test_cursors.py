"""Pages that follow each other by a cursor: nothing is passed over while rows come, leave and change."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notification
from projects.models import ContentItem, Project
from studio.models import StudioRequest
from tests.factories import make_item, make_project


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


def following(me: Any) -> str:
    link = re.search(r'<([^>]+)>; rel="next"', me.last.headers.get("Link", ""))
    return "{0.path}?{0.query}".format(urlsplit(link[1])) if link else ""


def pages(me: Any, path: str, limit: int) -> Any:
    """The pages of a list, as the links lead."""
    path = f"/api/v1/{path}{'&' if '?' in path else '?'}limit={limit}"
    while path:
        page = me.get(path)
        path = following(me)
        yield page


@pytest.mark.parametrize("order", ["", "&order=updated", "&order=name", "&order=confidence"])
def test_approving_while_paging_takes_all(me: Any, project: Any, order: str) -> None:
    for number in range(12):
        make_item(
            project, status="generated", confidence_score=0.5 + number % 3 / 10, generated_content={"name": "x"},
            source_data={"name": f"Item {number % 4}"},
        )  # fmt: skip
    seen = []
    for page in pages(me, f"projects/{project.pk}/items?status=generated{order}", 5):
        for row in page:
            me.patch(f"projects/{project.pk}/items/{row['id']}", {"status": "approved"})
            seen.append(row["id"])
    assert (len(seen), len(set(seen))) == (12, 12)
    assert not ContentItem.objects.filter(project=project).exclude(status="approved").exists()


def test_deleting_what_was_read_while_paging_leaves_none(me: Any, cast: Any) -> None:
    for _ in range(7):
        make_project(cast.organization)
    every = me.get("projects")
    seen = []
    for page in pages(me, "projects", 3):
        seen += [row["id"] for row in page]
        Project.objects.filter(pk__in=[row["id"] for row in page]).delete()
    assert seen == [row["id"] for row in every]


def test_rows_of_the_same_moment_come_once_each(me: Any, cast: Any) -> None:
    for _ in range(5):
        make_project(cast.organization)
    Project.objects.update(created_at="2026-01-01T00:00:00Z")
    for limit in (1, 2, 3, 5):
        seen = [row["id"] for page in pages(me, "projects", limit) for row in page]
        assert (len(seen), len(set(seen))) == (5, 5)


def test_the_first_page_is_counted_and_an_offset_is_answered_as_ever(me: Any, cast: Any) -> None:
    for _ in range(3):
        make_project(cast.organization)
    me.get("projects", limit=2)
    assert me.last["X-Total-Count"] == "3"
    assert "cursor=" in me.last["Link"]
    me.get(following(me))
    assert "X-Total-Count" not in me.last
    assert "Link" not in me.last
    me.get("projects", limit=2, offset=0)
    assert "offset=2" in me.last["Link"]
    me.get("projects", limit=3)
    assert "Link" not in me.last


@pytest.mark.parametrize("order", ["updated", "name", "confidence"])
def test_the_next_page_is_named_without_another_statement(me: Any, project: Any, order: str) -> None:
    for _ in range(4):
        make_item(project, confidence_score=0.5)
    statements = []
    for limit, more in ((5, False), (2, True)):
        with CaptureQueriesContext(connection) as asked:
            me.get(f"projects/{project.pk}/items", limit=limit, order=order)
        assert ("Link" in me.last.headers) is more
        statements.append(len(asked))
    assert statements[0] == statements[1]


def test_a_cursor_of_another_order_or_of_none_is_refused(me: Any, cast: Any, project: Any) -> None:
    for _ in range(2):
        make_item(project, confidence_score=0.5)
    items = f"projects/{project.pk}/items"
    me.get(items, limit=1)
    cursor = re.search(r"cursor=([^>]+)>", me.last["Link"])
    assert cursor
    for path, query in (
        (items, {"order": "name", "cursor": cursor[1]}),
        (items, {"offset": 1, "cursor": cursor[1]}),
        (items, {"cursor": "nonsense"}),
        (items, {"cursor": "W10"}),
        ("projects", {"cursor": cursor[1]}),
        ("system/platforms", {"cursor": cursor[1]}),
    ):
        assert me.get(path, 400, limit=1, **query)["errors"][0]["pointer"] == "?cursor", (path, query)


def test_a_cursor_with_a_text_that_no_row_can_have_is_refused(me: Any, project: Any) -> None:
    for _ in range(2):
        make_item(project)
    items = f"projects/{project.pk}/items"
    me.get(items, limit=1, order="name")
    cursor = re.search(r"cursor=([^>&]+)", me.last["Link"])
    assert cursor
    name, text, *rest = json.loads(urlsafe_b64decode(cursor[1] + "=="))
    changed = urlsafe_b64encode(json.dumps([name, f"{text}\0", *rest]).encode()).decode().rstrip("=")
    assert me.get(items, 400, limit=1, order="name", cursor=changed)["errors"][0]["pointer"] == "?cursor"


@pytest.mark.parametrize(("path", "name"), [("notifications", "notifications"), ("studio-requests", "requests")])
def test_lists_that_stand_in_an_object_lead_on_alike(me: Any, cast: Any, path: str, name: str) -> None:
    own = {"organization": cast.organization, "user": cast.owner}
    for number in range(5):
        if path == "notifications":
            Notification.objects.create(**own, notification_type="security", title=str(number))
        else:
            StudioRequest.objects.create(**own, description=str(number))
    seen = []
    for page in pages(me, path, 2):
        seen += [row["id"] for row in page[name]]
        assert page["has_more"] is bool(following(me))  # of the same answer
    assert (len(seen), len(set(seen))) == (5, 5)


def test_the_ledger_and_the_log_of_events_lead_on_alike(me: Any, cast: Any) -> None:
    whole = me.get("billing/transactions", limit=1000)["transactions"]
    seen = [row["id"] for page in pages(me, "billing/transactions", 1) for row in page["transactions"]]
    assert seen == [row["id"] for row in whole]
    for _ in range(3):
        project = make_project(cast.organization)
        me.patch(f"projects/{project.pk}/items/{make_item(project, status='generated').pk}", {"status": "approved"})
    events = me.get("events")["events"]
    seen = [row["id"] for page in pages(me, "events", 1) for row in page["events"]]
    assert seen == [row["id"] for row in events]
