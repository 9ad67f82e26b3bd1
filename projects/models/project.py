"""A project: one store's content, from import to sync."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from integrations.stores import platforms
from scribe.errors import Conflict
from scribe.rows import OrganizationQuerySet, OrganizationRow


class ProjectQuerySet(OrganizationQuerySet):
    test_mark = "is_test"

    def kept(self) -> Self:
        """The projects that are not in the trash."""
        return self.filter(deleted_at=None)

    def trashed(self) -> Self:
        return self.exclude(deleted_at=None)


class Project(OrganizationRow):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        COMPLETED = "completed", "Completed"

    name = models.CharField(max_length=255)
    platform = models.CharField(max_length=20, choices=platforms.choices)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    settings = models.JSONField(default=dict, blank=True)
    settings_overrides = models.JSONField(default=dict, blank=True)
    store_connection = models.ForeignKey(
        "integrations.StoreConnection", on_delete=models.RESTRICT, null=True, blank=True, related_name="projects"
    )
    content_profile = models.ForeignKey(
        "projects.ContentProfile", on_delete=models.SET_NULL, null=True, blank=True, related_name="projects"
    )
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # The shop plugin whose generations this project holds; empty for a project that people made.
    plugin_source = models.CharField(max_length=20, choices=platforms.choices, blank=True, default="")
    is_test = models.BooleanField(
        default=False,
        db_default=False,
        help_text="A test key made it: the built-in writer writes, nothing costs or leaves.",
    )
    updated_at = models.DateTimeField(auto_now=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "deleted_at", "-created_at"], name="project_by_organization")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "plugin_source", "is_test"],
                condition=~Q(plugin_source="") & Q(deleted_at=None),
                name="project_one_per_plugin_source",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def check_live(self) -> None:
        """Raises Conflict `test_project` for a test project, which reaches nobody."""
        if self.is_test:
            raise Conflict("A test project reaches no shop, no site and no provider.", code="test_project")
