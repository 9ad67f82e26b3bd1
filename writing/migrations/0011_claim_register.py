"""The EU register of authorised health claims, by language and version."""

import django.db.models.deletion
import django.utils.timezone
import scribe.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('writing', '0010_gpsr'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimRegister',
            fields=[
                ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('language', models.CharField(max_length=10)),
                ('version', models.CharField(help_text='As its publisher names it, or the day of the download.', max_length=60)),
                ('published_on', models.DateField()),
                ('claims', models.JSONField(help_text='The authorised claims: rule, entry, claim, substance, conditions, least.')),
                ('active', models.BooleanField(default=False)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['language', '-published_on', '-id'],
                'constraints': [models.UniqueConstraint(fields=('language', 'version'), name='claim_register_version_once_per_language'), models.UniqueConstraint(condition=models.Q(('active', True)), fields=('language',), name='claim_register_one_active_per_language')],
            },
        ),
    ]
