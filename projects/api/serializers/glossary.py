"""Request and reply bodies of the glossary operations."""

from rest_framework import serializers

from projects.glossary import LONGEST_NOTE, LONGEST_WORD, MOST_FORMS
from scribe.api.fields import UtcDateTime
from scribe.api.serializers import VERSION, Reply, Request


def words(help_text: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_WORD), required=False, max_length=MOST_FORMS, help_text=help_text
    )


class TermTarget(Request):
    """How one language says a term."""

    text = serializers.CharField(
        max_length=LONGEST_WORD, required=False, allow_blank=True, help_text="The word to use."
    )
    forms = words("Other forms of the word that can't be derived by rule.")
    forbidden = words("Words that must not be used for the term.")
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True, help_text="For writers.")


class TermTargets(serializers.DictField):
    """An object: language → how it says the term."""

    child = TermTarget(allow_null=True)

    def __init__(self, **options: object) -> None:
        super().__init__(help_text="Language → its word, forms, forbidden words and note.", **options)  # type: ignore[arg-type]  # handed on


class TermFields(Request):
    text = serializers.CharField(max_length=LONGEST_WORD, help_text="The term itself.")
    language = serializers.CharField(max_length=20, help_text="The language of `text`.")
    description = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    do_not_translate = serializers.BooleanField(required=False, help_text="The term is not translated.")
    case_sensitive = serializers.BooleanField(required=False)
    targets = TermTargets(required=False)


class TermCreation(TermFields):
    profile_id = serializers.CharField(
        required=False, allow_null=True, help_text="The content profile the term applies to. Default: all projects."
    )


class TermUpdate(TermFields):
    """What is sent is set, the rest stays. A language of `targets` that is null is removed."""

    text = serializers.CharField(max_length=LONGEST_WORD, required=False)
    language = serializers.CharField(max_length=20, required=False)


class TermQuery(Request):
    profile_id = serializers.CharField(required=False, help_text="Only terms of this content profile.")
    language = serializers.CharField(
        required=False, max_length=20, help_text="Only terms that have a word in this language."
    )
    search = serializers.CharField(required=False, max_length=200, allow_blank=True, help_text="In the term's text.")


class GlossaryFile(Request):
    file = serializers.FileField(
        help_text="A CSV file with one column for the term and one per language. Files from Tolgee and Crowdin "
        "also work."
    )
    language = serializers.CharField(
        max_length=20, required=False, help_text="The language of the terms, if no column names it."
    )
    profile_id = serializers.CharField(required=False, allow_blank=True)


class TermReply(Reply):
    id = serializers.CharField()
    profile_id = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    language = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    do_not_translate = serializers.BooleanField()
    case_sensitive = serializers.BooleanField()
    targets = TermTargets()
    created_at = UtcDateTime()
    updated_at = UtcDateTime()
    version = serializers.IntegerField(help_text=VERSION)


class RefusedRow(Reply):
    line = serializers.IntegerField(help_text="Of the file.")
    reason = serializers.CharField()


class GlossaryImportReply(Reply):
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = RefusedRow(many=True)
    unread = serializers.ListField(child=serializers.CharField(), help_text="Columns that were ignored.")
