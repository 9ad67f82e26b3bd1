from datetime import timedelta

from django.apps import AppConfig

from scribe.messages import _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Content"

    def ready(self) -> None:
        from accounts import memberships
        from billing import limits
        from projects import file_import, glossary, lifecycle, memory_files, removal, sources
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
                notice="projects.generation.job.end_notice",
                writes_items=True,
                done=("generated", "flagged"),
            )
        jobs.register(
            Job.Type.IMPORT,
            run="projects.import_job.run",
            queue="sync",
            closing="projects.import_job.close",
            notice="projects.import_job.end_notice",
            ended="projects.translators.intake.forget",
            writes_items=True,
            done=("imported",),
            repeatable=True,
        )
        jobs.register(
            Job.Type.SYNC,
            run="projects.sync.job.run",
            queue="sync",
            closing="projects.sync.job.close",
            notice="projects.sync.job.end_notice",
            writes_items=True,
            done=("succeeded", "conflicts"),
            repeatable=True,
        )
        jobs.register(
            Job.Type.VERIFY,
            run="projects.sync.comparison.run",
            queue="sync",
            notice="projects.sync.comparison.end_notice",
            done=("succeeded",),
            repeatable=True,
        )
        jobs.register(
            Job.Type.MEMORY_IMPORT,
            run="projects.memory_files.run",
            queue="sync",
            ended="projects.memory_files.forget",
        )
        jobs.register(
            Job.Type.BULK_CHANGE, run="projects.bulk.run", queue="default", done=("changed",), repeatable=True
        )
        jobs.register(
            Job.Type.REMOVAL, run="projects.removal_job.run", queue="default", writes_items=True, repeatable=True
        )
        jobs.keep_projects(lifecycle.keep)
        memberships.language_codes.append(glossary.language_code)
        schedule.every(timedelta(hours=1), "projects.tasks.compare_with_stores")
        limits.register(limits.Limit("items", "items_full", _("items"), sources.items_of))
        limits.register(limits.Limit("projects", "projects_full", _("projects"), lifecycle.projects_of))
        orphans.claim(file_import.KIND, removal.keys_of)
        orphans.claim(intake.KIND, intake.keys_of)
        orphans.claim(memory_files.KIND, memory_files.keys_of)
