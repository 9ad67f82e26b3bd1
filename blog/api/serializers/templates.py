"""Request and reply bodies of the blog template operations."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from blog.models import BlogTemplate
from scribe.api.fields import FreeObject, UtcDateTime, utc
from scribe.api.serializers import Reply, Request

TEXT: dict[str, Any] = {"required": False, "allow_blank": True}


class TemplateFields(Request):
    description = serializers.CharField(**TEXT, max_length=2000)
    tone = serializers.CharField(**TEXT, max_length=100)
    structure = FreeObject(
        required=False, help_text="`sections` (headings, or `{heading, instructions}`), `min_words`, `max_words`."
    )
    custom_instructions = serializers.CharField(**TEXT, max_length=8000)
    is_default = serializers.BooleanField(required=False)

    def to_internal_value(self, data: Any) -> Any:
        # `null` empties a text or the structure.
        empty = {"description": "", "tone": "", "custom_instructions": "", "structure": {}}
        return super().to_internal_value({**data, **{k: v for k, v in empty.items() if k in data and data[k] is None}})


class TemplateCreation(TemplateFields):
    name = serializers.CharField(max_length=255)


class TemplateUpdate(TemplateFields):
    name = serializers.CharField(max_length=255, required=False)


class TemplateReply(Reply):
    id = serializers.CharField()
    organization_id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    tone = serializers.CharField()
    structure = FreeObject()
    custom_instructions = serializers.CharField()
    is_default = serializers.BooleanField()
    created_at = UtcDateTime()
    updated_at = UtcDateTime()


def shown(template: BlogTemplate) -> dict[str, Any]:
    return {
        "id": str(template.pk),
        "organization_id": str(template.organization_id),
        "name": template.name,
        "description": template.description,
        "tone": template.tone,
        "structure": template.structure,
        "custom_instructions": template.custom_instructions,
        "is_default": template.is_default,
        "created_at": utc(template.created_at),
        "updated_at": utc(template.updated_at),
    }
