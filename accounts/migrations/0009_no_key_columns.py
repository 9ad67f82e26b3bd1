from django.db import migrations

# The version before reads and writes the columns while this one starts, so rows and columns follow each other. The columns
# and the triggers go one version later.
COLUMNS = ("anthropic", "deepseek", "google")
BOTH_WAYS = """
ALTER TABLE accounts_organization
    ALTER COLUMN anthropic_api_key SET DEFAULT '',
    ALTER COLUMN deepseek_api_key SET DEFAULT '',
    ALTER COLUMN google_api_key SET DEFAULT '';

CREATE FUNCTION own_key_into_column() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose uuid; which text; sealed text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        whose := OLD.organization_id; which := OLD.provider; sealed := '';
    ELSE
        whose := NEW.organization_id; which := NEW.provider; sealed := NEW.key;
    END IF;
    IF which IN ('anthropic', 'deepseek', 'google') THEN
        EXECUTE format('UPDATE accounts_organization SET %I = $1 WHERE id = $2', which || '_api_key') USING sealed, whose;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER own_key_into_column AFTER INSERT OR UPDATE OR DELETE ON accounts_ownkey
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION own_key_into_column();

CREATE FUNCTION own_key_into_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which text; sealed text; before text;
BEGIN
    FOREACH which IN ARRAY ARRAY['anthropic', 'deepseek', 'google'] LOOP
        sealed := to_jsonb(NEW) ->> (which || '_api_key');
        before := to_jsonb(OLD) ->> (which || '_api_key');
        IF sealed = before THEN
            CONTINUE;
        ELSIF sealed = '' THEN
            DELETE FROM accounts_ownkey WHERE organization_id = NEW.id AND provider = which;
        ELSE
            INSERT INTO accounts_ownkey (id, created_at, organization_id, provider, key)
            VALUES (gen_random_uuid(), now(), NEW.id, which, sealed)
            ON CONFLICT (organization_id, provider) DO UPDATE SET key = excluded.key;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER own_key_into_row AFTER UPDATE OF anthropic_api_key, deepseek_api_key, google_api_key ON accounts_organization
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION own_key_into_row();
"""
BACK = """
DROP TRIGGER own_key_into_row ON accounts_organization;
DROP TRIGGER own_key_into_column ON accounts_ownkey;
DROP FUNCTION own_key_into_row;
DROP FUNCTION own_key_into_column;
ALTER TABLE accounts_organization
    ALTER COLUMN anthropic_api_key DROP DEFAULT,
    ALTER COLUMN deepseek_api_key DROP DEFAULT,
    ALTER COLUMN google_api_key DROP DEFAULT;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_own_keys_into_rows")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="organization", name=f"{provider}_api_key") for provider in COLUMNS
            ],
            database_operations=[migrations.RunSQL(BOTH_WAYS, BACK)],
        )
    ]
