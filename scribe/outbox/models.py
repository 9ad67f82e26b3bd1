"""The events that other programs are told."""

from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from scribe import gdpr
from scribe.rows import OrganizationQuerySet, OrganizationRow


class EventRows(OrganizationQuerySet["Event"]):
    test_mark = "is_test"

    def in_projects(self, ids: list[UUID]) -> Self:
        """The events about what is in these projects, by the `project_id` in their data."""
        return self.filter(data__project_id__in=[str(pk) for pk in ids])


class Event(OrganizationRow):
    """What happened to one object of an organization. It is written in the transaction of its cause, and never changed.

    `version` rises with each event of an object: a sequence gives it while the cause holds the object's lock. `position`
    orders all events of an organization by their commits. It is given after the commit (`webhooks.log`), one organization
    at a time, so a reader that has seen a position finds every later event behind it.
    """

    # The indexes below begin with this key, so it has no own index.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    version = models.PositiveBigIntegerField(editable=False)
    data = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, blank=True, help_text="Names a cause that is told once.")
    position = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    is_test = models.BooleanField(
        default=False, db_default=False, help_text="Of test work: only test endpoints and test keys are told."
    )

    objects: ClassVar = EventRows.as_manager()

    personal_data = gdpr.PersonalData(export="id type object_id version data is_test created_at")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key"], name="event_once_per_key", condition=Q(key__isnull=False)
            )
        ]
        indexes = [
            models.Index(fields=["organization", "position"], name="event_by_position"),
            models.Index(fields=["organization", "type", "position"], name="event_by_type"),
            models.Index(fields=["organization"], name="event_without_position", condition=Q(position=None)),
            models.Index(fields=["created_at"], name="event_by_age"),
            models.Index(fields=["organization", "position"], name="event_of_test_work", condition=Q(is_test=True)),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"
