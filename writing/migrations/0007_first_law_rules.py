"""The first rules of law, from memory: notes until staff have compared them with the law. Their conditions: docs/reference/law.md."""

import json
from pathlib import Path

from django.db import migrations

RULES = Path(__file__).with_name("first_law_rules.json")


def add(apps, schema_editor):
    rows = apps.get_model("writing", "LawRule").objects.using(schema_editor.connection.alias)
    for rule in json.loads(RULES.read_text()):
        rows.get_or_create(code=rule.pop("code"), version=1, defaults={**rule, "active": True, "note": "First version"})


def remove(apps, schema_editor):
    rows = apps.get_model("writing", "LawRule").objects.using(schema_editor.connection.alias)
    rows.filter(version=1, note="First version").delete()


class Migration(migrations.Migration):
    dependencies = [("writing", "0006_law_rules")]

    operations = [migrations.RunPython(add, remove)]
