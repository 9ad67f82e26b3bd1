import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A post may be the translation of another."""

    dependencies = [("blog", "0004_scheduled_as")]

    operations = [
        migrations.AddField(
            model_name='blogpost',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='blogpost',
            name='made_from',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='blogpost',
            name='original',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='translations', to='blog.blogpost'),
        ),
        migrations.AddConstraint(
            model_name='blogpost',
            constraint=models.CheckConstraint(condition=models.Q(('original__isnull', True), models.Q(('original', models.F('pk')), _negated=True), _connector='OR'), name='blog_post_not_its_own_original'),
        ),
        migrations.AddConstraint(
            model_name='blogpost',
            constraint=models.UniqueConstraint(condition=models.Q(('original__isnull', False)), fields=('original', 'language'), name='blog_post_one_per_original_and_language'),
        ),
    ]
