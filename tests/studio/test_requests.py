"""Requests for custom projects: what customers see of them, and what staff do."""

from __future__ import annotations

import pytest

from accounts.models import Notification
from studio import requests
from studio.models import StudioRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_id(api, cast):
    body = {"description": "Write our catalogue", "budget_range": "1000-2000", "exclusivity": True}
    return api.as_(cast.teammate).post("studio-requests", body, status=201)["id"]


def test_a_request_is_kept_and_staff_are_told(api, cast, request_id):
    row = api.as_(cast.owner).get(f"studio-requests/{request_id}")
    assert (row["status"], row["priority"], row["exclusivity"]) == ("new", 0, True)
    assert row["organization_name"] == cast.organization.name
    assert row["user_email"] == cast.teammate.email
    assert Notification.objects.filter(user=cast.staff, notification_type="studio_comment").count() == 1


def test_customers_see_public_comments_only_and_so_are_the_counts(api, cast, request_id):
    row = StudioRequest.objects.get(pk=request_id)
    requests.answer(request=row, by=cast.staff, content="Looks easy, charge double", is_internal=True)
    requests.answer(request=row, by=cast.staff, content="We can do that.", is_internal=False)
    mine = api.as_(cast.owner).post(
        f"studio-requests/{request_id}/comments", {"content": "Great", "is_internal": True}, status=201
    )
    assert mine["is_internal"] is False
    detail = api.as_(cast.owner).get(f"studio-requests/{request_id}")
    assert [comment["content"] for comment in detail["comments"]] == ["We can do that.", "Great"]
    assert detail["comments"][0]["user_name"] == "XC Scribe Studio"
    assert cast.staff.email not in str(detail)
    listed = api.as_(cast.owner).get("studio-requests")["requests"][0]
    assert listed["comment_count"] == 2
    assert listed["latest_comment_at"] == detail["comments"][1]["created_at"]


def test_the_customer_is_told_of_answers_and_never_of_notes(cast, request_id):
    row = StudioRequest.objects.get(pk=request_id)
    requests.answer(request=row, by=cast.staff, content="secret", is_internal=True)
    assert not Notification.objects.filter(user=cast.owner).exists()
    requests.answer(request=row, by=cast.staff, content="hello", is_internal=False)
    requests.set_status(request=row, status="quoted", by=cast.staff)
    assert Notification.objects.filter(user=cast.owner, notification_type="studio_comment").count() == 2


def test_lists_are_filtered_and_paged(api, cast):
    for number in range(5):
        api.as_(cast.owner).post("studio-requests", {"description": f"Request {number}"}, status=201)
    StudioRequest.objects.filter(description="Request 0").update(status="done")
    page = api.as_(cast.owner).get("studio-requests", limit=2, offset=2)
    assert ([row["description"] for row in page["requests"]], page["total"], page["has_more"]) == (
        ["Request 2", "Request 1"],
        5,
        True,
    )
    done = api.as_(cast.owner).get("studio-requests?status=done")
    assert (done["total"], done["has_more"]) == (1, False)


def test_unknown_filters_are_400(api, cast):
    caller = api.as_(cast.owner)
    for query in ("status=lost", "limit=0", "limit=101", "offset=-1", "limit=x"):
        caller.get(f"studio-requests?{query}", status=400)


def test_a_strangers_request_does_not_exist(api, cast, request_id):
    stranger = api.as_(cast.stranger)
    stranger.get(f"studio-requests/{request_id}", status=404)
    stranger.post(f"studio-requests/{request_id}/comments", {"content": "hi"}, status=404)
    assert stranger.get("studio-requests") == {"requests": [], "total": 0, "has_more": False}
    api.get(f"studio-requests/{request_id}", status=401)


def test_an_empty_description_is_refused(api, cast):
    api.as_(cast.owner).post("studio-requests", {"description": "  "}, status=400)
    api.as_(cast.owner).post("studio-requests", {}, status=400)


def test_the_list_asks_the_same_number_of_queries_however_long(api, cast, django_assert_max_num_queries):
    caller = api.as_(cast.owner)
    for number in range(15):
        caller.post("studio-requests", {"description": f"Request {number}"}, status=201)
    with django_assert_max_num_queries(8):
        assert len(caller.get("studio-requests")["requests"]) == 15
