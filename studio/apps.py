from datetime import timedelta

from celery.schedules import crontab
from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"
    verbose_name = "Studio"

    def ready(self) -> None:
        from scribe import jobs, orphans, schedule
        from scribe.models import Job
        from studio import evidence
        from studio.profiles.job import JOB_TYPE

        jobs.register(
            Job.Type.STORE_AUDIT,
            run="studio.audits.job.run",
            queue="sync",
            done=("products",),
            closing="studio.audits.job.close",
            notice="studio.audits.job.end_notice",
        )
        jobs.register(
            Job.Type.FIX_PROJECT,
            run="studio.audits.fix_project.run",
            queue="default",
            closing="studio.audits.fix_project.close",
            writes_items=True,
        )
        jobs.register(Job.Type.LAW_RECHECK, run="studio.evidence.run", queue="default", repeatable=True)
        jobs.register(JOB_TYPE, run="studio.profiles.job.run", queue="generation", closing="writing.bill.close")
        orphans.claim(evidence.KIND, evidence.keys_of)
        schedule.every(timedelta(minutes=1), "studio.tasks.answer_waiting_chats")
        schedule.every(crontab(hour=3, minute=40), "studio.tasks.forget_old_chats")
        schedule.every(timedelta(hours=1), "studio.tasks.recheck_ended_evidence")
