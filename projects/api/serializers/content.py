"""The texts of an item in requests and replies: in the document each field of `writing.fields` has its schema."""

from functools import cache, partial
from typing import Protocol, cast

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from projects.content_fields import ContentObject
from scribe.api.fields import FreeObject
from scribe.types import Json
from writing.fields import FIELDS, LISTS, Form, GeneratedField, Role


class FieldMaker(Protocol):
    def __call__(self, *, required: bool, allow_null: bool = False, help_text: str = "") -> object: ...


class TextList(serializers.ListField):
    child = serializers.CharField(allow_blank=True)


class TextPairs(serializers.DictField):
    child = serializers.CharField(allow_blank=True)


FORMS: dict[Form, FieldMaker] = {
    **dict.fromkeys(Form, partial(serializers.CharField, allow_blank=True)),
    **dict.fromkeys(LISTS, TextList),
    Form.PAIRS: TextPairs,
    Form.DATA: FreeObject,
}


class GeneratedContent(FreeObject):
    """The texts of an item, as they are."""


class GeneratedContentPatch(ContentObject):
    """A change of an item's texts."""


class ContentSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """An object of all generated fields, none of which has to be there."""

    target_class: type[FreeObject] = GeneratedContent
    allow_null = False

    def get_name(self) -> str:
        return type(self.target).__name__

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> Json:
        documented = _serializer_of(self.get_name(), allow_null=self.allow_null)
        map_serializer = auto_schema._map_serializer  # noqa: SLF001  # extensions are given it for this
        schema: Json = map_serializer(documented, direction)  # type: ignore[no-untyped-call]
        return schema | {"additionalProperties": {}}  # open: a release may add fields


class ContentPatchSchema(ContentSchema):  # type: ignore[no-untyped-call]
    """The same, where null removes a key."""

    target_class = GeneratedContentPatch
    allow_null = True


def _serializer_of(name: str, *, allow_null: bool) -> object:
    """A serializer for the document alone."""
    found: dict[str, object] = {}
    for row in FIELDS:
        make = _group(row.key) if row.part else partial(FORMS[row.form], help_text=_about(row))
        found[row.key] = make(required=False, allow_null=allow_null)
    return type(name, (serializers.Serializer,), found)()


@cache
def _group(key: str) -> FieldMaker:
    """A serializer of the fields inside the key's object."""
    parts = {row.part: FORMS[row.form](required=False, help_text=_about(row)) for row in FIELDS if row.key == key}
    return cast(FieldMaker, type(f"Generated{key.title()}", (serializers.Serializer,), parts))


def _about(row: GeneratedField) -> str:
    """The form of a field's value, and its size."""
    each = "each at most" if row.form in LISTS else "values of at most" if row.form is Form.PAIRS else "at most"
    most = f"{each} {row.most()} characters of visible text" if row.most() else ""
    if isinstance(row.limit, str):
        most = f"as long as `{row.limit}` says"
    entries = f"up to {row.kept_entries} entries" if row.kept_entries else ""
    markup = f"HTML, plain text where `{row.markup}` is off" if row.markup else ""
    made = "made of the other fields" if row.role is Role.DERIVED else ""
    about = "; ".join(part for part in (markup, made, entries, most) if part)
    return f"{about[:1].upper()}{about[1:]}." if about else ""
