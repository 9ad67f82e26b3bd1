"""The app's tables as of release 1.1.0. A database that has some of the migrations in `replaces` goes on with those."""

from importlib import import_module
import django.db.models.deletion
import django.utils.timezone
import scribe.ids
from django.conf import settings
from django.db import migrations, models

from scribe.migration import Schema

SCHEMA = """
-- Constraints and indexes of prompts are named after the app that they were made in.
CREATE TABLE projects_prompttemplate (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    kind varchar(60) NOT NULL,
    version integer NOT NULL CHECK (version >= 0),
    text text NOT NULL,
    active boolean NOT NULL,
    note varchar(300) NOT NULL,
    created_by_id uuid NULL,
    CONSTRAINT prompt_version_once_per_kind UNIQUE (kind, version)
);
ALTER TABLE projects_prompttemplate RENAME TO writing_prompttemplate;
ALTER TABLE writing_prompttemplate ADD COLUMN parameters jsonb NOT NULL;
CREATE TABLE writing_verifierrate (
    id uuid NOT NULL PRIMARY KEY,
    created_at timestamp with time zone NOT NULL,
    provider varchar(20) NOT NULL,
    model varchar(100) NOT NULL,
    version integer NOT NULL CHECK (version >= 0),
    texts bigint NOT NULL CHECK (texts >= 0),
    failed bigint NOT NULL CHECK (failed >= 0),
    sentences bigint NOT NULL CHECK (sentences >= 0),
    quoted bigint NOT NULL CHECK (quoted >= 0),
    harmless bigint NOT NULL CHECK (harmless >= 0),
    unsupported bigint NOT NULL CHECK (unsupported >= 0),
    invented bigint NOT NULL CHECK (invented >= 0),
    disagreed bigint NOT NULL CHECK (disagreed >= 0),
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT verifier_rate_once_per_version UNIQUE (provider, model, version)
);
ALTER TABLE writing_prompttemplate
    ADD CONSTRAINT projects_prompttempl_created_by_id_fd8656d7_fk_accounts_ FOREIGN KEY (created_by_id) REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX prompt_one_active_per_kind ON writing_prompttemplate (kind) WHERE active;
CREATE INDEX projects_prompttemplate_kind_a58b6a09 ON writing_prompttemplate (kind);
CREATE INDEX projects_prompttemplate_kind_a58b6a09_like ON writing_prompttemplate (kind varchar_pattern_ops);
CREATE INDEX projects_prompttemplate_created_by_id_fd8656d7 ON writing_prompttemplate (created_by_id);
"""

PROMPTS = (("projects", "0004_prompt_texts"), ("blog", "0002_article_prompt"), ("studio", "0002_seeds"))


def fill(apps, schema_editor):
    """The first version of each prompt text, which other apps wrote while the table was theirs."""
    old = {(app, name): import_module(f"{app}.migrations.{name}") for app, name in PROMPTS}
    texts = {
        **old["projects", "0004_prompt_texts"].TEXTS,
        "article": old["blog", "0002_article_prompt"].TEXT,
        **old["studio", "0002_seeds"].PROMPTS,
    }
    rows = apps.get_model("writing", "PromptTemplate").objects.using(schema_editor.connection.alias)
    for kind, text in texts.items():
        rows.create(kind=kind, version=1, text=text, active=True, note="First version")
    for name in ("0003_verifier_terms", "0004_translation_prompt"):
        import_module(f"writing.migrations.{name}").add(apps, schema_editor)


class Migration(migrations.Migration):
    replaces = [
        ("writing", "0001_prompt_templates"),
        ("writing", "0002_verifier"),
        ("writing", "0003_verifier_terms"),
        ("writing", "0004_translation_prompt"),
    ]

    initial = True

    dependencies = [
        ("projects", "0010_prompts_move_to_writing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Schema(
            database_operations=[migrations.RunSQL(SCHEMA)],
            state_operations=[
                migrations.CreateModel(
                    name='PromptTemplate',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('kind', models.SlugField(max_length=60)),
                        ('version', models.PositiveIntegerField()),
                        ('text', models.TextField()),
                        ('active', models.BooleanField(default=False)),
                        ('note', models.CharField(blank=True, default='', max_length=300)),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('parameters', models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        'ordering': ['kind', '-version'],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='prompt_version_once_per_kind'), models.UniqueConstraint(condition=models.Q(('active', True)), fields=('kind',), name='prompt_one_active_per_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='VerifierRate',
                    fields=[
                        ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('provider', models.CharField(max_length=20)),
                        ('model', models.CharField(max_length=100)),
                        ('version', models.PositiveIntegerField(help_text="Of the verifier's prompt, schema and thresholds.")),
                        ('texts', models.PositiveBigIntegerField(default=0)),
                        ('failed', models.PositiveBigIntegerField(default=0, help_text='Texts of which nothing came: time-outs, garbage, invented passages.')),
                        ('sentences', models.PositiveBigIntegerField(default=0, help_text='Sentences that were judged.')),
                        ('quoted', models.PositiveBigIntegerField(default=0)),
                        ('harmless', models.PositiveBigIntegerField(default=0)),
                        ('unsupported', models.PositiveBigIntegerField(default=0)),
                        ('invented', models.PositiveBigIntegerField(default=0, help_text='Quotes and words that stand nowhere.')),
                        ('disagreed', models.PositiveBigIntegerField(default=0, help_text='The tables say otherwise.')),
                        ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        'ordering': ['provider', 'model', '-version'],
                        'constraints': [models.UniqueConstraint(fields=('provider', 'model', 'version'), name='verifier_rate_once_per_version')],
                    },
                ),
            ],
        ),
        migrations.RunPython(fill),
    ]
