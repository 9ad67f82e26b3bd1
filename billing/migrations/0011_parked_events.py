"""An event that disagrees with what was ordered is parked for staff; only XCT is held."""

from django.db import migrations, models

STATUSES = [
    ("received", "Received"),
    ("applied", "Applied"),
    ("ignored", "Ignored: nothing to do"),
    ("waiting", "Parked until the row it speaks of is there"),
    ("for_staff", "Parked for staff: it does not agree with what was ordered"),
    ("failed", "Failed, will be tried again"),
]


def rename(old: str, new: str):
    def run(apps, schema_editor):
        apps.get_model("billing", "ProviderEvent").objects.filter(status=old).update(status=new)

    return run


class Migration(migrations.Migration):
    dependencies = [("billing", "0010_strict_grounding")]

    operations = [
        migrations.AlterField(
            "providerevent",
            "status",
            models.CharField(choices=STATUSES, db_index=True, default="received", max_length=10),
        ),
        migrations.RunPython(rename("held", "for_staff"), rename("for_staff", "held")),
    ]
