"""Request and reply bodies of the generation operations."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from integrations.ai import registry
from projects.models import ContentItem
from scribe.api.fields import DecimalString, UUIDList
from scribe.api.serializers import Reply, Request, StartRequest
from writing.fields import OFFERED
from writing.settings import LANGUAGE_WAYS, MOST_LANGUAGES
from writing.verifier import choice


def documented(field: serializers.Field[Any, Any, Any, Any], default: Any) -> serializers.Field[Any, Any, Any, Any]:
    """Show the deployment's last-resort default in the API document. A field left out still stays unset."""
    kinds = {bool: "boolean", int: "integer", str: "string"}
    shown: dict[str, Any] = {"type": kinds[type(default)], "default": default, "nullable": True}
    for name, bound in (("minimum", "min_value"), ("maximum", "max_value"), ("maxLength", "max_length")):
        if getattr(field, bound, None) is not None:
            shown[name] = getattr(field, bound)
    if isinstance(field, serializers.ChoiceField):
        shown["enum"] = list(field.choices)
    extend_schema_field(shown)(field)  # type: ignore[type-var]
    return field


def text(default: str, *, length: int = 100) -> Any:
    return documented(serializers.CharField(required=False, allow_null=True, max_length=length), default)


def flag(default: bool) -> Any:
    return documented(serializers.BooleanField(required=False, allow_null=True), default)


def number(default: int, least: int, most: int) -> Any:
    return documented(
        serializers.IntegerField(required=False, allow_null=True, min_value=least, max_value=most), default
    )


# The settings that ask for fields, one flag each.
FieldFlags: Any = type(
    "FieldFlags", (Request,), {"__module__": __name__, **{name: flag(default) for name, default in OFFERED.items()}}
)


def level(choices: tuple[str, ...], about: str) -> Any:
    field = serializers.ChoiceField(choices=list(choices), required=False, allow_null=True)
    shown = {"type": "string", "enum": list(choices), "nullable": True, "description": about}
    extend_schema_field(shown)(field)  # type: ignore[type-var]
    return field


def reader(about: str) -> Any:
    return serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=100, help_text=about)


class GroundingFields(Request):
    """How closely a text is held against its source, and by which second model."""

    grounding = level(
        choice.LEVELS,
        "How the text is held against the source. `standard`: the statements that the tables know are traced. `strict`: besides, "
        "a second model names for each sentence the passage of the source that states it, and its quotes are looked up; that "
        "call is quoted and billed. Unset, the plan's default counts.",
    )
    verifier_provider = reader("Whose model reads the texts with strict grounding; the writer's provider if unset.")
    verifier_model = reader("The model that reads the texts; the provider's cheapest if unset.")


class WritingFields(FieldFlags, GroundingFields):
    """The settings that a request, a profile and a project have alike. What is left out stays unset and resolves from the
    levels below; the defaults shown are the deployment's."""

    language = text("en", length=20)
    language_way = documented(
        serializers.ChoiceField(
            choices=list(LANGUAGE_WAYS),
            required=False,
            allow_null=True,
            help_text="How texts in further languages are written: as a `translation` of the approved text, or `native` from the facts.",
        ),
        LANGUAGE_WAYS[0],
    )
    tone = text("professional")
    ai_provider = text(next(iter(registry.PROVIDERS)))
    ai_model = serializers.CharField(required=False, allow_null=True, max_length=100)
    custom_instructions = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=8000)
    max_short_chars = number(200, 20, 2000)
    max_long_chars = number(1000, 50, 20000)
    use_html = flag(True)
    use_html_short = flag(False)
    image_analysis_enabled = flag(False)
    image_analysis_count = number(3, 1, 10)


class WritingRequest(WritingFields):
    """Settings of one generation. What is left out resolves from the levels below: overrides, profile, project,
    organization, deployment; the defaults shown are the deployment's."""

    content_type = serializers.ChoiceField(
        choices=[t for t in ContentItem.Type.values if t != "variant"],
        required=False,
        allow_null=True,
        help_text="Only items of this type.",
    )
    content_variant = documented(
        serializers.ChoiceField(choices=["short", "long"], required=False, allow_null=True), "short"
    )


class GenerationRequest(WritingRequest, StartRequest):
    """The settings, and optionally the items: any included, non-variant ones, whatever their status."""

    item_ids = UUIDList(required=False, allow_null=True, help_text="Only these items.")
    languages = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        allow_null=True,
        max_length=MOST_LANGUAGES,
        help_text="The languages to write, the main one only where it is named. Without it, the main language alone.",
    )
    replace_existing = serializers.BooleanField(
        default=False,
        help_text="Whether to write in further languages also what the shop has a translation of its own for. By default only what "
        "is missing is written, and an item with nothing missing is skipped (`translated_in_shop`). Over the shop's own "
        "translation a push is a conflict.",
    )
    selection = serializers.ChoiceField(
        choices=["pending", "stale"],
        required=False,
        help_text="`stale`: only the texts whose source has changed since, and of a translation only the fields that are outdated. "
        "Texts that a person has edited are left alone.",
    )


class ItemRegenerationRequest(GenerationRequest):
    """The settings for one item; `item_ids` is ignored."""


class GenerationItemReply(Reply):
    id = serializers.CharField()
    status = serializers.CharField(help_text="`generated`, `flagged`, `failed`, `pending` or `skipped`.")
    reason = serializers.CharField(allow_blank=True, help_text="Why it was flagged, failed or skipped.")
    language = serializers.CharField(
        allow_blank=True, help_text="Of a text in a further language: its code. `id` is the text's own then."
    )
    xct_used = DecimalString(help_text="What this text cost.")


class GenerationReply(Reply):
    """How a generation stands. While it runs on (202) poll `GET /jobs/{job_id}`."""

    job_id = serializers.CharField()
    status = serializers.CharField()
    generated = serializers.IntegerField()
    flagged = serializers.IntegerField()
    failed = serializers.IntegerField()
    skipped = serializers.IntegerField()
    xct_used = DecimalString()
    items = GenerationItemReply(many=True)


class LanguageQuote(Reply):
    """What one language adds to a quote."""

    language = serializers.CharField(help_text="Its code; of the main language, too.")  # type: ignore[assignment]
    way = serializers.CharField(help_text="`native`, `translation`, or `letters` for Serbian in Latin from Cyrillic.")
    items = serializers.IntegerField()
    skipped = serializers.IntegerField(help_text="Items without an approved text to translate.")
    xct_expected = DecimalString()
    xct_max = DecimalString()


class EstimateReply(Reply):
    """The quote: the bill never exceeds `xct_max`. With strict grounding all numbers have the second model's part in them."""

    items = serializers.IntegerField()
    skipped = serializers.IntegerField()
    tokens_expected = serializers.IntegerField()
    tokens_max = serializers.IntegerField()
    xct_expected = DecimalString()
    xct_max = DecimalString()
    balance_after = DecimalString(help_text="What would be available after the expected cost; may be negative.")
    ai_provider = serializers.CharField()
    ai_model = serializers.CharField()
    grounding = serializers.CharField(help_text="`standard` or `strict`.")
    verifier_provider = serializers.CharField(
        allow_null=True, help_text="Whose model reads the texts; null when none does."
    )
    verifier_model = serializers.CharField(allow_null=True, help_text="The model that reads the texts.")
    per_language = LanguageQuote(many=True)
