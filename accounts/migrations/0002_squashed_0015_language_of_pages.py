"""The app's tables as of release 1.1.0. A database that has some of the migrations in `replaces` goes on with those."""

import django.db.models.deletion
import django.utils.timezone
import scribe.crypto
import scribe.ids
from django.conf import settings
from django.db import migrations, models

from scribe.migration import Schema

SCHEMA = """
CREATE TABLE accounts_apikeyrequest (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    method varchar(8) NOT NULL,
    route varchar(200) NOT NULL,
    status smallint NOT NULL CHECK (status >= 0),
    milliseconds integer NOT NULL CHECK (milliseconds >= 0),
    request_id varchar(128) NOT NULL,
    api_key_id uuid NOT NULL,
    organization_id uuid NOT NULL
);
CREATE TABLE accounts_ownkey (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    provider varchar(20) NOT NULL,
    key text NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT own_key_once_per_provider UNIQUE (organization_id, provider),
    CONSTRAINT own_key_is_not_empty CHECK (NOT (key = ''))
);
CREATE TABLE accounts_totpdevice (
    totpdevice_ptr_id integer NOT NULL PRIMARY KEY,
    seed text NOT NULL
);
ALTER TABLE accounts_apikey
    ADD COLUMN allowed_networks jsonb NOT NULL,
    ADD COLUMN expires_at timestamp with time zone NULL,
    ADD COLUMN last_used_address inet NULL,
    ADD COLUMN line uuid NOT NULL,
    ADD COLUMN mode varchar(4) DEFAULT 'live' NOT NULL,
    ADD COLUMN replaced_by_id uuid NULL UNIQUE CONSTRAINT accounts_apikey_replaced_by_id_a73113e4_fk_accounts_apikey_id REFERENCES accounts_apikey (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN scopes jsonb NOT NULL,
    ADD COLUMN survives_creator boolean DEFAULT false NOT NULL,
    ADD COLUMN warned_days smallint NULL CHECK (warned_days >= 0),
    ADD COLUMN xct_per_month numeric(16, 4) NULL,
    ADD COLUMN replaced_at timestamp with time zone NULL;
ALTER TABLE accounts_session
    ADD COLUMN impersonator_id uuid NULL CONSTRAINT accounts_session_impersonator_id_7861b857_fk_accounts_user_id REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN reason varchar(500) NOT NULL;
ALTER TABLE accounts_user
    ADD COLUMN sessions_stamp integer NOT NULL CHECK (sessions_stamp >= 0),
    ADD COLUMN language varchar(10) DEFAULT '' NOT NULL;
CREATE INDEX api_key_by_expiry ON accounts_apikey (expires_at) WHERE is_active;
ALTER TABLE accounts_apikey
    ADD CONSTRAINT api_key_cap_is_no_debt CHECK ((xct_per_month IS NULL OR xct_per_month >= 0)),
    ADD CONSTRAINT api_key_replaced_at_a_time CHECK ((replaced_by_id IS NULL OR replaced_at IS NOT NULL));
ALTER TABLE accounts_session
    ADD CONSTRAINT session_support_has_its_reason CHECK (((impersonator_id IS NULL AND NOT (via = 'support')) OR (impersonator_id IS NOT NULL AND via = 'support' AND NOT (reason = ''))));
ALTER TABLE accounts_apikeyrequest
    ADD CONSTRAINT accounts_apikeyreque_api_key_id_79037dea_fk_accounts_ FOREIGN KEY (api_key_id) REFERENCES accounts_apikey (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT accounts_apikeyreque_organization_id_c12d88fb_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX accounts_apikeyrequest_api_key_id_79037dea ON accounts_apikeyrequest (api_key_id);
CREATE INDEX accounts_apikeyrequest_organization_id_c12d88fb ON accounts_apikeyrequest (organization_id);
CREATE INDEX api_key_request_by_key ON accounts_apikeyrequest (api_key_id, created_at DESC);
CREATE INDEX api_key_request_by_age ON accounts_apikeyrequest (created_at);
ALTER TABLE accounts_ownkey
    ADD CONSTRAINT accounts_ownkey_organization_id_0c6bcdbd_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX accounts_ownkey_organization_id_0c6bcdbd ON accounts_ownkey (organization_id);
ALTER TABLE accounts_totpdevice
    ADD CONSTRAINT accounts_totpdevice_totpdevice_ptr_id_b04fa780_fk_otp_totp_ FOREIGN KEY (totpdevice_ptr_id) REFERENCES otp_totp_totpdevice (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX accounts_session_impersonator_id_7861b857 ON accounts_session (impersonator_id);
ALTER TABLE otp_totp_totpdevice ADD CONSTRAINT totp_seed_is_sealed CHECK (key = 'sealed');

ALTER TABLE accounts_organization
    ALTER COLUMN anthropic_api_key SET DEFAULT '',
    ALTER COLUMN deepseek_api_key SET DEFAULT '',
    ALTER COLUMN google_api_key SET DEFAULT '';

CREATE FUNCTION own_key_into_column() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose uuid; which text; sealed text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        whose := OLD.organization_id; which := OLD.provider; sealed := '';
    ELSE
        whose := NEW.organization_id; which := NEW.provider; sealed := NEW.key;
    END IF;
    IF which IN ('anthropic', 'deepseek', 'google') THEN
        EXECUTE format('UPDATE accounts_organization SET %I = $1 WHERE id = $2', which || '_api_key') USING sealed, whose;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER own_key_into_column AFTER INSERT OR UPDATE OR DELETE ON accounts_ownkey
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION own_key_into_column();

CREATE FUNCTION own_key_into_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which text; sealed text; before text;
BEGIN
    FOREACH which IN ARRAY ARRAY['anthropic', 'deepseek', 'google'] LOOP
        sealed := to_jsonb(NEW) ->> (which || '_api_key');
        before := to_jsonb(OLD) ->> (which || '_api_key');
        IF sealed = before THEN
            CONTINUE;
        ELSIF sealed = '' THEN
            DELETE FROM accounts_ownkey WHERE organization_id = NEW.id AND provider = which;
        ELSE
            INSERT INTO accounts_ownkey (id, created_at, organization_id, provider, key)
            VALUES (gen_random_uuid(), now(), NEW.id, which, sealed)
            ON CONFLICT (organization_id, provider) DO UPDATE SET key = excluded.key;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER own_key_into_row AFTER UPDATE OF anthropic_api_key, deepseek_api_key, google_api_key ON accounts_organization
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION own_key_into_row();
"""


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0002_support_sessions"),
        ("accounts", "0003_sessions_stamp"),
        ("accounts", "0004_authenticator_apps"),
        ("accounts", "0005_seal_seeds"),
        ("accounts", "0006_seeds_stay_sealed"),
        ("accounts", "0007_own_keys"),
        ("accounts", "0008_own_keys_into_rows"),
        ("accounts", "0009_no_key_columns"),
        ("accounts", "0010_scoped_keys"),
        ("accounts", "0011_first_keys_keep_what_they_had"),
        ("accounts", "0012_webhook_notices"),
        ("accounts", "0013_key_caps_and_requests"),
        ("accounts", "0014_rotated_out_for_good"),
        ("accounts", "0015_language_of_pages"),
    ]

    dependencies = [
        ("accounts", "0001_initial"),
        ("otp_totp", "0003_add_timestamps"),
        # These are quickest before there are many models.
        ("otp_email", "0006_add_timestamps"),
        ("otp_static", "0003_add_timestamps"),
    ]

    operations = [
        Schema(
            database_operations=[migrations.RunSQL(SCHEMA)],
            state_operations=[
                migrations.CreateModel(
                    name='ApiKeyRequest',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('method', models.CharField(max_length=8)),
                        ('route', models.CharField(help_text='The pattern of the path, without ids.', max_length=200)),
                        ('status', models.PositiveSmallIntegerField()),
                        ('milliseconds', models.PositiveIntegerField()),
                        ('request_id', models.CharField(max_length=128)),
                        ('api_key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='accounts.apikey')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                    ],
                    options={
                        'verbose_name': 'request of an API key',
                        'verbose_name_plural': 'requests of API keys',
                        'ordering': ['-created_at', '-id'],
                        'indexes': [models.Index(fields=['api_key', '-created_at'], name='api_key_request_by_key'), models.Index(fields=['created_at'], name='api_key_request_by_age')],
                    },
                ),
                migrations.CreateModel(
                    name='OwnKey',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('provider', models.CharField(max_length=20)),
                        ('key', scribe.crypto.EncryptedTextField()),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_keys', to='accounts.organization')),
                    ],
                    options={
                        'ordering': ['provider'],
                        'constraints': [models.UniqueConstraint(fields=('organization', 'provider'), name='own_key_once_per_provider'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='own_key_is_not_empty')],
                    },
                ),
                migrations.CreateModel(
                    name='TotpDevice',
                    fields=[
                        ('totpdevice_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='otp_totp.totpdevice')),
                        ('seed', scribe.crypto.EncryptedTextField()),
                    ],
                    options={
                        'verbose_name': 'authenticator app',
                    },
                    bases=('otp_totp.totpdevice',),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='allowed_networks',
                    field=models.JSONField(blank=True, default=list, help_text='CIDR; empty allows every address.'),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='expires_at',
                    field=models.DateTimeField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='last_used_address',
                    field=models.GenericIPAddressField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='line',
                    field=models.UUIDField(default=scribe.ids.uuid7, editable=False, help_text='The same for a key and those that replace it.'),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='mode',
                    field=models.CharField(choices=[('live', 'Live'), ('test', 'Test')], db_default='live', default='live', max_length=4),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='replaced_by',
                    field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='accounts.apikey'),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='scopes',
                    field=models.JSONField(default=list),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='survives_creator',
                    field=models.BooleanField(db_default=False, default=False, help_text='Made before keys had scopes: it opens the plugin operations whoever made it has left.'),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='warned_days',
                    field=models.PositiveSmallIntegerField(blank=True, editable=False, help_text='The last warning of its end, in days before it.', null=True),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='xct_per_month',
                    field=models.DecimalField(blank=True, decimal_places=4, help_text='The most that the key and those it replaced may spend in a calendar month (UTC).', max_digits=16, null=True, verbose_name='XCT a month'),
                ),
                migrations.AddField(
                    model_name='apikey',
                    name='replaced_at',
                    field=models.DateTimeField(blank=True, help_text='When it was rotated out, which stays when the key in its place is deleted.', null=True),
                ),
                migrations.AddField(
                    model_name='session',
                    name='impersonator',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='impersonations', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='session',
                    name='reason',
                    field=models.CharField(blank=True, default='', max_length=500),
                ),
                migrations.AddField(
                    model_name='user',
                    name='sessions_stamp',
                    field=models.PositiveIntegerField(default=0, help_text='Goes up when every session ends; a cookie of the admin counts with the present value only.'),
                ),
                migrations.AddField(
                    model_name='user',
                    name='language',
                    field=models.CharField(blank=True, db_default='', default='', help_text='Of the pages; empty: as the browser asks.', max_length=10),
                ),
                migrations.RemoveField(
                    model_name='organization',
                    name='anthropic_api_key',
                ),
                migrations.RemoveField(
                    model_name='organization',
                    name='deepseek_api_key',
                ),
                migrations.RemoveField(
                    model_name='organization',
                    name='google_api_key',
                ),
                migrations.AlterField(
                    model_name='notification',
                    name='notification_type',
                    field=models.CharField(choices=[('job_completed', 'Job Completed'), ('job_failed', 'Job Failed'), ('low_balance', 'Low Balance'), ('invoice_issued', 'Invoice Issued'), ('invoice_confirmed', 'Invoice Confirmed'), ('payment_failed', 'Payment Failed'), ('post_published', 'Post Published'), ('post_failed', 'Post Failed'), ('studio_comment', 'Studio Comment'), ('export_ready', 'Export Ready'), ('webhook_failing', 'Webhook Failing'), ('security', 'Security')], max_length=30),
                ),
                migrations.AlterField(
                    model_name='session',
                    name='via',
                    field=models.CharField(choices=[('password', 'Password'), ('registration', 'Registration'), ('invitation', 'Invitation'), ('google', 'Google'), ('apple', 'Apple'), ('support', 'Support')], max_length=20),
                ),
                migrations.AddIndex(
                    model_name='apikey',
                    index=models.Index(condition=models.Q(('is_active', True)), fields=['expires_at'], name='api_key_by_expiry'),
                ),
                migrations.AddConstraint(
                    model_name='apikey',
                    constraint=models.CheckConstraint(condition=models.Q(('xct_per_month', None), ('xct_per_month__gte', 0), _connector='OR'), name='api_key_cap_is_no_debt'),
                ),
                migrations.AddConstraint(
                    model_name='apikey',
                    constraint=models.CheckConstraint(condition=models.Q(('replaced_by', None), ('replaced_at__isnull', False), _connector='OR'), name='api_key_replaced_at_a_time'),
                ),
                migrations.AddConstraint(
                    model_name='session',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('impersonator', None), models.Q(('via', 'support'), _negated=True)), models.Q(('impersonator__isnull', False), ('via', 'support'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='session_support_has_its_reason'),
                ),
            ],
        ),
    ]
