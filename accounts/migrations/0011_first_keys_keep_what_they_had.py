from django.db import migrations

FIRST = """
UPDATE accounts_apikey
SET line = id, survives_creator = true, scopes = '["plugin:read", "plugin:write"]'
WHERE prefix NOT LIKE 'xcs\\_live\\_%' AND prefix NOT LIKE 'xcs\\_test\\_%'
"""
# Without scopes, every active key opens the plugin operations: those that did not may not begin to.
BACK = """
UPDATE accounts_apikey SET is_active = false
WHERE mode = 'test' OR NOT scopes @> '["plugin:write"]' OR expires_at <= now() OR allowed_networks <> '[]'
"""


class Migration(migrations.Migration):
    """Keys from before there were scopes open the six plugin operations, whoever made them has left."""

    dependencies = [("accounts", "0010_scoped_keys")]
    operations = [migrations.RunSQL(FIRST, BACK)]
