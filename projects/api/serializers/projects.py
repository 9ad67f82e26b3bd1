"""Request and reply bodies of the project operations."""

from __future__ import annotations

from rest_framework import serializers

from integrations.stores import platforms
from scribe.api.fields import FreeObject, UtcDateTime
from scribe.api.serializers import Reply, Request


class ProjectListQuery(Request):
    include_deleted = serializers.BooleanField(
        required=False, default=False, help_text="True lists the trash, and only the trash."
    )


class ProjectCreation(Request):
    name = serializers.CharField(max_length=255)
    platform = serializers.ChoiceField(choices=platforms.choices())


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
        required=False, allow_null=True, help_text="Settings that win over the content profile's."
    )


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
        help_text="A test key made it: the built-in writer writes there, and nothing costs or leaves."
    )
    completed_at = UtcDateTime(allow_null=True)
    item_count = serializers.IntegerField()
    flagged_count = serializers.IntegerField()
    source_count = serializers.IntegerField()
    deleted_at = UtcDateTime(allow_null=True)
    status_counts = StatusCounts()
    store_connection_id = serializers.CharField(allow_null=True)
    store_connection_name = serializers.CharField(allow_null=True)
    content_profile_id = serializers.CharField(allow_null=True)
    settings_overrides = FreeObject()
    updated_at = UtcDateTime()


class TruncateReply(Reply):
    message = serializers.CharField()
    items_deleted = serializers.IntegerField()
    sources_deleted = serializers.IntegerField()
    status = serializers.CharField()


class PluginIntegration(Reply):
    """A project that a shop plugin fills."""

    project_id = serializers.CharField()
    name = serializers.CharField()
    source = serializers.CharField(help_text="Which plugin: one of the four platforms.")  # type: ignore[assignment]
    platform = serializers.CharField()
    item_count = serializers.IntegerField()
    last_used_at = UtcDateTime(allow_null=True)
    active = serializers.BooleanField(help_text="Used in the last 30 days.")
    created_at = UtcDateTime()
