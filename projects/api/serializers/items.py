"""Request and reply bodies of the item operations."""

from rest_framework import serializers

from projects import decisions, item_orders
from projects.api.serializers.content import GeneratedContent, GeneratedContentPatch
from projects.content_fields import ContentObject
from projects.models import ContentItem, ItemComment
from projects.readiness import Readiness
from scribe.api.fields import Choice, FreeObject, UtcDateTime, UUIDList
from scribe.api.serializers import VERSION, Reply, Request
from scribe.types import Json
from writing import checks
from writing.checks.report import VERIFICATION
from writing.fields import BY_NAME

STATUSES = [*ContentItem.Status.values, "excluded"]


class ItemFilters(Request):
    readiness = Choice(choices=Readiness.values, required=False, help_text="Only items in this state of `readiness`.")
    source_id = serializers.CharField(max_length=64, required=False)
    item_type = Choice(choices=ContentItem.Type.values, required=False)
    search = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="In name, SKU and id.")
    failed_check = Choice(
        choices=[*checks.IDS, VERIFICATION], required=False, help_text="Only items whose content failed this check."
    )
    claim_kind = serializers.CharField(
        max_length=40,
        required=False,
        help_text="Only items with a claim of this kind without a source: `material`, `origin` …",
    )
    field = Choice(
        choices=list(BY_NAME),
        required=False,
        help_text="Only items in which a check found a problem in this field.",
    )
    category = serializers.CharField(
        max_length=500, required=False, help_text="Only checked items in this category, by the store's name."
    )
    assignee_id = serializers.CharField(
        max_length=64,
        required=False,
        help_text="Only items that this person is to review: assigned to them, or to nobody while the language "
        "is among the languages that they review.",
    )
    language = serializers.CharField(
        max_length=20,
        required=False,
        help_text="Returns the items' texts in this additional language instead of the items.",
    )
    updated_since = UtcDateTime(required=False, help_text="Only items changed at or after this time.")
    after = serializers.CharField(
        max_length=64, required=False, help_text="The ID of an item. The page starts after its current position."
    )


class ItemListQuery(ItemFilters):
    status = Choice(
        choices=STATUSES, required=False, help_text="Included items in this status; `excluded` the excluded ones."
    )
    order = Choice(
        choices=list(item_orders.ORDERS),
        required=False,
        help_text="`created` (default): oldest first. `updated`: latest change first. `name`: by the name in the "
        "store. `confidence`: lowest score first, without items that have no score. With `order` or "
        "`after` and a `limit`, the `Link` header has the next page, and the reply has no "
        "`X-Total-Count`.",
    )


class NextItemQuery(ItemFilters):
    pass


class ExportQuery(Request):
    status_filter = Choice(
        choices=[*STATUSES, "all"], required=False, default="approved", help_text="Any status, or `all`."
    )
    source_id = serializers.CharField(max_length=64, required=False)
    search = serializers.CharField(max_length=200, required=False, allow_blank=True)
    format = Choice(
        choices=["csv", "jsonl"],
        required=False,
        default="csv",
        help_text="`jsonl`: JSON Lines in gzip, a text on each line as `GET items` shows it, in every language.",
    )


class FieldDecisions(serializers.DictField):
    """By the name of a generated field; null takes a decision back."""

    def __init__(self, **options: object) -> None:
        child = Choice(choices=list(decisions.DECISIONS), allow_null=True)
        super().__init__(child=child, **options)  # type: ignore[arg-type]  # handed on

    def to_internal_value(self, data: Json) -> Json:
        value = super().to_internal_value(data)
        if unknown := {name[:100]: ["There is no such field."] for name in value if name not in BY_NAME}:
            raise serializers.ValidationError(unknown, code="unknown_field")
        return value


OVERRIDE = "Approve despite unsupported claims and, with `override_reason`, despite a legal rule."


def overruling() -> serializers.CharField:
    return serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="The reason for approving a text that a legal rule blocks. It is kept permanently, so don't "
        "include personal data.",
    )


def rejection() -> serializers.CharField:
    return serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="The reason for the rejection. It is given to the AI at the next generation of the item, then "
        "removed.",
    )


class ItemUpdate(Request):
    generated_content = GeneratedContentPatch(required=False, help_text="Merged per top-level key; null removes a key.")
    status = Choice(choices=ContentItem.Status.values, required=False)
    metadata = ContentObject(required=False, help_text="Merged per key; null removes a key.")
    decisions = FieldDecisions(
        required=False,
        help_text="Merged by field (`name`, `description`, `seo.title`, `tags` …): `approved`, `rejected`, or "
        "`kept` to keep the store's text; `null` removes a decision. Rejected and kept fields are not "
        "synced or exported, and their unsupported claims need no `override`. Approving the item "
        "approves all fields without a decision.",
    )
    reject_reason = rejection()
    override = serializers.BooleanField(required=False, help_text=OVERRIDE)
    override_reason = overruling()
    assignee_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="The person who is to review it; null for nobody."
    )


class BatchUpdate(Request):
    item_ids = UUIDList()
    status = Choice(choices=ContentItem.Status.values)
    reject_reason = rejection()
    override = serializers.BooleanField(required=False, help_text=OVERRIDE)
    override_reason = overruling()


class ItemIds(Request):
    item_ids = UUIDList()


GENERATION_METADATA = (
    "With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or na), detail, "
    "findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported, source_field, source_excerpt}`: a "
    "statement that the tables of the check know, with its place in the field's visible text (code points) and in the source. Its "
    "`unknown` are `{text, field, start, end}` of claims that a source in another language may state in words that no table has: to "
    "look at, no fault. "
    "A finding of `law` is a sentence that may not be said where the shop sells: `{text, field, start, end, rule, version, severity "
    "(note, warn or block), law, remedy, evidence, detail}`. It is no legal advice. "
    "Where a second model read the text a check `verification` has a finding for each sentence, with `code` and `reason` besides. "
    "`score_parts`: rows of `{id, name, value, weight}` that make the score. `reasons`: why it is flagged. "
    "`_messages`: `[template, values]` of the texts beside it."
)


class ItemReply(Reply):
    id = serializers.CharField()
    external_id = serializers.CharField(allow_blank=True)
    item_type = serializers.CharField()
    source_data = FreeObject()
    generated_content = GeneratedContent()
    confidence_score = serializers.FloatField(
        allow_null=True,
        help_text="0 to 1, calculated from `generation_metadata.score_parts`. It is not the probability that the "
        "text is true.",
    )
    status = serializers.CharField()
    ai_model_used = serializers.CharField(allow_blank=True)
    created_at = UtcDateTime()
    is_test = serializers.BooleanField(source="project.is_test", help_text="Whether it belongs to a test project.")
    data_source_id = serializers.CharField(allow_null=True)
    data_source_name = serializers.CharField(source="data_source.name", allow_null=True)
    metadata = FreeObject()
    excluded_at = UtcDateTime(allow_null=True)
    generation_metadata = FreeObject(help_text=GENERATION_METADATA)
    parent_id = serializers.CharField(allow_null=True, help_text="For a variant: the ID of its product.")
    store_view = serializers.CharField(
        allow_blank=True, help_text="Magento only: the store view these texts belong to."
    )
    view_data = FreeObject(
        allow_null=True,
        help_text="Magento only, for a text in another language that was imported from a store view: the data of "
        "that store view's row, in the same form as `source_data`.",
    )
    has_unsupported_claims = serializers.BooleanField(
        help_text="Whether the checks found a claim that is not in the product data. `false` does not mean that "
        "everything is true."
    )
    outdated_fields = serializers.ListField(
        child=serializers.CharField(),
        help_text="Fields whose text in the store has changed since this content was generated from it, and fields that "
        "state a fact (a weight, a price) that has changed; for a translation, fields whose original has changed.",
    )
    decisions = FreeObject(
        help_text="The decision for each field's text: `approved`, `rejected`, or `kept` to keep the store's "
        "text. A new text starts without a decision; `kept` stays."
    )
    reject_reason = serializers.CharField(allow_blank=True, help_text="The reason it was rejected.")
    assignee_id = serializers.CharField(allow_null=True, help_text="The person who is to review it.")
    updated_at = UtcDateTime()
    version = serializers.IntegerField(help_text=VERSION)
    language = serializers.CharField(
        allow_blank=True, help_text="For a text in another language: its language code. Empty for an item."
    )
    main_item_id = serializers.CharField(
        source="main_id",
        allow_null=True,
        help_text="For a text in another language: the ID of its item, whose data it uses.",
    )
    languages = FreeObject(
        help_text="For an item: its texts in other languages, `{fr: {item_id, status, outdated_fields, origin}}`. "
        "`origin` is `merchant` if the store has a translation and we have generated none, otherwise "
        "`ours`."
    )


class SingleItem(ItemReply):
    """An item by itself. A list leaves out what takes a look into other tables for each row."""

    readiness = serializers.CharField(
        allow_null=True,
        help_text="What is to be done next. `conflict`: its text was changed in the store since the last sync, choose "
        "one. `not_in_store`: the store does not have the item, import again or exclude it. `needs_facts`: it waits for "
        "a review, and makes claims that are not in the product data. "
        "`needs_decision`: it waits for a review. `ready`: approved, to be sent to the store. `needs_text`: to be "
        "generated, or again after a rejection or a change of its facts. `in_store`: nothing. `null` for an excluded "
        "item, and for a variant that uses its product's text.",
    )


class UpdatedItem(SingleItem):
    warnings = serializers.ListField(
        child=FreeObject(),
        help_text="`{field, code, detail}` of what was not kept of the content in the request. `removed`: elements that "
        "a text can't have. `shortened`: a text that was longer than the field. `fewer_entries`: a list with too "
        "many entries. `unknown_field`: a key that is of no field.",
    )


class NextItemReply(Reply):
    item = SingleItem(allow_null=True, help_text="The next item to review; `null` after the last one.")
    remaining = serializers.IntegerField(
        help_text="The number of items to review, including this one and those before it."
    )


class ExcludedReply(Reply):
    excluded = serializers.IntegerField(help_text="The number of items excluded by this request, including children.")
    item_ids = serializers.ListField(child=serializers.CharField())


class RestoredReply(Reply):
    restored = serializers.IntegerField(help_text="The number of items restored by this request.")
    item_ids = serializers.ListField(child=serializers.CharField())


class VersionReply(Reply):
    id = serializers.CharField()
    reject_reason = serializers.CharField(allow_blank=True, help_text="The reason it had been rejected.")
    generated_content = GeneratedContent()
    created_at = UtcDateTime(help_text="When it was replaced.")
    created_by = serializers.CharField(
        source="created_by.email",
        allow_null=True,
        help_text="The email address of the person who replaced it; `null` for a job.",
    )
    reason = serializers.CharField(help_text="`regenerated`, `edited`, `restored` or `undone`.")


class ItemCommentRequest(Request):
    text = serializers.CharField(max_length=2000)
    field = serializers.CharField(
        required=False, allow_blank=True, max_length=40, help_text="The text that it is about, such as `description`."
    )
    quote = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="The passage of `field` that it is about."
    )


class ItemCommentReply(Reply):
    id = serializers.CharField()
    text = serializers.CharField()
    field = serializers.CharField(allow_blank=True, help_text="The text that it is about; empty for the whole item.")
    quote = serializers.CharField(allow_blank=True, help_text="The passage that it is about, as it was then.")
    author_id = serializers.CharField(allow_null=True, help_text="`null` for an API key or a person who was removed.")
    author_name = serializers.CharField(allow_blank=True)
    created_at = UtcDateTime()


class Change(Reply):
    op = serializers.CharField(help_text="`equal`, `insert` or `delete`.")
    text = serializers.CharField()


class FieldDiff(Reply):
    field = serializers.CharField()
    store = serializers.CharField(allow_blank=True, help_text="The text that ours is compared with.")
    generated = serializers.CharField()
    changes = Change(many=True)
    compared_with = Choice(
        choices=["store", "original", ""],
        help_text="`store`: the store's text or, for a text in another language, the store's translation. "
        "`original`: the text it was translated from. Empty: neither is known.",
    )


class ItemDiff(Reply):
    """How the generated texts differ from the store's or from their originals, word by word."""

    item_id = serializers.CharField()
    differences = FieldDiff(many=True)


def comment_shown(comment: ItemComment) -> Json:
    return ItemCommentReply.of(comment, author_name=comment.author.name if comment.author else "")
