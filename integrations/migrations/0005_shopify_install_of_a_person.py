import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0004_prospects'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='shopifyinstall',
            name='purpose',
            field=models.CharField(choices=[('store', 'Products'), ('blog', 'Blog posts')], default='store', max_length=5),
        ),
        migrations.AddField(
            model_name='shopifyinstall',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='shopifyinstall',
            constraint=models.CheckConstraint(condition=models.Q(('user', None), models.Q(('organization__isnull', False), ('access_token', '')), _connector='OR'), name='shopify_install_of_a_person_keeps_no_token'),
        ),
    ]
