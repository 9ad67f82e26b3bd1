"""Choices that are written out where they stand, so that no component of the document has to be named for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


def inline_choice(values: Sequence[str], **options: Any) -> Any:
    field = serializers.ChoiceField(choices=list(values), **options)
    extend_schema_field({"type": "string", "enum": list(values), "description": options.get("help_text", "")})(field)
    return field
