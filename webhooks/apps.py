from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"
    verbose_name = "Webhooks"

    def ready(self) -> None:
        from datetime import timedelta

        from celery.schedules import crontab

        from scribe import gdpr, schedule
        from webhooks.models import EventDelivery, WebhookEndpoint

        schedule.every(timedelta(seconds=10), "webhooks.tasks.sweep")
        schedule.every(crontab(minute="52"), "webhooks.tasks.tidy")
        gdpr.register(
            WebhookEndpoint,
            export=["id", "url", "description", "types", "disabled_at", "disabled_reason", "created_at"],
        )
        gdpr.register(EventDelivery, export=["id", "endpoint_id", "event_id", "state", "attempts", "delivered_at"])
