"""Models whose costs lie far above those of the others of their tier have prices of their own; a post with one repair lost
money on each of them."""

from decimal import Decimal

from django.db import migrations

PRICES = {
    ("anthropic", "claude-fable-5-1"): Decimal(10),
    ("openai", "gpt-6.2-astra"): Decimal(8),
    ("google", "gemini-3.5-flash-lite"): Decimal("0.4"),
}


def set_prices(apps, schema_editor):
    models = apps.get_model("billing", "AIModel").objects
    for (provider, model_id), multiplier in PRICES.items():
        models.filter(provider=provider, model_id=model_id, multiplier=None).update(multiplier=multiplier)


class Migration(migrations.Migration):
    dependencies = [("billing", "0018_prices_and_receipts")]
    operations = [migrations.RunPython(set_prices, migrations.RunPython.noop)]
