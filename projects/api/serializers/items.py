"""Request and reply bodies of the item operations."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from projects import decisions, item_orders
from projects.content_fields import ContentObject
from projects.models import ContentItem, ItemComment, ItemVersion
from scribe.api.fields import FreeObject, UtcDateTime, UUIDList, utc
from scribe.api.serializers import VERSION, Reply, Request
from writing import checks
from writing.checks.report import VERIFICATION
from writing.fields import BY_NAME

STATUSES = [*ContentItem.Status.values, "excluded"]


class ItemFilters(Request):
    source_id = serializers.CharField(max_length=64, required=False)
    item_type = serializers.ChoiceField(choices=ContentItem.Type.values, required=False)
    search = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="In name, SKU and id.")
    failed_check = serializers.ChoiceField(
        choices=[*checks.IDS, VERIFICATION], required=False, help_text="Items whose content failed this check."
    )
    claim_kind = serializers.CharField(
        max_length=40,
        required=False,
        help_text="Items with a claim of this kind that has no source: `material`, `origin` …",
    )
    field = serializers.ChoiceField(
        choices=list(BY_NAME),
        required=False,
        help_text="Items in whose text of this field a check found something wrong.",
    )
    category = serializers.CharField(
        max_length=500, required=False, help_text="Checked items of this category, as the shop names it."
    )
    assignee_id = serializers.CharField(max_length=64, required=False, help_text="Items that this person is to review.")
    language = serializers.CharField(
        max_length=20,
        required=False,
        help_text="The items' texts in this further language of the project, instead of the items.",
    )
    updated_since = UtcDateTime(required=False, help_text="Items that were changed at this time or later.")
    after = serializers.CharField(
        max_length=64, required=False, help_text="The id of an item: the page begins behind it, where it stands now."
    )


class ItemListQuery(ItemFilters):
    status = serializers.ChoiceField(
        choices=STATUSES, required=False, help_text="Included items in this status; `excluded` the excluded ones."
    )
    order = serializers.ChoiceField(
        choices=list(item_orders.ORDERS),
        required=False,
        help_text="`created` (default) the oldest first, `updated` the latest change first, `name` by the shop's name, "
        "`confidence` the lowest score first, without items that have no score. With `order` or `after` and a `limit`, `Link` "
        "names the next page by `after`, and the reply has no `X-Total-Count`.",
    )


class NextItemQuery(ItemFilters):
    pass


class ExportQuery(Request):
    status_filter = serializers.ChoiceField(
        choices=[*STATUSES, "all"], required=False, default="approved", help_text="Any status, or `all`."
    )
    source_id = serializers.CharField(max_length=64, required=False)
    search = serializers.CharField(max_length=200, required=False, allow_blank=True)


class FieldDecisions(serializers.DictField):
    """By the name of a generated field; null takes a decision back."""

    def __init__(self, **options: Any) -> None:
        child = serializers.ChoiceField(choices=list(decisions.DECISIONS), allow_null=True)
        super().__init__(child=child, **options)

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if unknown := {name[:100]: ["There is no such field."] for name in value if name not in BY_NAME}:
            raise serializers.ValidationError(unknown, code="unknown_field")
        return value


def rejection() -> Any:
    return serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Why it is rejected. The next generation of the item is told, and then it is forgotten.",
    )


class ItemUpdate(Request):
    generated_content = ContentObject(required=False, help_text="Merged per top-level key; null removes a key.")
    status = serializers.ChoiceField(choices=ContentItem.Status.values, required=False)
    metadata = ContentObject(required=False, help_text="Merged per key; null removes a key.")
    decisions = FieldDecisions(
        required=False,
        help_text="Merged per field (`name`, `description`, `seo.title`, `tags` …): `approved`, `rejected`, or `kept` for the store's "
        "text in its place; null takes a decision back. Rejected and kept fields are neither pushed nor exported, and their "
        "unsupported claims need no `override`. Approving the item approves the fields without a decision.",
    )
    reject_reason = rejection()
    override = serializers.BooleanField(required=False, help_text="Approve in spite of unsupported claims.")
    assignee_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="The person who is to review it; null for nobody."
    )


class BatchUpdate(Request):
    item_ids = UUIDList()
    status = serializers.ChoiceField(choices=ContentItem.Status.values)
    reject_reason = rejection()
    override = serializers.BooleanField(required=False, help_text="Approve in spite of unsupported claims.")


class ItemIds(Request):
    item_ids = UUIDList()


GENERATION_METADATA = (
    "With what the content was written, and what the checks found. `checks`: rows of `{id, passed (true, false or na), detail, "
    "findings}`. A finding of `grounding` is `{text, kind, field, start, end, value, supported, source_field, source_excerpt}`: a "
    "statement that the tables of the check know, with its place in the field's visible text (code points) and in the source. Its "
    "`unknown` are `{text, field, start, end}` of words that neither source nor everyday language has, or whose kind of statement is "
    "too often honest to block: to look at, no fault. "
    "With strict grounding a check `verification` has a finding for each sentence, with `code` and `reason` besides. "
    "`score_parts`: rows of `{id, name, value, weight}` that make the score. `reasons`: why it is flagged."
)


class ItemReply(Reply):
    id = serializers.CharField()
    external_id = serializers.CharField(allow_blank=True)
    item_type = serializers.CharField()
    source_data = FreeObject()
    generated_content = FreeObject()
    confidence_score = serializers.FloatField(
        allow_null=True,
        help_text="0 to 1, from the parts in `generation_metadata.score_parts`. It is no probability that the text is true.",
    )
    status = serializers.CharField()
    ai_model_used = serializers.CharField(allow_blank=True)
    created_at = UtcDateTime()
    is_test = serializers.BooleanField(help_text="It belongs to a test project.")
    data_source_id = serializers.CharField(allow_null=True)
    data_source_name = serializers.CharField(allow_null=True)
    metadata = FreeObject()
    excluded_at = UtcDateTime(allow_null=True)
    generation_metadata = FreeObject(help_text=GENERATION_METADATA)
    parent_id = serializers.CharField(allow_null=True, help_text="Of a variant: its product.")
    store_view = serializers.CharField(allow_blank=True, help_text="Magento: the store view whose texts these are.")
    view_data = FreeObject(
        allow_null=True,
        help_text="Magento, of a text in a further language that came as the row of a store view: that row's data, as "
        "`source_data` has its item's.",
    )
    has_unsupported_claims = serializers.BooleanField(
        help_text="A statement that the checks know was not found in the source. False does not mean that all is true."
    )
    outdated_fields = serializers.ListField(
        child=serializers.CharField(),
        help_text="Fields whose text in the store has changed since this content was made from it; of a translation, those "
        "whose translated text has changed.",
    )
    decisions = FreeObject(
        help_text="By field what a person decided on its text: `approved`, `rejected`, or `kept` for the store's text. A new text "
        "begins without a decision; `kept` stays."
    )
    reject_reason = serializers.CharField(allow_blank=True, help_text="Why a person rejected it.")
    assignee_id = serializers.CharField(allow_null=True, help_text="The person who is to review it.")
    updated_at = UtcDateTime()
    version = serializers.IntegerField(help_text=VERSION)  # type: ignore[assignment]
    language = serializers.CharField(
        allow_blank=True, help_text="Of a text in a further language: its code. Empty for an item."
    )
    main_item_id = serializers.CharField(
        allow_null=True, help_text="Of a text in a further language: its item, whose facts it shows."
    )
    languages = FreeObject(
        help_text="Of an item: its texts in further languages, `{fr: {item_id, status, outdated_fields, origin}}`. `origin` is "
        "`merchant` where the shop has a translation and we have written none, else `ours`."
    )


class NextItemReply(Reply):
    item = ItemReply(allow_null=True, help_text="The next item to review; null behind the last one.")
    remaining = serializers.IntegerField(
        help_text="How many items await review, this one and those before it included."
    )


class ExcludedReply(Reply):
    excluded = serializers.IntegerField(help_text="How many items were excluded by this call, children included.")
    item_ids = serializers.ListField(child=serializers.CharField())


class RestoredReply(Reply):
    restored = serializers.IntegerField(help_text="How many items were taken in again by this call.")
    item_ids = serializers.ListField(child=serializers.CharField())


class VersionReply(Reply):
    id = serializers.CharField()
    reject_reason = serializers.CharField(allow_blank=True, help_text="Why a person had rejected it.")
    generated_content = FreeObject()
    created_at = UtcDateTime(help_text="When it was replaced.")
    created_by = serializers.CharField(allow_null=True, help_text="The e-mail of who replaced it; null for a job.")
    reason = serializers.CharField(help_text="`regenerated`, `edited`, `restored` or `undone`.")


class ItemCommentRequest(Request):
    text = serializers.CharField(max_length=2000)


class ItemCommentReply(Reply):
    id = serializers.CharField()
    text = serializers.CharField()
    author_id = serializers.CharField(allow_null=True, help_text="Null for an API key, or a person who left.")
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
    compared_with = serializers.ChoiceField(
        choices=["store", "original", ""],
        help_text="`store`: the store's text, for a text in a further language the shop's translation. `original`: the text that "
        "it was translated from. Empty: neither is known.",
    )


class ItemDiff(Reply):
    """How the generated texts differ from the store's or from their originals, word by word."""

    item_id = serializers.CharField()
    differences = FieldDiff(many=True)


def version_shown(version: ItemVersion) -> dict[str, Any]:
    return {
        "id": str(version.pk),
        "reject_reason": version.reject_reason,
        "generated_content": version.generated_content,
        "created_at": utc(version.created_at),
        "created_by": version.created_by.email if version.created_by else None,
        "reason": version.reason,
    }


def comment_shown(comment: ItemComment) -> dict[str, Any]:
    return {
        "id": str(comment.pk),
        "text": comment.text,
        "author_id": str(comment.author_id) if comment.author_id else None,
        "author_name": comment.author.name if comment.author else "",
        "created_at": utc(comment.created_at),
    }
