from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0022_shared_jobs'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='contentitem',
            name='item_by_status',
        ),
        migrations.AddIndex(
            model_name='contentitem',
            index=models.Index(fields=['project', 'language', 'status', 'id'], include=('organization', 'excluded_at'), name='item_by_status'),
        ),
    ]
