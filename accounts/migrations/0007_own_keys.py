import django.db.models.deletion
import django.utils.timezone
import scribe.crypto
import scribe.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_seeds_stay_sealed'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnKey',
            fields=[
                ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('provider', models.CharField(max_length=20)),
                ('key', scribe.crypto.EncryptedTextField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_keys', to='accounts.organization')),
            ],
            options={
                'ordering': ['provider'],
                'constraints': [
                    models.UniqueConstraint(fields=('organization', 'provider'), name='own_key_once_per_provider'),
                    models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='own_key_is_not_empty'),
                ],
            },
        ),
    ]
