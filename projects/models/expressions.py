"""Expressions that lists of items are filtered and ordered by. They read the items' JSON, and ContentItem has indexes on
them."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, F, Func, JSONField, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Left, Lower

NAME_LENGTH = 200  # characters of a name that count for its order


class _Path(Func):
    """The values that a JSON path finds in `generation_metadata`, as a JSON array."""

    template = "jsonb_path_query_array(%(expressions)s, '%(path)s'::jsonpath)"
    output_field = JSONField()
    path = ""

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*(expressions or (F("generation_metadata"),)), **{"path": self.path, **extra})


class FailedChecks(_Path):
    """The ids of the checks that the content failed: `["grounding", "limits"]`."""

    path = "$.checks[*] ? (@.passed == false).id"


class UnsupportedKinds(_Path):
    """The kinds of the claims without a source: `["material", "origin"]`."""

    path = "$.checks[*].findings[*] ? (@.supported == false).kind"


class FindingFields(_Path):
    """The names of the texts in which a check found something wrong: `["description", "tags[0]", "attributes.Colour"]`."""

    path = "$.checks[*] ? (@.passed == false).findings[*] ? (!(@.supported == true)).field"


class AttributeFindings(Func):
    """Whether a check found something wrong in an attribute."""

    template = (
        "jsonb_path_exists(%(expressions)s, '$.checks[*] ? (@.passed == false).findings[*] "
        """? (!(@.supported == true) && @.field starts with "attributes.")'::jsonpath)"""
    )
    output_field = BooleanField()


class Judged(Func):
    """A digest of what people decide about a text: its words, its status, the decisions on its fields and the reason of a
    rejection. A text that was pushed to the store is as approved as before."""

    template = """md5(concat_ws(E'\\x1f', CASE status WHEN 'synced' THEN 'approved' ELSE status END, generated_content::text,
        decisions::text, reject_reason))"""
    output_field = TextField()


class OriginalKeys(_Path):
    """The keys by which the memory of translations knows the texts that this one was made from: `["9f86…", …]`."""

    path = "$.originals.*"


class ItemCategories(_Path):
    """The shop's categories of the item: `["Outdoor > Bottles"]`."""

    path = "$.categories[*]"

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*(expressions or (F("source_data"),)), **extra)


class ItemName(Lower):
    """The shop's name of the item, as lists are ordered by it."""

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        name = Left(KT("source_data__name"), NAME_LENGTH, output_field=TextField())
        super().__init__(*(expressions or (name,)), **extra)


class LanguageTexts(Func):
    """The item's texts in further languages, as JSON text: `{"fr": {"item_id": …, "status": …, "outdated_fields": […],
    "origin": …}}`."""

    template = (
        "COALESCE((SELECT jsonb_object_agg(spoken.language, jsonb_build_object('item_id', spoken.id, 'status', spoken.status, "
        "'outdated_fields', spoken.outdated_fields, 'origin', CASE WHEN spoken.view_data IS NOT NULL "
        "AND spoken.generated_content = '{}' THEN 'merchant' ELSE 'ours' END)) "
        "FROM projects_contentitem spoken WHERE spoken.main_id = %(expressions)s), "
        "'{}')::text"
    )
    output_field = TextField()

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*(expressions or (F("pk"),)), **extra)
