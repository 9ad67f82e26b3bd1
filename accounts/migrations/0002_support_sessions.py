import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="session",
            name="impersonator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="impersonations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AlterField(
            model_name="session",
            name="via",
            field=models.CharField(
                choices=[
                    ("password", "Password"),
                    ("registration", "Registration"),
                    ("invitation", "Invitation"),
                    ("google", "Google"),
                    ("apple", "Apple"),
                    ("support", "Support"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("impersonator", None), models.Q(("via", "support"), _negated=True)),
                    models.Q(("impersonator__isnull", False), ("via", "support"), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="session_support_has_its_reason",
            ),
        ),
    ]
