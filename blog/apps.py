from datetime import timedelta

from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = "Blog"

    def ready(self) -> None:
        from blog import plugin, post_images
        from projects import removal
        from scribe import jobs, orphans, schedule, storage
        from scribe.models import Job

        jobs.register(
            Job.Type.BLOG_GENERATION,
            run="blog.work.run",
            queue="generation",
            done=("generated", "succeeded"),
            closing="blog.work.close",
            notice="blog.work.end_notice",
        )
        jobs.register(
            Job.Type.BLOG_PUBLISH,
            run="blog.publishing.job.run",
            queue="sync",
            done=("succeeded",),
            closing="blog.publishing.job.close",
            notice="blog.publishing.job.end_notice",
        )
        schedule.every(timedelta(seconds=10), "blog.tasks.publish_due_posts")
        schedule.every(timedelta(seconds=30), "blog.tasks.reconcile_publications")
        plugin.register()
        removal.also_remove(post_images.keys_of_project)
        orphans.claim(storage.PUBLIC_KIND, post_images.keys_of_organization)
