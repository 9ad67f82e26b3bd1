"""The comments of colleagues on an item."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from projects import comments
from projects.api.serializers.items import ItemCommentReply, ItemCommentRequest, comment_shown
from projects.models import ContentItem, ItemComment
from projects.project_views import ProjectViewSet
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation


class ItemCommentViewSet(ProjectViewSet):
    whole_actions = frozenset({"comment"})

    def item(self) -> ContentItem:
        return self.row(ContentItem.rows.all(), self.kwargs["item_id"], project=self.project())

    @operation(
        tag="items",
        scope="items:read",
        summary="List the comments on an item",
        description="What colleagues said of it, the oldest first.",
        responses={200: ListOf(ItemCommentReply)},
        errors=(404,),
    )
    def comments(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        return bare_array(request, comments.of(self.item()), comment_shown)

    @operation(
        tag="items",
        scope="items:write",
        support=True,
        summary="Comment on an item",
        description="Colleagues of the organization read it; it is never sent to a store or a model.",
        request=ItemCommentRequest,
        responses={201: ItemCommentReply},
        errors=(400, 404, 409),
    )
    def comment(self, request: Any, project_id: str, item_id: str) -> Response:
        comment = comments.add(item=self.item(), by=request.user, text=self.body(ItemCommentRequest)["text"])
        return Response(comment_shown(comment), status=201)

    @operation(
        tag="items",
        scope="items:write",
        summary="Delete a comment",
        description="Its author and admins may.",
        responses={204: None},
        errors=(403, 404),
    )
    def delete_comment(self, request: Any, project_id: str, item_id: str, comment_id: str) -> Response:
        comments.delete(comment=self.row(ItemComment.objects.all(), comment_id, item=self.item()), by=request.user)
        return Response(status=204)
