"""Serializer fields for texts of content: each text up to 100 KB, with HTML nested up to 200 deep."""

from rest_framework import serializers

from scribe.api.fields import FreeObject
from scribe.messages import Message, _
from scribe.types import Json, JsonValue
from writing.depth import DEEPEST, is_too_deep

LONGEST = 100 * 1024  # bytes of UTF-8
DEEPEST_JSON = 64


def too_long(text: str) -> Message | None:
    if len(text) > LONGEST or len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        return _("The text is longer than {most} KB.", most=LONGEST // 1024)
    return None


def too_deep(text: str) -> Message | None:
    return _("The HTML is nested more than {most} deep.", most=DEEPEST) if is_too_deep(text) else None


def problem(text: str) -> serializers.ValidationError | None:
    """Why `text` is refused: it is longer than 100 KB, or its HTML is nested deeper than 200. None for a good text."""
    if refusal := too_long(text):
        return serializers.ValidationError(refusal, code="too_long")
    if refusal := too_deep(text):
        return serializers.ValidationError(refusal, code="too_deep")
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
            _("The value is nested more than {most} deep.", most=DEEPEST_JSON), code="too_deep"
        ).detail
    found_in = {}
    for name, inner in value.items():
        named = problem(name)
        if wrong := named.detail if named else problems(inner, depth + 1):
            found_in[name[:100]] = wrong
    return found_in or None


class ContentText(serializers.CharField):
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
