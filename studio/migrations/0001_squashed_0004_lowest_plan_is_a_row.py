"""The app's tables as of release 1.1.0. A database that has some of the migrations in `replaces` goes on with those."""

from importlib import import_module
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import scribe.ids
from django.conf import settings
from django.db import migrations, models

from scribe.migration import Schema

SCHEMA = """
CREATE TABLE studio_chatconversation (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    bot varchar(10) NOT NULL,
    account_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    contact_id bigint NULL,
    rounds smallint NOT NULL CHECK (rounds >= 0),
    handed_over_at timestamp with time zone NULL,
    handover_reason varchar(40) NOT NULL,
    lease_until timestamp with time zone NULL,
    updated_at timestamp with time zone NOT NULL,
    organization_id uuid NULL,
    CONSTRAINT chat_conversation_once UNIQUE (bot, account_id, conversation_id)
);
CREATE TABLE studio_chatmessage (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    direction varchar(3) NOT NULL,
    state varchar(10) NOT NULL,
    event varchar(40) NOT NULL,
    message_id bigint NULL,
    delivery_id varchar(80) NULL,
    content text NOT NULL,
    contact_identifier varchar(100) NOT NULL,
    model varchar(120) NOT NULL,
    input_tokens integer NOT NULL CHECK (input_tokens >= 0),
    output_tokens integer NOT NULL CHECK (output_tokens >= 0),
    conversation_id uuid NOT NULL,
    CONSTRAINT chat_message_once UNIQUE (conversation_id, message_id, event),
    CONSTRAINT chat_delivery_once UNIQUE (delivery_id)
);
CREATE TABLE studio_knowledgetext (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    bot varchar(10) NOT NULL,
    title varchar(200) NOT NULL,
    text text NOT NULL,
    is_active boolean NOT NULL,
    "position" smallint NOT NULL CHECK ("position" >= 0),
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE studio_profiletemplate (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    slug varchar(60) NOT NULL UNIQUE,
    name varchar(120) NOT NULL,
    description text NOT NULL,
    icon varchar(60) NOT NULL,
    instructions text NOT NULL,
    defaults jsonb NOT NULL,
    is_active boolean NOT NULL,
    "position" smallint NOT NULL CHECK ("position" >= 0)
);
CREATE TABLE studio_storeaudit (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    checks jsonb NOT NULL,
    status varchar(24) NOT NULL,
    product_count integer NOT NULL CHECK (product_count >= 0),
    health_score double precision NULL,
    summary jsonb NOT NULL,
    xct_used numeric(16, 4) NOT NULL,
    error text NOT NULL,
    completed_at timestamp with time zone NULL,
    created_by_id uuid NULL,
    job_id uuid NULL,
    organization_id uuid NOT NULL,
    project_id uuid NOT NULL
);
CREATE TABLE studio_auditedproduct (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL CHECK ("position" >= 0),
    product_title varchar(500) NOT NULL,
    product_url varchar(2048) NOT NULL,
    description_word_count integer NOT NULL CHECK (description_word_count >= 0),
    description_preview varchar(200) NOT NULL,
    issues jsonb NOT NULL,
    scores jsonb NOT NULL,
    shingles bytea NOT NULL,
    content_item_id uuid NULL,
    organization_id uuid NOT NULL,
    audit_id uuid NOT NULL,
    CONSTRAINT audited_product_once UNIQUE (audit_id, content_item_id)
);
CREATE TABLE studio_studiorequest (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    description text NOT NULL,
    budget_range varchar(120) NOT NULL,
    exclusivity boolean NOT NULL,
    status varchar(12) NOT NULL,
    priority smallint NOT NULL CHECK (priority >= 0),
    updated_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid NULL,
    CONSTRAINT studio_request_priority_0_to_3 CHECK (priority <= 3)
);
CREATE TABLE studio_studiocomment (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    content text NOT NULL,
    is_internal boolean NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid NULL,
    request_id uuid NOT NULL
);
CREATE TABLE studio_tool (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    slug varchar(60) NOT NULL UNIQUE,
    name varchar(120) NOT NULL,
    description text NOT NULL,
    icon varchar(60) NOT NULL,
    min_tier varchar(20) NOT NULL,
    is_visible boolean NOT NULL,
    "position" smallint NOT NULL CHECK ("position" >= 0)
);
ALTER TABLE studio_chatconversation
    ADD CONSTRAINT studio_chatconversat_organization_id_faf0a345_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX studio_chatconversation_organization_id_faf0a345 ON studio_chatconversation (organization_id);
ALTER TABLE studio_chatmessage
    ADD CONSTRAINT studio_chatmessage_conversation_id_b5cb87b2_fk_studio_ch FOREIGN KEY (conversation_id) REFERENCES studio_chatconversation (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX studio_chatmessage_conversation_id_b5cb87b2 ON studio_chatmessage (conversation_id);
CREATE INDEX chat_message_by_conversation ON studio_chatmessage (conversation_id, created_at);
CREATE INDEX studio_profiletemplate_slug_f1fb8ec3_like ON studio_profiletemplate (slug varchar_pattern_ops);
ALTER TABLE studio_storeaudit
    ADD CONSTRAINT studio_storeaudit_created_by_id_015c8399_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT studio_storeaudit_job_id_555c94e1_fk_scribe_job_id FOREIGN KEY (job_id) REFERENCES scribe_job (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT studio_storeaudit_organization_id_1702d58e_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT studio_storeaudit_project_id_85b219c0_fk_projects_project_id FOREIGN KEY (project_id) REFERENCES projects_project (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX studio_storeaudit_created_by_id_015c8399 ON studio_storeaudit (created_by_id);
CREATE INDEX studio_storeaudit_job_id_555c94e1 ON studio_storeaudit (job_id);
CREATE INDEX studio_storeaudit_organization_id_1702d58e ON studio_storeaudit (organization_id);
CREATE INDEX studio_storeaudit_project_id_85b219c0 ON studio_storeaudit (project_id);
CREATE INDEX audit_by_organization ON studio_storeaudit (organization_id, created_at DESC);
ALTER TABLE studio_auditedproduct
    ADD CONSTRAINT studio_auditedproduc_content_item_id_51443021_fk_projects_ FOREIGN KEY (content_item_id) REFERENCES projects_contentitem (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT studio_auditedproduc_organization_id_a7b2d428_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT studio_auditedproduct_audit_id_d170d8c9_fk_studio_storeaudit_id FOREIGN KEY (audit_id) REFERENCES studio_storeaudit (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX studio_auditedproduct_content_item_id_51443021 ON studio_auditedproduct (content_item_id);
CREATE INDEX studio_auditedproduct_organization_id_a7b2d428 ON studio_auditedproduct (organization_id);
CREATE INDEX studio_auditedproduct_audit_id_d170d8c9 ON studio_auditedproduct (audit_id);
CREATE INDEX audited_product_by_item ON studio_auditedproduct (content_item_id);
ALTER TABLE studio_studiorequest
    ADD CONSTRAINT studio_studiorequest_organization_id_dfad67f3_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT studio_studiorequest_user_id_cdbe607b_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX studio_studiorequest_organization_id_dfad67f3 ON studio_studiorequest (organization_id);
CREATE INDEX studio_studiorequest_user_id_cdbe607b ON studio_studiorequest (user_id);
CREATE INDEX studio_request_by_org ON studio_studiorequest (organization_id, created_at DESC);
ALTER TABLE studio_studiocomment
    ADD CONSTRAINT studio_studiocomment_organization_id_4f31be36_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT studio_studiocomment_user_id_824a326b_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT studio_studiocomment_request_id_3d510f2a_fk_studio_st FOREIGN KEY (request_id) REFERENCES studio_studiorequest (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX studio_studiocomment_organization_id_4f31be36 ON studio_studiocomment (organization_id);
CREATE INDEX studio_studiocomment_user_id_824a326b ON studio_studiocomment (user_id);
CREATE INDEX studio_studiocomment_request_id_3d510f2a ON studio_studiocomment (request_id);
CREATE INDEX studio_comment_by_request ON studio_studiocomment (request_id, created_at);
ALTER TABLE studio_tool
    ADD CONSTRAINT studio_tool_min_tier_96ab2267_fk_billing_plan_tier FOREIGN KEY (min_tier) REFERENCES billing_plan (tier) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX studio_tool_slug_7c7c7619_like ON studio_tool (slug varchar_pattern_ops);
CREATE INDEX studio_tool_min_tier_96ab2267 ON studio_tool (min_tier);
CREATE INDEX studio_tool_min_tier_96ab2267_like ON studio_tool (min_tier varchar_pattern_ops);
"""


def fill(apps, schema_editor):
    """The first tools, profiles and texts for the assistants."""
    import_module("studio.migrations.0002_seeds").add_texts(apps, schema_editor)


class Migration(migrations.Migration):
    replaces = [
        ("studio", "0001_initial"),
        ("studio", "0002_seeds"),
        ("studio", "0003_tools_name_plans"),
        ("studio", "0004_lowest_plan_is_a_row"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("billing", "0013_plans_are_rows"),
        ("projects", "0006_plugin_generation"),
        ("scribe", "0003_rate_limits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Schema(
            database_operations=[migrations.RunSQL(SCHEMA)],
            state_operations=[
                migrations.CreateModel(
                    name='ChatConversation',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('bot', models.CharField(choices=[('account', 'Account bot'), ('email', 'E-mail bot'), ('xtracode', 'THE XTRACODE bot')], max_length=10)),
                        ('account_id', models.BigIntegerField()),
                        ('conversation_id', models.BigIntegerField()),
                        ('contact_id', models.BigIntegerField(blank=True, null=True)),
                        ('rounds', models.PositiveSmallIntegerField(default=0)),
                        ('handed_over_at', models.DateTimeField(blank=True, null=True)),
                        ('handover_reason', models.CharField(blank=True, default='', max_length=40)),
                        ('lease_until', models.DateTimeField(blank=True, null=True)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                    ],
                    options={
                        'ordering': ['-updated_at'],
                        'constraints': [models.UniqueConstraint(fields=('bot', 'account_id', 'conversation_id'), name='chat_conversation_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ChatMessage',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('direction', models.CharField(choices=[('in', 'From the visitor'), ('out', 'From the bot')], max_length=3)),
                        ('state', models.CharField(choices=[('waiting', 'Waiting for an answer'), ('answered', 'Answered'), ('sending', 'Being sent'), ('sent', 'Sent'), ('unknown', 'Perhaps sent'), ('failed', 'Failed')], max_length=10)),
                        ('event', models.CharField(blank=True, default='', max_length=40)),
                        ('message_id', models.BigIntegerField(blank=True, null=True)),
                        ('delivery_id', models.CharField(blank=True, max_length=80, null=True)),
                        ('content', models.TextField()),
                        ('contact_identifier', models.CharField(blank=True, default='', max_length=100)),
                        ('model', models.CharField(blank=True, default='', max_length=120)),
                        ('input_tokens', models.PositiveIntegerField(default=0)),
                        ('output_tokens', models.PositiveIntegerField(default=0)),
                        ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='studio.chatconversation')),
                    ],
                    options={
                        'ordering': ['created_at', 'id'],
                        'indexes': [models.Index(fields=['conversation', 'created_at'], name='chat_message_by_conversation')],
                        'constraints': [models.UniqueConstraint(fields=('conversation', 'message_id', 'event'), name='chat_message_once'), models.UniqueConstraint(fields=('delivery_id',), name='chat_delivery_once')],
                    },
                ),
                migrations.CreateModel(
                    name='KnowledgeText',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('bot', models.CharField(blank=True, choices=[('account', 'Account bot'), ('email', 'E-mail bot'), ('xtracode', 'THE XTRACODE bot')], default='', max_length=10)),
                        ('title', models.CharField(max_length=200)),
                        ('text', models.TextField()),
                        ('is_active', models.BooleanField(default=True)),
                        ('position', models.PositiveSmallIntegerField(default=0)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        'ordering': ['position', 'title'],
                    },
                ),
                migrations.CreateModel(
                    name='ProfileTemplate',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('slug', models.SlugField(max_length=60, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('description', models.TextField(blank=True, default='')),
                        ('icon', models.CharField(blank=True, default='', max_length=60)),
                        ('instructions', models.TextField()),
                        ('defaults', models.JSONField(blank=True, default=dict)),
                        ('is_active', models.BooleanField(default=True)),
                        ('position', models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        'ordering': ['position', 'name'],
                    },
                ),
                migrations.CreateModel(
                    name='StoreAudit',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('checks', models.JSONField(default=list)),
                        ('status', models.CharField(default='queued', max_length=24)),
                        ('product_count', models.PositiveIntegerField(default=0)),
                        ('health_score', models.FloatField(blank=True, null=True)),
                        ('summary', models.JSONField(blank=True, default=dict)),
                        ('xct_used', models.DecimalField(decimal_places=4, default=0, max_digits=16)),
                        ('error', models.TextField(blank=True, default='')),
                        ('completed_at', models.DateTimeField(blank=True, null=True)),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='scribe.job')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audits', to='projects.project')),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['organization', '-created_at'], name='audit_by_organization')],
                    },
                ),
                migrations.CreateModel(
                    name='AuditedProduct',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('position', models.PositiveIntegerField()),
                        ('product_title', models.CharField(blank=True, default='', max_length=500)),
                        ('product_url', models.CharField(blank=True, default='', max_length=2048)),
                        ('description_word_count', models.PositiveIntegerField(default=0)),
                        ('description_preview', models.CharField(blank=True, default='', max_length=200)),
                        ('issues', models.JSONField(default=list)),
                        ('scores', models.JSONField(default=dict)),
                        ('shingles', models.BinaryField(default=b'')),
                        ('content_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='projects.contentitem')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('audit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='products', to='studio.storeaudit')),
                    ],
                    options={
                        'ordering': ['position'],
                        'indexes': [models.Index(fields=['content_item'], name='audited_product_by_item')],
                        'constraints': [models.UniqueConstraint(fields=('audit', 'content_item'), name='audited_product_once')],
                    },
                ),
                migrations.CreateModel(
                    name='StudioRequest',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('description', models.TextField()),
                        ('budget_range', models.CharField(blank=True, default='', max_length=120)),
                        ('exclusivity', models.BooleanField(default=False)),
                        ('status', models.CharField(choices=[('new', 'New'), ('in_review', 'In review'), ('quoted', 'Quoted'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('done', 'Done')], default='new', max_length=12)),
                        ('priority', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(3)])),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['organization', '-created_at'], name='studio_request_by_org')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('priority__lte', 3)), name='studio_request_priority_0_to_3')],
                    },
                ),
                migrations.CreateModel(
                    name='StudioComment',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('content', models.TextField()),
                        ('is_internal', models.BooleanField(default=False)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='studio.studiorequest')),
                    ],
                    options={
                        'ordering': ['created_at', 'id'],
                        'indexes': [models.Index(fields=['request', 'created_at'], name='studio_comment_by_request')],
                    },
                ),
                migrations.CreateModel(
                    name='Tool',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('slug', models.SlugField(max_length=60, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('description', models.TextField(blank=True, default='')),
                        ('icon', models.CharField(blank=True, default='', max_length=60)),
                        ('min_tier', models.ForeignKey(db_column='min_tier', default='free', help_text='The lowest plan that opens it.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.plan', verbose_name='lowest plan')),
                        ('is_visible', models.BooleanField(default=True)),
                        ('position', models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        'ordering': ['position', 'name'],
                    },
                ),
            ],
        ),
        migrations.RunPython(fill),
    ]
