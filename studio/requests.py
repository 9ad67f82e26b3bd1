"""Requests for custom projects. Customers ask, staff answer, and each side is notified."""

from functools import partial

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from accounts import notifications
from accounts.models import User
from scribe import audit
from scribe.messages import _
from scribe.rows import Principal
from studio.models import StudioComment, StudioRequest

EVENT = "request.answered"


def list_requests(principal: Principal, *, status: str = "") -> QuerySet[StudioRequest]:
    """The organization's requests, newest first. Each has the number of its public comments and the latest time."""
    public = Q(comments__is_internal=False)
    rows = (
        StudioRequest.objects.visible_to(principal)
        .select_related("user")
        .annotate(
            comment_count=Count("comments", filter=public), latest_comment_at=Max("comments__created_at", filter=public)
        )
    )
    rows = rows.order_by("-created_at", "-id")
    return rows.filter(status=status) if status else rows


@transaction.atomic
def submit(*, by: User, description: str, budget_range: str = "", exclusivity: bool = False) -> StudioRequest:
    """Create a request and notify all staff."""
    request = StudioRequest.objects.create(
        organization_id=by.organization_id,
        user=by,
        description=description,
        budget_range=budget_range,
        exclusivity=exclusivity,
    )
    _notify_staff(request, title=_("New studio request of {name}", name=by.organization.name), body=description[:500])
    return request


@transaction.atomic
def comment(*, request: StudioRequest, by: User, content: str) -> StudioComment:
    """Add a customer's comment, which is always public, and notify all staff."""
    row = StudioComment.objects.create(
        organization_id=request.organization_id, request=request, user=by, content=content
    )
    request.save(update_fields=["updated_at"])
    _notify_staff(
        request, title=_("{name} commented on a studio request", name=by.organization.name), body=content[:500]
    )
    return row


@transaction.atomic
def answer(*, request: StudioRequest, by: User, content: str, is_internal: bool) -> StudioComment:
    """Add a comment by staff. The customer's people are notified unless it is internal."""
    row = StudioComment.objects.create(
        organization_id=request.organization_id, request=request, user=by, content=content, is_internal=is_internal
    )
    notify_of_answer(row)
    return row


def notify_of_answer(comment: StudioComment) -> None:
    """Notify the customer of a public comment by staff. May be repeated: each person is notified once per comment."""
    if comment.is_internal:
        return
    request = comment.request
    request.save(update_fields=["updated_at"])
    notifications.notify(
        organization=request.organization,
        event=EVENT,
        title=_("Your studio request has a reply"),
        body=comment.content[:500],
        data={"request_id": str(request.pk)},
        key=f"studio-comment:{comment.pk}",
    )


@transaction.atomic
def set_status(*, request: StudioRequest, status: str, by: User, reason: str = "") -> StudioRequest:
    """Change a request's status, with an entry in the audit log. The customer is notified once per status. May be
    repeated: the same status again changes nothing."""
    before = request.status
    if status == before:
        return request
    request.status = StudioRequest.Status(status)
    request.save(update_fields=["status", "updated_at"])
    audit.record(
        action="studio_request.status_changed",
        actor=by,
        target=request,
        reason=reason,
        before={"status": before},
        after={"status": status},
    )
    notifications.notify(
        organization=request.organization,
        event=EVENT,
        title=_("Your studio request is now: {request_status}", request_status=request.get_status_display()),
        data={"request_id": str(request.pk)},
        key=f"studio-status:{request.pk}:{status}",
    )
    return request


def _notify_staff(request: StudioRequest, *, title: str, body: str) -> None:
    staff = User.objects.filter(is_super_admin=True, is_active=True).select_related("organization")
    notify = partial(notifications.notify, event=EVENT, title=title, body=body, data={"request_id": str(request.pk)})
    for member in staff:
        notify(organization=member.organization, users=[member])
