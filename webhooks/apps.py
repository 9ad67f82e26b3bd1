from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"
    verbose_name = "Webhooks"

    def ready(self) -> None:
        from datetime import timedelta

        from celery.schedules import crontab

        from scribe import schedule

        schedule.every(timedelta(seconds=10), "webhooks.tasks.sweep")
        schedule.every(crontab(minute="52"), "webhooks.tasks.tidy")
