from datetime import timedelta

from celery.schedules import crontab
from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from accounts import openers
        from billing import limits, personal_data, registration
        from scribe import schedule, stored_files

        openers.add(registration.open_for)
        personal_data.register()
        limits.register(limits.Limit("stored_bytes", "storage_full", "bytes", stored_files.bytes_of))
        stored_files.check_room = limits.check_storage
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
