from django.db import migrations, models

TABLES = ("projects_contentitem", "projects_contentprofile")


class Migration(migrations.Migration):
    """Items and profiles carry a version, so that the second of two editors is told of the first."""

    dependencies = [("projects", "0008_what_stores_show"), ("scribe", "0007_count_row_versions")]

    operations = [
        *(
            migrations.AddField(model, "version", models.PositiveBigIntegerField(db_default=1, default=1, editable=False))
            for model in ("contentitem", "contentprofile")
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER counts_version BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION scribe_count_version()",
                f"DROP TRIGGER counts_version ON {table}",
            )
            for table in TABLES
        ),
    ]
