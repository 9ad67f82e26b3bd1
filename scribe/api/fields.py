"""The field types of the API: the form of ids, times and amounts in requests and replies."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import NoReturn

import orjson
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.utils import html

from scribe import choices
from scribe.types import Json, JsonValue, ReadOnlyJson


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

    def to_representation(self, value: JsonValue) -> JsonValue:
        return utc(value) if isinstance(value, datetime) else value


class DecimalString(serializers.DecimalField):
    """XCT or money, as a decimal string."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 4)
        kwargs.setdefault("coerce_to_string", True)
        super().__init__(**kwargs)  # type: ignore[arg-type]  # handed on

    def to_representation(self, value: JsonValue) -> JsonValue:
        return decimal(value) if isinstance(value, Decimal) else super().to_representation(value)


class Choice(serializers.ChoiceField):
    """One of the choices. What is refused is told which one is meant."""

    def fail(self, key: str, **values: object) -> NoReturn:
        if key == "invalid_choice":
            raise serializers.ValidationError(choices.refusal(values["input"], self.choices), code="invalid_choice")
        super().fail(key, **values)


class Choices(Choice, serializers.MultipleChoiceField):
    """Several of the choices. What is refused is told with its place in the list."""

    def to_internal_value(self, data: JsonValue) -> JsonValue:
        faults: Json = {}
        for place, value in enumerate(data if isinstance(data, list) else ()):
            try:
                serializers.ChoiceField.to_internal_value(self, value)
            except serializers.ValidationError as error:
                faults[str(place)] = error.detail
        if faults:
            raise serializers.ValidationError(faults)
        return super().to_internal_value(data)


class AnyJSON(serializers.JSONField):
    """Any JSON value."""


class FreeObject(serializers.DictField):
    """A free-form JSON object. An empty list counts as an empty object, since PHP's `json_encode` writes an empty map as
    `[]`."""

    child = serializers.JSONField(allow_null=True)

    def get_value(self, dictionary: JsonValue) -> JsonValue:
        """In a form, an object is one value, written as JSON."""
        found = dictionary.get(self.field_name, empty)
        try:
            return orjson.loads(found) if isinstance(found, str) and html.is_html_input(dictionary) else found
        except ValueError:
            return found

    def run_child_validation(self, data: ReadOnlyJson) -> Json:
        """The parser has read JSON, so each value is. DRF would write all of it again to see."""
        return {str(key): value for key, value in data.items()}

    def to_internal_value(self, data: Json) -> Json:
        return super().to_internal_value({} if data == [] else data)  # type: ignore[comparison-overlap]  # as PHP writes {}


class UUIDList(serializers.ListField):
    """Ids as text. A malformed id is treated as one that does not exist (404), not as a format error."""

    child = serializers.CharField(max_length=64)

    def run_child_validation(self, data: list[JsonValue]) -> list[str]:
        ids = [value.strip() for value in data if isinstance(value, str) and len(value) == 36 and not value.isspace()]
        if len(ids) == len(data):
            return ids  # the same, for many ids in a tenth of the time
        found: list[str] = super().run_child_validation(data)
        return found

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 100_000)
        super().__init__(**kwargs)  # type: ignore[arg-type]  # handed on
