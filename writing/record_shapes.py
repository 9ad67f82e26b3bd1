"""What the records of items and of posts look like in replies."""

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from integrations.ai import registry
from scribe.api.fields import FreeObject, UtcDateTime
from scribe.api.serializers import Reply

ENTRIES = (
    "`{at, event, by, texts}`; `event` is `generated` (with `writer` and `checks`), `edited`, `restored`, `undone`, or "
    "`approved` (with `key_id`; of an item with `override` and `reason`)."
)


class TextDigest(Reply):
    field = serializers.CharField()
    sha256 = serializers.CharField(
        help_text="Of the text's UTF-8 bytes; of a list, of its JSON as PostgreSQL writes it."
    )
    words_changed = serializers.FloatField(
        required=False,
        help_text="Of an edit: the share of words in which the text differs from the one before, 0 to 1.",
    )


class Person(Reply):
    id = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)


class TextWriter(Reply):
    provider = serializers.CharField(allow_blank=True)
    model = serializers.CharField(allow_blank=True, help_text="Empty where no model wrote it.")
    prompt_version = serializers.IntegerField(allow_null=True)
    settings = FreeObject()
    generated_at = UtcDateTime(allow_null=True)


class RecordedApproval(Reply):
    at = UtcDateTime()
    event = serializers.CharField(help_text="`approved`.")
    by = Person(allow_null=True)
    key_id = serializers.CharField(allow_null=True, help_text="The API key with which a program approved it.")
    override = serializers.BooleanField(help_text="Claims or a rule of law stood against it.")
    reason = serializers.CharField(allow_blank=True)
    texts = TextDigest(many=True)


class RecordedEdit(Reply):
    at = UtcDateTime()
    by = Person(allow_null=True)
    words_changed = serializers.FloatField()


class TextProvenance(Reply):
    field = serializers.CharField()
    sha256 = serializers.CharField()
    generated = TextWriter(allow_null=True, help_text="Null for a text that was written by hand.")
    edits = RecordedEdit(many=True)
    approved = RecordedApproval(
        allow_null=True,
        help_text="The last approval of this very text; null once it was changed, or before it was approved.",
    )


class FieldProvenance(TextProvenance):
    words_changed = serializers.FloatField(
        allow_null=True, help_text="The share of words in which it differs from what was generated, 0 to 1."
    )
    declined = serializers.BooleanField(help_text="A person decided that it is neither pushed nor exported.")
    findings = serializers.ListField(
        child=FreeObject(),
        help_text="What the checks, the second reader (`verification`) and the rules of law (`law`) found.",
    )


class ItemProvenance(Reply):
    """Where an item's texts come from. `entries` are all that happened, the oldest first; none of them ever changes."""

    item_id = serializers.CharField()
    language = serializers.CharField(allow_blank=True)
    status = serializers.CharField()
    approved = serializers.BooleanField(
        help_text="Each text that was not declined is approved as it stands. Approvals from before the record was kept "
        "are not in it."
    )
    checks = serializers.ListField(child=FreeObject())
    texts = FieldProvenance(many=True)
    entries = serializers.ListField(child=FreeObject(), help_text=ENTRIES)


_APPROVED = {
    "at": "2026-11-30T09:12:44Z",
    "event": "approved",
    "by": {"id": "0197a1b2-6b3e-7c10-9a4f-2f4f4c0f8d11", "name": "Mila Petrović", "email": "mila@example.com"},
    "key_id": None,
    "override": False,
    "reason": "",
    "texts": [{"field": "name", "sha256": "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069"}],
}
PROVENANCE = OpenApiExample(
    "A name as it was generated, and approved by a person",
    response_only=True,
    value={
        "item_id": "0197a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b",
        "language": "en",
        "status": "approved",
        "approved": True,
        "checks": [{"id": "grounding", "passed": True, "detail": "Every claim is in the source."}],
        "texts": [
            {
                "field": "name",
                "sha256": "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069",
                "generated": {
                    "provider": registry.IMAGES,
                    "model": registry.PROVIDERS[registry.IMAGES].default_model,
                    "prompt_version": 12,
                    "settings": {"language": "en", "tone": "professional"},
                    "generated_at": "2026-11-30T09:02:10Z",
                },
                "edits": [],
                "words_changed": 0.0,
                "declined": False,
                "findings": [],
                "approved": _APPROVED,
            }
        ],
        "entries": [_APPROVED],
    },
)
