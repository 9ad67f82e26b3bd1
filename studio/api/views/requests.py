"""Requests for custom projects, as customers see them."""

from rest_framework.response import Response

from accounts.models import User
from scribe.api.fields import utc
from scribe.api.pagination import page_in_envelope
from scribe.api.schema import operation
from scribe.api.views import SignedInRequest
from scribe.types import Json
from studio import requests, tools
from studio.api import serializers as shapes
from studio.api.views.tools import ToolViewSet
from studio.models import StudioComment, StudioRequest


def _person(user: User | None) -> Json:
    return {
        "user_id": str(user.pk) if user else None,
        "user_name": user.name if user else "",
        "user_email": user.email if user else "",
    }


def reply_of(request: StudioRequest) -> Json:
    return shapes.StudioRequestReply.of(
        request,
        comment_count=getattr(request, "comment_count", 0),
        latest_comment_at=utc(getattr(request, "latest_comment_at", None)),
        **_person(request.user),
    )


def shown_comment(comment: StudioComment) -> Json:
    """A comment as customers see it. Staff appear as "XC Scribe Studio", without a person's name or address."""
    person = _person(comment.user)
    if comment.user is not None and comment.user.organization_id != comment.organization_id:
        person = {"user_id": None, "user_name": "XC Scribe Studio", "user_email": ""}
    return shapes.CommentReply.of(comment, **person)


class StudioRequestViewSet(ToolViewSet):
    tag = "studio-requests"
    whole_actions = frozenset({"create", "comment"})
    tool = tools.CUSTOM_PROJECTS

    @operation(
        scope="studio:read",
        summary="List studio requests",
        description="The organization's requests, newest first, with the number of public comments.",
        parameters=[shapes.RequestQuery],
        responses={200: shapes.StudioRequestList},
    )
    def list_requests(self, request: SignedInRequest) -> Response:
        self.check_tool()
        asked = self.query(shapes.RequestQuery)
        status = asked.pop("status", "")
        rows = requests.list_requests(request.user, status=status)
        total = StudioRequest.objects.visible_to(request.user).filter(**{"status": status} if status else {})
        page, headers = page_in_envelope(request, rows, **asked)
        reply = {"requests": [reply_of(row) for row in page], "total": total.count(), "has_more": "Link" in headers}
        return Response(reply, headers=headers)

    @operation(
        scope="studio:write",
        summary="Submit a new AI Studio quote request",
        description="Our staff are notified and reply in the request's comments.",
        request=shapes.RequestBody,
        responses={201: shapes.StudioRequestReply},
    )
    def create(self, request: SignedInRequest) -> Response:
        self.check_tool()
        body = {key: value for key, value in self.body(shapes.RequestBody).items() if value is not None}
        return Response(reply_of(requests.submit(by=request.user, **body)), status=201)

    @operation(
        scope="studio:read",
        summary="Get studio request detail",
        description="With its public comments, oldest first.",
        responses={200: shapes.StudioRequestDetail},
    )
    def retrieve(self, request: SignedInRequest, request_id: str) -> Response:
        row = self.row(StudioRequest.objects.select_related("user", "organization"), request_id)
        self.check_tool()
        comments = StudioComment.objects.visible_to(request.user).filter(request=row).public().select_related("user")
        shown = [shown_comment(comment) for comment in comments]
        return Response(shapes.StudioRequestDetail.of(row, comments=shown, **_person(row.user)))

    @operation(
        scope="studio:write",
        summary="Add a comment to a studio request",
        description="The comment is public, and our staff are notified.",
        request=shapes.CommentBody,
        responses={201: shapes.CommentReply},
    )
    def comment(self, request: SignedInRequest, request_id: str) -> Response:
        row = self.row(StudioRequest.objects.all(), request_id)
        self.check_tool()
        content = self.body(shapes.CommentBody)["content"]
        return Response(shown_comment(requests.comment(request=row, by=request.user, content=content)), status=201)
