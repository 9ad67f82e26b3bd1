from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scribe', '0016_worker_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('key', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField()),
                ('size', models.PositiveBigIntegerField(help_text='Bytes.')),
            ],
            options={
                'db_table': 'scribe_storedfile',
                'indexes': [models.Index(fields=['organization_id'], include=['size'], name='stored_size_by_organization')],
            },
        ),
    ]
