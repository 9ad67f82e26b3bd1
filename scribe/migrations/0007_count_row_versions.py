from django.db import migrations

COUNT = """
CREATE FUNCTION scribe_count_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """The function behind each `counts_version` trigger: a row's version rises with each UPDATE of the row."""

    dependencies = [("scribe", "0006_audit_chained_at_commit")]

    operations = [migrations.RunSQL(COUNT, "DROP FUNCTION scribe_count_version()")]
