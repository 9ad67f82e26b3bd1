"""What Prometheus reads from rows and queues when it scrapes: a query or two each, whatever the size of the tables."""

from decimal import Decimal
from typing import cast

from django.db import connection
from django.db.models import Count, Min, Sum
from django.utils import timezone

from accounts.models import MailMessage
from backoffice import usage
from billing.models import Difference, Invoice, ProviderEvent, Wallet
from scribe import backups, beat, metrics
from scribe.celery import QUEUES
from scribe.jobs import registry
from scribe.jobs.events import valkey
from scribe.metrics import Reading
from scribe.models import Job


def register() -> None:
    metrics.gauge("queue_depth", "Messages that wait in a queue.", queue_depth)
    metrics.gauge("jobs_active", "Jobs that are queued or running.", jobs_active)
    metrics.gauge("job_oldest_queued_seconds", "Age of the oldest job that no worker has begun.", oldest_queued)
    metrics.gauge("backup_age_seconds", "Seconds since the last whole backup. Absent if none is known.", backup_age)
    metrics.gauge(
        "wal_archive_age_seconds", "Seconds since PostgreSQL archived WAL. Absent if it does not.", archive_age
    )
    metrics.gauge(
        "ledger_differences", "Open differences that reconciliation found; anything but 0 is an alarm.", differences
    )
    metrics.gauge("xct_held", "XCT in open holds.", xct_held)
    metrics.gauge("invoices_unpaid", "Invoices that wait for their payment.", invoices_unpaid)
    metrics.gauge("webhooks_open", "Payment events that are not applied.", webhooks_open)
    metrics.gauge("mails_queued", "Mails that wait to be sent.", mails_queued)
    metrics.gauge(
        "valkey_memory_bytes", "Memory of the broker's Valkey: in use, and at most (0: no limit).", valkey_memory
    )
    metrics.gauge(
        "organization_usage",
        "What the first ten organizations of each measure use; jobs and calls in 24 h.",
        usage.gauge,
    )
    metrics.gauge("beat_age_seconds", "Seconds since beat ticked. Infinite if it never did.", beat_age)


def queue_depth() -> Reading:
    pipe = valkey().pipeline(transaction=False)
    for queue in QUEUES:
        pipe.llen(queue)
    return [({"queue": queue}, float(depth)) for queue, depth in zip(QUEUES, pipe.execute(), strict=True)]


def jobs_active() -> Reading:
    found = Job.objects.active().order_by().values_list("job_type", "status").annotate(n=Count("pk"))
    return [({"type": kind, "status": status}, n) for kind, status, n in found] or [({"type": "", "status": ""}, 0)]


def oldest_queued() -> Reading:
    """By the queue in which the job waits, in seconds; 0 for a queue without one."""
    now = timezone.now()
    due = Job.objects.due(now).filter(status=Job.Status.QUEUED)
    waiting = due.filter(organization__suspended_at=None).order_by()
    ages = dict.fromkeys(sorted({kind.queue for kind in registry.kinds.values()}), 0.0)
    for job_type, first in waiting.values_list("job_type").annotate(first=Min("created_at")):
        if job_type in registry.kinds:
            queue = registry.kinds[job_type].queue
            ages[queue] = max(ages[queue], (now - first).total_seconds())
    return [({"queue": queue}, age) for queue, age in ages.items()]


def backup_age() -> Reading:
    age = backups.age()
    return [] if age is None else [({}, age)]


def archive_age() -> Reading:
    """Nothing where PostgreSQL archives nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - coalesce(last_archived_time, stats_reset)) "
            "FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'"
        )
        found = cursor.fetchone()
    return [({}, float(found[0]))] if found and found[0] is not None else []


def differences() -> Reading:
    return [({}, Difference.objects.filter(resolved_at=None).count())]


def xct_held() -> Reading:
    held: dict[str, Decimal | None] = Wallet.objects.filter(held__gt=0).aggregate(held=Sum("held"))
    return [({}, float(held["held"] or Decimal(0)))]


def invoices_unpaid() -> Reading:
    return [({}, Invoice.objects.filter(status=Invoice.Status.PENDING).count())]


def webhooks_open() -> Reading:
    status = ProviderEvent.Status
    open_ = ProviderEvent.objects.exclude(status__in=(status.APPLIED, status.IGNORED)).order_by()
    found = dict(open_.values_list("status").annotate(n=Count("pk")))
    return [
        ({"status": name}, found.get(name, 0))
        for name in (status.RECEIVED, status.WAITING, status.FOR_STAFF, status.FAILED)
    ]


def mails_queued() -> Reading:
    return [({}, MailMessage.objects.filter(status=MailMessage.Status.QUEUED).count())]


def beat_age() -> Reading:
    return [({}, beat.age())]


def valkey_memory() -> Reading:
    found = cast("dict[str, float]", valkey().info("memory"))
    return [({"kind": "used"}, float(found["used_memory"])), ({"kind": "most"}, float(found["maxmemory"]))]
