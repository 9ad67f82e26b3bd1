"""Prompt texts belong to the app that writes. Their table was renamed by projects.0010; only the state is new here."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import scribe.ids


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("projects", "0010_prompts_move_to_writing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="PromptTemplate",
                    fields=[
                        (
                            "id",
                            models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("kind", models.SlugField(max_length=60)),
                        ("version", models.PositiveIntegerField()),
                        ("text", models.TextField()),
                        ("active", models.BooleanField(default=False)),
                        ("note", models.CharField(blank=True, default="", max_length=300)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["kind", "-version"],
                        "constraints": [
                            models.UniqueConstraint(fields=("kind", "version"), name="prompt_version_once_per_kind"),
                            models.UniqueConstraint(
                                condition=models.Q(("active", True)),
                                fields=("kind",),
                                name="prompt_one_active_per_kind",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
