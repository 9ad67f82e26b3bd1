"""The app's tables as of release 1.1.0. A database that has some of the migrations in `replaces` goes on with those."""

import django.db.models.deletion
import django.utils.timezone
import integrations.stores.platforms
import scribe.crypto
import scribe.ids
from django.conf import settings
from django.db import migrations, models

from scribe.migration import Schema

SCHEMA = """
CREATE TABLE integrations_blogconnection (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    name varchar(255) NOT NULL,
    site_url varchar(500) NOT NULL,
    username varchar(255) NOT NULL,
    app_password text NOT NULL,
    is_active boolean NOT NULL,
    site_name varchar(255) NOT NULL,
    categories jsonb NOT NULL,
    categories_cached_at timestamp with time zone NULL,
    last_synced_at timestamp with time zone NULL,
    updated_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL
);
CREATE TABLE integrations_prospect (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    name varchar(200) NOT NULL,
    email varchar(254) NOT NULL,
    website varchar(500) NOT NULL,
    notes text NOT NULL,
    open_count integer NOT NULL CHECK (open_count >= 0),
    click_count integer NOT NULL CHECK (click_count >= 0),
    first_opened_at timestamp with time zone NULL,
    last_opened_at timestamp with time zone NULL,
    last_clicked_at timestamp with time zone NULL,
    last_clicked_url varchar(2048) NOT NULL
);
CREATE TABLE integrations_shopifyinstall (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    shop varchar(255) NOT NULL,
    install_hash varchar(64) NOT NULL UNIQUE,
    code_hash varchar(64) NOT NULL,
    access_token text NOT NULL,
    refresh_token text NOT NULL,
    token_expires_at timestamp with time zone NULL,
    scopes text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone NULL,
    organization_id uuid NULL,
    purpose varchar(5) NOT NULL,
    user_id uuid NULL,
    CONSTRAINT shopify_install_of_a_person_keeps_no_token CHECK ((user_id IS NULL OR (organization_id IS NOT NULL AND access_token = '')))
);
CREATE TABLE integrations_shopifystate (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    state_hash varchar(64) NOT NULL UNIQUE,
    shop varchar(255) NOT NULL,
    purpose varchar(5) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone NULL,
    organization_id uuid NULL,
    user_id uuid NULL
);
CREATE TABLE integrations_storeconnection (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    name varchar(255) NOT NULL,
    platform varchar(20) NOT NULL,
    base_url varchar(500) NOT NULL,
    media_base_url varchar(500) NOT NULL,
    status varchar(10) NOT NULL,
    access_token text NOT NULL,
    access_token_secret text NOT NULL,
    consumer_key text NOT NULL,
    consumer_secret text NOT NULL,
    last_connected_at timestamp with time zone NULL,
    updated_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    guarded boolean NULL,
    languages jsonb DEFAULT '{}'::jsonb NOT NULL
);
CREATE TABLE integrations_shopifygrant (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    shop varchar(255) NOT NULL,
    purpose varchar(5) NOT NULL,
    scopes text NOT NULL,
    refresh_token text NOT NULL,
    expires_at timestamp with time zone NULL,
    installed_at timestamp with time zone NOT NULL,
    uninstalled_at timestamp with time zone NULL,
    connection_id uuid NOT NULL UNIQUE,
    organization_id uuid NOT NULL,
    CONSTRAINT shopify_grant_once_per_shop UNIQUE (organization_id, shop, purpose)
);
CREATE TABLE integrations_webhookdelivery (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    source varchar(20) NOT NULL,
    external_id varchar(255) NOT NULL,
    topic varchar(100) NOT NULL,
    subject varchar(255) NOT NULL,
    triggered_at timestamp with time zone NULL,
    handled_at timestamp with time zone NULL,
    outcome varchar(255) NOT NULL,
    CONSTRAINT webhook_delivery_once UNIQUE (source, external_id)
);
ALTER TABLE integrations_blogconnection
    ADD CONSTRAINT integrations_blogcon_organization_id_91fd651a_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX integrations_blogconnection_organization_id_91fd651a ON integrations_blogconnection (organization_id);
CREATE INDEX blog_connection_by_org ON integrations_blogconnection (organization_id, created_at DESC);
ALTER TABLE integrations_shopifyinstall
    ADD CONSTRAINT integrations_shopify_organization_id_d9ea6536_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT integrations_shopify_user_id_7cd5695d_fk_accounts_ FOREIGN KEY (user_id) REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX integrations_shopifyinstall_install_hash_d1ba7855_like ON integrations_shopifyinstall (install_hash varchar_pattern_ops);
CREATE INDEX integrations_shopifyinstall_organization_id_d9ea6536 ON integrations_shopifyinstall (organization_id);
CREATE INDEX integrations_shopifyinstall_user_id_7cd5695d ON integrations_shopifyinstall (user_id);
CREATE INDEX shopify_install_open ON integrations_shopifyinstall (shop) WHERE claimed_at IS NULL;
ALTER TABLE integrations_shopifystate
    ADD CONSTRAINT integrations_shopify_organization_id_92461a48_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT integrations_shopifystate_user_id_be51b0ed_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX integrations_shopifystate_state_hash_d837cad9_like ON integrations_shopifystate (state_hash varchar_pattern_ops);
CREATE INDEX integrations_shopifystate_expires_at_9dcd885c ON integrations_shopifystate (expires_at);
CREATE INDEX integrations_shopifystate_organization_id_92461a48 ON integrations_shopifystate (organization_id);
CREATE INDEX integrations_shopifystate_user_id_be51b0ed ON integrations_shopifystate (user_id);
ALTER TABLE integrations_storeconnection
    ADD CONSTRAINT integrations_storeco_organization_id_1927a87f_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX integrations_storeconnection_organization_id_1927a87f ON integrations_storeconnection (organization_id);
CREATE INDEX connection_by_organization ON integrations_storeconnection (organization_id, created_at DESC);
ALTER TABLE integrations_shopifygrant
    ADD CONSTRAINT integrations_shopify_connection_id_7609d211_fk_integrati FOREIGN KEY (connection_id) REFERENCES integrations_storeconnection (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT integrations_shopify_organization_id_0ab22d8b_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX integrations_shopifygrant_organization_id_0ab22d8b ON integrations_shopifygrant (organization_id);
CREATE INDEX shopify_grant_by_shop ON integrations_shopifygrant (shop);
"""


class Migration(migrations.Migration):
    replaces = [
        ("integrations", "0001_initial"),
        ("integrations", "0002_shopify_app"),
        ("integrations", "0003_blog_connection"),
        ("integrations", "0004_prospects"),
        ("integrations", "0005_shopify_install_of_a_person"),
        ("integrations", "0006_platforms_are_rows"),
        ("integrations", "0007_store_connection_guarded"),
        ("integrations", "0008_store_connection_languages"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Schema(
            database_operations=[migrations.RunSQL(SCHEMA)],
            state_operations=[
                migrations.CreateModel(
                    name='BlogConnection',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('name', models.CharField(max_length=255)),
                        ('site_url', models.CharField(max_length=500)),
                        ('username', models.CharField(blank=True, default='', max_length=255)),
                        ('app_password', scribe.crypto.EncryptedTextField(blank=True, default='')),
                        ('is_active', models.BooleanField(default=True)),
                        ('site_name', models.CharField(blank=True, default='', max_length=255)),
                        ('categories', models.JSONField(blank=True, default=list)),
                        ('categories_cached_at', models.DateTimeField(blank=True, null=True)),
                        ('last_synced_at', models.DateTimeField(blank=True, null=True)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['organization', '-created_at'], name='blog_connection_by_org')],
                    },
                ),
                migrations.CreateModel(
                    name='Prospect',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('name', models.CharField(max_length=200)),
                        ('email', models.EmailField(max_length=254)),
                        ('website', models.URLField(blank=True, default='', max_length=500)),
                        ('notes', models.TextField(blank=True, default='')),
                        ('open_count', models.PositiveIntegerField(default=0)),
                        ('click_count', models.PositiveIntegerField(default=0)),
                        ('first_opened_at', models.DateTimeField(blank=True, null=True)),
                        ('last_opened_at', models.DateTimeField(blank=True, null=True)),
                        ('last_clicked_at', models.DateTimeField(blank=True, null=True)),
                        ('last_clicked_url', models.CharField(blank=True, default='', max_length=2048)),
                    ],
                    options={
                        'ordering': ['-created_at'],
                    },
                ),
                migrations.CreateModel(
                    name='ShopifyInstall',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('shop', models.CharField(max_length=255)),
                        ('install_hash', models.CharField(max_length=64, unique=True)),
                        ('code_hash', models.CharField(blank=True, default='', max_length=64)),
                        ('access_token', scribe.crypto.EncryptedTextField(blank=True, default='')),
                        ('refresh_token', scribe.crypto.EncryptedTextField(blank=True, default='')),
                        ('token_expires_at', models.DateTimeField(blank=True, null=True)),
                        ('scopes', models.TextField(blank=True, default='')),
                        ('expires_at', models.DateTimeField()),
                        ('claimed_at', models.DateTimeField(blank=True, null=True)),
                        ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('purpose', models.CharField(choices=[('store', 'Products'), ('blog', 'Blog posts')], default='store', max_length=5)),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('claimed_at', None)), fields=['shop'], name='shopify_install_open')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('user', None), models.Q(('organization__isnull', False), ('access_token', '')), _connector='OR'), name='shopify_install_of_a_person_keeps_no_token')],
                    },
                ),
                migrations.CreateModel(
                    name='ShopifyState',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('state_hash', models.CharField(max_length=64, unique=True)),
                        ('shop', models.CharField(max_length=255)),
                        ('purpose', models.CharField(choices=[('store', 'Products'), ('blog', 'Blog posts')], default='store', max_length=5)),
                        ('expires_at', models.DateTimeField(db_index=True)),
                        ('used_at', models.DateTimeField(blank=True, null=True)),
                        ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='StoreConnection',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('name', models.CharField(max_length=255)),
                        ('platform', models.CharField(choices=integrations.stores.platforms.choices, max_length=20)),
                        ('base_url', models.CharField(max_length=500)),
                        ('media_base_url', models.CharField(blank=True, default='', max_length=500)),
                        ('status', models.CharField(choices=[('pending', 'Pending'), ('active', 'Active'), ('error', 'Error'), ('inactive', 'Inactive')], default='pending', max_length=10)),
                        ('access_token', scribe.crypto.EncryptedTextField(blank=True, default='')),
                        ('access_token_secret', scribe.crypto.EncryptedTextField(blank=True, default='')),
                        ('consumer_key', scribe.crypto.EncryptedTextField(blank=True, default='')),
                        ('consumer_secret', scribe.crypto.EncryptedTextField(blank=True, default='')),
                        ('last_connected_at', models.DateTimeField(blank=True, null=True)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('guarded', models.BooleanField(default=None, null=True)),
                        ('languages', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict)),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['organization', '-created_at'], name='connection_by_organization')],
                    },
                ),
                migrations.CreateModel(
                    name='ShopifyGrant',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('shop', models.CharField(max_length=255)),
                        ('purpose', models.CharField(choices=[('store', 'Products'), ('blog', 'Blog posts')], default='store', max_length=5)),
                        ('scopes', models.TextField(blank=True, default='')),
                        ('refresh_token', scribe.crypto.EncryptedTextField(blank=True, default='')),
                        ('expires_at', models.DateTimeField(blank=True, null=True)),
                        ('installed_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('uninstalled_at', models.DateTimeField(blank=True, null=True)),
                        ('connection', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='grant', to='integrations.storeconnection')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['shop'], name='shopify_grant_by_shop')],
                        'constraints': [models.UniqueConstraint(fields=('organization', 'shop', 'purpose'), name='shopify_grant_once_per_shop')],
                    },
                ),
                migrations.CreateModel(
                    name='WebhookDelivery',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('source', models.CharField(max_length=20)),
                        ('external_id', models.CharField(max_length=255)),
                        ('topic', models.CharField(max_length=100)),
                        ('subject', models.CharField(blank=True, default='', max_length=255)),
                        ('triggered_at', models.DateTimeField(blank=True, null=True)),
                        ('handled_at', models.DateTimeField(blank=True, null=True)),
                        ('outcome', models.CharField(blank=True, default='', max_length=255)),
                    ],
                    options={
                        'verbose_name_plural': 'webhook deliveries',
                        'ordering': ['-created_at'],
                        'constraints': [models.UniqueConstraint(fields=('source', 'external_id'), name='webhook_delivery_once')],
                    },
                ),
            ],
        ),
    ]
