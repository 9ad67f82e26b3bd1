"""The balance with what is held, the ledger's latest entries, and what became of a checkout."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.utils import timezone

from accounts.models import User
from billing import limits
from billing.models import Checkout, Entry, Hold, Payment, TopupPack
from scribe.models import Job
from workbench import form_values
from workbench.spreadsheet import download
from workbench.views.account import AccountPage

MOST_ENTRIES = 50
MOST_HOLDS = 50
#: How long after its begin a checkout is still waited for.
WAITED_FOR = timedelta(days=1)
#: The words in providers' return addresses that mean that nothing was paid.
NOT_PAID = {"failed", "cancelled", "canceled", "expired", "requires_payment_method"}
RETURNED = ("payment_id", "subscription_id", "status")
#: How often the page looks for the payment by itself, every five seconds.
MOST_LOOKS = 36


@dataclass(frozen=True)
class CheckoutReturn:
    """What became of the checkout from which the browser comes back: `paid`, `failed`, `waiting`, or `late` once it was
    waited for long enough. `again` is the query with which to look again."""

    state: str
    payment: Payment | None = None
    again: str = ""


class BalancePage(AccountPage):
    tab = "balance"

    def get(self, request: HttpRequest) -> HttpResponse:
        entries = list(Entry.objects.visible_to(self.user).order_by("-number")[:MOST_ENTRIES])
        jobs = Job.objects.visible_to(self.user).select_related("project").in_bulk([one.job_id for one in entries])
        holds = Hold.objects.visible_to(self.user).open().filter(remaining__gt=0).select_related("job__project")
        for ids in self.user.project_limits:  # their jobs are named
            holds = holds.filter(Q(job__project=None) | Q(job__project__in=ids))
        return self.show_account(
            "balance",
            section="billing",
            entries=entries,
            jobs=jobs,
            products=self.products(self.user.organization.wallet.available),
            pack=TopupPack.current(),
            holds=holds.order_by("-created_at")[:MOST_HOLDS],
            arrival=arrival(self.user, request.GET),
            limits=limits.usage(self.user.organization),
        )


class ArrivalPart(AccountPage):
    """What became of the checkout, for the page that waits for it. A payment that is there loads the whole page anew."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = arrival(self.user, request.GET)
        response = self.show("parts/arrival", arrival=found)
        if found is not None and found.state in ("paid", "failed"):
            response["HX-Refresh"] = "true"
        return response


class MovementsFile(AccountPage):
    """The whole ledger as CSV."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        rows = Entry.objects.visible_to(self.user).order_by("number")
        header = ("number", "time", "type", "balance", "xct", "balance_after", "total_after", "description")
        fields = ("number", "created_at", "transaction_type", "balance_type", "amount", "balance_after", "total_after")
        found = rows.values_list(*fields, "description").iterator(chunk_size=2000)
        table = ((number, at.isoformat(), *rest) for number, at, *rest in found)
        return download("xct-movements.csv", header, table)


def arrival(user: User, query: QueryDict) -> CheckoutReturn | None:
    """What became of the checkout that `query` comes from; None if it comes from none. Rows alone say that it was paid:
    anybody can write an address."""
    if not any(query.get(name) for name in RETURNED):
        return None
    payment = _payment(user, query.get("payment_id", ""))
    if payment is not None:
        return CheckoutReturn("failed" if payment.status == Payment.Status.FAILED else "paid", payment)
    if query.get("status", "") in NOT_PAID:
        return CheckoutReturn("failed")
    looks = query.get("looks", "")
    looked = form_values.whole(looks, 999) or 0
    if looked >= MOST_LOOKS:
        return CheckoutReturn("late")
    again = {name: query[name][:200] for name in RETURNED if query.get(name)} | {"looks": str(looked + 1)}
    return CheckoutReturn("waiting", again=urlencode(again))


def _payment(user: User, payment_id: str) -> Payment | None:
    """The payment that the address names, or that of the latest checkout."""
    rows = Payment.objects.visible_to(user)
    found: Payment | None = rows.filter(external_id=payment_id[:120]).first() if payment_id else None
    if found is not None:
        return found
    recent = Checkout.objects.visible_to(user).filter(created_at__gt=timezone.now() - WAITED_FOR)
    newest = recent.exclude(external_id=None).order_by("-created_at").values_list("pk", flat=True).first()
    return rows.filter(checkout_id=newest).order_by("-paid_at").first() if newest else None
