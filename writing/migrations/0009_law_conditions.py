"""The conditions of the rules of law, and example sentences that control a second model."""

import json
from pathlib import Path

from django.db import migrations, models
from django.db.models import JSONField, Value

CONDITIONS = Path(__file__).with_name("law_conditions.json")


def add(apps, schema_editor):
    rows = apps.get_model("writing", "LawRule").objects.using(schema_editor.connection.alias)
    for code, conditions in json.loads(CONDITIONS.read_text("utf-8")).items():
        rows.filter(code=code, unlawful="").update(**conditions)


class Migration(migrations.Migration):
    dependencies = [("writing", "0008_evidence")]

    operations = [
        migrations.AddField(
            "lawrule",
            "unlawful",
            models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="What breaks it: “A sentence that …”. Without it no second model is asked about the rule.",
            ),
        ),
        migrations.AddField(
            "lawrule",
            "lawful",
            models.JSONField(
                blank=True,
                db_default=Value([], JSONField()),
                default=list,
                help_text="What keeps it, each: “A sentence that …”.",
            ),
        ),
        migrations.AddField(
            "lawrule",
            "examples",
            models.JSONField(
                blank=True,
                db_default=Value({}, JSONField()),
                default=dict,
                help_text="By language an `unlawful` and a `lawful` sentence beyond doubt, which control a second model.",
            ),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
