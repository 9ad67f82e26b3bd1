"""Whether a plan lets a second model read each text, and how texts are checked where no setting says it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_allowances")]

    operations = [
        migrations.AddField(
            "plan",
            "strict_grounding",
            models.BooleanField(
                "strict grounding allowed",
                default=True,
                help_text="A second model may read each text, at the price of its tokens.",
            ),
        ),
        migrations.AddField(
            "plan",
            "grounding",
            models.CharField(
                max_length=10,
                choices=[("standard", "Standard"), ("strict", "Strict")],
                default="standard",
                help_text="How texts are checked where no setting says it.",
            ),
        ),
        migrations.AddConstraint(
            "plan",
            models.CheckConstraint(
                condition=models.Q(grounding="standard") | models.Q(grounding="strict", strict_grounding=True),
                name="plan_default_grounding_is_allowed",
            ),
        ),
    ]
