from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from projects.models.expressions import HasLiftedRule, ItemAddress, ItemSlug

OUT = models.Q(status__in=["approved", "synced"])


class Migration(migrations.Migration):
    """What is at an address, and from which texts evidence lifts a rule, is read from indexes. Built beside the running
    product."""

    atomic = False

    dependencies = [("projects", "0038_generation_batches")]

    operations = [
        AddIndexConcurrently(
            "contentitem", models.Index("organization", ItemAddress(), condition=OUT, name="item_by_address")
        ),
        AddIndexConcurrently(
            "contentitem", models.Index("organization", ItemSlug(), condition=OUT, name="item_by_slug")
        ),
        AddIndexConcurrently(
            "contentitem",
            models.Index(
                fields=["organization", "id"], condition=models.Q(HasLiftedRule()), name="item_with_lifted_rule"
            ),
        ),
    ]
