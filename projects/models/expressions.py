"""Expressions that lists of items are filtered and ordered by. They read the items' JSON, and ContentItem has indexes on
them."""

from django.db.models import BooleanField, F, Func, JSONField, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Left, Lower

NAME_LENGTH = 200  # characters of a name that count for its order
ADDRESS_LENGTH = 300  # characters of an address by which it is looked up


#: The JSON path of what checks found wrong, without its last bracket.
_WRONG = "$.checks[*] ? (@.passed == false).findings[*] ? (!(@.supported == true)"


class _Path(Func):  # type: ignore[explicit-any]  # its base has it
    """The values that a JSON path finds in a column of JSON, `generation_metadata` if none is named, as a JSON array."""

    template = "jsonb_path_query_array(%(expressions)s, '%(path)s'::jsonpath)"
    output_field = JSONField()
    path = ""

    def __init__(self, *expressions: object, **extra: object) -> None:
        super().__init__(*(expressions or (F("generation_metadata"),)), **{"path": self.path, **extra})  # type: ignore[arg-type]  # handed on


class FailedChecks(_Path):
    """The ids of the checks that the content failed: `["grounding", "limits"]`."""

    path = "$.checks[*] ? (@.passed == false).id"


class UnsupportedKinds(_Path):
    """The kinds of the claims without a source: `["material", "origin"]`."""

    path = "$.checks[*].findings[*] ? (@.supported == false).kind"


class FindingFields(_Path):
    """The names of the texts in which a check found something wrong: `["description", "tags[0]", "attributes.Colour"]`."""

    path = f"{_WRONG}).field"


class AttributeFindings(Func):  # type: ignore[explicit-any]  # its base has it
    """Whether a check found something wrong in an attribute."""

    template = f"""jsonb_path_exists(%(expressions)s, '{_WRONG} && @.field starts with "attributes.")'::jsonpath)"""
    output_field = BooleanField()


class HasOpenClaim(Func):  # type: ignore[explicit-any]  # its base has it
    """Whether a claim without a source stands in a text that was not declined (`projects.decisions`)."""

    template = """EXISTS (SELECT 1 FROM (VALUES (%(expressions)s)) AS item(judged, decisions), jsonb_path_query(judged,
        '$.checks[*] ? (@.id == "grounding" || @.id == "verification").findings[*] ? (@.supported == false).field') AS place,
        split_part(place #>> '{}', '[', 1) AS name
        WHERE COALESCE(decisions ->> name, decisions ->> split_part(name, '.', 1), '') NOT IN ('rejected', 'kept'))"""
    output_field = BooleanField()

    def __init__(self, *expressions: object, **extra: object) -> None:
        super().__init__(*(expressions or (F("generation_metadata"), F("decisions"))), **extra)  # type: ignore[arg-type]  # handed on


class Judged(Func):  # type: ignore[explicit-any]  # its base has it
    """A digest of what people decide about a text: its words, its status, the decisions on its fields and the reason of a
    rejection. A text that was pushed to the store is as approved as before."""

    template = """md5(concat_ws(E'\\x1f', CASE status WHEN 'synced' THEN 'approved' ELSE status END, generated_content::text,
        decisions::text, reject_reason))"""
    output_field = TextField()


class OriginalKeys(_Path):
    """The keys by which the memory of translations knows the texts that this one was made from: `["9f86…", …]`."""

    path = "$.originals.*"


class OursOutdated(Func):  # type: ignore[explicit-any]  # its base has it
    """Whether a field is outdated of which the text is ours, and not one that the shop has of its own."""

    template = (
        "EXISTS (SELECT 1 FROM jsonb_array_elements_text(outdated_fields) AS moved(name) WHERE NOT ("
        "COALESCE(view_data -> 'originals' ? moved.name, false) "
        "AND generated_content #> string_to_array(moved.name, '.') IS NULL))"
    )
    output_field = BooleanField()


class ItemCategories(_Path):
    """The shop's categories of the item: `["Outdoor > Bottles"]`."""

    path = "$.categories[*]"

    def __init__(self, *expressions: object, **extra: object) -> None:
        super().__init__(*(expressions or (F("source_data"),)), **extra)


class ItemName(Lower):
    """The shop's name of the item, as lists are ordered by it."""

    def __init__(self, *expressions: object, **extra: object) -> None:
        name = Left(KT("source_data__name"), NAME_LENGTH, output_field=TextField())
        super().__init__(*(expressions or (name,)), **extra)  # type: ignore[arg-type]  # handed on


class ItemAddress(Left):  # type: ignore[explicit-any]  # its base has it
    """The beginning of the address at which the shop showed the item when it was imported; null if it told none."""

    def __init__(self) -> None:
        told = (KT(f"source_data__raw__{name}") for name in ("permalink", "link"))
        super().__init__(Coalesce(*told, output_field=TextField()), ADDRESS_LENGTH)


class ItemSlug(Left):  # type: ignore[explicit-any]  # its base has it
    """The beginning of the shop's slug of the item."""

    def __init__(self) -> None:
        super().__init__(KT("source_data__seo__slug"), ADDRESS_LENGTH, output_field=TextField())


class HasLiftedRule(Func):  # type: ignore[explicit-any]  # its base has it
    """Whether evidence on file lifts a rule of law from the text."""

    template = "jsonb_path_exists(%(expressions)s, '$.checks[*].lifted[*]'::jsonpath)"
    output_field = BooleanField()

    def __init__(self) -> None:
        super().__init__(F("generation_metadata"))


class LiftedClaim(Func):  # type: ignore[explicit-any]  # its base has it
    """A row for each sentence of the text from which evidence lifts a rule of law: `{rule, evidence, …}`."""

    template = "jsonb_path_query(%(expressions)s, '$.checks[*].lifted[*]'::jsonpath)"
    output_field = JSONField()

    def __init__(self) -> None:
        super().__init__(F("generation_metadata"))


class LanguageTexts(Func):  # type: ignore[explicit-any]  # its base has it
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

    def __init__(self, *expressions: object, **extra: object) -> None:
        super().__init__(*(expressions or (F("pk"),)), **extra)  # type: ignore[arg-type]  # handed on
