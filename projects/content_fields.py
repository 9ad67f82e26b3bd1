"""Serializer fields for texts of content: each text up to 100 KB, with HTML nested up to 200 deep."""

from rest_framework import serializers

from scribe.api.fields import FreeObject
from scribe.types import Json, JsonValue
from writing.depth import DEEPEST, is_too_deep

LONGEST = 100 * 1024  # bytes of UTF-8
DEEPEST_JSON = 64


def problem(text: str) -> serializers.ValidationError | None:
    """Why `text` is refused: it is longer than 100 KB, or its HTML is nested deeper than 200. None for a good text."""
    if len(text) > LONGEST or len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        return serializers.ValidationError(f"The text is longer than {LONGEST // 1024} KB.", code="too_long")
    if is_too_deep(text):
        return serializers.ValidationError(f"The HTML is nested more than {DEEPEST} deep.", code="too_deep")
    return None


def problems(value: object, depth: int = 1) -> JsonValue:
    """The errors of the texts and names in a JSON value, in the shape of DRF's nested errors; None for a good value."""
    if isinstance(value, str):
        found = problem(value)
        return found.detail if found else None
    if isinstance(value, list):
        value = {str(place): inner for place, inner in enumerate(value)}
    if not isinstance(value, dict):
        return None
    if depth > DEEPEST_JSON:
        return serializers.ValidationError(
            f"The value is nested more than {DEEPEST_JSON} deep.", code="too_deep"
        ).detail
    found_in = {}
    for name, inner in value.items():
        named = problem(name)
        if wrong := named.detail if named else problems(inner, depth + 1):
            found_in[name[:100]] = wrong
    return found_in or None


class ContentText(serializers.CharField):
    """One text of content."""

    def to_internal_value(self, data: str) -> str:
        text = super().to_internal_value(data)
        if found := problem(text):
            raise found
        return text


class ContentObject(FreeObject):
    """A JSON object in which each text is one of content; the error's pointer names the one that is too long or deep."""

    def to_internal_value(self, data: Json) -> Json:
        value = super().to_internal_value(data)
        if found := problems(value):
            raise serializers.ValidationError(found)
        return value
