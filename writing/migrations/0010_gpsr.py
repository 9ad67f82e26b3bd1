"""The rule of what a product's offer has to say of its maker and its dangers, from memory: a note."""

from django.db import migrations, models

RULE = {
    "jurisdiction": "EU",
    "trades": ["cosmetics", "electronics", "textiles", "toys", "household", "other"],
    "concept": "What an offer has to say of the manufacturer, and of warnings",
    "law": "Regulation (EU) 2023/988, Art. 19",
    "source": "recalled",
    "severity": "note",
    "remedy": "Add them to the product's data, as the manufacturer gives them. A manufacturer outside the EU needs a responsible person there.",
    "evidence": "",
    "words": {},
    "note": "First version",
    "active": True,
}


def add(apps, schema_editor):
    rows = apps.get_model("writing", "LawRule").objects.using(schema_editor.connection.alias)
    rows.get_or_create(code="gpsr", version=1, defaults=RULE)


def remove(apps, schema_editor):
    rows = apps.get_model("writing", "LawRule").objects.using(schema_editor.connection.alias)
    rows.filter(code="gpsr", version=1, note="First version").delete()


class Migration(migrations.Migration):
    dependencies = [("writing", "0009_law_conditions")]

    operations = [
        migrations.AlterField(
            "lawrule",
            "words",
            models.JSONField(blank=True, help_text="By language: lists of terms, unlawful and lawful lines."),
        ),
        migrations.RunPython(add, remove),
    ]
