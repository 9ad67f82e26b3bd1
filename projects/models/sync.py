"""The texts that stores were last known to hold, and the history of writes to them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value

from scribe import gdpr, messages
from scribe.rows import OrganizationQuerySet, OrganizationRow


class StoreText(OrganizationRow):
    """Texts that the store is known to hold for an item, apart from its source data. They are texts that we wrote (named
    in `ours`), and texts that source data leaves out, such as an SEO title that is a template.

    `sent` has our texts that the store changed, as we sent them. The store would change them in the same way again."""

    item = models.OneToOneField("projects.ContentItem", on_delete=models.CASCADE, related_name="store_text")
    held = models.JSONField(default=dict)
    ours = models.JSONField(default=list)
    sent = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(export="id item_id held ours")


IN_DOUBT = "in_doubt"


class SyncRecordQuerySet(OrganizationQuerySet["SyncRecord"]):
    def pushed(self) -> Self:
        """Writes of generated content that reached the store, at least in part, and have not been undone."""
        return self.filter(kind=SyncRecord.Kind.PUSH, undone_at=None).exclude(after={}).exclude(before={})

    def open_conflicts(self) -> Self:
        """The conflicts that nobody has decided: the latest push of an item ended as one."""
        later = SyncRecord.objects.filter(item=OuterRef("item"), created_at__gt=OuterRef("created_at"))
        found = self.filter(state=SyncRecord.State.CONFLICT, kind=SyncRecord.Kind.PUSH)
        return found.exclude(Exists(later))

    def unfinished(self) -> Self:
        """Writes whose outcome is not known: they are under way, or were cut off."""
        return self.filter(Q(state=SyncRecord.State.WRITING) | Q(state=SyncRecord.State.FAILED, code=IN_DOUBT))


class SyncRecord(OrganizationRow):
    """One item in one sync: the store's texts before, the texts wanted, those that arrived, and the reason of a failure.

    A record in state `writing` was committed before the store was called. After a crash, comparing the store's texts with
    `before` and `wanted`, field by field, shows which of them arrived. `before` is set before the first send; only an
    undo's tags are set again. `known_before` has what the item's StoreText held of these places then, for an undo:
    `{field: {held, ours, sent}}`. `after` has the texts that arrived. `changed` has the fields whose text the store changed:
    `{field: {sent, store}}`. `made` has the tags that the shop did not have before: `{id there: name}`. In state `same`,
    nothing had to be written; such rows are deleted when their job ends.
    """

    class Kind(models.TextChoices):
        PUSH = "push", "Push"
        UNDO = "undo", "Undo"

    class State(models.TextChoices):
        WRITING = "writing", "Writing"
        DONE = "done", "Done"
        CONFLICT = "conflict", "Conflict"
        FAILED = "failed", "Failed"
        SAME = "same", "Same"

    item = models.ForeignKey("projects.ContentItem", on_delete=models.CASCADE, related_name="sync_records")
    job = models.ForeignKey("scribe.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="sync_records")
    connection = models.ForeignKey(
        "integrations.StoreConnection", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    connection_name = models.CharField(max_length=255, blank=True, default="")
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.PUSH)
    state = models.CharField(max_length=8, choices=State, default=State.WRITING)
    before = models.JSONField(default=dict, blank=True)
    wanted = models.JSONField(default=dict, blank=True)
    known_before = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    after = models.JSONField(default=dict, blank=True)
    changed = models.JSONField(default=dict, blank=True)
    skipped = messages.MessagesJSON(default=dict, blank=True)
    made = models.JSONField(default=dict, blank=True)
    conflicts = messages.MessagesJSON(default=list, blank=True)
    code = models.CharField(max_length=64, blank=True, default="")
    error_message = messages.MessageText(blank=True, default="")
    error_message_values = messages.MessageValues(null=True, blank=True, editable=False)
    forced = models.BooleanField(default=False)
    synced_at = models.DateTimeField()
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = SyncRecordQuerySet.as_manager()

    personal_data = gdpr.PersonalData(
        export="id item_id job_id connection_name kind state before after error_message synced_at",
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["item", "-created_at"], name="sync_record_by_item"),
            models.Index(fields=["item"], condition=Q(state="writing"), name="sync_record_unfinished"),
            models.Index(fields=["item"], condition=Q(state="conflict"), name="sync_record_conflict"),
            models.Index(fields=["item"], condition=Q(state="failed", code=IN_DOUBT), name="sync_record_in_doubt"),
        ]
        constraints = [models.UniqueConstraint(fields=["job", "item"], name="sync_record_once_per_job")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Drift(OrganizationRow):
    """An item whose texts in the store differed from the expected ones at the last comparison. `fields` is
    `[{field, cause, expected, store}]` with cause `merchant`, `platform` or `ours`. It is empty for an item that is `gone`:
    the last comparison or push did not find it, and no import since."""

    item = models.OneToOneField("projects.ContentItem", on_delete=models.CASCADE, related_name="drift")
    job = models.ForeignKey("scribe.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    gone = models.BooleanField(default=False)
    fields = models.JSONField(default=list)
    found_at = models.DateTimeField()

    personal_data = gdpr.PersonalData(export="id item_id gone fields found_at")

    class Meta:
        ordering = ["item_id"]

    def __str__(self) -> str:
        return f"{self.item_id}: {'gone' if self.gone else len(self.fields)}"
