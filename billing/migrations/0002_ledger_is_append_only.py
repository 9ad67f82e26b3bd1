from django.db import migrations

# The ledger refuses every change. One exception, and a loud one: a transaction that names an organization in
# `billing.erasing_organization` (billing.ledger.allow_erasure) may delete that organization's rows, for its erasure.
REFUSE = """
CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('billing.erasing_organization', true) = OLD.organization_id::text THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER ledger_is_not_truncated BEFORE TRUNCATE ON billing_entry
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change();
"""
ALLOW = """
DROP TRIGGER ledger_is_not_truncated ON billing_entry;
DROP TRIGGER ledger_is_append_only ON billing_entry;
DROP FUNCTION billing_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
