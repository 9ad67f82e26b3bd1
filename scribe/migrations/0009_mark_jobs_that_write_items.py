from django.db import migrations

MARK = """
UPDATE scribe_job SET writes_items = true
WHERE status IN ('queued', 'running') AND job_type IN ('generation', 'regeneration', 'sync', 'import')
"""


class Migration(migrations.Migration):
    """Mark the jobs that have not ended; those that have are no longer asked."""

    dependencies = [("scribe", "0008_job_writes_items")]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
