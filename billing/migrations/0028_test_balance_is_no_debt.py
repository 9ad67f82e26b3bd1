"""What 0026 demands of new rows, held of all, while others write."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0027_events_that_wait_for_their_date")]

    operations = [ValidateConstraint("wallet", "wallet_test_balance_not_negative")]
