"""The app's tables as of release 1.1.0. A database that has some of the migrations in `replaces` goes on with those."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import integrations.stores.platforms
import projects.models.expressions
import scribe.ids
from django.conf import settings
from django.db import migrations, models

from scribe.migration import Schema

SCHEMA = """
CREATE TABLE projects_drift (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    gone boolean NOT NULL,
    fields jsonb NOT NULL,
    found_at timestamp with time zone NOT NULL,
    item_id uuid NOT NULL UNIQUE,
    job_id uuid NULL,
    organization_id uuid NOT NULL
);
CREATE TABLE projects_glossaryterm (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    version bigint DEFAULT 1 NOT NULL CHECK (version >= 0),
    text varchar(200) NOT NULL,
    language varchar(10) NOT NULL,
    description varchar(500) NOT NULL,
    do_not_translate boolean NOT NULL,
    case_sensitive boolean NOT NULL,
    targets jsonb NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    profile_id uuid NULL
);
CREATE TABLE projects_itemcomment (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    text varchar(2000) NOT NULL,
    author_id uuid NULL,
    item_id uuid NOT NULL,
    organization_id uuid NOT NULL
);
CREATE TABLE projects_learnedrule (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    kind varchar(8) NOT NULL,
    term varchar(500) NOT NULL,
    instead varchar(120) NOT NULL,
    item_ids jsonb NOT NULL,
    state varchar(9) NOT NULL,
    decided_at timestamp with time zone NULL,
    decided_by_id uuid NULL,
    organization_id uuid NOT NULL,
    profile_id uuid NULL,
    project_id uuid NOT NULL,
    CONSTRAINT rule_once_per_project UNIQUE (project_id, kind, term, instead),
    CONSTRAINT rule_names_what_stands_instead CHECK (((kind = 'replace' OR instead = '') AND 1 = (CASE WHEN kind = 'replace' THEN 1 ELSE 0 END + CASE WHEN instead = '' THEN 1 ELSE 0 END)))
);
CREATE TABLE projects_plugingeneration (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    kind varchar(12) NOT NULL,
    source varchar(20) NOT NULL,
    post_id uuid NULL,
    api_key_id uuid NULL,
    item_id uuid NULL,
    job_id uuid NULL,
    organization_id uuid NOT NULL,
    project_id uuid NULL
);
CREATE TABLE projects_sourcerow (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL CHECK ("position" >= 0),
    item_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    source_id uuid NOT NULL,
    CONSTRAINT source_row_once_per_item UNIQUE (item_id, source_id)
);
CREATE TABLE projects_storetext (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    held jsonb NOT NULL,
    ours jsonb NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    item_id uuid NOT NULL UNIQUE,
    organization_id uuid NOT NULL,
    sent jsonb NOT NULL
);
CREATE TABLE projects_syncrecord (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    connection_name varchar(255) NOT NULL,
    kind varchar(4) NOT NULL,
    state varchar(8) NOT NULL,
    before jsonb NOT NULL,
    wanted jsonb NOT NULL,
    after jsonb NOT NULL,
    skipped jsonb NOT NULL,
    conflicts jsonb NOT NULL,
    code varchar(64) NOT NULL,
    error_message text NOT NULL,
    forced boolean NOT NULL,
    synced_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone NULL,
    connection_id uuid NULL,
    item_id uuid NOT NULL,
    job_id uuid NULL,
    organization_id uuid NOT NULL,
    undoes_id uuid NULL,
    changed jsonb NOT NULL,
    made jsonb NOT NULL,
    CONSTRAINT sync_record_once_per_job UNIQUE (job_id, item_id)
);
ALTER TABLE projects_contentitem
    ADD COLUMN project_id uuid NOT NULL CONSTRAINT projects_contentitem_project_id_69fc6776_fk_projects_project_id REFERENCES projects_project (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN made_from jsonb NULL,
    ADD COLUMN outdated_fields jsonb DEFAULT '[]'::jsonb NOT NULL,
    ADD COLUMN version bigint DEFAULT 1 NOT NULL CHECK (version >= 0),
    ADD COLUMN decisions jsonb DEFAULT '{}'::jsonb NOT NULL,
    ADD COLUMN reject_reason varchar(500) DEFAULT '' NOT NULL,
    ADD COLUMN assignee_id uuid NULL CONSTRAINT projects_contentitem_assignee_id_bdb2ea12_fk_accounts_user_id REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN language varchar(10) DEFAULT '' NOT NULL,
    ADD COLUMN main_id uuid NULL CONSTRAINT projects_contentitem_main_id_113e609f_fk_projects_ REFERENCES projects_contentitem (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN view_data jsonb NULL;
ALTER TABLE projects_contentprofile
    ADD COLUMN version bigint DEFAULT 1 NOT NULL CHECK (version >= 0);
ALTER TABLE projects_datasource
    ADD COLUMN project_id uuid NOT NULL CONSTRAINT projects_datasource_project_id_169e362f_fk_projects_project_id REFERENCES projects_project (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE projects_generationitem
    ADD COLUMN job_id uuid NOT NULL CONSTRAINT projects_generationitem_job_id_a9b781bd_fk_scribe_job_id REFERENCES scribe_job (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN organization_id uuid NOT NULL CONSTRAINT projects_generationi_organization_id_d545248f_fk_accounts_ REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN taken_by uuid NULL,
    ADD COLUMN judged varchar(32) NULL,
    ADD COLUMN called_by uuid NULL;
ALTER TABLE projects_itemversion
    ADD COLUMN created_by_id uuid NULL CONSTRAINT projects_itemversion_created_by_id_b4dbdf1e_fk_accounts_user_id REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN item_id uuid NOT NULL CONSTRAINT projects_itemversion_item_id_20a9f4cc_fk_projects_ REFERENCES projects_contentitem (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN organization_id uuid NOT NULL CONSTRAINT projects_itemversion_organization_id_e770c493_fk_accounts_ REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN made_from jsonb NULL,
    ADD COLUMN reject_reason varchar(500) DEFAULT '' NOT NULL;
ALTER TABLE projects_project
    ADD COLUMN content_profile_id uuid NULL CONSTRAINT projects_project_content_profile_id_8b89b790_fk_projects_ REFERENCES projects_contentprofile (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN created_by_id uuid NULL CONSTRAINT projects_project_created_by_id_c49d7b6d_fk_accounts_user_id REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN organization_id uuid NOT NULL CONSTRAINT projects_project_organization_id_c93e5ca2_fk_accounts_ REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN store_connection_id uuid NULL CONSTRAINT projects_project_store_connection_id_3a374819_fk_integrati REFERENCES integrations_storeconnection (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN is_test boolean DEFAULT false NOT NULL;
SET CONSTRAINTS projects_contentitem_data_source_id_79506e9f_fk_projects_ IMMEDIATE; ALTER TABLE projects_contentitem DROP CONSTRAINT projects_contentitem_data_source_id_79506e9f_fk_projects_;
ALTER TABLE projects_contentitem
    ADD CONSTRAINT projects_contentitem_data_source_id_79506e9f_fk_projects_ FOREIGN KEY (data_source_id) REFERENCES projects_datasource (id) DEFERRABLE INITIALLY DEFERRED;
SET CONSTRAINTS projects_contentitem_parent_id_102d65a8_fk_projects_ IMMEDIATE; ALTER TABLE projects_contentitem DROP CONSTRAINT projects_contentitem_parent_id_102d65a8_fk_projects_;
DROP INDEX IF EXISTS item_by_parent;
ALTER TABLE projects_contentitem
    ADD CONSTRAINT projects_contentitem_parent_id_102d65a8_fk_projects_ FOREIGN KEY (parent_id) REFERENCES projects_contentitem (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX item_by_project ON projects_contentitem (project_id, language, id) INCLUDE (organization_id);
CREATE INDEX item_by_status ON projects_contentitem (project_id, language, status, id) INCLUDE (organization_id, excluded_at);
CREATE INDEX item_by_source ON projects_contentitem (data_source_id, language, "position", id);
CREATE INDEX item_by_parent ON projects_contentitem (parent_id) WHERE NOT (parent_id IS NULL);
CREATE INDEX item_by_name ON projects_contentitem (project_id, language, (LOWER(LEFT((source_data ->> 'name'), 200))), id);
CREATE INDEX item_by_update ON projects_contentitem (project_id, language, updated_at, id);
CREATE INDEX item_by_score ON projects_contentitem (project_id, language, confidence_score, id) WHERE confidence_score IS NOT NULL;
CREATE INDEX item_by_status_and_score ON projects_contentitem (project_id, language, status, confidence_score, id) WHERE confidence_score IS NOT NULL;
CREATE INDEX item_by_assignee ON projects_contentitem (assignee_id, project_id) WHERE NOT (assignee_id IS NULL);
CREATE INDEX item_by_failed_check ON projects_contentitem USING gin ((jsonb_path_query_array(generation_metadata, '$.checks[*] ? (@.passed == false).id'::jsonpath))) WHERE confidence_score IS NOT NULL;
CREATE INDEX item_by_unsupported_kind ON projects_contentitem USING gin ((jsonb_path_query_array(generation_metadata, '$.checks[*].findings[*] ? (@.supported == false).kind'::jsonpath))) WHERE confidence_score IS NOT NULL;
CREATE INDEX item_by_finding_field ON projects_contentitem USING gin ((jsonb_path_query_array(generation_metadata, '$.checks[*] ? (@.passed == false).findings[*] ? (!(@.supported == true)).field'::jsonpath))) WHERE confidence_score IS NOT NULL;
CREATE INDEX item_by_category ON projects_contentitem USING gin ((jsonb_path_query_array(source_data, '$.categories[*]'::jsonpath))) WHERE confidence_score IS NOT NULL;
CREATE INDEX language_text_by_original ON projects_contentitem USING gin ((jsonb_path_query_array(generation_metadata, '$.originals.*'::jsonpath))) WHERE NOT (language = '');
CREATE INDEX profile_by_organization ON projects_contentprofile (organization_id, created_at DESC);
CREATE INDEX source_by_project ON projects_datasource (project_id, created_at DESC);
CREATE INDEX generation_item_pending ON projects_generationitem (job_id, "position") WHERE state = 'pending';
CREATE INDEX version_by_item ON projects_itemversion (item_id, created_at DESC);
CREATE INDEX project_by_organization ON projects_project (organization_id, deleted_at, created_at DESC);
CREATE UNIQUE INDEX item_once_per_source ON projects_contentitem (data_source_id, item_type, external_id, store_view) WHERE (NOT (external_id = '') AND language = '');
CREATE UNIQUE INDEX item_once_per_language ON projects_contentitem (main_id, language) WHERE NOT (main_id IS NULL);
ALTER TABLE projects_contentitem
    ADD CONSTRAINT item_language_has_main CHECK (((language = '' AND main_id IS NULL) OR (NOT (main_id IS NULL) AND NOT (language = ''))));
CREATE UNIQUE INDEX profile_one_default_per_organization ON projects_contentprofile (organization_id) WHERE is_default;
ALTER TABLE projects_generationitem
    ADD CONSTRAINT generation_item_once_per_job UNIQUE (job_id, item_id);
CREATE UNIQUE INDEX project_one_per_plugin_source ON projects_project (organization_id, plugin_source, is_test) WHERE (NOT (plugin_source = '') AND deleted_at IS NULL);
ALTER TABLE projects_drift
    ADD CONSTRAINT projects_drift_item_id_156e05f9_fk_projects_contentitem_id FOREIGN KEY (item_id) REFERENCES projects_contentitem (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_drift_job_id_6da77dc4_fk_scribe_job_id FOREIGN KEY (job_id) REFERENCES scribe_job (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_drift_organization_id_26caebad_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX projects_drift_job_id_6da77dc4 ON projects_drift (job_id);
CREATE INDEX projects_drift_organization_id_26caebad ON projects_drift (organization_id);
ALTER TABLE projects_glossaryterm
    ADD CONSTRAINT projects_glossaryter_organization_id_dd176684_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_glossaryter_profile_id_2b261bb2_fk_projects_ FOREIGN KEY (profile_id) REFERENCES projects_contentprofile (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX term_once_per_profile ON projects_glossaryterm (organization_id, profile_id, language, (LOWER(text))) NULLS NOT DISTINCT;
ALTER TABLE projects_glossaryterm
    ADD CONSTRAINT term_has_text CHECK (NOT (text = ''));
CREATE INDEX projects_glossaryterm_organization_id_dd176684 ON projects_glossaryterm (organization_id);
CREATE INDEX projects_glossaryterm_profile_id_2b261bb2 ON projects_glossaryterm (profile_id);
CREATE INDEX term_by_text ON projects_glossaryterm (organization_id, text, id);
ALTER TABLE projects_itemcomment
    ADD CONSTRAINT projects_itemcomment_author_id_6dfdee29_fk_accounts_user_id FOREIGN KEY (author_id) REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_itemcomment_item_id_a819ca81_fk_projects_ FOREIGN KEY (item_id) REFERENCES projects_contentitem (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_itemcomment_organization_id_a3de4f61_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX projects_itemcomment_author_id_6dfdee29 ON projects_itemcomment (author_id);
CREATE INDEX projects_itemcomment_organization_id_a3de4f61 ON projects_itemcomment (organization_id);
CREATE INDEX comment_by_item ON projects_itemcomment (item_id, created_at);
ALTER TABLE projects_learnedrule
    ADD CONSTRAINT projects_learnedrule_decided_by_id_874d16c9_fk_accounts_user_id FOREIGN KEY (decided_by_id) REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_learnedrule_organization_id_1e987df0_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_learnedrule_profile_id_7bf0efdd_fk_projects_ FOREIGN KEY (profile_id) REFERENCES projects_contentprofile (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_learnedrule_project_id_000a0e19_fk_projects_project_id FOREIGN KEY (project_id) REFERENCES projects_project (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX projects_learnedrule_decided_by_id_874d16c9 ON projects_learnedrule (decided_by_id);
CREATE INDEX projects_learnedrule_organization_id_1e987df0 ON projects_learnedrule (organization_id);
CREATE INDEX projects_learnedrule_profile_id_7bf0efdd ON projects_learnedrule (profile_id);
CREATE INDEX projects_learnedrule_project_id_000a0e19 ON projects_learnedrule (project_id);
CREATE INDEX rule_by_project_and_state ON projects_learnedrule (project_id, state, id);
ALTER TABLE projects_plugingeneration
    ADD CONSTRAINT projects_plugingener_api_key_id_248d15d9_fk_accounts_ FOREIGN KEY (api_key_id) REFERENCES accounts_apikey (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_plugingener_item_id_e54aa7e0_fk_projects_ FOREIGN KEY (item_id) REFERENCES projects_contentitem (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_plugingeneration_job_id_2cac3a4f_fk_scribe_job_id FOREIGN KEY (job_id) REFERENCES scribe_job (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_plugingener_organization_id_5fc53daa_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_plugingener_project_id_ff724ee0_fk_projects_ FOREIGN KEY (project_id) REFERENCES projects_project (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX projects_plugingeneration_api_key_id_248d15d9 ON projects_plugingeneration (api_key_id);
CREATE INDEX projects_plugingeneration_item_id_e54aa7e0 ON projects_plugingeneration (item_id);
CREATE INDEX projects_plugingeneration_job_id_2cac3a4f ON projects_plugingeneration (job_id);
CREATE INDEX projects_plugingeneration_organization_id_5fc53daa ON projects_plugingeneration (organization_id);
CREATE INDEX projects_plugingeneration_project_id_ff724ee0 ON projects_plugingeneration (project_id);
CREATE INDEX plugin_generation_by_source ON projects_plugingeneration (organization_id, source, created_at DESC);
ALTER TABLE projects_sourcerow
    ADD CONSTRAINT projects_sourcerow_organization_id_a1ef9d2d_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX projects_sourcerow_organization_id_a1ef9d2d ON projects_sourcerow (organization_id);
CREATE INDEX source_row_by_position ON projects_sourcerow (source_id, "position");
ALTER TABLE projects_storetext
    ADD CONSTRAINT projects_storetext_item_id_dd485228_fk_projects_contentitem_id FOREIGN KEY (item_id) REFERENCES projects_contentitem (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_storetext_organization_id_88702c6a_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX projects_storetext_organization_id_88702c6a ON projects_storetext (organization_id);
ALTER TABLE projects_syncrecord
    ADD CONSTRAINT projects_syncrecord_connection_id_2bf83c6c_fk_integrati FOREIGN KEY (connection_id) REFERENCES integrations_storeconnection (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_syncrecord_item_id_4a05a7f7_fk_projects_contentitem_id FOREIGN KEY (item_id) REFERENCES projects_contentitem (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_syncrecord_job_id_be0e79ae_fk_scribe_job_id FOREIGN KEY (job_id) REFERENCES scribe_job (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_syncrecord_organization_id_67443e66_fk_accounts_ FOREIGN KEY (organization_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT projects_syncrecord_undoes_id_5d06b823_fk_projects_ FOREIGN KEY (undoes_id) REFERENCES projects_syncrecord (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX projects_syncrecord_connection_id_2bf83c6c ON projects_syncrecord (connection_id);
CREATE INDEX projects_syncrecord_item_id_4a05a7f7 ON projects_syncrecord (item_id);
CREATE INDEX projects_syncrecord_job_id_be0e79ae ON projects_syncrecord (job_id);
CREATE INDEX projects_syncrecord_organization_id_67443e66 ON projects_syncrecord (organization_id);
CREATE INDEX projects_syncrecord_undoes_id_5d06b823 ON projects_syncrecord (undoes_id);
CREATE INDEX sync_record_by_item ON projects_syncrecord (item_id, created_at DESC);
CREATE INDEX sync_record_unfinished ON projects_syncrecord (item_id) WHERE state = 'writing';
CREATE INDEX sync_record_in_doubt ON projects_syncrecord (item_id) WHERE (code = 'in_doubt' AND state = 'failed');
CREATE INDEX projects_datasource_project_id_169e362f ON projects_datasource (project_id);
CREATE INDEX projects_generationitem_job_id_a9b781bd ON projects_generationitem (job_id);
CREATE INDEX projects_generationitem_organization_id_d545248f ON projects_generationitem (organization_id);
CREATE INDEX projects_itemversion_created_by_id_b4dbdf1e ON projects_itemversion (created_by_id);
CREATE INDEX projects_itemversion_item_id_20a9f4cc ON projects_itemversion (item_id);
CREATE INDEX projects_itemversion_organization_id_e770c493 ON projects_itemversion (organization_id);
CREATE INDEX projects_project_content_profile_id_8b89b790 ON projects_project (content_profile_id);
CREATE INDEX projects_project_created_by_id_c49d7b6d ON projects_project (created_by_id);
CREATE INDEX projects_project_organization_id_c93e5ca2 ON projects_project (organization_id);
CREATE INDEX projects_project_store_connection_id_3a374819 ON projects_project (store_connection_id);
DROP INDEX projects_contentitem_data_source_id_79506e9f;
DROP INDEX projects_contentitem_parent_id_102d65a8;
CREATE TRIGGER counts_version BEFORE UPDATE ON projects_contentitem FOR EACH ROW EXECUTE FUNCTION scribe_count_version();
CREATE TRIGGER counts_version BEFORE UPDATE ON projects_contentprofile FOR EACH ROW EXECUTE FUNCTION scribe_count_version();
CREATE TRIGGER counts_version BEFORE UPDATE ON projects_glossaryterm FOR EACH ROW EXECUTE FUNCTION scribe_count_version();

CREATE FUNCTION projects_follow_main() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM projects_contentitem WHERE main_id = NEW.id ORDER BY id FOR NO KEY UPDATE;
    IF FOUND THEN
        UPDATE projects_contentitem SET organization_id = NEW.organization_id, project_id = NEW.project_id, data_source_id = NEW.data_source_id, item_type = NEW.item_type, external_id = NEW.external_id, source_data = NEW.source_data, source_hash = NEW.source_hash, excluded_at = NEW.excluded_at, updated_at = now()
        WHERE main_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_language_texts AFTER UPDATE OF organization_id, project_id, data_source_id, item_type, external_id, source_data, source_hash, excluded_at ON projects_contentitem FOR EACH ROW
WHEN (NEW.language = '' AND (OLD.organization_id, OLD.project_id, OLD.data_source_id, OLD.item_type, OLD.external_id, OLD.source_data, OLD.source_hash, OLD.excluded_at) IS DISTINCT FROM (NEW.organization_id, NEW.project_id, NEW.data_source_id, NEW.item_type, NEW.external_id, NEW.source_data, NEW.source_hash, NEW.excluded_at))
EXECUTE FUNCTION projects_follow_main();

ALTER TABLE projects_sourcerow
    ADD CONSTRAINT source_row_source FOREIGN KEY (source_id) REFERENCES projects_datasource (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT source_row_item FOREIGN KEY (item_id) REFERENCES projects_contentitem (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION projects_fold_store_view(source uuid, view text, code text, busy uuid[] DEFAULT '{}') RETURNS bigint LANGUAGE plpgsql
SET enable_nestloop = off AS $$
DECLARE
    folded bigint;
BEGIN
    UPDATE projects_contentitem AS own
    SET main_id = product.id, language = code, view_data = own.source_data, source_data = product.source_data,
        source_hash = product.source_hash, parent_id = NULL, updated_at = now(),
        generation_metadata = CASE WHEN own.generated_content <> '{}' AND NOT own.generation_metadata ? 'way'
            THEN own.generation_metadata || '{"way": "native"}' ELSE own.generation_metadata END
    FROM (
        SELECT DISTINCT ON (item_type, external_id) id, item_type, external_id, source_data, source_hash, excluded_at
        FROM (
            SELECT * FROM projects_contentitem WHERE data_source_id = source
            UNION ALL
            SELECT * FROM projects_contentitem WHERE language = ''
                AND project_id = (SELECT project_id FROM projects_contentitem WHERE data_source_id = source LIMIT 1)
                AND id IN (SELECT item_id FROM projects_sourcerow WHERE source_id = source)
        ) AS listed
        WHERE language = '' AND external_id <> ''
            AND store_view IN ('', 'admin', 'all', 'default')
        ORDER BY item_type, external_id, array_position(ARRAY['', 'admin', 'all', 'default'], store_view::text)
    ) AS product
    WHERE own.data_source_id = source AND own.language = '' AND own.store_view = view
        AND view NOT IN ('', 'admin', 'all', 'default')
        AND own.item_type = product.item_type AND own.external_id = product.external_id
        AND own.source_data ->> 'sku' IS NOT DISTINCT FROM product.source_data ->> 'sku'
        AND (own.excluded_at IS NULL) = (product.excluded_at IS NULL)
        AND COALESCE(own.generation_metadata #>> '{settings,language}', '') IN ('', code)
        AND product.id NOT IN (
            SELECT main_id FROM projects_contentitem
            WHERE language = code AND main_id IS NOT NULL
                AND project_id = (SELECT project_id FROM projects_contentitem WHERE data_source_id = source LIMIT 1)
        )
        AND own.id <> ALL (busy);
    GET DIAGNOSTICS folded = ROW_COUNT;
    RETURN folded;
END $$;
"""


class Migration(migrations.Migration):
    replaces = [
        ("projects", "0002_initial"),
        ("projects", "0003_prompttemplate"),
        ("projects", "0004_prompt_texts"),
        ("projects", "0005_sync"),
        ("projects", "0006_plugin_generation"),
        ("projects", "0007_fewer_item_indexes"),
        ("projects", "0008_what_stores_show"),
        ("projects", "0009_row_versions"),
        ("projects", "0010_prompts_move_to_writing"),
        ("projects", "0011_sync_record_made"),
        ("projects", "0012_platforms_are_rows"),
        ("projects", "0013_item_orders"),
        ("projects", "0014_decisions"),
        ("projects", "0015_queue_filters"),
        ("projects", "0016_glossary"),
        ("projects", "0017_comments"),
        ("projects", "0018_learned_rules"),
        ("projects", "0019_test_work"),
        ("projects", "0020_language_texts"),
        ("projects", "0021_language_text_by_original"),
        ("projects", "0022_shared_jobs"),
        ("projects", "0023_counts_from_an_index"),
        ("projects", "0024_store_view_texts"),
        ("projects", "0025_judged_when_asked"),
        ("projects", "0026_pages_from_an_index"),
        ("projects", "0027_calls_under_way"),
        ("projects", "0028_source_rows"),
    ]

    dependencies = [
        ("projects", "0001_initial"),
        ("accounts", "0015_language_of_pages"),
        ("integrations", "0008_store_connection_languages"),
        ("scribe", "0007_count_row_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Schema(
            database_operations=[migrations.RunSQL(SCHEMA)],
            state_operations=[
                migrations.CreateModel(
                    name='Drift',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('gone', models.BooleanField(default=False)),
                        ('fields', models.JSONField(default=list)),
                        ('found_at', models.DateTimeField()),
                        ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='drift', to='projects.contentitem')),
                        ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='scribe.job')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                    ],
                    options={
                        'ordering': ['item_id'],
                    },
                ),
                migrations.CreateModel(
                    name='GlossaryTerm',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('version', models.PositiveBigIntegerField(db_default=1, default=1, editable=False)),
                        ('text', models.CharField(max_length=200)),
                        ('language', models.CharField(max_length=10)),
                        ('description', models.CharField(blank=True, default='', max_length=500)),
                        ('do_not_translate', models.BooleanField(default=False)),
                        ('case_sensitive', models.BooleanField(default=False)),
                        ('targets', models.JSONField(blank=True, default=dict)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('profile', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='glossary_terms', to='projects.contentprofile')),
                    ],
                    options={
                        'ordering': ['text', 'id'],
                        'indexes': [models.Index(fields=['organization', 'text', 'id'], name='term_by_text')],
                        'constraints': [models.UniqueConstraint(models.F('organization'), models.F('profile'), models.F('language'), django.db.models.functions.text.Lower('text'), name='term_once_per_profile', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='term_has_text')],
                    },
                ),
                migrations.CreateModel(
                    name='ItemComment',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('text', models.CharField(max_length=2000)),
                        ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='projects.contentitem')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                    ],
                    options={
                        'ordering': ['created_at'],
                        'indexes': [models.Index(fields=['item', 'created_at'], name='comment_by_item')],
                    },
                ),
                migrations.CreateModel(
                    name='LearnedRule',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('kind', models.CharField(choices=[('avoid', 'Never write it'), ('replace', 'Write the other instead'), ('heed', 'A reason of rejections')], max_length=8)),
                        ('term', models.CharField(max_length=500)),
                        ('instead', models.CharField(blank=True, default='', max_length=120)),
                        ('item_ids', models.JSONField(default=list)),
                        ('state', models.CharField(choices=[('seen', 'Seen'), ('proposed', 'Proposed'), ('accepted', 'Accepted'), ('dismissed', 'Dismissed')], default='seen', max_length=9)),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('profile', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='learned_rules', to='projects.contentprofile')),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='learned_rules', to='projects.project')),
                    ],
                    options={
                        'ordering': ['id'],
                        'indexes': [models.Index(fields=['project', 'state', 'id'], name='rule_by_project_and_state')],
                        'constraints': [models.UniqueConstraint(fields=('project', 'kind', 'term', 'instead'), name='rule_once_per_project'), models.CheckConstraint(condition=models.Q(('kind', 'replace'), ('instead', ''), _connector='XOR'), name='rule_names_what_stands_instead')],
                    },
                ),
                migrations.CreateModel(
                    name='PluginGeneration',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('kind', models.CharField(choices=[('description', 'Product description'), ('blog', 'Blog post')], max_length=12)),
                        ('source', models.CharField(choices=integrations.stores.platforms.choices, max_length=20)),
                        ('post_id', models.UUIDField(blank=True, null=True)),
                        ('api_key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.apikey')),
                        ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='projects.contentitem')),
                        ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='scribe.job')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='projects.project')),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['organization', 'source', '-created_at'], name='plugin_generation_by_source')],
                    },
                ),
                migrations.CreateModel(
                    name='SourceRow',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('position', models.PositiveIntegerField()),
                        ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='further_rows', to='projects.contentitem')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='further_rows', to='projects.datasource')),
                    ],
                    options={
                        'ordering': ['position'],
                        'indexes': [models.Index(fields=['source', 'position'], name='source_row_by_position')],
                        'constraints': [models.UniqueConstraint(fields=('item', 'source'), name='source_row_once_per_item')],
                    },
                ),
                migrations.CreateModel(
                    name='StoreText',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('held', models.JSONField(default=dict)),
                        ('ours', models.JSONField(default=list)),
                        ('updated_at', models.DateTimeField(auto_now=True)),
                        ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='store_text', to='projects.contentitem')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('sent', models.JSONField(default=dict)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SyncRecord',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('connection_name', models.CharField(blank=True, default='', max_length=255)),
                        ('kind', models.CharField(choices=[('push', 'Push'), ('undo', 'Undo')], default='push', max_length=4)),
                        ('state', models.CharField(choices=[('writing', 'Writing'), ('done', 'Done'), ('conflict', 'Conflict'), ('failed', 'Failed'), ('same', 'Same')], default='writing', max_length=8)),
                        ('before', models.JSONField(blank=True, default=dict)),
                        ('wanted', models.JSONField(blank=True, default=dict)),
                        ('after', models.JSONField(blank=True, default=dict)),
                        ('skipped', models.JSONField(blank=True, default=dict)),
                        ('conflicts', models.JSONField(blank=True, default=list)),
                        ('code', models.CharField(blank=True, default='', max_length=64)),
                        ('error_message', models.TextField(blank=True, default='')),
                        ('forced', models.BooleanField(default=False)),
                        ('synced_at', models.DateTimeField()),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('connection', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='integrations.storeconnection')),
                        ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sync_records', to='projects.contentitem')),
                        ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sync_records', to='scribe.job')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                        ('undoes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='projects.syncrecord')),
                        ('changed', models.JSONField(blank=True, default=dict)),
                        ('made', models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['item', '-created_at'], name='sync_record_by_item'), models.Index(condition=models.Q(('state', 'writing')), fields=['item'], name='sync_record_unfinished'), models.Index(condition=models.Q(('code', 'in_doubt'), ('state', 'failed')), fields=['item'], name='sync_record_in_doubt')],
                        'constraints': [models.UniqueConstraint(fields=('job', 'item'), name='sync_record_once_per_job')],
                    },
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='project',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='projects.project'),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='made_from',
                    field=models.JSONField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='outdated_fields',
                    field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='version',
                    field=models.PositiveBigIntegerField(db_default=1, default=1, editable=False),
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='decisions',
                    field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='reject_reason',
                    field=models.CharField(blank=True, db_default='', default='', max_length=500),
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='assignee',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='language',
                    field=models.CharField(blank=True, db_default='', default='', max_length=10),
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='main',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='language_texts', to='projects.contentitem'),
                ),
                migrations.AddField(
                    model_name='contentitem',
                    name='view_data',
                    field=models.JSONField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='contentprofile',
                    name='version',
                    field=models.PositiveBigIntegerField(db_default=1, default=1, editable=False),
                ),
                migrations.AddField(
                    model_name='datasource',
                    name='project',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='projects.project'),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name='generationitem',
                    name='job',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='generation_items', to='scribe.job'),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name='generationitem',
                    name='organization',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization'),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name='generationitem',
                    name='taken_by',
                    field=models.UUIDField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='generationitem',
                    name='judged',
                    field=models.CharField(blank=True, max_length=32, null=True),
                ),
                migrations.AddField(
                    model_name='generationitem',
                    name='called_by',
                    field=models.UUIDField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='itemversion',
                    name='created_by',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='itemversion',
                    name='item',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='projects.contentitem'),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name='itemversion',
                    name='organization',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization'),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name='itemversion',
                    name='made_from',
                    field=models.JSONField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='itemversion',
                    name='reject_reason',
                    field=models.CharField(blank=True, db_default='', default='', max_length=500),
                ),
                migrations.AddField(
                    model_name='project',
                    name='content_profile',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='projects', to='projects.contentprofile'),
                ),
                migrations.AddField(
                    model_name='project',
                    name='created_by',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='project',
                    name='organization',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization'),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name='project',
                    name='store_connection',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='projects', to='integrations.storeconnection'),
                ),
                migrations.AddField(
                    model_name='project',
                    name='is_test',
                    field=models.BooleanField(db_default=False, default=False, help_text='A test key made it: the built-in writer writes, nothing costs or leaves.'),
                ),
                migrations.AlterField(
                    model_name='contentitem',
                    name='data_source',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='projects.datasource'),
                ),
                migrations.AlterField(
                    model_name='contentitem',
                    name='parent',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='variants', to='projects.contentitem'),
                ),
                migrations.AlterField(
                    model_name='project',
                    name='platform',
                    field=models.CharField(choices=integrations.stores.platforms.choices, max_length=20),
                ),
                migrations.AlterField(
                    model_name='project',
                    name='plugin_source',
                    field=models.CharField(blank=True, choices=integrations.stores.platforms.choices, default='', max_length=20),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=models.Index(fields=['project', 'language', 'id'], include=('organization',), name='item_by_project'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=models.Index(fields=['project', 'language', 'status', 'id'], include=('organization', 'excluded_at'), name='item_by_status'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=models.Index(fields=['data_source', 'language', 'position', 'id'], name='item_by_source'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=models.Index(condition=models.Q(('parent', None), _negated=True), fields=['parent'], name='item_by_parent'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=models.Index(models.F('project'), models.F('language'), projects.models.expressions.ItemName(), models.F('id'), name='item_by_name'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=models.Index(fields=['project', 'language', 'updated_at', 'id'], name='item_by_update'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=models.Index(condition=models.Q(('confidence_score__isnull', False)), fields=['project', 'language', 'confidence_score', 'id'], name='item_by_score'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=models.Index(condition=models.Q(('confidence_score__isnull', False)), fields=['project', 'language', 'status', 'confidence_score', 'id'], name='item_by_status_and_score'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=models.Index(condition=models.Q(('assignee', None), _negated=True), fields=['assignee', 'project'], name='item_by_assignee'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=django.contrib.postgres.indexes.GinIndex(projects.models.expressions.FailedChecks(), condition=models.Q(('confidence_score__isnull', False)), name='item_by_failed_check'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=django.contrib.postgres.indexes.GinIndex(projects.models.expressions.UnsupportedKinds(), condition=models.Q(('confidence_score__isnull', False)), name='item_by_unsupported_kind'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=django.contrib.postgres.indexes.GinIndex(projects.models.expressions.FindingFields(), condition=models.Q(('confidence_score__isnull', False)), name='item_by_finding_field'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=django.contrib.postgres.indexes.GinIndex(projects.models.expressions.ItemCategories(), condition=models.Q(('confidence_score__isnull', False)), name='item_by_category'),
                ),
                migrations.AddIndex(
                    model_name='contentitem',
                    index=django.contrib.postgres.indexes.GinIndex(projects.models.expressions.OriginalKeys(), condition=models.Q(('language', ''), _negated=True), name='language_text_by_original'),
                ),
                migrations.AddIndex(
                    model_name='contentprofile',
                    index=models.Index(fields=['organization', '-created_at'], name='profile_by_organization'),
                ),
                migrations.AddIndex(
                    model_name='datasource',
                    index=models.Index(fields=['project', '-created_at'], name='source_by_project'),
                ),
                migrations.AddIndex(
                    model_name='generationitem',
                    index=models.Index(condition=models.Q(('state', 'pending')), fields=['job', 'position'], name='generation_item_pending'),
                ),
                migrations.AddIndex(
                    model_name='itemversion',
                    index=models.Index(fields=['item', '-created_at'], name='version_by_item'),
                ),
                migrations.AddIndex(
                    model_name='project',
                    index=models.Index(fields=['organization', 'deleted_at', '-created_at'], name='project_by_organization'),
                ),
                migrations.AddConstraint(
                    model_name='contentitem',
                    constraint=models.UniqueConstraint(condition=models.Q(models.Q(('external_id', ''), _negated=True), ('language', '')), fields=('data_source', 'item_type', 'external_id', 'store_view'), name='item_once_per_source'),
                ),
                migrations.AddConstraint(
                    model_name='contentitem',
                    constraint=models.UniqueConstraint(condition=models.Q(('main', None), _negated=True), fields=('main', 'language'), name='item_once_per_language'),
                ),
                migrations.AddConstraint(
                    model_name='contentitem',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('language', ''), ('main', None)), models.Q(models.Q(('main', None), _negated=True), models.Q(('language', ''), _negated=True)), _connector='OR'), name='item_language_has_main'),
                ),
                migrations.AddConstraint(
                    model_name='contentprofile',
                    constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('organization',), name='profile_one_default_per_organization'),
                ),
                migrations.AddConstraint(
                    model_name='generationitem',
                    constraint=models.UniqueConstraint(fields=('job', 'item'), name='generation_item_once_per_job'),
                ),
                migrations.AddConstraint(
                    model_name='project',
                    constraint=models.UniqueConstraint(condition=models.Q(models.Q(('plugin_source', ''), _negated=True), ('deleted_at', None)), fields=('organization', 'plugin_source', 'is_test'), name='project_one_per_plugin_source'),
                ),
            ],
        ),
    ]
