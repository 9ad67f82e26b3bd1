"""A content item: one product, variant, category, page or post, with its source data and its generated content. Its texts in
further languages are rows of their own beside it."""

from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value

from projects.models.expressions import (
    FailedChecks,
    FindingFields,
    HasLiftedRule,
    ItemAddress,
    ItemCategories,
    ItemName,
    ItemSlug,
    OriginalKeys,
    UnsupportedKinds,
)
from projects.models.source import SourceRow
from scribe import gdpr, messages
from scribe.rows import OrganizationQuerySet, OrganizationRow, Versioned

JUDGED = Q(confidence_score__isnull=False)
OUTDATED = ~Q(outdated_fields=[])
#: Texts whose source has moved on since, and that no person has edited.
TO_UPDATE = OUTDATED & ~Q(generation_metadata__has_key="edited_at")
#: What a shop may show.
OUT = Q(status__in=["approved", "synced"])
#: A further language's text that is the shop's own translation alone.
OF_MERCHANT = Q(status="pending", view_data__isnull=False)
EXCLUDED_REASON = "excluded_reason"  # key in `metadata`: the reason why an import excluded the item


class ItemQuerySet(OrganizationQuerySet["ContentItem"]):
    test_mark = "project__is_test"

    def included(self) -> Self:
        return self.filter(excluded_at=None)

    def excluded(self) -> Self:
        return self.exclude(excluded_at=None)

    def with_rows(self) -> Self:
        """The items, and those texts in further languages that are rows of their own: of a store view, or of the shop."""
        row = ~Q(store_view="") | Q(view_data__raw__has_key="translations")
        return self.filter(Q(language="") | Q(view_data__isnull=False) & row)

    def of_source(self, source_id: UUID | str) -> Self:
        """The items that have a row in this source."""
        return self.filter(
            Q(data_source_id=source_id) | Q(pk__in=SourceRow.objects.filter(source_id=source_id).values("item"))  # type: ignore[misc]
        )

    def writable(self) -> Self:
        """The items that generation may write: included, and not variants (a variant's text is its parent's)."""
        return self.included().exclude(item_type=ContentItem.Type.VARIANT)


ItemManager = models.Manager.from_queryset(ItemQuerySet)


class MainItems(ItemManager["ContentItem"]):
    """The items of the catalogue, each once, without their texts in further languages."""

    def get_queryset(self) -> ItemQuerySet:
        return ItemQuerySet(self.model, using=self._db).filter(language="")


class ContentItem(Versioned, OrganizationRow):
    """An item with its text in the project's main language, or (with a `main` item) its text in a further language.

    `objects` are the items: what is listed, counted, exported, imported and pushed. `rows` has the texts in further
    languages as well. The facts of such a text are a copy of its main item's, which a trigger of the table
    (`projects_follow_main`) keeps true, so that lists, searches and prompts read one row.
    """

    class Type(models.TextChoices):
        PRODUCT = "product", "Product"
        VARIANT = "variant", "Variant"
        CATEGORY = "category", "Category"
        PAGE = "page", "Page"
        POST = "post", "Post"

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        GENERATED = "generated", "Generated"
        FLAGGED = "flagged", "Flagged"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        SYNCED = "synced", "Synced"

    # The indexes below begin with these keys, so the keys have no own indexes: each costs an import a tenth of its time.
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="items", db_index=False)
    data_source = models.ForeignKey(
        "projects.DataSource", on_delete=models.CASCADE, null=True, related_name="items", db_index=False
    )
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="variants", db_index=False
    )
    # The item whose text in `language` this row is. Without it the row is an item, in the project's main language.
    main = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="language_texts", db_index=False
    )
    language = models.CharField(max_length=10, default="", db_default="", blank=True)
    item_type = models.CharField(max_length=10, choices=Type, default=Type.PRODUCT)
    external_id = models.CharField(max_length=255, blank=True, default="")
    # Magento: the store view whose texts this row holds; empty for the default scope and elsewhere. A text in a further
    # language has the view and the place in the file that it came from, else those of its item.
    store_view = models.CharField(max_length=64, blank=True, default="")
    position = models.PositiveIntegerField(default=0)  # the record's place in its source
    source_data = models.JSONField(default=dict)
    source_hash = models.CharField(max_length=64, blank=True, default="")
    # Of a text in a further language that came as the row of a store view: that row's data, as `source_data` has an item's.
    view_data = models.JSONField(null=True, blank=True)
    generated_content = models.JSONField(default=dict, blank=True)
    # The texts that the content was made from, by field: the store's, or those that were translated. None if they were
    # never noted.
    made_from = models.JSONField(null=True, blank=True)
    # The fields of `made_from` whose text has changed since.
    outdated_fields = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    # People's decisions by field: `approved`, `rejected`, or `kept` to keep the store's text.
    decisions = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    # A person's reason for the rejection. The next generation's prompt includes it.
    reject_reason = models.CharField(max_length=500, default="", db_default="", blank=True)
    # The colleague who is to review it.
    #: The id of the person who judged or edited it last; None for a program, or before anybody did.
    changed_by = models.UUIDField(null=True, blank=True, editable=False)
    #: What it was before the last change of many items, with that job and the version that it left (`projects.bulk`).
    before_bulk = models.JSONField(null=True, blank=True, editable=False)
    assignee = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    confidence_score = models.FloatField(null=True, blank=True)
    has_unsupported_claims = models.BooleanField(default=False)
    ai_model_used = models.CharField(max_length=100, blank=True, default="")
    metadata = models.JSONField(default=dict, blank=True)
    generation_metadata = messages.MessagesJSON(default=dict, blank=True)
    excluded_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = MainItems()
    rows = ItemQuerySet.as_manager()

    personal_data = gdpr.PersonalData(
        export=(
            "id project_id data_source_id external_id main_id language item_type status source_data view_data "
            "generated_content generation_metadata metadata decisions reject_reason assignee_id created_at"
        ),
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            # Counts, the rows before a page and the queue's length are read from these two indexes alone.
            models.Index(fields=["project", "language", "id"], include=["organization"], name="item_by_project"),
            models.Index(
                fields=["project", "language", "status", "id"],
                include=["organization", "excluded_at"],
                name="item_by_status",
            ),
            models.Index(fields=["data_source", "language", "position", "id"], name="item_by_source"),
            models.Index(fields=["parent"], condition=~Q(parent=None), name="item_by_parent"),
            models.Index("project", "language", ItemName(), "id", name="item_by_name"),
            models.Index(fields=["project", "language", "updated_at", "id"], name="item_by_update"),
            # Checked items have a score. Imported items have none, so an import adds no entries to these indexes.
            models.Index(
                fields=["project", "language", "confidence_score", "id"], condition=JUDGED, name="item_by_score"
            ),
            models.Index(
                fields=["project", "language", "status", "confidence_score", "id"],
                condition=JUDGED,
                name="item_by_status_and_score",
            ),
            models.Index(fields=["project", "language"], condition=OUTDATED, name="item_outdated"),
            models.Index(fields=["project", "language"], condition=OF_MERCHANT, name="item_of_merchant"),
            models.Index(fields=["project", "language"], condition=~Q(reject_reason=""), name="item_with_reason"),
            models.Index(fields=["assignee", "project"], condition=~Q(assignee=None), name="item_by_assignee"),
            # Imported items are pending, so an import adds no entries to these either.
            models.Index("organization", ItemAddress(), condition=OUT, name="item_by_address"),
            models.Index("organization", ItemSlug(), condition=OUT, name="item_by_slug"),
            models.Index(fields=["organization", "id"], condition=Q(HasLiftedRule()), name="item_with_lifted_rule"),
            GinIndex(FailedChecks(), condition=JUDGED, name="item_by_failed_check"),
            GinIndex(UnsupportedKinds(), condition=JUDGED, name="item_by_unsupported_kind"),
            GinIndex(FindingFields(), condition=JUDGED, name="item_by_finding_field"),
            GinIndex(ItemCategories(), condition=JUDGED, name="item_by_category"),
            GinIndex(OriginalKeys(), condition=~Q(language=""), fastupdate=False, name="language_text_by_original"),
        ]
        constraints = [
            # A repeated import finds its rows instead of doubling them.
            models.UniqueConstraint(
                fields=["data_source", "item_type", "external_id", "store_view"],
                condition=~Q(external_id="") & Q(language=""),
                name="item_once_per_source",
            ),
            models.UniqueConstraint(
                fields=["main", "language"], condition=~Q(main=None), name="item_once_per_language"
            ),
            models.CheckConstraint(
                condition=Q(main=None, language="") | (~Q(main=None) & ~Q(language="")), name="item_language_has_main"
            ),
        ]

    def __str__(self) -> str:
        return str(self.source_data.get("name") or self.external_id or self.pk)


class ItemWords(models.Model):
    """What a search reads of an item or of a text in a further language: its names, its SKU and its id, in capitals. A scan of
    these is a twentieth of one of the items' JSON. Triggers of the items' table (`projects_note_words`) alone write them."""

    item = models.OneToOneField(ContentItem, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+")
    organization_id = models.UUIDField()
    project_id = models.UUIDField()
    language = models.CharField(max_length=10)
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["project_id", "language", "item"], name="item_words_by_project")]


class ItemVersion(OrganizationRow):
    """A content that was replaced by a regeneration, an edit or a restore. It is kept for ever: triggers refuse changes."""

    class Reason(models.TextChoices):
        REGENERATED = "regenerated", "Regenerated"
        EDITED = "edited", "Edited"
        RESTORED = "restored", "Restored"
        UNDONE = "undone", "Sync undone"

    item = models.ForeignKey(ContentItem, on_delete=models.CASCADE, related_name="versions")
    generated_content = models.JSONField(default=dict)
    made_from = models.JSONField(null=True, blank=True)
    generation_metadata = messages.MessagesJSON(default=dict)
    ai_model_used = models.CharField(max_length=100, blank=True, default="")
    confidence_score = models.FloatField(null=True, blank=True)
    reject_reason = models.CharField(max_length=500, default="", db_default="", blank=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)

    personal_data = gdpr.PersonalData(
        export="id item_id generated_content generation_metadata created_by_id reason reject_reason created_at"
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["item", "-created_at"], name="version_by_item")]


class ItemComment(OrganizationRow):
    """A comment of a person on an item, or on a passage of one of its texts: `quote` has the passage's words as they were,
    `field` the text's name. It stays when the person leaves."""

    item = models.ForeignKey("projects.ContentItem", on_delete=models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=2000)
    field = models.CharField(max_length=40, blank=True, db_default="", default="")
    quote = models.CharField(max_length=500, blank=True, db_default="", default="")

    personal_data = gdpr.PersonalData(export="id item_id author_id text field quote created_at")

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["item", "created_at"], name="comment_by_item")]

    def __str__(self) -> str:
        return self.text[:80]


class SavedFilter(OrganizationRow):
    """What somebody asked a project's list of items for, under a name of theirs: `query` has `status`, `readiness`, `q` and `sort`,
    where they are set."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="saved_filters")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.JSONField(default=dict)

    personal_data = gdpr.PersonalData(export="id project_id user_id name query created_at")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user", "name"], name="saved_filter_once_by_name"),
            models.CheckConstraint(name="saved_filter_has_a_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
