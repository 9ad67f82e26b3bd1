from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from datetime import timedelta

        from celery.schedules import crontab
        from django_otp.plugins.otp_email.models import EmailDevice
        from django_otp.plugins.otp_totp.models import TOTPDevice

        from accounts import api_keys, authentication, notifications, privacy
        from accounts.models import ApiKeyRequest
        from scribe import gdpr, jobs, orphans, retention, schedule, storage
        from scribe.api import middleware
        from scribe.fairness import callers

        jobs.register(
            privacy.JOB_TYPE,
            run=privacy.carry_out,
            queue="sync",
            notice=privacy.end_notice,
            repeatable=True,
        )
        jobs.notify_by(notifications.notify_of_end)
        orphans.claim(storage.EXPORT_KIND, privacy.keys_of)
        schedule.every(timedelta(seconds=30), "accounts.tasks.send_due_mail")
        schedule.every(crontab(minute="41"), "accounts.tasks.tidy")
        schedule.every(crontab(minute="23"), "accounts.tasks.warn_of_expiring_keys")
        schedule.every(crontab(minute="*/10"), "accounts.tasks.erase_due_organizations")
        retention.keep(ApiKeyRequest, days=api_keys.REQUESTS_KEPT_DAYS, why="the log of keys")
        middleware.note_key_request = api_keys.note_request
        callers.proofs.append(authentication.proof)
        device = gdpr.PersonalData(export="user_id name confirmed created_at")
        gdpr.of_others.update({TOTPDevice: device, EmailDevice: device})
