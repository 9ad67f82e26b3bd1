from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0026_test_balance"),
    ]

    operations = [
        migrations.AddField(
            model_name="providerevent",
            name="counts_from",
            field=models.DateTimeField(blank=True, help_text="Its date, if it is dated ahead.", null=True),
        ),
        migrations.AlterField(
            model_name="payment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "First payment"),
                    ("renewal", "Renewal"),
                    ("topup", "Top-up"),
                    ("plan_change", "Plan change"),
                    ("other", "Other"),
                    ("parked", "Parked"),
                ],
                max_length=12,
            ),
        ),
        # The labels of its states alone: the column and its index stay as they are.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="providerevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("applied", "Applied"),
                            ("ignored", "Ignored: nothing to do"),
                            ("waiting", "Parked until the row it speaks of, or its date, is there"),
                            ("for_staff", "Parked for staff: it does not agree with what was ordered"),
                            ("failed", "Failed, will be tried again"),
                        ],
                        db_index=True,
                        default="received",
                        max_length=10,
                    ),
                ),
            ]
        ),
    ]
