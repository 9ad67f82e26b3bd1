"""Tag `notifications`: the notices that the app's bell shows."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from accounts import notifications
from accounts.api.serializers import people as shapes
from accounts.models import Notification
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet


class NotificationViewSet(ScribeViewSet):
    @operation(
        tag="notifications",
        scope="notifications:read",
        summary="Get unread notification count",
        responses={200: shapes.UnreadCountReply},
    )
    def unread_count(self, request: Any) -> Response:
        return Response({"unread_count": Notification.objects.visible_to(request.user).unread().count()})

    @operation(
        tag="notifications",
        scope="notifications:read",
        summary="List notifications",
        description="The caller's own, the newest first.",
        parameters=[shapes.NotificationsQuery],
        responses={200: shapes.NotificationsReply},
        errors=(400,),
    )
    def inbox(self, request: Any) -> Response:
        query = self.query(shapes.NotificationsQuery)
        limit, offset = query["limit"], query["offset"]
        found = Notification.objects.visible_to(request.user).order_by("-id")
        total = found.count()
        page = [shapes.notification(row) for row in found[offset : offset + limit]]
        return Response({"notifications": page, "total": total, "has_more": offset + len(page) < total})

    @operation(
        tag="notifications",
        scope="notifications:write",
        summary="Mark notification as read",
        request=None,
        responses={200: shapes.NotificationReply},
    )
    def read(self, request: Any, notification_id: str) -> Response:
        row: Any = self.row(Notification.objects.all(), notification_id)
        return Response(shapes.notification(notifications.mark_read(row)))

    @operation(
        tag="notifications",
        scope="notifications:write",
        summary="Mark all notifications as read",
        request=None,
        responses={200: shapes.ReadAllReply},
    )
    def read_all(self, request: Any) -> Response:
        updated = notifications.mark_all_read(request.user)
        return Response({"updated": updated, "message": "All notifications are read."})
