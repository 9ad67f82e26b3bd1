import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import scribe.crypto
import scribe.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    """Endpoints of customers, what is delivered to them, and the sequence of the log of events."""

    initial = True

    dependencies = [
        ('accounts', '0009_no_key_columns'),
        ('scribe', '0011_events'),
    ]

    operations = [
        migrations.RunSQL('CREATE SEQUENCE webhooks_event_position AS bigint', 'DROP SEQUENCE webhooks_event_position'),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('url', models.CharField(max_length=2048)),
                ('description', models.CharField(blank=True, default='', max_length=200)),
                ('types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, help_text='Empty: all types.', size=None)),
                ('secret', scribe.crypto.EncryptedTextField()),
                ('previous_secret', scribe.crypto.EncryptedTextField(blank=True, default='')),
                ('previous_until', models.DateTimeField(blank=True, null=True)),
                ('disabled_at', models.DateTimeField(blank=True, null=True)),
                ('disabled_reason', models.CharField(blank=True, choices=[('gone', 'Gone: it answered 410'), ('failing', 'Failing for days'), ('switched_off', 'Switched off')], default='', max_length=20)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('warned_days', models.PositiveSmallIntegerField(default=0, help_text='The last warning: after so many days.')),
                ('paused_until', models.DateTimeField(blank=True, null=True)),
                ('pace', models.FloatField(default=0)),
                ('delivered_at', models.DateTimeField(blank=True, help_text='The last success.', null=True)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='EventDelivery',
            fields=[
                ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('delivered', 'Delivered'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('log', models.JSONField(blank=True, default=list, help_text='The last attempts: time, status, seconds, error, answer.')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='scribe.event')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                ('endpoint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.webhookendpoint')),
            ],
            options={
                'verbose_name_plural': 'event deliveries',
                'ordering': ['-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disabled_at', None), ('disabled_reason', '')), models.Q(('disabled_at__isnull', False), models.Q(('disabled_reason', ''), _negated=True)), _connector='OR'), name='endpoint_disabled_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(('secret', ''), _negated=True), name='endpoint_has_a_secret'),
        ),
        migrations.AddIndex(
            model_name='eventdelivery',
            index=models.Index(fields=['organization', '-id'], name='delivery_by_organization'),
        ),
        migrations.AddIndex(
            model_name='eventdelivery',
            index=models.Index(fields=['endpoint', '-id'], name='delivery_by_endpoint'),
        ),
        migrations.AddIndex(
            model_name='eventdelivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['endpoint', 'next_at'], name='delivery_due'),
        ),
        migrations.AddConstraint(
            model_name='eventdelivery',
            constraint=models.UniqueConstraint(fields=('endpoint', 'event'), name='delivery_once_per_endpoint'),
        ),
        migrations.AddConstraint(
            model_name='eventdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_at__isnull', False), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('next_at', None)), _connector='OR'), name='delivery_is_due_or_done'),
        ),
    ]
