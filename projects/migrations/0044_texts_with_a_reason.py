from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The texts that a reviewer rejected with a reason are read from an index. Built beside the running product."""

    atomic = False

    dependencies = [("projects", "0043_comments_on_passages")]

    operations = [
        AddIndexConcurrently(
            "contentitem",
            models.Index(
                fields=["project", "language"], condition=~models.Q(reject_reason=""), name="item_with_reason"
            ),
        ),
    ]
