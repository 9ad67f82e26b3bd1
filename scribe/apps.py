from django.apps import AppConfig


class ScribeConfig(AppConfig):
    name = "scribe"
    verbose_name = "System"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datetime import timedelta

        from celery.schedules import crontab

        import scribe
        from scribe import error_reports, logs, outbox, retention, schedule, traces
        from scribe.models import Backup, Count, Event
        from scribe.postgres import many_values

        many_values.register()
        logs.configure()
        error_reports.start()
        traces.start(version=scribe.__version__)
        schedule.every(timedelta(seconds=10), "scribe.jobs.tasks.sweep_jobs")
        schedule.every(crontab(minute="17", hour="3"), "scribe.jobs.tasks.forget_events")
        schedule.every(crontab(minute="41", hour="3"), "scribe.retention.forget_old_rows")
        schedule.every(crontab(minute="5", hour="4"), "scribe.orphans.delete_orphans")
        schedule.every(crontab(minute="35", hour="4"), "scribe.orphans.count_files")
        schedule.every(crontab(minute="23"), "scribe.api.idempotency.forget_idempotency_keys")
        retention.keep(
            Event, days=outbox.DAYS_KEPT, why="What other programs have not fetched by then, they ask for by the API."
        )
        retention.keep(Count, days=1, field="ends_at", why="A window that is over says nothing.")
        retention.keep(Backup, days=400, field="made_at", why="Their history is the bucket's.")
