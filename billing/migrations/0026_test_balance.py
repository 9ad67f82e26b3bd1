from decimal import Decimal

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import billing.models.wallet


class Migration(migrations.Migration):
    dependencies = [("billing", "0025_what_changes_of_plan_are_worth")]

    operations = [
        migrations.AddField(
            model_name="wallet",
            name="test_balance",
            field=billing.models.wallet.Xct(
                db_default=Decimal("1000.0000"),
                decimal_places=4,
                default=Decimal("1000.0000"),
                help_text="Play money of test keys.",
                max_digits=16,
                verbose_name="test XCT",
            ),
        ),
        AddConstraintNotValid(
            model_name="wallet",
            constraint=models.CheckConstraint(
                condition=models.Q(("test_balance__gte", 0)), name="wallet_test_balance_not_negative"
            ),
        ),
    ]
