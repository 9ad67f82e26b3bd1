from django.db import migrations, models
from django.db.models.deletion import CASCADE
from django.utils.timezone import now

from scribe.ids import uuid7

# As the record of items (projects 0036): added, never changed, gone with the post alone.
FORWARD = """
ALTER TABLE blog_postevent ADD CONSTRAINT post_event_goes_with_its_post FOREIGN KEY (post_id)
    REFERENCES blog_blogpost (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION blog_keep_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM blog_blogpost WHERE id = OLD.post_id) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER post_event_is_append_only BEFORE UPDATE ON blog_postevent
    FOR EACH ROW EXECUTE FUNCTION blog_keep_record();
CREATE CONSTRAINT TRIGGER post_event_stays AFTER DELETE ON blog_postevent DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION blog_keep_record();
"""
BACK = """
DROP TRIGGER post_event_stays ON blog_postevent;
DROP TRIGGER post_event_is_append_only ON blog_postevent;
DROP FUNCTION blog_keep_record();
ALTER TABLE blog_postevent DROP CONSTRAINT post_event_goes_with_its_post;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_language_of_pages"), ("blog", "0006_published_texts")]

    operations = [
        migrations.CreateModel(
            name="PostEvent",
            fields=[
                ("id", models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=now, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("generated", "Generated"), ("edited", "Edited"), ("approved", "Approved")],
                        max_length=9,
                    ),
                ),
                ("person_id", models.UUIDField(null=True)),
                ("key_id", models.UUIDField(null=True)),
                ("digests", models.JSONField()),
                ("facts", models.JSONField()),
                (
                    "organization",
                    models.ForeignKey(on_delete=CASCADE, related_name="+", to="accounts.organization"),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=CASCADE,
                        related_name="events",
                        to="blog.blogpost",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
                "indexes": [models.Index(fields=["post", "created_at"], name="post_event_by_post")],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
