"""Request and reply bodies of the generation operations."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from integrations.ai import registry
from projects.models import ContentItem
from scribe.api.fields import Choice, DecimalString, UUIDList
from scribe.api.serializers import Reply, Request, StartRequest
from scribe.types import Json, JsonValue
from writing.fields import OFFERED
from writing.language_settings import FORMALITIES, MOST_INSTRUCTIONS, MOST_LANGUAGES
from writing.settings import BENEFITS, LANGUAGE_WAYS
from writing.verifier import choice

ApiField = serializers.Field[JsonValue, JsonValue, JsonValue, JsonValue]


def with_documented_default(field: ApiField, default: bool | int | str) -> ApiField:
    """Show the deployment's last-resort default in the API document. A field left out still stays unset."""
    kinds = {bool: "boolean", int: "integer", str: "string"}
    shown: Json = {"type": kinds[type(default)], "default": default, "nullable": True}
    for name, bound in (("minimum", "min_value"), ("maximum", "max_value"), ("maxLength", "max_length")):
        if getattr(field, bound, None) is not None:
            shown[name] = getattr(field, bound)
    if isinstance(field, serializers.ChoiceField):
        shown["enum"] = list(field.choices)
    extend_schema_field(shown)(field)  # type: ignore[type-var]
    return field


def text(default: str, *, length: int = 100) -> ApiField:
    return with_documented_default(serializers.CharField(required=False, allow_null=True, max_length=length), default)


def flag(default: bool) -> ApiField:
    return with_documented_default(serializers.BooleanField(required=False, allow_null=True), default)


def number(default: int, least: int, most: int) -> ApiField:
    return with_documented_default(
        serializers.IntegerField(required=False, allow_null=True, min_value=least, max_value=most), default
    )


# The settings that ask for fields, one flag each.
FieldFlags = type(
    "FieldFlags", (Request,), {"__module__": __name__, **{name: flag(default) for name, default in OFFERED.items()}}
)


def level(choices: tuple[str, ...], about: str) -> Choice:
    field = Choice(choices=list(choices), required=False, allow_null=True)
    shown = {"type": "string", "enum": list(choices), "nullable": True, "description": about}
    extend_schema_field(shown)(field)  # type: ignore[type-var]
    return field


def reader(about: str) -> serializers.CharField:
    return serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=100, help_text=about)


class GroundingFields(Request):
    """How closely a text is held against its source, and by which second model."""

    grounding = level(
        tuple(choice.NAMES),
        "How the text is held against the source. `tables`, also called `standard`: the statements that the tables know are "
        "traced. `read`: besides, a second model names for each sentence the passages of the source that state it, and the writer "
        "mends what has none; these calls are quoted and billed, and one that fails costs nothing and leaves the tables' verdict. "
        "`strict`: a text that could not be read is flagged, too. Unset, the default of plan and deployment counts.",
    )
    verifier_provider = reader(
        "The provider of the second AI model that checks the texts. Default: the provider that generates them."
    )
    verifier_model = reader("The second AI model that checks the texts. Default: the provider's cheapest model.")


class OneLanguage(Request):
    """Settings of one language."""

    instructions = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MOST_INSTRUCTIONS,
        help_text="Instructions for texts in this language, in addition to `custom_instructions`.",
    )
    formality = Choice(
        choices=list(FORMALITIES),
        required=False,
        allow_blank=True,
        help_text="How the reader is addressed, such as `Sie` or `du` in German. The check `formality` fails a text with words "
        "of the other form. Default: the writer decides.",
    )


class LanguageSettings(serializers.DictField):
    """An object: language → its settings."""

    child = OneLanguage()

    def __init__(self, **options: object) -> None:
        super().__init__(help_text="Language → its instructions and form of address.", **options)  # type: ignore[arg-type]  # handed on


class WritingFields(FieldFlags, GroundingFields):  # type: ignore[misc,valid-type]  # it has no types
    """The settings that a request, a profile and a project have alike. What is left out stays unset and resolves from the
    levels below; the defaults shown are the deployment's."""

    language = text("en", length=20)
    language_way = with_documented_default(
        Choice(
            choices=list(LANGUAGE_WAYS),
            required=False,
            allow_null=True,
            help_text="How texts in additional languages are created: `translation` translates the approved text, "
            "`native` generates a new text from the product data.",
        ),
        LANGUAGE_WAYS[0],
    )
    tone = text("professional")
    benefits = with_documented_default(
        Choice(
            choices=list(BENEFITS),
            required=False,
            allow_null=True,
            help_text="What a text can say about benefits: `usual` allows what follows from a fact in ordinary use, "
            "`cautious` only what the product data states.",
        ),
        BENEFITS[0],
    )
    ai_provider = text(next(iter(registry.PROVIDERS)))
    ai_model = serializers.CharField(required=False, allow_null=True, max_length=100)
    custom_instructions = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=8000)
    language_settings = LanguageSettings(required=False, allow_null=True)
    max_short_chars = number(200, 20, 2000)
    max_long_chars = number(1000, 50, 20000)
    use_html = flag(True)
    use_html_short = flag(False)
    image_analysis_enabled = flag(False)
    image_analysis_count = number(3, 1, 10)


class WritingRequest(WritingFields):
    """Settings of one generation. What is left out resolves from the levels below: overrides, profile, project,
    organization, deployment; the defaults shown are the deployment's."""

    content_type = Choice(
        choices=[t for t in ContentItem.Type.values if t != "variant"],
        required=False,
        allow_null=True,
        help_text="Only items of this type.",
    )
    content_variant = with_documented_default(
        Choice(choices=["short", "long"], required=False, allow_null=True), "short"
    )


class GenerationRequest(WritingRequest, StartRequest):
    """The settings, and optionally the items: any included, non-variant ones, whatever their status."""

    item_ids = UUIDList(required=False, allow_null=True, help_text="Only these items.")
    languages = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        allow_null=True,
        max_length=MOST_LANGUAGES,
        help_text="The languages to generate. The main language is included only if it is listed. Default: the "
        "main language only.",
    )
    replace_existing = serializers.BooleanField(
        default=False,
        help_text="Whether to also generate texts for which the store already has its own translation. By default "
        "only missing texts are generated, and an item with nothing missing is skipped "
        "(`translated_in_shop`). Syncing over the store's own translation is a conflict.",
    )
    selection = Choice(
        choices=["pending", "stale"],
        required=False,
        help_text="`stale`: only texts whose source has changed since; of a translation, only the outdated "
        "fields. Texts that someone has edited are skipped and listed (`edited`).",
    )


class ItemRegenerationRequest(GenerationRequest):
    """The settings for one item; `item_ids` is ignored."""


class GenerationItemReply(Reply):
    id = serializers.CharField()
    status = serializers.CharField(help_text="`generated`, `flagged`, `failed`, `pending` or `skipped`.")
    reason = serializers.CharField(allow_blank=True, help_text="Why it was flagged, failed or skipped.")
    language = serializers.CharField(
        allow_blank=True,
        help_text="For a text in another language: its language code. `id` is then the ID of that text.",
    )
    xct_used = DecimalString(help_text="The price of this text, in XCT.")


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
    error = serializers.CharField(required=False, help_text="Why the job failed. Only if it did.")


class LanguageQuote(Reply):
    """What one language adds to a quote."""

    language = serializers.CharField(help_text="The language code.")
    way = serializers.CharField(help_text="`native`, `translation`, or `letters` for Serbian in Latin from Cyrillic.")
    items = serializers.IntegerField()
    skipped = serializers.IntegerField(help_text="Items that are left out.")
    left_out = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="The number of skipped items by reason: `main_not_approved`, `serbian_not_approved`, "
        "`main_language`, `translated_in_shop`, with `replace_existing` also `already_generated` (regenerate such a text "
        "by its item's ID) and, for `stale`, `edited` (someone has edited the outdated text).",
    )
    xct_expected = DecimalString()
    xct_max = DecimalString()


class NoPlace(Reply):
    """Texts that the connected shop has no place for."""

    texts = serializers.ListField(child=serializers.CharField(), help_text="`seo.title`, `seo.description` …")
    reason = serializers.CharField()
    written = serializers.BooleanField(
        help_text="Whether they are generated and charged anyway because the settings ask for them. By default "
        "they are not."
    )
    xct_expected = DecimalString(help_text="What they add to the quote.")
    xct_max = DecimalString()


class EstimateReply(Reply):
    """The quote: the bill never exceeds `xct_max`. Where a second model reads the texts all numbers have its part in them."""

    items = serializers.IntegerField()
    skipped = serializers.IntegerField()
    tokens_expected = serializers.IntegerField()
    tokens_max = serializers.IntegerField()
    xct_expected = DecimalString()
    xct_max = DecimalString()
    balance_after = DecimalString(help_text="The balance available after the expected price. Can be negative.")
    ai_provider = serializers.CharField()
    ai_model = serializers.CharField()
    grounding = serializers.CharField(help_text="`tables`, `read` or `strict`.")
    verifier_provider = serializers.CharField(
        allow_null=True, help_text="The provider of the second AI model that checks the texts; `null` if there is none."
    )
    verifier_model = serializers.CharField(allow_null=True, help_text="The second AI model that checks the texts.")
    per_language = LanguageQuote(many=True)
    no_place = NoPlace(many=True, help_text="For a project with a store: texts that the store has no field for.")
