"""Request and reply bodies of store imports and syncs."""

from rest_framework import serializers

from projects.sync.job import MODES
from scribe.api.fields import AnyJSON, Choice, FreeObject, UtcDateTime, UUIDList
from scribe.api.serializers import Reply, Request
from scribe.types import Json

LEAVE = "Skip texts that could not be restored exactly later, because the store filters them (see `sync/warnings`)."


class ImportRequest(Request):
    filters = FreeObject(required=False, help_text="`{key: id or [ids]}`, with the keys and ids of `import/filters`.")


class CustomFieldReply(Reply):
    key = serializers.CharField()
    example = serializers.CharField(help_text="The text that one of the items has.")
    count = serializers.IntegerField(
        help_text="How many of the newest and oldest items have this field; if none do, how many items of the project."
    )
    name = serializers.CharField(help_text="The name of the fact that an import creates from it, or empty.")


class FiltersReply(Reply):
    platform = serializers.CharField()
    filters = FreeObject(help_text="`{key: [{id, title}]}`")
    unavailable = FreeObject(help_text="`{key: reason}` for filters whose values the store does not list completely.")
    custom_fields = CustomFieldReply(
        many=True,
        help_text="Custom fields in WooCommerce or WordPress, for example from ACF. An import reads those listed "
        "in the project's `settings.sync.custom_fields` as facts: `{key: name of the fact}`.",
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

    def __init__(self, **more: object) -> None:
        super().__init__(
            child=serializers.CharField(max_length=20),
            required=False,
            min_length=1,
            max_length=100,
            **more,  # type: ignore[arg-type]  # handed on
        )


class SyncRequest(Request):
    languages = PushedLanguages(
        help_text="The languages to sync. The main language is included only if it is listed, and goes first. "
        "Default: the main language only. A translation in the store that we did not generate is a "
        "conflict."
    )
    mode = Choice(
        choices=MODES,
        required=False,
        help_text="`pending` (default): approved items. `all`: approved and synced items; texts that are already "
        "the same in the store are not sent again. `selected`: the items in `item_ids`.",
    )
    item_ids = UUIDList(required=False)
    language = serializers.CharField(
        max_length=20,
        required=False,
        help_text="Same as `languages` with only this language.",
    )
    force = serializers.BooleanField(
        required=False, help_text="Also overwrite texts that were changed in the store since."
    )
    leave_unrestorable = serializers.BooleanField(required=False, help_text=LEAVE)


class ShopLanguageReply(Reply):
    code = serializers.CharField(help_text="The store's code for the language: a locale, a slug or a store view.")
    name = serializers.CharField()
    locale = serializers.CharField(help_text="The locale of the code, if different.")
    primary = serializers.BooleanField(help_text="Whether this is the store's main language.")
    published = serializers.BooleanField(
        allow_null=True, help_text="Whether visitors can see it; `null` if the store does not say."
    )
    serves = serializers.ListField(
        child=serializers.CharField(),
        help_text="The project languages it can be used for. If there are several, choose one in the connection.",
    )
    language = serializers.CharField(allow_null=True, help_text="The language whose texts it receives.")


class ShopLanguagesReply(Reply):
    languages = ShopLanguageReply(many=True)
    reason = serializers.CharField(help_text="Why the store's translations can't be updated; otherwise empty.")


class ForceRequest(Request):
    force = serializers.BooleanField(
        required=False, help_text="Also overwrite texts that were changed in the store since."
    )


class ItemSyncRequest(ForceRequest):
    languages = PushedLanguages(
        help_text="Same as for the sync of all items. A text in another language can also be synced by its own ID."
    )
    leave_unrestorable = serializers.BooleanField(required=False, help_text=LEAVE)
    resolve = serializers.DictField(
        child=Choice(choices=["ours", "theirs"]),
        required=False,
        help_text="The choice for each field in the conflict of the item's last sync: `ours` overwrites the "
        "store's text, `theirs` keeps it, like the review decision `kept`. A field without a conflict "
        "returns 400.",
    )

    def validate(self, attrs: Json) -> Json:
        if attrs.get("resolve") and (attrs.get("languages") or attrs.get("force")):
            raise serializers.ValidationError(
                {
                    "resolve": [
                        "Name neither `languages` nor `force` with it: a text in a further language is resolved by its own id."
                    ]
                }
            )
        return attrs


class WarningsReply(Reply):
    warnings = serializers.ListField(
        child=FreeObject(),
        help_text="`{item_id, external_id, field, reason}` of each text that could not be restored later; for a "
        "translation also `language` and `main_item_id`. With `elements` it could be restored, but has elements or "
        "shortcodes that ours lacks, such as a form, a script or an image.",
    )
    no_place = serializers.ListField(
        child=FreeObject(),
        help_text="`{field, reason, items}` of texts that the store has no field for, for example SEO texts "
        "without an SEO plugin. They are skipped.",
    )


class WrittenReply(Reply):
    failed_count = serializers.IntegerField()
    failed_items = serializers.ListField(
        child=FreeObject(),
        help_text="`{item_id, external_id, reason, code, conflicts}`; for an undo also `restored`, the fields "
        "that were restored.",
    )
    job_id = serializers.CharField()
    status = serializers.CharField()
    error = serializers.CharField(required=False, help_text="Why the job failed. Only if it did.")


class SyncReply(WrittenReply):
    synced_count = serializers.IntegerField()
    unchanged_count = serializers.IntegerField(help_text="Synced items whose texts in the store were already the same.")
    conflict_count = serializers.IntegerField(help_text="Failed items whose texts were changed in the store since.")
    skipped = serializers.ListField(
        child=FreeObject(),
        help_text="`{field, reason, items}` of texts of synced items that were skipped.",
    )
    languages = FreeObject(
        help_text="`{language: {synced, unchanged, failed, conflicts, refused}}` for each additional language. "
        "`refused` is the reason why the store accepts none of its texts."
    )


class SyncItemReply(Reply):
    success = serializers.BooleanField()
    message = serializers.CharField()
    synced_at = UtcDateTime(allow_null=True)
    job_id = serializers.CharField()
    skipped = FreeObject(
        help_text="Fields that were not updated because the store has no field for them, with the reason."
    )
    changed = FreeObject(help_text="`{field: {sent, store}}` of texts that the store changed when saving.")
    texts = serializers.ListField(
        child=FreeObject(),
        required=False,
        help_text="For a sync in several languages: `{item_id, language, success, message, code, skipped, "
        "changed, conflicts}` of each text that was not already the same in the store.",
    )


class UndoReply(WrittenReply):
    undone_count = serializers.IntegerField()
    languages = FreeObject(help_text="`{language: {undone, failed, conflicts, refused}}` for each additional language.")


class VerifyReply(Reply):
    job_id = serializers.CharField()
    status = serializers.CharField()


class DriftReply(Reply):
    item_id = serializers.CharField()
    external_id = serializers.CharField(source="item.external_id")
    language = serializers.CharField(source="item.language", help_text="Empty for the project's main language.")
    main_item_id = serializers.CharField(
        allow_null=True, help_text="For a text in another language: the ID of its item."
    )
    name = serializers.CharField()
    gone = serializers.BooleanField(help_text="The store no longer has the item.")
    fields = serializers.ListField(  # type: ignore[assignment]
        child=FreeObject(),
        help_text="`{field, cause, expected, store}`. `cause` is `merchant` (edited in the store), `platform` "
        "(the platform dropped part of our text) or `ours` (the store shows the text from before our "
        "sync).",
    )
    job_id = serializers.CharField(allow_null=True)
    found_at = UtcDateTime()


class HistoryEntry(Reply):
    id = serializers.CharField()
    content_item_id = serializers.CharField(source="item_id")
    store_connection_id = serializers.CharField(source="connection_id", allow_null=True)
    store_connection_name = serializers.CharField(source="connection_name")
    synced_at = UtcDateTime()
    success = serializers.BooleanField()
    error_message = serializers.CharField(allow_null=True)
    kind = serializers.CharField(help_text="`push` or `undo`")
    state = serializers.CharField(help_text="`writing`, `done`, `conflict` or `failed`")
    code = serializers.CharField()
    changes = serializers.ListField(
        child=FreeObject(), help_text="`{field, before, after}` of each text that was updated."
    )
    conflicts = serializers.ListField(
        child=FreeObject(),
        help_text="`{field, imported, store, generated}`, with `elements` that the store's text has and ours lacks; for "
        "an undo `{field, pushed, store, before, reason}`.",
    )
    skipped = AnyJSON()
    changed = AnyJSON(help_text="`{field: {sent, store}}` of texts that the store changed when saving.")
    forced = serializers.BooleanField()
    job_id = serializers.CharField(allow_null=True)
    undone_at = UtcDateTime(allow_null=True)


class HistoryReply(Reply):
    item_id = serializers.CharField()
    item_external_id = serializers.CharField()
    history = HistoryEntry(many=True)
