"""A project: one store's content, from import to sync.

Beside it the content profile that its settings come from, and the requests of shops' plugins.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from integrations.stores import platforms
from scribe import gdpr
from scribe.errors import Conflict
from scribe.jobs.models import Job
from scribe.messages import _
from scribe.rows import OrganizationQuerySet, OrganizationRow, Versioned


class ProjectQuerySet(OrganizationQuerySet["Project"]):
    test_mark = "is_test"
    project_column = "id"

    def kept(self) -> Self:
        """The projects that are not in the trash."""
        return self.filter(deleted_at=None)

    def trashed(self) -> Self:
        return self.exclude(deleted_at=None).lasting()

    def lasting(self) -> Self:
        """The projects that no job deletes for good."""
        going = Job.objects.active().filter(project=OuterRef("pk"), job_type=Job.Type.REMOVAL)
        return self.filter(Q(deleted_at=None) | ~Exists(going))


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

    objects: ClassVar = ProjectQuerySet.as_manager()

    personal_data = gdpr.PersonalData(
        export="id name platform is_test status settings settings_overrides created_at completed_at deleted_at",
    )

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
            raise Conflict(_("A test project can't contact stores, sites or AI providers."), code="test_project")


class PluginGenerationRows(OrganizationQuerySet["PluginGeneration"]):
    test_mark = "project__is_test"


class PluginGeneration(OrganizationRow):
    """The handle that a plugin polls. The item has the text itself, or the post for a blog post."""

    class Kind(models.TextChoices):
        DESCRIPTION = "description", "Product description"
        BLOG = "blog", "Blog post"

    kind = models.CharField(max_length=12, choices=Kind)
    source = models.CharField(max_length=20, choices=platforms.choices)
    api_key = models.ForeignKey("accounts.ApiKey", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    project = models.ForeignKey("projects.Project", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    job = models.ForeignKey("scribe.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    item = models.ForeignKey("projects.ContentItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    post_id = models.UUIDField(null=True, blank=True)  # not a foreign key, since this app must not know the blog

    objects: ClassVar = PluginGenerationRows.as_manager()

    personal_data = gdpr.PersonalData(export="id kind source project_id item_id post_id created_at")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "source", "-created_at"], name="plugin_generation_by_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.pk}"


class ContentProfile(Versioned, OrganizationRow):
    """`settings` holds only the keys that were sent. The others resolve from the levels below the profile."""

    name = models.CharField(max_length=255)
    is_default = models.BooleanField(default=False)
    settings = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(export="id name is_default settings created_at")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="profile_by_organization")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="profile_one_default_per_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name
