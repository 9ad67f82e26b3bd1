"""The bases of all serializers: `Request` for bodies and queries, `Reply` for replies."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

from django.db import models
from rest_framework import serializers

from scribe.api.fields import DecimalString, UtcDateTime, utc
from scribe.api.fields import decimal as decimal_text


class Request(serializers.Serializer[Any]):
    """A request body or query. Unknown fields are ignored; a field left out is absent from `validated_data`."""


class StartRequest(Request):
    """The body of an operation that starts work. `ScribeViewSet.body` hands `max_xct` to `scribe.spending_limit`."""

    max_xct = serializers.DecimalField(
        max_digits=16,
        decimal_places=4,
        min_value=decimal.Decimal(0),
        required=False,
        allow_null=True,
        help_text="The most that the work may cost, in XCT. If its quoted maximum is higher, nothing starts: 409 "
        "`max_xct_exceeded`, with the quote.",
    )


class Reply(serializers.Serializer[Any]):
    """A reply: documents the shape, and renders rows or dicts whose values may be ids, times and decimals."""


VERSION = "Rises with each change; the `ETag` of this resource, for `If-Match`."


serializers.ModelSerializer.serializer_field_mapping[models.DateTimeField] = UtcDateTime
serializers.ModelSerializer.serializer_field_mapping[models.DecimalField] = DecimalString


def plain(value: Any) -> Any:
    """The value with ids, times and decimals as the API writes them. For values that did not pass a serializer."""
    if isinstance(value, datetime.datetime):
        return utc(value)
    if isinstance(value, decimal.Decimal):
        return decimal_text(value)
    if isinstance(value, uuid.UUID | datetime.date):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
