"""Request and reply bodies of the data source operations."""

import orjson
from rest_framework import serializers

from projects.content_fields import ContentObject
from projects.models import ContentItem
from scribe import sizes
from scribe.api.fields import AnyJSON, Choice, FreeObject, UtcDateTime
from scribe.api.serializers import Reply, Request
from scribe.types import Json


class FileBody(Request):
    file = serializers.FileField(
        allow_empty_file=True,
        help_text="CSV, TSV, XLSX, JSON Lines (`.jsonl`, also gzipped), or a WordPress export (WXR).",
    )


class FileUpload(FileBody):
    column_mapping = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=200_000,
        help_text="A JSON object that maps file columns to fields. Columns that are not listed keep the detected "
        "field; `null` ignores a column.",
    )

    match = serializers.BooleanField(
        default=True,
        help_text="Whether a row with the ID or SKU of an existing item updates that item. If `false`, every row "
        "becomes a new item.",
    )

    def validate_column_mapping(self, value: str | None) -> Json | None:
        if not value or not value.strip():
            return None
        try:
            mapping = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise serializers.ValidationError("The column mapping is not valid JSON.", code="malformed_json") from None
        if mapping is not None and not isinstance(mapping, dict):
            raise serializers.ValidationError("The column mapping is a JSON object.", code="invalid")
        if sizes.deeper_than(mapping):
            raise serializers.ValidationError("The column mapping is nested too deeply.", code="too_deep")
        return mapping


class ManualSource(Request):
    name = serializers.CharField(max_length=255, default="Manual Entry")


class ManualItem(Request):
    source_data = ContentObject(
        help_text="Canonical keys (`name`, `sku`, `description` …); others are kept under `raw`."
    )
    external_id = serializers.CharField(max_length=255, required=False, help_text="The item's id in the store.")
    item_type = Choice(
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
        help_text="`file_key`, `snapshot_key`, and `job_id` while the file is being imported. `counts` has the "
        "number of rows by type; `matched` is how many matched an item from another source, and "
        "`updated` how many of those changed it."
    )
    status = serializers.CharField()
    item_count = serializers.IntegerField(
        help_text="The number of items that were first imported with this source; each item is counted once."
    )
    last_synced_at = UtcDateTime(allow_null=True)
    error_message = serializers.CharField(allow_blank=True, allow_null=True)
    created_at = UtcDateTime()
    errors = Fault(many=True, help_text="Rows that were not imported, with the reason.")  # type: ignore[assignment]
    warnings = Fault(many=True, help_text="Rows that were imported but may have problems.")


class SourceList(Reply):
    sources = SourceReply(many=True)
    total_items = serializers.IntegerField()


class DetectedColumns(Reply):
    """What a file would be read as."""

    columns = serializers.ListField(child=serializers.CharField())
    mapping = serializers.DictField(child=serializers.CharField(), help_text="Column → field.")
    confidence = serializers.FloatField(help_text="Confidence of the whole suggestion, 0 to 1.")
    column_confidence = serializers.DictField(child=serializers.FloatField())
    sample_rows = serializers.ListField(child=AnyJSON())
    encoding = serializers.CharField(allow_null=True, help_text="The Python codec.")
    delimiter = serializers.CharField(allow_null=True)
    row_count = serializers.IntegerField(
        help_text="The number of rows, without the header and empty rows; of a large workbook or WordPress export an estimate."
    )
    unmapped = serializers.ListField(child=serializers.CharField())
    format = serializers.CharField(help_text="`csv`, `xlsx`, `jsonl` or `wxr`.")
    platform = serializers.CharField(help_text="The platform whose columns these are, or `generic`.")
