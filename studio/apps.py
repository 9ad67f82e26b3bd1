from datetime import timedelta

from celery.schedules import crontab
from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"
    verbose_name = "Studio"

    def ready(self) -> None:
        from scribe import jobs, schedule
        from scribe.models import Job
        from studio import personal_data
        from studio.profiles.job import JOB_TYPE

        jobs.register(
            Job.Type.STORE_AUDIT,
            run="studio.audits.job.run",
            queue="sync",
            done=("products",),
            closing="studio.audits.job.close",
            ended="studio.audits.job.tell",
        )
        jobs.register(
            JOB_TYPE, run="studio.profiles.instructions.run", queue="generation", closing="writing.bill.close"
        )
        schedule.every(timedelta(minutes=1), "studio.tasks.answer_waiting_chats")
        schedule.every(crontab(hour=3, minute=40), "studio.tasks.forget_old_chats")
        personal_data.register()
