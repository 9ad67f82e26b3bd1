"""A customer's request for a custom project, and the conversation about it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models

from scribe.rows import OrganizationQuerySet, OrganizationRow


class StudioRequest(OrganizationRow):
    class Status(models.TextChoices):
        NEW = "new", "New"
        IN_REVIEW = "in_review", "In review"
        QUOTED = "quoted", "Quoted"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        DONE = "done", "Done"

    user = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    description = models.TextField()
    budget_range = models.CharField(max_length=120, blank=True, default="")
    exclusivity = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    priority = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(3)])
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="studio_request_by_org")]
        constraints = [
            models.CheckConstraint(condition=models.Q(priority__lte=3), name="studio_request_priority_0_to_3"),
        ]

    def __str__(self) -> str:
        return self.description[:60]


class CommentQuerySet(OrganizationQuerySet):
    def public(self) -> CommentQuerySet:
        """The comments that customers see."""
        return self.filter(is_internal=False)


class StudioComment(OrganizationRow):
    """`is_internal`: a note among staff. Customers don't see it, and their counts leave it out."""

    request = models.ForeignKey(StudioRequest, on_delete=models.CASCADE, related_name="comments")
    user = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    content = models.TextField()
    is_internal = models.BooleanField(default=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["request", "created_at"], name="studio_comment_by_request")]

    def __str__(self) -> str:
        return self.content[:60]
