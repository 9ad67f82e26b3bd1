from django.db import migrations

# Two steps, because deferred triggers run in the order of their statements, and those of foreign keys lock rows. The first
# step only touches the entry. That queues the second one behind every check that the transaction has left, so nothing is
# locked after the chain. An entry that has its number can't be changed any more; until then only the chaining can.
CHAIN = """
CREATE FUNCTION scribe_chain_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.number IS NULL
        AND to_jsonb(NEW) - '{number,hash,previous_hash}'::text[] = to_jsonb(OLD) - '{number,hash,previous_hash}'::text[]
        AND (NEW.number IS NOT NULL OR (NEW.hash, NEW.previous_hash) = (OLD.hash, OLD.previous_hash))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION scribe_chain_soon() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE scribe_auditentry SET number = NULL WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION scribe_chain_now() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_number bigint;
    last_hash text;
BEGIN
    PERFORM pg_advisory_xact_lock(6058430);
    SELECT number, hash INTO last_number, last_hash FROM scribe_auditentry
        WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1;
    last_number := coalesce(last_number, 0) + 1;
    last_hash := coalesce(last_hash, '');
    UPDATE scribe_auditentry SET number = last_number, previous_hash = last_hash,
        hash = encode(sha256(convert_to(last_number || '|' || NEW.hash || '|' || last_hash, 'UTF8')), 'hex')
        WHERE id = NEW.id AND number IS NULL;
    RETURN NULL;
END $$;
DROP TRIGGER audit_is_append_only ON scribe_auditentry;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON scribe_auditentry
    FOR EACH ROW EXECUTE FUNCTION scribe_chain_only();
CREATE CONSTRAINT TRIGGER audit_chained_soon AFTER INSERT ON scribe_auditentry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION scribe_chain_soon();
CREATE CONSTRAINT TRIGGER audit_chained_now AFTER UPDATE ON scribe_auditentry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION scribe_chain_now();
"""
UNCHAIN = """
DROP TRIGGER audit_chained_now ON scribe_auditentry;
DROP TRIGGER audit_chained_soon ON scribe_auditentry;
DROP TRIGGER audit_is_append_only ON scribe_auditentry;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON scribe_auditentry
    FOR EACH ROW EXECUTE FUNCTION scribe_refuse_change();
DROP FUNCTION scribe_chain_now();
DROP FUNCTION scribe_chain_soon();
DROP FUNCTION scribe_chain_only();
"""


class Migration(migrations.Migration):
    """Until now each `record` took the lock of the chain at once and held it to the end of its transaction, over whatever
    was locked afterwards: long deletes made everybody wait, and two transactions could wait for each other."""

    dependencies = [("scribe", "0005_audit_number_nullable")]
    operations = [migrations.RunSQL(CHAIN, UNCHAIN)]
