"""Request and reply bodies of store imports and syncs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from projects.sync.job import MODES
from scribe.api.fields import AnyJSON, FreeObject, UtcDateTime, UUIDList
from scribe.api.serializers import Reply, Request

LEAVE = (
    "Leave texts of the store's that it could not be given back: its own filter would cut them (see `sync/warnings`)."
)


class ImportRequest(Request):
    filters = FreeObject(required=False, help_text="`{key: id or [ids]}`, with the keys and ids of `import/filters`.")


class CustomFieldReply(Reply):
    key = serializers.CharField()
    example = serializers.CharField(help_text="The text that one of the items has.")
    count = serializers.IntegerField(help_text="How many of the newest items have one.")
    name = serializers.CharField(help_text="The name of the fact that an import makes of it, or empty.")


class FiltersReply(Reply):
    platform = serializers.CharField()
    filters = FreeObject(help_text="`{key: [{id, title}]}`")
    unavailable = FreeObject(help_text="`{key: why}` of the filters whose choices the store does not list in full.")
    custom_fields = CustomFieldReply(
        many=True,
        help_text="Fields that the owner or a plugin has added at WooCommerce or WordPress, such as ACF's. An import makes facts of those "
        "that the project's `settings.sync.custom_fields` name: `{key: name of the fact}`.",
    )


class PreviewReply(Reply):
    count = serializers.IntegerField()
    batches = serializers.IntegerField()
    estimated_time_seconds = serializers.IntegerField()


class ExecuteReply(Reply):
    job_id = serializers.CharField()
    estimated_batches = serializers.IntegerField()


class PushedLanguages(serializers.ListField):
    """Codes of the languages whose texts are meant."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            child=serializers.CharField(max_length=20), required=False, min_length=1, max_length=100, **more
        )


class SyncRequest(Request):
    languages = PushedLanguages(
        help_text="The languages to push, the project's main one only where it is named; it goes first. Without it, the main "
        "language alone. A translation in the shop that we did not write is a conflict."
    )
    mode = serializers.ChoiceField(
        choices=MODES,
        required=False,
        help_text="`pending` (the default): approved items. `all`: approved and synced ones; what is the same in the store "
        "is not written again. `selected`: the `item_ids`.",
    )
    item_ids = UUIDList(required=False)
    language = serializers.CharField(
        max_length=20,
        required=False,
        help_text="The same as `languages` with this one alone.",
    )
    force = serializers.BooleanField(
        required=False, help_text="Also over texts that were changed in the store meanwhile."
    )
    leave_unrestorable = serializers.BooleanField(required=False, help_text=LEAVE)


class ShopLanguageReply(Reply):
    code = serializers.CharField(help_text="The shop's own code: a locale, a slug, or a store view.")
    name = serializers.CharField()
    locale = serializers.CharField(help_text="The locale behind the code, where the two differ.")
    primary = serializers.BooleanField(help_text="The language of the shop's own texts.")
    published = serializers.BooleanField(
        allow_null=True, help_text="Whether visitors see it; null: the shop does not tell."
    )
    serves = serializers.ListField(
        child=serializers.CharField(), help_text="Our languages that it can be; with several, choose in the connection."
    )
    language = serializers.CharField(allow_null=True, help_text="The language whose texts it gets.")


class ShopLanguagesReply(Reply):
    languages = ShopLanguageReply(many=True)
    reason = serializers.CharField(help_text="Why the shop has none that we can write; else empty.")


class ForceRequest(Request):
    force = serializers.BooleanField(
        required=False, help_text="Also over texts that were changed in the store meanwhile."
    )


class ItemSyncRequest(ForceRequest):
    languages = PushedLanguages(
        help_text="As for the whole sync. A text in a further language can also be pushed by its own id."
    )
    leave_unrestorable = serializers.BooleanField(required=False, help_text=LEAVE)


class WarningsReply(Reply):
    warnings = serializers.ListField(
        child=FreeObject(),
        help_text="`{item_id, external_id, field, reason}` of each text that could not be put back; of a translation also "
        "`language` and `main_item_id`",
    )


class SyncReply(Reply):
    synced_count = serializers.IntegerField()
    failed_count = serializers.IntegerField()
    failed_items = serializers.ListField(
        child=FreeObject(),
        help_text="`{item_id, external_id, reason, code, conflicts}`; of an undo also `restored`: the fields that were put back.",
    )
    unchanged_count = serializers.IntegerField(help_text="Of the synced: the store had these texts already.")
    conflict_count = serializers.IntegerField(help_text="Of the failed: changed in the store meanwhile.")
    languages = FreeObject(
        help_text="`{language: {synced, unchanged, failed, conflicts, refused}}` of each further language, as far as it has any; "
        "`refused` is the reason why the shop takes none of its texts."
    )
    job_id = serializers.CharField()
    status = serializers.CharField()


class SyncItemReply(Reply):
    success = serializers.BooleanField()
    message = serializers.CharField()
    synced_at = UtcDateTime(allow_null=True)
    job_id = serializers.CharField()
    skipped = FreeObject(help_text="Fields that the store has no place for, and why.")
    changed = FreeObject(help_text="`{field: {sent, store}}` of what the store changed on its way in.")
    texts = serializers.ListField(
        child=FreeObject(),
        required=False,
        help_text="Of a push in several languages: `{item_id, language, success, message, code, skipped, changed, conflicts}` of "
        "each text that was not the same in the store already.",
    )


class UndoReply(Reply):
    undone_count = serializers.IntegerField()
    languages = FreeObject(help_text="`{language: {undone, failed, conflicts, refused}}` of each further language.")
    failed_count = serializers.IntegerField()
    failed_items = serializers.ListField(
        child=FreeObject(),
        help_text="`{item_id, external_id, reason, code, conflicts}`; of an undo also `restored`: the fields that were put back.",
    )
    job_id = serializers.CharField()
    status = serializers.CharField()


class VerifyReply(Reply):
    job_id = serializers.CharField()
    status = serializers.CharField()


class DriftReply(Reply):
    item_id = serializers.CharField()
    external_id = serializers.CharField()
    language = serializers.CharField(help_text="Empty for the project's main language.")
    main_item_id = serializers.CharField(allow_null=True, help_text="Of a text in a further language: its item.")
    name = serializers.CharField()
    gone = serializers.BooleanField(help_text="The store no longer has the item.")
    fields = serializers.ListField(  # type: ignore[assignment]
        child=FreeObject(),
        help_text="`{field, cause, expected, store}`; cause is `merchant` (an edit), `platform` (words of ours left out) or "
        "`ours` (the store shows what stood there before our push).",
    )
    job_id = serializers.CharField(allow_null=True)
    found_at = UtcDateTime()


class HistoryEntry(Reply):
    id = serializers.CharField()
    content_item_id = serializers.CharField()
    store_connection_id = serializers.CharField(allow_null=True)
    store_connection_name = serializers.CharField()
    synced_at = UtcDateTime()
    success = serializers.BooleanField()
    error_message = serializers.CharField(allow_null=True)
    kind = serializers.CharField(help_text="`push` or `undo`")
    state = serializers.CharField(help_text="`writing`, `done`, `conflict` or `failed`")
    code = serializers.CharField()
    changes = serializers.ListField(
        child=FreeObject(), help_text="`{field, before, after}` of each text that was written."
    )
    conflicts = serializers.ListField(
        child=FreeObject(),
        help_text="`{field, imported, store, generated}`; of an undo `{field, pushed, store, before, reason}`.",
    )
    skipped = AnyJSON()
    changed = AnyJSON(help_text="`{field: {sent, store}}` of what the store changed on its way in.")
    forced = serializers.BooleanField()
    job_id = serializers.CharField(allow_null=True)
    undone_at = UtcDateTime(allow_null=True)


class HistoryReply(Reply):
    item_id = serializers.CharField()
    item_external_id = serializers.CharField()
    history = HistoryEntry(many=True)
