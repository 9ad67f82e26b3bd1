from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import CASCADE, SET_NULL
from django.utils.timezone import now

from scribe.ids import uuid7


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_language_of_pages"),
        ("writing", "0007_first_law_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=now, editable=False)),
                ("name", models.CharField(max_length=200)),
                ("number", models.CharField(max_length=100)),
                ("rule", models.SlugField(max_length=60)),
                ("claims", models.JSONField()),
                ("valid_until", models.DateField()),
                ("file_key", models.CharField(blank=True, default="", max_length=300)),
                ("rechecked_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=CASCADE, related_name="+", to="accounts.organization"),
                ),
            ],
            options={
                "ordering": ["valid_until", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("rechecked_at", None)), fields=["valid_until"], name="evidence_to_recheck"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "rule", "number"), name="evidence_once_per_rule_and_number"
                    )
                ],
            },
        ),
    ]
