"""Tag `notifications`: the notices that the app's bell shows."""

from rest_framework.response import Response

from accounts import notifications
from accounts.api.serializers import people as shapes
from accounts.models import Notification
from scribe.api.access import VIEWERS
from scribe.api.pagination import EnvelopeQuery, page_in_envelope
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet, SignedInRequest


class NotificationViewSet(ScribeViewSet):
    tag = "notifications"

    @operation(
        scope="notifications:read",
        summary="Get unread notification count",
        responses={200: shapes.UnreadCountReply},
    )
    def unread_count(self, request: SignedInRequest) -> Response:
        return Response({"unread_count": Notification.objects.visible_to(request.user).unread().count()})

    @operation(
        scope="notifications:read",
        summary="List notifications",
        description="The caller's own notifications, newest first.",
        parameters=[EnvelopeQuery],
        responses={200: shapes.NotificationsReply},
    )
    def inbox(self, request: SignedInRequest) -> Response:
        query = self.query(EnvelopeQuery)
        found = Notification.objects.visible_to(request.user).order_by("-id")
        page, headers = page_in_envelope(request, found, **query)
        shown = [shapes.NotificationReply.of(row) for row in page]
        reply = {"notifications": shown, "total": found.count(), "has_more": "Link" in headers}
        return Response(reply, headers=headers)

    @operation(
        who=VIEWERS,
        scope="notifications:write",
        summary="Mark notification as read",
        responses={200: shapes.NotificationReply},
    )
    def read(self, request: SignedInRequest, notification_id: str) -> Response:
        row = self.row(Notification.objects.all(), notification_id)
        return Response(shapes.NotificationReply.of(notifications.mark_read(row)))

    @operation(
        who=VIEWERS,
        scope="notifications:write",
        summary="Mark all notifications as read",
        responses={200: shapes.ReadAllReply},
    )
    def read_all(self, request: SignedInRequest) -> Response:
        updated = notifications.mark_all_read(request.user)
        return Response({"updated": updated, "message": "All notifications are read."})
