import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import scribe.ids


class Migration(migrations.Migration):
    """The outbox: events that other programs are told, and the sequence of their versions."""

    dependencies = [("accounts", "0009_no_key_columns"), ("scribe", "0010_one_writer_by_its_mark")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE scribe_event_version AS bigint", "DROP SEQUENCE scribe_event_version"),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("type", models.CharField(max_length=40)),
                ("object_id", models.UUIDField()),
                ("version", models.PositiveBigIntegerField(editable=False)),
                ("data", models.JSONField(default=dict)),
                (
                    "key",
                    models.CharField(
                        blank=True, help_text="Names a cause that is told once.", max_length=120, null=True
                    ),
                ),
                ("position", models.PositiveBigIntegerField(blank=True, editable=False, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "indexes": [
                    models.Index(fields=["organization", "position"], name="event_by_position"),
                    models.Index(fields=["organization", "type", "position"], name="event_by_type"),
                    models.Index(
                        fields=["organization"], name="event_without_position", condition=models.Q(("position", None))
                    ),
                    models.Index(fields=["created_at"], name="event_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["organization", "key"],
                        name="event_once_per_key",
                        condition=models.Q(("key__isnull", False)),
                    )
                ],
            },
        ),
    ]
