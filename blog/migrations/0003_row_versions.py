from django.db import migrations, models


class Migration(migrations.Migration):
    """Posts carry a version, so that the second of two editors is told of the first."""

    dependencies = [("blog", "0002_article_prompt"), ("scribe", "0007_count_row_versions")]

    operations = [
        migrations.AddField(
            "blogpost", "version", models.PositiveBigIntegerField(db_default=1, default=1, editable=False)
        ),
        migrations.RunSQL(
            "CREATE TRIGGER counts_version BEFORE UPDATE ON blog_blogpost "
            "FOR EACH ROW EXECUTE FUNCTION scribe_count_version()",
            "DROP TRIGGER counts_version ON blog_blogpost",
        ),
    ]
