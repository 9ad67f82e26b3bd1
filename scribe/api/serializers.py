"""The bases of all serializers: `Request` for bodies and queries, `Reply` for replies."""

import datetime
import decimal
import uuid
from collections.abc import Mapping
from functools import cache

from django.db import models
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from scribe.api import unknown_names
from scribe.api.fields import DecimalString, UtcDateTime, utc
from scribe.api.fields import decimal as decimal_text
from scribe.api.problems import pointers
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json, JsonValue, ReadOnlyJson


class Request(serializers.Serializer[object]):
    """A request body or query. A field left out is absent from `validated_data`.

    The rule `unknown_names` of the context says what becomes of unknown fields; without one they are ignored.
    """

    def to_internal_value(self, data: ReadOnlyJson) -> object:
        rule = self.context.get("unknown_names", unknown_names.Unknown.IGNORED)
        faults = unknown_names.faults(data, self.fields, rule) if isinstance(data, Mapping) else {}
        found = {name: [ErrorDetail(text, unknown_names.CODE)] for name, text in faults.items()}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if found and isinstance(error.detail, dict):
                raise serializers.ValidationError({**found, **error.detail}) from None
            raise
        if found:
            raise serializers.ValidationError(found)
        return value


def validate(serializer: serializers.Serializer[object], base: str) -> Json:
    """The validated values of a body (`base` is `#`) or of a query (`?`). Raises InvalidInput that names each fault."""
    if not serializer.is_valid():
        found = pointers(serializer.errors, base)
        if base == "?":
            found = [{**fault, "pointer": fault["pointer"].replace("?/", "?", 1)} for fault in found]
        raise InvalidInput(sentence_of(found), errors=found)
    return dict(serializer.validated_data)


def sentence_of(faults: list[dict[str, str]]) -> str:
    first = faults[0]
    if len(faults) > 1:
        return _("{pointer}: {detail} (and {more} more)", **first, more=len(faults) - 1)
    return _("{pointer}: {detail}", **first)


class StartRequest(Request):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    max_xct = serializers.DecimalField(
        max_digits=16,
        decimal_places=4,
        min_value=decimal.Decimal(0),
        required=False,
        allow_null=True,
        help_text="The maximum price you accept, in XCT. If the quoted maximum is higher, nothing starts and the "
        "reply is 409 `max_xct_exceeded` with the quote.",
    )


class Reply(serializers.Serializer[object]):
    """A reply: documents the shape, and renders rows or dicts whose values may be ids, times and decimals."""

    @classmethod
    def of(cls, row: object, **given: object) -> Json:
        """`row` in this shape: each field is the row's value of that name, or of the field's `source`, unless it is
        `given`. Where a field may be null, an empty text is."""
        fields = _fields(cls)
        if given and not given.keys() <= fields.keys():
            raise TypeError(f"{cls.__name__} has no {', '.join(given.keys() - fields.keys())}")
        return {name: given[name] if name in given else _value(row, *where) for name, where in fields.items()}


@cache
def _fields(reply: type[Reply]) -> dict[str, tuple[list[str], bool]]:
    """The fields of a reply: the path to the value of each, and whether it may be null."""
    return {name: ((field.source or name).split("."), field.allow_null) for name, field in reply().get_fields().items()}


def _value(row: object, path: list[str], nullable: bool) -> JsonValue:
    for name in path:
        row = None if row is None else getattr(row, name)
    if nullable and row == "":
        return None
    return plain(row) if isinstance(row, datetime.date | decimal.Decimal | uuid.UUID) else row


VERSION = "Increases with each change. It is the `ETag` of this resource, for use in `If-Match`."


serializers.ModelSerializer.serializer_field_mapping[models.DateTimeField] = UtcDateTime
serializers.ModelSerializer.serializer_field_mapping[models.DecimalField] = DecimalString


def plain(value: object) -> JsonValue:
    """The value with ids, times and decimals as the API writes them. For values that did not pass a serializer."""
    if isinstance(value, datetime.datetime):
        return utc(value)
    if isinstance(value, decimal.Decimal):
        return decimal_text(value)
    if isinstance(value, uuid.UUID | datetime.date):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


class Values(serializers.DictField):
    child = serializers.JSONField()


class ProblemError(Reply):
    """One fault in the input, and where."""

    pointer = serializers.CharField(help_text="JSON pointer into the body, or `?name` of a query parameter.")
    detail = serializers.CharField()
    code = serializers.CharField()
    values = Values(
        required=False, help_text="What differs in `detail`: numbers and names, by the names of their places."
    )


class Problem(Reply):
    """RFC 9457 problem details: the one error format."""

    type = serializers.CharField(help_text="A URI that explains the code; `about:blank` if the status is sufficient.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do.")
    code = serializers.CharField(help_text="Stable, snake_case; for programs.")
    values = Values(
        required=False, help_text="What differs in `detail`: numbers and names, by the names of their places."
    )
    request_id = serializers.CharField(help_text="Quote this to support.")
    errors = ProblemError(  # type: ignore[assignment]
        many=True, required=False, help_text="For invalid input: each error and its location."
    )
