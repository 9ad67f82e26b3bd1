from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from datetime import timedelta

        from celery.schedules import crontab

        from accounts import authentication, key_requests, personal_data, privacy
        from accounts.models import ApiKeyRequest
        from scribe import jobs, retention, schedule
        from scribe.api import middleware
        from scribe.fairness import callers

        jobs.register(privacy.JOB_TYPE, run=privacy.carry_out, queue="sync", ended=privacy.ended)
        schedule.every(timedelta(seconds=30), "accounts.tasks.send_due_mail")
        schedule.every(crontab(minute="41"), "accounts.tasks.tidy")
        schedule.every(crontab(minute="23"), "accounts.tasks.warn_of_expiring_keys")
        schedule.every(crontab(minute="*/10"), "accounts.tasks.erase_due_organizations")
        retention.keep(ApiKeyRequest, days=key_requests.KEPT_DAYS, why="the log of keys")
        middleware.note_key_request = key_requests.note
        callers.proofs.append(authentication.proof)
        personal_data.register()
