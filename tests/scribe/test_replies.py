"""A reply reads its row: each field once, by its own name or its source."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from rest_framework import serializers

from scribe.api.fields import DecimalString, UtcDateTime
from scribe.api.serializers import Reply

PK = UUID("01900000-0000-7000-8000-000000000001")


class Inner(Reply):
    id = serializers.CharField()
    owner = serializers.CharField(source="person.name", allow_null=True)
    note = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    at = UtcDateTime()
    cost = DecimalString()


def row(**more: Any) -> SimpleNamespace:
    at = datetime(2026, 11, 30, 3, tzinfo=UTC)
    return SimpleNamespace(
        **{"id": PK, "person": None, "note": "", "title": "", "at": at, "cost": Decimal("0E-4"), **more}
    )


def test_a_row_is_shown_in_the_form_of_the_api() -> None:
    assert Inner.of(row(person=SimpleNamespace(name="Zoë"))) == {
        "id": str(PK),
        "owner": "Zoë",
        "note": None,
        "title": "",
        "at": "2026-11-30T03:00:00Z",
        "cost": "0.0000",
    }


def test_what_is_given_stands_for_what_the_row_has() -> None:
    shown = Inner.of(row(), title="Given", note="")
    assert (shown["title"], shown["note"], shown["owner"]) == ("Given", "", None)


def test_what_no_field_shows_is_refused() -> None:
    with pytest.raises(TypeError, match="Inner has no subtitle"):
        Inner.of(row(), subtitle="x")


def test_a_row_without_a_value_is_an_error_and_no_gap() -> None:
    with pytest.raises(AttributeError):
        Inner.of(SimpleNamespace(id=PK))
