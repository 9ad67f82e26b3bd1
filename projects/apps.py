from datetime import timedelta

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Content"

    def ready(self) -> None:
        from billing import limits
        from projects import file_import, lifecycle, personal_data, removal, sources
        from projects.translators import intake
        from scribe import jobs, orphans, schedule
        from scribe.models import Job

        for job_type in (Job.Type.GENERATION, Job.Type.REGENERATION):
            jobs.register(
                job_type,
                run="projects.generation.engine.run",
                queue="generation",
                closing="projects.generation.job.close",
                shared=True,
                ended="projects.generation.job.tell",
                writes_items=True,
                done=("generated", "flagged"),
            )
        jobs.register(
            Job.Type.IMPORT,
            run="projects.import_job.run",
            queue="sync",
            closing="projects.import_job.close",
            ended="projects.import_job.tell",
            writes_items=True,
            done=("imported",),
        )
        jobs.register(
            Job.Type.SYNC,
            run="projects.sync.job.run",
            queue="sync",
            closing="projects.sync.job.close",
            ended="projects.sync.job.tell",
            writes_items=True,
            done=("succeeded", "conflicts"),
        )
        jobs.register(
            Job.Type.VERIFY,
            run="projects.sync.comparison.run",
            queue="sync",
            ended="projects.sync.comparison.tell",
            done=("succeeded",),
        )
        jobs.keep_projects(lifecycle.keep)
        schedule.every(timedelta(hours=1), "projects.tasks.compare_with_stores")
        limits.register(limits.Limit("items", "items_full", "items", sources.items_of))
        limits.register(limits.Limit("projects", "projects_full", "projects", lifecycle.projects_of))
        orphans.claim(file_import.KIND, removal.keys_of)
        orphans.claim(intake.KIND, intake.keys_of)
        personal_data.register()
