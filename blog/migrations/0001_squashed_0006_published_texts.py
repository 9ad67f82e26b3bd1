"""The app's tables as of release 1.1.0. A database that has some of the migrations in `replaces` goes on with those."""

import blog.models.post
import blog.models.publication
import django.db.models.deletion
import django.utils.timezone
import scribe.crypto
import scribe.ids
from django.conf import settings
from django.db import migrations, models

from scribe.migration import Schema

SCHEMA = """
CREATE TABLE blog_blogtemplate (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    name varchar(255) NOT NULL,
    description text NOT NULL,
    tone varchar(100) NOT NULL,
    structure jsonb NOT NULL,
    custom_instructions text NOT NULL,
    is_default boolean NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL
);
CREATE TABLE blog_blogpost (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    status varchar(12) NOT NULL,
    post_type varchar(20) NOT NULL,
    topic varchar(500) NOT NULL,
    title varchar(300) NOT NULL,
    content text NOT NULL,
    excerpt text NOT NULL,
    slug varchar(200) NOT NULL,
    language varchar(12) NOT NULL,
    tags jsonb NOT NULL,
    seo_meta jsonb NOT NULL,
    structured_data jsonb NOT NULL,
    featured_image_url varchar(2048) NOT NULL,
    source_item_ids jsonb NOT NULL,
    product_links jsonb NOT NULL,
    ai_settings jsonb NOT NULL,
    selected_images jsonb NOT NULL,
    metadata jsonb NOT NULL,
    word_count integer NOT NULL CHECK (word_count >= 0),
    seo_score smallint NULL CHECK (seo_score >= 0),
    xct_used numeric(16, 4) NOT NULL,
    wp_category_ids jsonb NOT NULL,
    wp_post_id bigint NULL,
    external_post_id varchar(100) NOT NULL,
    external_blog_id varchar(100) NOT NULL,
    published_url varchar(2048) NOT NULL,
    published_at timestamp with time zone NULL,
    scheduled_at timestamp with time zone NULL,
    unpublished_changes boolean NOT NULL,
    last_error text NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    blog_connection_id uuid NULL,
    created_by_id uuid NULL,
    job_id uuid NULL,
    organization_id uuid NOT NULL,
    project_id uuid NOT NULL,
    store_connection_id uuid NULL,
    template_id uuid NULL,
    version bigint DEFAULT 1 NOT NULL CHECK (version >= 0),
    scheduled_as varchar(10) DEFAULT 'publish' NOT NULL,
    edited_at timestamp with time zone NULL,
    made_from jsonb DEFAULT '{}'::jsonb NOT NULL,
    original_id uuid NULL
);
CREATE TABLE blog_blogimage (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    s3_key varchar(300) NOT NULL,
    original_url varchar(2048) NOT NULL,
    source varchar(10) NOT NULL,
    alt_text varchar(500) NOT NULL,
    width integer NOT NULL CHECK (width >= 0),
    height integer NOT NULL CHECK (height >= 0),
    file_size integer NOT NULL CHECK (file_size >= 0),
    media_type varchar(20) NOT NULL,
    sha256 varchar(64) NOT NULL,
    files jsonb NOT NULL,
    photographer varchar(255) NOT NULL,
    license varchar(255) NOT NULL,
    product_name varchar(255) NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    post_id uuid NOT NULL
);
CREATE TABLE blog_mediaupload (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    site varchar(80) NOT NULL,
    sha256 varchar(64) NOT NULL,
    media_id bigint NOT NULL,
    url varchar(2048) NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT media_upload_once_per_site UNIQUE (site, sha256)
);
CREATE TABLE blog_publication (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    action varchar(10) NOT NULL,
    state varchar(10) NOT NULL,
    marker varchar(40) NOT NULL,
    options jsonb NOT NULL,
    status_before varchar(12) NOT NULL,
    remote_id varchar(100) NOT NULL,
    remote_url varchar(2048) NOT NULL,
    tries smallint NOT NULL CHECK (tries >= 0),
    first_try_at timestamp with time zone NULL,
    sent_at timestamp with time zone NULL,
    confirmed_at timestamp with time zone NULL,
    error text NOT NULL,
    error_code varchar(64) NOT NULL,
    blog_connection_id uuid NULL,
    job_id uuid NULL,
    organization_id uuid NOT NULL,
    post_id uuid NOT NULL,
    store_connection_id uuid NULL,
    before jsonb DEFAULT '{}'::jsonb NOT NULL,
    conflicts jsonb DEFAULT '[]'::jsonb NOT NULL,
    undone_at timestamp with time zone NULL,
    wanted jsonb DEFAULT '{}'::jsonb NOT NULL
);
CREATE TABLE blog_publishedtext (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    site varchar(80) NOT NULL,
    remote_id varchar(100) NOT NULL,
    held jsonb NOT NULL,
    sent jsonb NOT NULL,
    ours jsonb NOT NULL,
    theirs jsonb NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    post_id uuid NOT NULL UNIQUE
);
CREATE TABLE blog_stockphotokey (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    provider varchar(20) NOT NULL,
    api_key text NOT NULL,
    is_active boolean NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    CONSTRAINT stock_photo_key_one_per_provider UNIQUE (organization_id, provider)
);
ALTER TABLE blog_blogtemplate
    ADD CONSTRAINT blog_blogtemplate_organization_id_5103765b_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX blog_template_one_default ON blog_blogtemplate (organization_id) WHERE is_default;
CREATE INDEX blog_blogtemplate_organization_id_5103765b ON blog_blogtemplate (organization_id);
CREATE INDEX blog_template_by_org ON blog_blogtemplate (organization_id, created_at DESC);
ALTER TABLE blog_blogpost
    ADD CONSTRAINT blog_blogpost_blog_connection_id_abed2240_fk_integrati FOREIGN KEY (blog_connection_id) REFERENCES integrations_blogconnection (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_blogpost_created_by_id_95d45d52_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_blogpost_job_id_944b41e9_fk_scribe_job_id FOREIGN KEY (job_id) REFERENCES scribe_job (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_blogpost_organization_id_870c3a88_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_blogpost_project_id_784ecff8_fk_projects_project_id FOREIGN KEY (project_id) REFERENCES projects_project (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_blogpost_store_connection_id_0b6f0dfa_fk_integrati FOREIGN KEY (store_connection_id) REFERENCES integrations_storeconnection (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_blogpost_template_id_777ea10c_fk_blog_blogtemplate_id FOREIGN KEY (template_id) REFERENCES blog_blogtemplate (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_blogpost_original_id_32fc996f_fk_blog_blogpost_id FOREIGN KEY (original_id) REFERENCES blog_blogpost (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_post_scheduled_has_a_time CHECK ((NOT (status = 'scheduled') OR scheduled_at IS NOT NULL)),
    ADD CONSTRAINT blog_post_not_its_own_original CHECK ((original_id IS NULL OR NOT (original_id = (id) AND original_id IS NOT NULL)));
CREATE UNIQUE INDEX blog_post_one_per_original_and_language ON blog_blogpost (original_id, language) WHERE original_id IS NOT NULL;
CREATE INDEX blog_blogpost_blog_connection_id_abed2240 ON blog_blogpost (blog_connection_id);
CREATE INDEX blog_blogpost_created_by_id_95d45d52 ON blog_blogpost (created_by_id);
CREATE INDEX blog_blogpost_job_id_944b41e9 ON blog_blogpost (job_id);
CREATE INDEX blog_blogpost_organization_id_870c3a88 ON blog_blogpost (organization_id);
CREATE INDEX blog_blogpost_project_id_784ecff8 ON blog_blogpost (project_id);
CREATE INDEX blog_blogpost_store_connection_id_0b6f0dfa ON blog_blogpost (store_connection_id);
CREATE INDEX blog_blogpost_template_id_777ea10c ON blog_blogpost (template_id);
CREATE INDEX blog_post_by_project ON blog_blogpost (project_id, created_at DESC);
CREATE INDEX blog_post_by_status ON blog_blogpost (project_id, status, created_at DESC);
CREATE INDEX blog_post_due ON blog_blogpost (scheduled_at) WHERE status = 'scheduled';
ALTER TABLE blog_blogimage
    ADD CONSTRAINT blog_blogimage_organization_id_e5bb3b0b_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_blogimage_post_id_eec870da_fk_blog_blogpost_id FOREIGN KEY (post_id) REFERENCES blog_blogpost (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX blog_blogimage_organization_id_e5bb3b0b ON blog_blogimage (organization_id);
CREATE INDEX blog_blogimage_post_id_eec870da ON blog_blogimage (post_id);
CREATE INDEX blog_image_by_post ON blog_blogimage (post_id, id);
ALTER TABLE blog_mediaupload
    ADD CONSTRAINT blog_mediaupload_organization_id_6154d42f_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX blog_mediaupload_organization_id_6154d42f ON blog_mediaupload (organization_id);
ALTER TABLE blog_publication
    ADD CONSTRAINT blog_publication_blog_connection_id_c126c6b3_fk_integrati FOREIGN KEY (blog_connection_id) REFERENCES integrations_blogconnection (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_publication_job_id_9faada48_fk_scribe_job_id FOREIGN KEY (job_id) REFERENCES scribe_job (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_publication_organization_id_980320ae_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_publication_post_id_cc8e17b2_fk_blog_blogpost_id FOREIGN KEY (post_id) REFERENCES blog_blogpost (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_publication_store_connection_id_ec8c85da_fk_integrati FOREIGN KEY (store_connection_id) REFERENCES integrations_storeconnection (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX publication_one_open ON blog_publication (post_id) WHERE state IN ('pending', 'sending', 'unknown');
CREATE INDEX blog_publication_blog_connection_id_c126c6b3 ON blog_publication (blog_connection_id);
CREATE INDEX blog_publication_job_id_9faada48 ON blog_publication (job_id);
CREATE INDEX blog_publication_organization_id_980320ae ON blog_publication (organization_id);
CREATE INDEX blog_publication_post_id_cc8e17b2 ON blog_publication (post_id);
CREATE INDEX blog_publication_store_connection_id_ec8c85da ON blog_publication (store_connection_id);
CREATE INDEX publication_by_post ON blog_publication (post_id, created_at DESC);
CREATE INDEX publication_in_doubt ON blog_publication (sent_at) WHERE state IN ('sending', 'unknown');
ALTER TABLE blog_publishedtext
    ADD CONSTRAINT blog_publishedtext_organization_id_0f7fc0a3_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT blog_publishedtext_post_id_68ac353e_fk_blog_blogpost_id FOREIGN KEY (post_id) REFERENCES blog_blogpost (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX blog_publishedtext_organization_id_0f7fc0a3 ON blog_publishedtext (organization_id);
ALTER TABLE blog_stockphotokey
    ADD CONSTRAINT blog_stockphotokey_organization_id_1d2f7cd7_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX blog_stockphotokey_organization_id_1d2f7cd7 ON blog_stockphotokey (organization_id);
CREATE TRIGGER counts_version BEFORE UPDATE ON blog_blogpost FOR EACH ROW EXECUTE FUNCTION scribe_count_version();
"""


class Migration(migrations.Migration):
    replaces = [
        ("blog", "0001_initial"),
        ("blog", "0002_article_prompt"),
        ("blog", "0003_row_versions"),
        ("blog", "0004_scheduled_as"),
        ("blog", "0005_post_translations"),
        ("blog", "0006_published_texts"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0015_language_of_pages"),
        ("integrations", "0003_blog_connection"),
        ("projects", "0004_prompt_texts"),
        ("scribe", "0007_count_row_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Schema(
            database_operations=[migrations.RunSQL(SCHEMA)],
            state_operations=[
                migrations.CreateModel(
                    name='BlogTemplate',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('name', models.CharField(max_length=255)),
                        ('description', models.TextField(blank=True, default='')),
                        ('tone', models.CharField(blank=True, default='', max_length=100)),
                        ('structure', models.JSONField(blank=True, default=dict)),
                        ('custom_instructions', models.TextField(blank=True, default='')),
                        ('is_default', models.BooleanField(default=False)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['organization', '-created_at'], name='blog_template_by_org')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('organization',), name='blog_template_one_default')],
                    },
                ),
                migrations.CreateModel(
                    name='BlogPost',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('status', models.CharField(choices=[('generating', 'Generating'), ('draft', 'Draft'), ('scheduled', 'Scheduled'), ('publishing', 'Publishing'), ('published', 'Published'), ('failed', 'Failed')], default='draft', max_length=12)),
                        ('post_type', models.CharField(choices=[('article', 'Article'), ('how_to', 'How-to'), ('listicle', 'Listicle'), ('product_roundup', 'Product roundup'), ('comparison', 'Comparison'), ('news', 'News')], default='article', max_length=20)),
                        ('topic', models.CharField(blank=True, default='', max_length=500)),
                        ('title', models.CharField(blank=True, default='', max_length=300)),
                        ('content', models.TextField(blank=True, default='')),
                        ('excerpt', models.TextField(blank=True, default='')),
                        ('slug', models.CharField(blank=True, default='', max_length=200)),
                        ('language', models.CharField(default='en', max_length=12)),
                        ('tags', models.JSONField(blank=True, default=list)),
                        ('seo_meta', models.JSONField(blank=True, default=dict)),
                        ('structured_data', models.JSONField(blank=True, default=dict)),
                        ('featured_image_url', models.CharField(blank=True, default='', max_length=2048)),
                        ('source_item_ids', models.JSONField(blank=True, default=list)),
                        ('product_links', models.JSONField(blank=True, default=dict)),
                        ('ai_settings', models.JSONField(blank=True, default=dict)),
                        ('selected_images', models.JSONField(blank=True, default=list)),
                        ('metadata', models.JSONField(blank=True, default=dict)),
                        ('word_count', models.PositiveIntegerField(default=0)),
                        ('seo_score', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('xct_used', models.DecimalField(decimal_places=4, default=0, max_digits=16)),
                        ('wp_category_ids', models.JSONField(blank=True, default=list)),
                        ('wp_post_id', models.BigIntegerField(blank=True, null=True)),
                        ('external_post_id', models.CharField(blank=True, default='', max_length=100)),
                        ('external_blog_id', models.CharField(blank=True, default='', max_length=100)),
                        ('published_url', models.CharField(blank=True, default='', max_length=2048)),
                        ('published_at', models.DateTimeField(blank=True, null=True)),
                        ('scheduled_at', models.DateTimeField(blank=True, null=True)),
                        ('unpublished_changes', models.BooleanField(default=False)),
                        ('last_error', models.TextField(blank=True, default='')),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('blog_connection', models.ForeignKey(blank=True, null=True, on_delete=blog.models.post.unless_scheduled, related_name='posts', to='integrations.blogconnection')),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='scribe.job')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blog_posts', to='projects.project')),
                        ('store_connection', models.ForeignKey(blank=True, null=True, on_delete=blog.models.post.unless_scheduled, related_name='blog_posts', to='integrations.storeconnection')),
                        ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='posts', to='blog.blogtemplate')),
                        ('version', models.PositiveBigIntegerField(db_default=1, default=1, editable=False)),
                        ('scheduled_as', models.CharField(db_default='publish', default='publish', help_text='What it becomes on its site at its time: `publish`, `draft`, `pending` or `private`.', max_length=10)),
                        ('edited_at', models.DateTimeField(blank=True, null=True)),
                        ('made_from', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict)),
                        ('original', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='translations', to='blog.blogpost')),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['project', '-created_at'], name='blog_post_by_project'), models.Index(fields=['project', 'status', '-created_at'], name='blog_post_by_status'), models.Index(condition=models.Q(('status', 'scheduled')), fields=['scheduled_at'], name='blog_post_due')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'scheduled'), _negated=True), ('scheduled_at__isnull', False), _connector='OR'), name='blog_post_scheduled_has_a_time'), models.CheckConstraint(condition=models.Q(('original__isnull', True), models.Q(('original', models.F('pk')), _negated=True), _connector='OR'), name='blog_post_not_its_own_original'), models.UniqueConstraint(condition=models.Q(('original__isnull', False)), fields=('original', 'language'), name='blog_post_one_per_original_and_language')],
                    },
                ),
                migrations.CreateModel(
                    name='BlogImage',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('s3_key', models.CharField(max_length=300)),
                        ('original_url', models.CharField(blank=True, default='', max_length=2048)),
                        ('source', models.CharField(choices=[('upload', 'Upload'), ('pexels', 'Pexels'), ('ai', 'AI')], max_length=10)),
                        ('alt_text', models.CharField(blank=True, default='', max_length=500)),
                        ('width', models.PositiveIntegerField()),
                        ('height', models.PositiveIntegerField()),
                        ('file_size', models.PositiveIntegerField()),
                        ('media_type', models.CharField(max_length=20)),
                        ('sha256', models.CharField(max_length=64)),
                        ('files', models.JSONField(default=dict)),
                        ('photographer', models.CharField(blank=True, default='', max_length=255)),
                        ('license', models.CharField(blank=True, default='', max_length=255)),
                        ('product_name', models.CharField(blank=True, default='', max_length=255)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='blog.blogpost')),
                    ],
                    options={
                        'ordering': ['id'],
                        'indexes': [models.Index(fields=['post', 'id'], name='blog_image_by_post')],
                    },
                ),
                migrations.CreateModel(
                    name='MediaUpload',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('site', models.CharField(max_length=80)),
                        ('sha256', models.CharField(max_length=64)),
                        ('media_id', models.BigIntegerField()),
                        ('url', models.CharField(blank=True, default='', max_length=2048)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'constraints': [models.UniqueConstraint(fields=('site', 'sha256'), name='media_upload_once_per_site')],
                    },
                ),
                migrations.CreateModel(
                    name='Publication',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('action', models.CharField(choices=[('publish', 'Publish'), ('unpublish', 'Unpublish'), ('undo', 'Undo')], default='publish', max_length=10)),
                        ('state', models.CharField(choices=[('pending', 'Pending'), ('sending', 'Sending'), ('unknown', 'Unknown'), ('confirmed', 'Confirmed'), ('failed', 'Failed'), ('abandoned', 'Abandoned')], default='pending', max_length=10)),
                        ('marker', models.CharField(default=blog.models.publication.new_marker, max_length=40)),
                        ('options', models.JSONField(blank=True, default=dict)),
                        ('status_before', models.CharField(default='draft', max_length=12)),
                        ('remote_id', models.CharField(blank=True, default='', max_length=100)),
                        ('remote_url', models.CharField(blank=True, default='', max_length=2048)),
                        ('tries', models.PositiveSmallIntegerField(default=0)),
                        ('first_try_at', models.DateTimeField(blank=True, null=True)),
                        ('sent_at', models.DateTimeField(blank=True, null=True)),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                        ('error', models.TextField(blank=True, default='')),
                        ('error_code', models.CharField(blank=True, default='', max_length=64)),
                        ('blog_connection', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='integrations.blogconnection')),
                        ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='scribe.job')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publications', to='blog.blogpost')),
                        ('store_connection', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='integrations.storeconnection')),
                        ('before', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict)),
                        ('conflicts', models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list)),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('wanted', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict)),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['post', '-created_at'], name='publication_by_post'), models.Index(condition=models.Q(('state__in', ('sending', 'unknown'))), fields=['sent_at'], name='publication_in_doubt')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('pending', 'sending', 'unknown'))), fields=('post',), name='publication_one_open')],
                    },
                ),
                migrations.CreateModel(
                    name='PublishedText',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('site', models.CharField(max_length=80)),
                        ('remote_id', models.CharField(max_length=100)),
                        ('held', models.JSONField(default=dict)),
                        ('sent', models.JSONField(default=dict)),
                        ('ours', models.JSONField(default=dict)),
                        ('theirs', models.JSONField(default=dict)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='published_text', to='blog.blogpost')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='StockPhotoKey',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('provider', models.CharField(choices=[('pexels', 'Pexels')], default='pexels', max_length=20)),
                        ('api_key', scribe.crypto.EncryptedTextField()),
                        ('is_active', models.BooleanField(default=True)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'constraints': [models.UniqueConstraint(fields=('organization', 'provider'), name='stock_photo_key_one_per_provider')],
                    },
                ),
            ],
        ),
    ]
