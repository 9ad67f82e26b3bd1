"""What cached input costs, where the vendor's list tells it. Staff change it afterwards, as every price."""

from decimal import Decimal

from django.db import migrations

PRICES = [  # provider, beginning of the model's id, part of the input's price for reading and for writing
    ("anthropic", "claude-haiku-5-5", "0.1", "1.25"),
    ("anthropic", "claude-sonnet-5-5", "0.05", "1.25"),
    ("anthropic", "claude-opus-5-5", "0.05", "1.25"),
    ("anthropic", "claude-fable-5-1", "0.025", "1.25"),
    ("openai", "gpt-6", None, "1.25"),
    ("deepseek", "deepseek", "0.03", None),
    ("google", "gemini", "0.1", None),
]


def fill(apps, schema_editor):
    rows = apps.get_model("billing", "AIModel").objects
    for provider, model_id, read, written in PRICES:
        for row in rows.filter(provider=provider, model_id__startswith=model_id):
            if read and row.cached_input_usd is None:
                row.cached_input_usd = row.input_usd * Decimal(read)
            if written and row.cache_write_usd is None:
                row.cache_write_usd = row.input_usd * Decimal(written)
            row.save(update_fields=["cached_input_usd", "cache_write_usd"])


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_cached_tokens")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
