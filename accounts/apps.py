from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from datetime import timedelta

        from celery.schedules import crontab

        from accounts import personal_data, privacy
        from scribe import jobs, schedule

        jobs.register(privacy.JOB_TYPE, run=privacy.carry_out, queue="sync", ended=privacy.ended)
        schedule.every(timedelta(seconds=30), "accounts.tasks.send_due_mail")
        schedule.every(crontab(minute="41"), "accounts.tasks.tidy")
        schedule.every(crontab(minute="*/10"), "accounts.tasks.erase_due_organizations")
        personal_data.register()
