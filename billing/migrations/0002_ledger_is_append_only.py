from django.db import migrations

# The ledger refuses every change, an invoice every change but that of its payment. One exception, and a loud one: a transaction that names an organization in
# `billing.erasing_organization` (billing.ledger.allow_erasure) may delete that organization's ledger rows, and cut its invoices loose.
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

CREATE FUNCTION billing_refuse_invoice_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payment text[] := ARRAY['status', 'paid_at', 'confirmed_by_id', 'confirmed_by_label', 'cancelled_at', 'reminded_at'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF current_setting('billing.erasing_organization', true) = OLD.organization_id::text THEN
            payment := payment || ARRAY['organization_id', 'buyer', 'created_by_id'];
        END IF;
        IF (to_jsonb(NEW) - payment) = (to_jsonb(OLD) - payment) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'an issued invoice is never changed: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER invoice_is_never_changed BEFORE UPDATE OR DELETE ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION billing_refuse_invoice_change();
CREATE TRIGGER invoice_is_not_truncated BEFORE TRUNCATE ON billing_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_invoice_change();
"""
ALLOW = """
DROP TRIGGER invoice_is_not_truncated ON billing_invoice;
DROP TRIGGER invoice_is_never_changed ON billing_invoice;
DROP FUNCTION billing_refuse_invoice_change();
DROP TRIGGER ledger_is_not_truncated ON billing_entry;
DROP TRIGGER ledger_is_append_only ON billing_entry;
DROP FUNCTION billing_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
