import django.contrib.postgres.indexes
import projects.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0020_language_texts'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contentitem',
            index=django.contrib.postgres.indexes.GinIndex(projects.models.expressions.OriginalKeys(), condition=models.Q(('language', ''), _negated=True), name='language_text_by_original'),
        ),
    ]
