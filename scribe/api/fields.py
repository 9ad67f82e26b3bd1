"""The field types of the API: the form of ids, times and amounts in requests and replies."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from rest_framework import serializers


def utc(value: datetime | None) -> str | None:
    """ISO 8601 in UTC, ending in Z."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def decimal(value: Decimal | int | None) -> str | None:
    """A decimal string without an exponent, as stored."""
    return None if value is None else format(value or abs(value), "f")  # never "-0"


class UtcDateTime(serializers.DateTimeField):
    """ISO 8601 in UTC, ending in Z; input without an offset is taken as UTC."""

    def to_representation(self, value: Any) -> Any:
        return utc(value) if isinstance(value, datetime) else value


class DecimalString(serializers.DecimalField):
    """XCT or money, as a decimal string."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 4)
        kwargs.setdefault("coerce_to_string", True)
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> Any:
        return decimal(value) if isinstance(value, Decimal) else super().to_representation(value)


class AnyJSON(serializers.JSONField):
    """Any JSON value."""


class FreeObject(serializers.DictField):
    """A free-form JSON object. An empty list counts as an empty object, since PHP's `json_encode` writes an empty map as
    `[]`."""

    child = serializers.JSONField(allow_null=True)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value({} if data == [] else data)


class UUIDList(serializers.ListField):
    """Ids as text. A malformed id is treated as one that does not exist (404), not as a format error."""

    child = serializers.CharField(max_length=64)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 100_000)
        super().__init__(**kwargs)
