"""Requests for custom projects, as customers see them."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from scribe.api.fields import utc
from scribe.api.schema import operation
from studio import requests, tools
from studio.api.base import ToolViewSet
from studio.api.serializers import (
    CommentBody,
    CommentReply,
    RequestBody,
    RequestQuery,
    StudioRequestDetail,
    StudioRequestList,
    StudioRequestReply,
)
from studio.models import StudioComment, StudioRequest


def _person(user: Any) -> dict[str, Any]:
    return {
        "user_id": str(user.pk) if user else None,
        "user_name": user.name if user else "",
        "user_email": user.email if user else "",
    }


def _facts(request: StudioRequest) -> dict[str, Any]:
    return {
        "id": str(request.pk),
        "organization_id": str(request.organization_id),
        **_person(request.user),
        "description": request.description,
        "budget_range": request.budget_range,
        "exclusivity": request.exclusivity,
        "status": request.status,
        "priority": request.priority,
        "created_at": utc(request.created_at),
        "updated_at": utc(request.updated_at),
    }


def shown(request: Any) -> dict[str, Any]:
    return {
        **_facts(request),
        "comment_count": getattr(request, "comment_count", 0),
        "latest_comment_at": utc(getattr(request, "latest_comment_at", None)),
    }


def shown_comment(comment: StudioComment) -> dict[str, Any]:
    """A comment as customers see it. Staff appear as "XC Scribe Studio", without a person's name or address."""
    person = _person(comment.user)
    if comment.user is not None and comment.user.organization_id != comment.organization_id:
        person = {"user_id": None, "user_name": "XC Scribe Studio", "user_email": ""}
    return {
        "id": str(comment.pk),
        "request_id": str(comment.request_id),
        **person,
        "content": comment.content,
        "is_internal": comment.is_internal,
        "created_at": utc(comment.created_at),
    }


class StudioRequestViewSet(ToolViewSet):
    whole_actions = frozenset({"create", "comment"})
    tool = tools.CUSTOM_PROJECTS

    @operation(
        tag="studio-requests",
        scope="studio:read",
        summary="List studio requests",
        description="The organization's requests, newest first; counts are of public comments.",
        parameters=[RequestQuery],
        responses={200: StudioRequestList},
        errors=(400, 403),
    )
    def list_requests(self, request: Any) -> Response:
        self.check_tool()
        asked = self.query(RequestQuery)
        rows = requests.listed(request.user, status=asked.get("status", ""))
        total = StudioRequest.objects.visible_to(request.user)
        if asked.get("status"):
            total = total.filter(status=asked["status"])
        count, start, limit = total.count(), asked["offset"], asked["limit"]
        page = [shown(row) for row in rows[start : start + limit]]
        return Response({"requests": page, "total": count, "has_more": start + len(page) < count})

    @operation(
        tag="studio-requests",
        scope="studio:write",
        summary="Submit a new AI Studio quote request",
        description="Staff are told, and answer in the request's comments.",
        request=RequestBody,
        responses={201: StudioRequestReply},
        errors=(400, 403),
    )
    def create(self, request: Any) -> Response:
        self.check_tool()
        body = {key: value for key, value in self.body(RequestBody).items() if value is not None}
        return Response(shown(requests.submit(by=request.user, **body)), status=201)

    @operation(
        tag="studio-requests",
        scope="studio:read",
        summary="Get studio request detail",
        description="With its public comments, oldest first.",
        responses={200: StudioRequestDetail},
        errors=(403, 404),
    )
    def retrieve(self, request: Any, request_id: str) -> Response:
        row = self.row(StudioRequest.objects.select_related("user", "organization"), request_id)
        self.check_tool()
        comments = StudioComment.objects.visible_to(request.user).filter(request=row).public().select_related("user")
        detail = {
            **_facts(row),
            "organization_name": row.organization.name,
            "comments": [shown_comment(comment) for comment in comments],
        }
        return Response(detail)

    @operation(
        tag="studio-requests",
        scope="studio:write",
        summary="Add a comment to a studio request",
        description="Always public; staff are told.",
        request=CommentBody,
        responses={201: CommentReply},
        errors=(400, 403, 404),
    )
    def comment(self, request: Any, request_id: str) -> Response:
        row = self.row(StudioRequest.objects.all(), request_id)
        self.check_tool()
        content = self.body(CommentBody)["content"]
        return Response(shown_comment(requests.comment(request=row, by=request.user, content=content)), status=201)
