"""Request and reply bodies of the data source operations."""

from __future__ import annotations

from typing import Any

import orjson
from rest_framework import serializers

from projects.content_fields import ContentObject
from projects.models import ContentItem, DataSource
from scribe import depth
from scribe.api.fields import AnyJSON, FreeObject, UtcDateTime, utc
from scribe.api.serializers import Reply, Request

KINDS = [value for value in ContentItem.Type.values if value != ContentItem.Type.VARIANT]


class FileBody(Request):
    file = serializers.FileField(allow_empty_file=True, help_text="CSV, TSV, XLSX, or a WordPress export (WXR).")


class FileUpload(FileBody):
    column_mapping = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=200_000,
        help_text="JSON object: file column → field. Columns it does not name keep the detected field; null leaves one out.",
    )

    match = serializers.BooleanField(
        default=True,
        help_text="Whether a row with the id or SKU of an item of the project updates that item. With false every row is an item of its own.",
    )

    def validate_column_mapping(self, value: str | None) -> dict[str, Any] | None:
        if not value or not value.strip():
            return None
        try:
            mapping = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise serializers.ValidationError("The column mapping is not valid JSON.", code="malformed_json") from None
        if mapping is not None and not isinstance(mapping, dict):
            raise serializers.ValidationError("The column mapping is a JSON object.", code="invalid")
        if depth.deeper_than(mapping):
            raise serializers.ValidationError("The column mapping is nested too deeply.", code="too_deep")
        return mapping


class ManualSource(Request):
    name = serializers.CharField(max_length=255, default="Manual Entry")


class ManualItem(Request):
    source_data = ContentObject(
        help_text="Canonical keys (`name`, `sku`, `description` …); others are kept under `raw`."
    )
    external_id = serializers.CharField(max_length=255, required=False, help_text="The item's id in the store.")
    item_type = serializers.ChoiceField(
        choices=[(value, value) for value in ContentItem.Type.values if value != ContentItem.Type.VARIANT],
        required=False,
    )


class ManualItems(Request):
    items = ManualItem(many=True, allow_empty=False, max_length=1000)  # type: ignore[call-arg]


class Fault(Reply):
    line = serializers.IntegerField(help_text="Physical line of the file, from 1.")
    code = serializers.CharField()
    reason = serializers.CharField()


class SourceReply(Reply):
    id = serializers.CharField()
    project_id = serializers.CharField()
    type = serializers.CharField(help_text="`file`, `manual` or `store`.")
    name = serializers.CharField()
    config = FreeObject(
        help_text="`file_key`, `snapshot_key`, and `job_id` while the file is read. `counts` has the rows by type; of these `matched` are items "
        "that came with another source, and `updated` of them told something new."
    )
    status = serializers.CharField()
    item_count = serializers.IntegerField(
        help_text="The items that came with this source first, so that each counts once."
    )
    last_synced_at = UtcDateTime(allow_null=True)
    error_message = serializers.CharField(allow_blank=True, allow_null=True)
    created_at = UtcDateTime()
    errors = Fault(many=True, help_text="Rows that were left out, and why.")  # type: ignore[assignment]
    warnings = Fault(many=True, help_text="Rows that were taken, and what is odd about them.")


class SourceList(Reply):
    sources = SourceReply(many=True)
    total_items = serializers.IntegerField()


class DetectedColumns(Reply):
    """What a file would be read as."""

    columns = serializers.ListField(child=serializers.CharField())
    mapping = serializers.DictField(child=serializers.CharField(), help_text="Column → field.")
    confidence = serializers.FloatField(help_text="0–1, of the whole proposal.")
    column_confidence = serializers.DictField(child=serializers.FloatField())
    sample_rows = serializers.ListField(child=AnyJSON())
    encoding = serializers.CharField(allow_null=True, help_text="The Python codec.")
    delimiter = serializers.CharField(allow_null=True)
    row_count = serializers.IntegerField(help_text="Records without the header and blank ones.")
    unmapped = serializers.ListField(child=serializers.CharField())
    format = serializers.CharField(help_text="`csv`, `xlsx` or `wxr`.")
    platform = serializers.CharField(help_text="Whose columns these are, or `generic`.")


def shown(source: DataSource) -> dict[str, Any]:
    return {
        "id": str(source.pk),
        "project_id": str(source.project_id),
        "type": source.type,
        "name": source.name,
        "config": source.config,
        "status": source.status,
        "item_count": source.item_count,
        "last_synced_at": utc(source.last_synced_at),
        "error_message": source.error_message or None,
        "created_at": utc(source.created_at),
        "errors": source.errors,
        "warnings": source.warnings,
    }
