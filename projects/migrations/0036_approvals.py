from django.db import migrations, models
from django.db.models.deletion import CASCADE
from django.utils.timezone import now

from scribe.ids import uuid7

# Rows of the record are added and never changed. They leave with their item alone, which is looked at when the
# transaction ends, since Django deletes them before it. A version forgets the person who is deleted.
FORWARD = """
ALTER TABLE projects_approval ADD CONSTRAINT approval_goes_with_its_item FOREIGN KEY (item_id)
    REFERENCES projects_contentitem (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION projects_text_digests(content jsonb) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(name, encode(sha256(convert_to(value #>> '{}', 'UTF8')), 'hex')), '{}')
    FROM (
        SELECT key AS name, value FROM jsonb_each(content) WHERE key <> 'seo'
        UNION ALL
        SELECT 'seo.' || key, value
        FROM jsonb_each(CASE WHEN jsonb_typeof(content -> 'seo') = 'object' THEN content -> 'seo' ELSE '{}' END)
    ) AS texts
    WHERE value NOT IN ('""', '[]', '{}', 'null')
$$;

CREATE FUNCTION projects_keep_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM projects_contentitem WHERE id = OLD.item_id) THEN
            RETURN NULL;
        END IF;
    ELSIF to_jsonb(NEW) - 'created_by_id' = to_jsonb(OLD) - 'created_by_id'
        AND to_jsonb(NEW) ->> 'created_by_id' IS NULL
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER approval_is_append_only BEFORE UPDATE ON projects_approval
    FOR EACH ROW EXECUTE FUNCTION projects_keep_record();
CREATE CONSTRAINT TRIGGER approval_stays AFTER DELETE ON projects_approval DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION projects_keep_record();
CREATE TRIGGER version_is_append_only BEFORE UPDATE ON projects_itemversion
    FOR EACH ROW EXECUTE FUNCTION projects_keep_record();
CREATE CONSTRAINT TRIGGER version_stays AFTER DELETE ON projects_itemversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION projects_keep_record();

CREATE FUNCTION projects_take_approval_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM projects_approval WHERE item_id = OLD.id) THEN
        NEW.status := 'generated';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER changed_text_is_not_approved BEFORE UPDATE OF generated_content ON projects_contentitem
    FOR EACH ROW WHEN (
        NEW.status = OLD.status AND NEW.status IN ('approved', 'synced')
        AND OLD.generated_content <> '{}' AND NEW.generated_content IS DISTINCT FROM OLD.generated_content
    )
    EXECUTE FUNCTION projects_take_approval_back();
"""
BACK = """
DROP TRIGGER changed_text_is_not_approved ON projects_contentitem;
DROP FUNCTION projects_take_approval_back();
DROP TRIGGER version_stays ON projects_itemversion;
DROP TRIGGER version_is_append_only ON projects_itemversion;
DROP TRIGGER approval_stays ON projects_approval;
DROP TRIGGER approval_is_append_only ON projects_approval;
DROP FUNCTION projects_keep_record();
DROP FUNCTION projects_text_digests(jsonb);
ALTER TABLE projects_approval DROP CONSTRAINT approval_goes_with_its_item;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_language_of_pages"), ("projects", "0035_fill_item_words")]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=now, editable=False)),
                ("person_id", models.UUIDField(null=True)),
                ("key_id", models.UUIDField(null=True)),
                ("override", models.BooleanField()),
                ("reason", models.CharField(max_length=500)),
                ("digests", models.JSONField()),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=CASCADE,
                        related_name="approvals",
                        to="projects.contentitem",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=CASCADE, related_name="+", to="accounts.organization"),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["item", "-created_at"], name="approval_by_item")],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
