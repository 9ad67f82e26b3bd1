"""Colleagues on an item: comments, and who is to review it."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from projects import comments, reviewers
from projects.models import ContentItem, ItemComment
from workbench.form_values import is_fragment
from workbench.views.review import ItemPart

MOST_PEOPLE = 200


class DiscussionPart(ItemPart):
    """The comments on an item, and the person who is to review it."""

    def show_discussion(self, item: ContentItem, **context: object) -> HttpResponse:
        if not is_fragment(self.request):
            return self.show_item(item)
        people = reviewers.able(item.project, item.language).order_by("first_name", "email")
        return self.show(
            "parts/discussion",
            item=item,
            comments=comments.comments_on(item),
            people=people[:MOST_PEOPLE],
            **context,  # type: ignore[arg-type]  # handed on
        )


class ItemDiscussion(DiscussionPart):
    def get(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        return self.show_discussion(self.item())


class ItemComments(DiscussionPart):
    """Add a comment."""

    def post(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item = self.item()
        passage = {name: request.POST.get(name, "") for name in ("text", "field", "quote")}
        comments.add(item=item, by=self.user, **passage)
        return self.show_discussion(item)


class CommentDeletion(DiscussionPart):
    support = False

    def post(self, request: HttpRequest, project_id: str, item_id: str, comment_id: str) -> HttpResponse:
        item = self.item()
        comments.delete(comment=self.row(ItemComment.objects.all(), comment_id, item=item), by=self.user)
        return self.show_discussion(item)


class ItemAssignment(DiscussionPart):
    """Give the item to a colleague. The version that the page shows must still be the present one, as for a decision."""

    def post(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item, named = self.item(), request.POST.get("assignee", "")
        person = self.row(User.objects.all(), named) if named else None
        with transaction.atomic():
            self.claim(item)
            comments.assign(item=item, to=person)
            item.read_version()
        return self.show_discussion(item, version=item.version)
