"""The plans, tiers, models and image prices to begin with. Staff change them afterwards as rows."""

from datetime import UTC, datetime
from decimal import Decimal

from django.db import migrations

SINCE = datetime(2026, 1, 1, tzinfo=UTC)

PLANS = [  # tier, name, XCT a month, EUR a month, EUR a year, own keys, on sale
    ("free", "Free", 50, None, None, False, False),
    ("starter", "Starter", 1000, 29, 290, False, True),
    ("professional", "Professional", 5000, 99, 990, True, True),
    ("business", "Business", 20000, 299, 2990, True, True),
    ("enterprise", "Enterprise", 100000, None, None, True, False),
]
TIERS = [("economy", "0.1"), ("standard", "1"), ("premium", "2"), ("flagship", "4")]

MODELS = [  # provider, id, name, tier, context, longest output, images, default, USD per million in, out, cached in
    ("anthropic", "claude-haiku-5-5", "Claude Haiku 5.5", "economy", 200_000, 32_000, True, True, "0.10", "0.50", None),
    ("anthropic", "claude-sonnet-5-5", "Claude Sonnet 5.5", "premium", 200_000, 32_000, True, False, "2", "10", None),
    ("anthropic", "claude-opus-5-5", "Claude Opus 5.5", "flagship", 200_000, 32_000, True, False, "4", "20", None),
    ("anthropic", "claude-fable-5-1", "Claude Fable 5.1", "flagship", 200_000, 32_000, True, False, "10", "50", None),
    ("openai", "gpt-6-luna", "GPT-6 Luna", "economy", 272_000, 32_000, True, True, "0.10", "0.50", "0.01"),
    ("openai", "gpt-6.1-terra", "GPT-6.1 Terra", "standard", 272_000, 32_000, True, False, "1", "5", "0.05"),
    ("openai", "gpt-6.2-sol", "GPT-6.2 Sol", "premium", 272_000, 32_000, True, False, "2", "10", None),
    ("openai", "gpt-6.2-astra", "GPT-6.2 Astra", "flagship", 272_000, 32_000, True, False, "8", "40", None),
    ("deepseek", "deepseek-flash", "DeepSeek Flash", "economy", 128_000, 8_192, True, True, "0.15", "0.60", None),
    ("deepseek", "deepseek-v4-pro", "DeepSeek V4 Pro", "standard", 128_000, 8_192, False, False, "0.66", "1.98", None),
    ("google", "gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite", "economy", 200_000, 16_000, True, True, "0.30", "2.50", None),
    ("google", "gemini-3.8-flash", "Gemini 3.8 Flash", "standard", 200_000, 16_000, True, False, "0.75", "3.75", None),
    ("google", "gemini-3.1-pro-preview", "Gemini 3.1 Pro (preview)", "premium", 200_000, 16_000, True, False, "2", "12", None),
    ("local", "local", "Self-hosted model", "economy", 4_096, 2_048, False, True, "0", "0", None),
    ("offline", "offline-writer", "Built-in writer (no model)", "economy", 128_000, 8_192, False, True, "0", "0", None),
]
# Announced: this price holds until the end of 2026, the next one from then on.
LATER = [
    ("google", "gemini-3.8-flash", "Gemini 3.8 Flash", "standard", 200_000, 16_000, True, False, "1.50", "7.50", None),
]
IMAGES = [  # size, quality, XCT, USD
    ("", "", "20", "0.042"),
    ("", "low", "8", "0.011"),
    ("", "high", "60", "0.167"),
    ("1536x1024", "high", "90", "0.250"),
    ("1024x1536", "high", "90", "0.250"),
]


def fill(apps, schema_editor):
    rows = {name: apps.get_model("billing", name) for name in ("Plan", "TopupPack", "ModelTier", "AIModel", "ImagePrice")}
    for rank, (tier, name, xct, month, year, byok, on_sale) in enumerate(PLANS):
        rows["Plan"].objects.create(
            tier=tier,
            name=name,
            rank=rank,
            monthly_xct=Decimal(xct),
            monthly_price_eur=month,
            yearly_price_eur=year,
            byok_included=byok,
            on_sale=on_sale,
        )
    rows["TopupPack"].objects.create(xct=Decimal(500), price_eur=Decimal(15), valid_from=SINCE)
    for rank, (tier, multiplier) in enumerate(TIERS):
        rows["ModelTier"].objects.create(tier=tier, multiplier=Decimal(multiplier), rank=rank)
    for since, models in ((SINCE, MODELS), (datetime(2027, 1, 1, tzinfo=UTC), LATER)):
        for provider, model_id, name, tier, context, output, images, default, usd_in, usd_out, cached in models:
            rows["AIModel"].objects.create(
                provider=provider,
                model_id=model_id,
                display_name=name,
                tier_id=tier,
                context_window=context,
                max_output_tokens=output,
                supports_images=images,
                is_default=default,
                input_usd=Decimal(usd_in),
                output_usd=Decimal(usd_out),
                cached_input_usd=Decimal(cached) if cached else None,
                valid_from=since,
            )
    for size, quality, xct, usd in IMAGES:
        rows["ImagePrice"].objects.create(
            size=size, quality=quality, xct=Decimal(xct), cost_usd=Decimal(usd), valid_from=SINCE
        )


def empty(apps, schema_editor):
    for name in ("ImagePrice", "AIModel", "ModelTier", "TopupPack", "Plan"):
        apps.get_model("billing", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_ledger_is_append_only")]
    operations = [migrations.RunPython(fill, empty)]
