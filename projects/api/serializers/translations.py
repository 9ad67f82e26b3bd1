"""Request and reply bodies of translators' files."""

from __future__ import annotations

from rest_framework import serializers

from projects.files.translations.formats import FORMATS
from scribe.api.serializers import Reply, Request

_FORMATS = "; ".join(f"`{row.name}`: {row.title}" for row in FORMATS.values()) + "."
_VIEW = "The code of the store view that holds this language; `magento_csv` alone needs it."


class TranslationQuery(Request):
    language = serializers.CharField(max_length=20, help_text="The language of the translations.")
    format = serializers.ChoiceField(choices=list(FORMATS), required=False, default="xliff", help_text=_FORMATS)
    store_view = serializers.CharField(max_length=64, required=False, allow_blank=True, help_text=_VIEW)
    open_only = serializers.BooleanField(
        required=False, help_text="Only texts without a translation that is approved and of the present original."
    )


class TranslationFile(Request):
    file = serializers.FileField(help_text="The file, of at most 50 MiB.")
    language = serializers.CharField(max_length=20, help_text="The language of the translations.")
    format = serializers.ChoiceField(choices=list(FORMATS), help_text=_FORMATS)
    store_view = serializers.CharField(max_length=64, required=False, allow_blank=True, help_text=_VIEW)


class RefusedTranslation(Reply):
    line = serializers.IntegerField(help_text="Of the file; 0 for what was refused when the item's texts were written.")
    code = serializers.CharField(
        help_text="`source_changed`, `translation_changed`, `too_long`, `unknown_item`, `unknown_field`, `duplicate_row`, "
        "`incomplete_list`, `inline_markup`, `incomplete_unit` …"
    )
    reason = serializers.CharField()


class TranslationWarning(Reply):
    line = serializers.IntegerField(help_text="Of the file.")
    code = serializers.CharField(
        help_text="`unfinished`: the file calls the text unfinished, and it stands as it was exported, or the file does not say what "
        "was exported; `doubtful_encoding` and the like."
    )
    reason = serializers.CharField()


class TranslationImportReply(Reply):
    job_id = serializers.CharField(allow_null=True, help_text="The job that writes the texts (202), or null.")
    written = serializers.IntegerField(help_text="Items whose texts were written.")
    rows = serializers.IntegerField(help_text="Rows of the file.")
    unchanged = serializers.IntegerField(
        help_text="Texts that were there already, or that stand as they were exported."
    )
    untranslated = serializers.IntegerField(
        help_text="Rows without a translation, or with one that was left alone as unfinished (`warnings`)."
    )
    other_language = serializers.IntegerField(help_text="Rows in another language.")
    refused_count = serializers.IntegerField(help_text="Rows that could not be taken.")
    refused = RefusedTranslation(many=True, help_text="The first 1,000 of them.")
    warning_count = serializers.IntegerField(help_text="Rows with a translation that was left alone, and other doubts.")
    warnings = TranslationWarning(many=True, help_text="The first 1,000 of them.")
