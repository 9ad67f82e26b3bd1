from django.db import migrations


class Migration(migrations.Migration):
    """Keys of browser sessions at the admin stood in clear. They are kept as digests from now on (SESSION_ENGINE), under
    which the old rows are never found: staff sign in once more."""

    dependencies = [("scribe", "0003_rate_limits"), ("sessions", "0001_initial")]
    operations = [migrations.RunSQL("DELETE FROM django_session", migrations.RunSQL.noop)]
