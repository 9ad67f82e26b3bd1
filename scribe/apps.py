from django.apps import AppConfig


class ScribeConfig(AppConfig):
    name = "scribe"
    verbose_name = "System"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datetime import timedelta

        from celery.schedules import crontab

        import scribe
        from scribe import error_reports, gdpr, logs, outbox, retention, schedule, traces
        from scribe.models import (
            AuditEntry,
            Backup,
            Count,
            Event,
            IdempotencyKey,
            Job,
            JobEvent,
            JobHelper,
            RateLimit,
            StoredFile,
            WorkerFile,
        )

        logs.configure()
        error_reports.start()
        traces.start(version=scribe.__version__)
        schedule.every(timedelta(seconds=10), "scribe.jobs.tasks.sweep_jobs")
        schedule.every(crontab(minute="17", hour="3"), "scribe.jobs.tasks.forget_events")
        schedule.every(crontab(minute="41", hour="3"), "scribe.retention.forget_old_rows")
        schedule.every(crontab(minute="5", hour="4"), "scribe.orphans.delete_orphans")
        schedule.every(crontab(minute="35", hour="4"), "scribe.orphans.count_files")
        schedule.every(crontab(minute="23"), "scribe.api.idempotency.forget_idempotency_keys")
        gdpr.register(
            Job,
            export=[
                "id",
                "job_type",
                "status",
                "progress_current",
                "progress_total",
                "result",
                "error",
                "created_at",
                "completed_at",
            ],
        )
        gdpr.register(JobEvent, organization="job__organization_id")
        gdpr.register(JobHelper, organization="job__organization_id")
        gdpr.register(IdempotencyKey)
        gdpr.register(StoredFile)
        gdpr.register(Event, export=["id", "type", "object_id", "version", "data", "created_at"])
        retention.keep(
            Event, days=outbox.DAYS_KEPT, why="What other programs have not fetched by then, they ask for by the API."
        )
        gdpr.holds_none(Count, "Numbers under digests, for a day.")
        retention.keep(Count, days=1, field="ends_at", why="A window that is over says nothing.")
        gdpr.holds_none(RateLimit, "Numbers that staff set.")
        gdpr.holds_none(Backup, "When one was made.")
        retention.keep(Backup, days=400, field="made_at", why="Their history is the bucket's.")
        gdpr.holds_none(WorkerFile, "Names of our own processes.")
        gdpr.register(
            AuditEntry,
            export=["number", "created_at", "action", "actor_label", "target_type", "target_id", "reason"],
            erase=gdpr.KEEP,
            reason="The chain of deeds must stay whole; it is kept without the organization's content.",
        )
