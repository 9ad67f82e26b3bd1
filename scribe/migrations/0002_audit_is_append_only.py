from django.db import migrations

REFUSE = """
CREATE FUNCTION scribe_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON scribe_auditentry
    FOR EACH ROW EXECUTE FUNCTION scribe_refuse_change();
CREATE TRIGGER audit_is_not_truncated BEFORE TRUNCATE ON scribe_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION scribe_refuse_change();
"""
ALLOW = """
DROP TRIGGER audit_is_not_truncated ON scribe_auditentry;
DROP TRIGGER audit_is_append_only ON scribe_auditentry;
DROP FUNCTION scribe_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("scribe", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
