from datetime import timedelta

from celery.schedules import crontab
from django.apps import AppConfig

from scribe.messages import _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from accounts import openers
        from billing import access, limits, registration
        from scribe import jobs, schedule, stored_files
        from scribe.api import open_streams

        openers.add(registration.open_for)
        limits.register(limits.Limit("stored_bytes", "storage_full", _("bytes"), stored_files.bytes_of))
        limits.register(limits.Limit("open_streams", "streams_full", _("open streams"), open_streams.count))
        jobs.keep_organizations(access.check_may_begin)
        stored_files.check_room = limits.check_storage
        open_streams.most_of = limits.most_streams
        schedule.every(timedelta(minutes=1), "billing.tasks.sweep_events")
        schedule.every(timedelta(minutes=1), "billing.tasks.stop_renewals")
        schedule.every(timedelta(minutes=5), "billing.tasks.start_cycles")
        schedule.every(timedelta(minutes=5), "billing.tasks.sweep_holds")
        schedule.every(timedelta(minutes=10), "billing.tasks.send_pending_changes")
        schedule.every(timedelta(minutes=1), "billing.tasks.fetch_exchange_rate")
        schedule.every(timedelta(hours=1), "billing.tasks.settle_unpaid_upgrades")
        schedule.every(timedelta(hours=1), "billing.tasks.run_dunning")
        schedule.every(timedelta(hours=1), "billing.tasks.tend_invoices")
        schedule.every(crontab(hour=2, minute=40), "billing.tasks.reconcile")
