"""What 0020 demands of new rows, held of all, while others write."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0020_roles'),
    ]

    operations = [
        ValidateConstraint(model_name='invitation', name='invitation_role_is_known'),
        ValidateConstraint(model_name='invitation', name='invitation_translator_has_languages'),
        ValidateConstraint(model_name='invitation', name='invitation_viewer_reviews_nothing'),
        ValidateConstraint(model_name='invitation', name='invitation_admin_sees_all_projects'),
        ValidateConstraint(model_name='user', name='user_role_is_known'),
        ValidateConstraint(model_name='user', name='user_translator_has_languages'),
        ValidateConstraint(model_name='user', name='user_viewer_reviews_nothing'),
        ValidateConstraint(model_name='user', name='user_admin_sees_all_projects'),
    ]
