"""The app's tables as of release 1.1.0. A database that has some of the migrations in `replaces` goes on with those."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import scribe.crypto
import scribe.ids
from django.db import migrations, models

from scribe.migration import Schema

SCHEMA = """
CREATE SEQUENCE webhooks_event_position AS bigint;
CREATE TABLE webhooks_webhookendpoint (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    url varchar(2048) NOT NULL,
    description varchar(200) NOT NULL,
    types varchar(40)[] NOT NULL,
    secret text NOT NULL,
    previous_secret text NOT NULL,
    previous_until timestamp with time zone NULL,
    disabled_at timestamp with time zone NULL,
    disabled_reason varchar(20) NOT NULL,
    failures integer NOT NULL CHECK (failures >= 0),
    failing_since timestamp with time zone NULL,
    warned_days smallint NOT NULL CHECK (warned_days >= 0),
    paused_until timestamp with time zone NULL,
    pace double precision NOT NULL,
    delivered_at timestamp with time zone NULL,
    fence integer NOT NULL CHECK (fence >= 0),
    lease_until timestamp with time zone NULL,
    organization_id uuid NOT NULL,
    sent_at timestamp with time zone NULL,
    quick_answers smallint DEFAULT 0 NOT NULL CHECK (quick_answers >= 0),
    taken_at timestamp with time zone NULL
);
CREATE TABLE webhooks_eventdelivery (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    state varchar(10) NOT NULL,
    attempts smallint NOT NULL CHECK (attempts >= 0),
    next_at timestamp with time zone NULL,
    delivered_at timestamp with time zone NULL,
    log jsonb NOT NULL,
    event_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    CONSTRAINT delivery_once_per_endpoint UNIQUE (endpoint_id, event_id),
    CONSTRAINT delivery_is_due_or_done CHECK (((next_at IS NOT NULL AND state = 'pending') OR (NOT (state = 'pending') AND next_at IS NULL)))
);
ALTER TABLE webhooks_webhookendpoint
    ADD CONSTRAINT webhooks_webhookendp_organization_id_fff39056_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT endpoint_disabled_for_a_reason CHECK (((disabled_at IS NULL AND disabled_reason = '') OR (disabled_at IS NOT NULL AND NOT (disabled_reason = '')))),
    ADD CONSTRAINT endpoint_has_a_secret CHECK (NOT (secret = ''));
CREATE INDEX webhooks_webhookendpoint_organization_id_fff39056 ON webhooks_webhookendpoint (organization_id);
CREATE INDEX endpoint_waiting ON webhooks_webhookendpoint (sent_at) WHERE sent_at IS NOT NULL;
ALTER TABLE webhooks_eventdelivery
    ADD CONSTRAINT webhooks_eventdelivery_event_id_ccbeaa3d_fk_scribe_event_id FOREIGN KEY (event_id) REFERENCES scribe_event (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT webhooks_eventdelive_organization_id_f6d20a5f_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT webhooks_eventdelive_endpoint_id_9b0afac0_fk_webhooks_ FOREIGN KEY (endpoint_id) REFERENCES webhooks_webhookendpoint (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX webhooks_eventdelivery_event_id_ccbeaa3d ON webhooks_eventdelivery (event_id);
CREATE INDEX delivery_by_organization ON webhooks_eventdelivery (organization_id, id DESC);
CREATE INDEX delivery_by_endpoint ON webhooks_eventdelivery (endpoint_id, id DESC);
CREATE INDEX delivery_due ON webhooks_eventdelivery (endpoint_id, next_at) WHERE state = 'pending';
"""


class Migration(migrations.Migration):
    replaces = [
        ("webhooks", "0001_initial"),
        ("webhooks", "0002_sent_at"),
        ("webhooks", "0003_quick_answers"),
        ("webhooks", "0004_endpoint_waiting"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0009_no_key_columns"),
        ("scribe", "0011_events"),
    ]

    operations = [
        Schema(
            database_operations=[migrations.RunSQL(SCHEMA)],
            state_operations=[
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
                        ('sent_at', models.DateTimeField(blank=True, help_text='Since when it waits for a worker, by a message.', null=True)),
                        ('quick_answers', models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ('taken_at', models.DateTimeField(blank=True, help_text='When a worker last took it.', null=True)),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['sent_at'], name='endpoint_waiting')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('disabled_at', None), ('disabled_reason', '')), models.Q(('disabled_at__isnull', False), models.Q(('disabled_reason', ''), _negated=True)), _connector='OR'), name='endpoint_disabled_for_a_reason'), models.CheckConstraint(condition=models.Q(('secret', ''), _negated=True), name='endpoint_has_a_secret')],
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
                        'indexes': [models.Index(fields=['organization', '-id'], name='delivery_by_organization'), models.Index(fields=['endpoint', '-id'], name='delivery_by_endpoint'), models.Index(condition=models.Q(('state', 'pending')), fields=['endpoint', 'next_at'], name='delivery_due')],
                        'constraints': [models.UniqueConstraint(fields=('endpoint', 'event'), name='delivery_once_per_endpoint'), models.CheckConstraint(condition=models.Q(models.Q(('next_at__isnull', False), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('next_at', None)), _connector='OR'), name='delivery_is_due_or_done')],
                    },
                ),
            ],
        ),
    ]
