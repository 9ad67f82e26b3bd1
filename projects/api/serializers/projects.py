"""Request and reply bodies of the project operations."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from integrations.stores import platforms
from projects import summaries
from projects.models import ContentItem, Project
from scribe.api.fields import Choice, FreeObject, UtcDateTime
from scribe.api.serializers import Reply, Request
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson


class ProjectListQuery(Request):
    include_deleted = serializers.BooleanField(
        required=False, default=False, help_text="If `true`, lists only the projects in the trash."
    )


class ProjectUpdate(Request):
    name = serializers.CharField(max_length=255, required=False)
    settings = FreeObject(required=False, help_text="Generation settings of this project; replaces what was there.")
    store_connection_id = serializers.CharField(
        max_length=64,
        required=False,
        allow_null=True,
        help_text="A connection of the project's platform; null unlinks it.",
    )
    content_profile_id = serializers.CharField(max_length=64, required=False, allow_null=True)
    settings_overrides = FreeObject(
        required=False, allow_null=True, help_text="Settings that override those of the content profile."
    )


class ProjectCreation(ProjectUpdate):
    name = serializers.CharField(max_length=255)
    platform = Choice(choices=platforms.choices())

    def to_internal_value(self, data: ReadOnlyJson) -> object:
        """The mode is that of the caller. Whoever names one must not get a project of the other."""
        if named := [name for name in ("is_test", "mode") if name in data]:
            detail = _("Test keys create test projects, and everybody else live ones. Leave out this field.")
            raise InvalidInput.at(f"#/{named[0]}", detail, "wrong_mode")
        return super().to_internal_value(data)


class StatusCounts(Reply):
    """Included items by status, and the excluded ones."""

    pending = serializers.IntegerField()
    generated = serializers.IntegerField()
    flagged = serializers.IntegerField()
    approved = serializers.IntegerField()
    rejected = serializers.IntegerField()
    synced = serializers.IntegerField()
    excluded = serializers.IntegerField()


class ProjectReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    platform = serializers.CharField()
    status = serializers.CharField(help_text="`draft`, `active` or `completed`.")
    settings = FreeObject()
    created_at = UtcDateTime()
    is_test = serializers.BooleanField(
        help_text="Whether it was created with a test key: it uses the built-in text generator, costs nothing and "
        "never contacts stores or AI providers."
    )
    completed_at = UtcDateTime(allow_null=True)
    item_count = serializers.IntegerField()
    flagged_count = serializers.IntegerField()
    source_count = serializers.IntegerField()
    deleted_at = UtcDateTime(allow_null=True)
    status_counts = StatusCounts()
    store_connection_id = serializers.CharField(allow_null=True)
    store_connection_name = serializers.CharField(source="store_connection.name", allow_null=True)
    content_profile_id = serializers.CharField(allow_null=True)
    settings_overrides = FreeObject()
    updated_at = UtcDateTime()


class TruncateReply(Reply):
    message = serializers.CharField()
    items_deleted = serializers.IntegerField()
    sources_deleted = serializers.IntegerField()
    status = serializers.CharField()
    job_id = serializers.CharField(
        allow_null=True, help_text="The `removal` job that goes on deleting; null when all is gone."
    )


class PluginIntegration(Reply):
    """A project that a shop plugin fills."""

    project_id = serializers.CharField(source="pk")
    name = serializers.CharField()
    source = serializers.CharField(source="plugin_source", help_text="Which plugin: the id of a platform.")  # type: ignore[assignment]
    platform = serializers.CharField()
    item_count = serializers.IntegerField(source="count")
    last_used_at = UtcDateTime(source="last_used", allow_null=True)
    active = serializers.BooleanField(help_text="Used in the last 30 days.")
    created_at = UtcDateTime()


ACTIVE_DAYS = 30


def reply_of(project: Project, numbers: summaries.ProjectCounts) -> Json:
    """A project as the API shows it. Its `store_connection` should be loaded."""
    return ProjectReply.of(
        project,
        item_count=numbers.items,
        flagged_count=numbers.by_status[ContentItem.Status.FLAGGED],
        source_count=numbers.sources,
        status_counts=numbers.by_status,
    )


def one(project: Project) -> Json:
    return reply_of(project, summaries.counts([project.pk])[project.pk])


def of_plugin(project: Any) -> Json:  # type: ignore[explicit-any]  # an annotated row
    """A row of `summaries.plugin_projects` as the API shows it. An `active` project was used in the last 30 days."""
    since = timezone.now() - timedelta(days=ACTIVE_DAYS)
    return PluginIntegration.of(project, active=bool(project.last_used and project.last_used >= since))
