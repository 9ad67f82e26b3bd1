"""Money at risk: what could cost us or a customer money right now. Every number leads to its rows."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backoffice import figures
from backoffice.dashboard import Tile, list_url
from billing import margins, reconciliation
from billing.models import Difference, Hold, ProviderEvent, Reconciliation, UsageRecord
from scribe import audit
from scribe.models import Job
from scribe.types import Json

STUCK_AFTER = timedelta(minutes=10)
FINE = ("ok", "flagged", "usable")
MOST_LINES = 60


def page(site: AdminSite) -> Callable[[HttpRequest], HttpResponse]:
    def money_at_risk(request: HttpRequest) -> HttpResponse:
        context = {**site.each_context(request), "title": "Money at risk", "tiles": tiles(), **tables()}
        return TemplateResponse(request, "admin/backoffice/board.html", context)

    return money_at_risk


@require_POST
def reconcile_now(request: HttpRequest) -> HttpResponse:
    """Compare the books now, and record that in the audit log."""
    run = reconciliation.run()
    audit.record(
        action="books.reconciled",
        actor=request.user,
        target=run,
        reason="Asked for on the board.",
        after={"wallets": run.wallets, "entries": run.entries, "differences": run.differences},
    )
    say = messages.success if not run.differences else messages.error
    say(request, f"{run.wallets} wallets and {run.entries} entries compared: {run.differences} differences.")
    return HttpResponseRedirect(reverse("admin:money_at_risk"))


def tiles() -> list[Tile]:
    now = timezone.now()
    holds = Hold.objects.filter(closed_at=None).aggregate(n=Count("pk"), xct=Sum("remaining"), first=Min("created_at"))
    drift = Difference.objects.filter(resolved_at=None).count()
    status = ProviderEvent.Status
    events = ProviderEvent.objects.aggregate(
        failed=Count("pk", filter=Q(status=status.FAILED)),
        for_staff=Count("pk", filter=Q(status=status.FOR_STAFF)),
        waiting=Count("pk", filter=Q(status=status.WAITING)),
    )
    stuck = stuck_jobs().count()
    calls = figures.since(UsageRecord.objects.all(), now - timedelta(days=1)).aggregate(
        n=Count("pk"), bad=Count("pk", filter=~Q(outcome__in=FINE) & ~Q(outcome=""))
    )
    rate = 100 * calls["bad"] / calls["n"] if calls["n"] else 0
    unpaid = figures.unpaid()
    age = f"oldest {(now - holds['first']).total_seconds() / 3600:.1f} h" if holds["first"] else "none open"
    open_webhooks = events["failed"] + events["for_staff"]
    return [
        Tile(
            "Open holds",
            f"{holds['xct'] or 0:,.0f} XCT",
            f"{holds['n']} holds, {age}",
            list_url("billing_hold", closed_at__isnull="True"),
        ),
        Tile(
            "Ledger drift",
            str(drift),
            "open differences",
            list_url("billing_difference", resolved_at__isnull="True"),
            alarm=drift > 0,
        ),
        Tile(
            "Webhooks",
            str(open_webhooks),
            f"{events['failed']} failed, {events['for_staff']} for staff, {events['waiting']} waiting",
            list_url("billing_providerevent", status__in="failed,for_staff"),
            alarm=open_webhooks > 0,
        ),
        Tile(
            "Stuck jobs",
            str(stuck),
            f"nothing for {STUCK_AFTER.seconds // 60} minutes",
            list_url("scribe_job", status__in="queued,running"),
            alarm=stuck > 0,
        ),
        Tile(
            "Model errors, 24 h",
            f"{rate:.1f} %",
            f"{calls['bad']} of {calls['n']} calls",
            list_url("billing_usagerecord"),
            alarm=rate > 10,
        ),
        Tile(
            "Past due",
            f"{unpaid['late_eur']:,.2f} €",
            f"{unpaid['late']} invoices",
            list_url("billing_invoice", status__exact="pending"),
            alarm=unpaid["late"] > 0,
        ),
    ]


def stuck_jobs() -> QuerySet[Job]:
    """Active jobs that are due, without a worker, and unchanged for a while."""
    now = timezone.now()
    unheld = Q(lease_until=None) | Q(lease_until__lt=now - STUCK_AFTER)
    return (
        Job.objects.active()
        .due(now - STUCK_AFTER)
        .filter(unheld, created_at__lt=now - STUCK_AFTER, organization__suspended_at=None)
    )


def tables() -> Json:
    open_ = Difference.objects.filter(resolved_at=None).order_by("-created_at")[:20]
    return {
        "differences": list(open_),
        "parked": list(ProviderEvent.objects.filter(status="for_staff").order_by("created_at")[:20]),
        "runs": list(Reconciliation.objects.all()[:10]),
        "stuck": list(stuck_jobs().select_related("organization").order_by("created_at")[:20]),
        "margins": margins.lines(figures.window_start())[:MOST_LINES],
        "losses": [loss.sentence for loss in margins.losses().values()],
        "offers": margins.offers(),
        "rate_note": margins.rate_note(margins.dollar()),
    }
