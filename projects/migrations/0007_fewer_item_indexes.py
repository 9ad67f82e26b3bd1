"""Items carried three indexes that longer ones begin with; each cost an import a tenth of its time."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_plugin_generation")]

    operations = [
        migrations.AlterField(
            model_name="contentitem",
            name="project",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="projects.project",
            ),
        ),
        migrations.AlterField(
            model_name="contentitem",
            name="data_source",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="projects.datasource",
            ),
        ),
        migrations.AlterField(
            model_name="contentitem",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="variants",
                to="projects.contentitem",
            ),
        ),
    ]
