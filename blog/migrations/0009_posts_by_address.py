from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    """The post at an address is read from an index, built beside the running product."""

    atomic = False

    dependencies = [("blog", "0008_message_values")]

    operations = [
        AddIndexConcurrently(
            "blogpost",
            models.Index(
                "organization",
                Left("published_url", 300),
                condition=~models.Q(published_url=""),
                name="blog_post_by_address",
            ),
        ),
    ]
