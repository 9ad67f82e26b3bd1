from django.db import migrations, models


class Migration(migrations.Migration):
    """Notices about endpoints that get no events."""

    dependencies = [
        ('accounts', '0011_first_keys_keep_what_they_had'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notification',
            name='notification_type',
            field=models.CharField(choices=[('job_completed', 'Job Completed'), ('job_failed', 'Job Failed'), ('low_balance', 'Low Balance'), ('invoice_issued', 'Invoice Issued'), ('invoice_confirmed', 'Invoice Confirmed'), ('payment_failed', 'Payment Failed'), ('post_published', 'Post Published'), ('post_failed', 'Post Failed'), ('studio_comment', 'Studio Comment'), ('export_ready', 'Export Ready'), ('webhook_failing', 'Webhook Failing'), ('security', 'Security')], max_length=30),
        ),
    ]
