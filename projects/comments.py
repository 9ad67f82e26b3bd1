"""Colleagues on an item: what they say of it, and who is to review it."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from projects import reviewers
from projects.models import ContentItem, ItemComment
from scribe.errors import Conflict, Forbidden, InvalidInput, NotFound
from scribe.messages import _
from writing.fields import BY_NAME

MOST = 500  # comments on one item
MOST_QUOTED = 500  # characters of a passage


def comments_on(item: ContentItem) -> QuerySet[ItemComment]:
    """The comments on the item with their authors, the oldest first."""
    return ItemComment.objects.of(item.organization_id).filter(item=item).select_related("author")


@transaction.atomic
def add(*, item: ContentItem, by: User, text: str, field: str = "", quote: str = "") -> ItemComment:
    """A comment of 1 to 2,000 characters, on the passage `quote` of the text `field` where they are given. Raises Conflict
    `too_many_comments` for an item that has MOST, and NotFound for one that is deleted meanwhile."""
    text = text.strip()
    if not text:
        raise InvalidInput.at("#/text", _("Write a comment first."), "required")
    if len(text) > 2000:
        raise InvalidInput.at("#/text", _("A comment has at most 2,000 characters."), "too_long")
    if field and field not in BY_NAME:
        raise InvalidInput.at("#/field", _("This field does not exist."), "unknown_field")
    if quote and not field:
        raise InvalidInput.at("#/field", _("Name the text that the passage is from."), "required")
    # Comments on one item take turns, so that two at once are not both the last one.
    if not ContentItem.rows.filter(pk=item.pk).select_for_update(no_key=True, of=("self",)).values_list("pk").first():
        raise NotFound
    if comments_on(item).count() >= MOST:
        raise Conflict(_("An item has at most {most} comments.", most=MOST), code="too_many_comments")
    author = by if isinstance(by, User) else None
    passage = {"field": field, "quote": quote.strip()[:MOST_QUOTED]}
    return ItemComment.objects.create(
        organization_id=item.organization_id, item=item, author=author, text=text, **passage
    )


def delete(*, comment: ItemComment, by: User) -> None:
    """Delete a comment. Only its author and the organization's admins may. Raises Forbidden."""
    if comment.author_id != by.pk and not getattr(by, "is_admin", False):
        raise Forbidden(_("Only its author or an admin can delete a comment."), code="not_the_author")
    comment.delete()


def assign(*, item: ContentItem, to: User | None) -> None:
    """Give the item to a colleague for review, or to nobody. Raises InvalidInput for a person who may not review it."""
    if to is not None:
        reviewers.check_able(to, item.project, item.language)
    if item.assignee_id != (to.pk if to else None):
        item.assignee = to
        item.save(update_fields=["assignee", "updated_at"])
