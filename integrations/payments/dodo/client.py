"""Dodo Payments. https://docs.dodopayments.com/api-reference"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

from django.conf import settings

from integrations.payments.dodo import webhooks
from integrations.payments.errors import PaymentError, Unreadable
from integrations.payments.types import Fact, Order, PaymentEvent, Started
from integrations.payments.values import check_storable, identifier, mapping, text
from scribe.http import client
from scribe.http.errors import BadBody, BodyTooLarge, OutboundError, TimedOut
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from scribe.written import moment

TIMEOUT = 12.0


class Dodo:
    """Each call is sent once: a POST that is repeated after a lost answer charges twice."""

    name = "dodo"
    title = "Dodo Payments"
    schedules_downgrades = True

    @property
    def configured(self) -> bool:
        return bool(settings.DODO_API_KEY)

    @property
    def live_mode(self) -> bool:
        return "test." not in settings.DODO_API_URL and "sandbox" not in settings.DODO_API_URL

    def start_checkout(self, order: Order) -> Started:
        customer = {"email": order.email, "name": order.name}
        if order.customer_id:
            customer = {"customer_id": order.customer_id}
        made = self._object(
            "POST",
            "/checkouts",
            json={
                "product_cart": [{"product_id": order.price_id, "quantity": order.quantity}],
                "customer": customer,
                "metadata": {"checkout": order.reference},
                "billing_currency": order.currency,
                # Otherwise Dodo attaches the session to a customer with this address, which nobody has verified.
                "feature_flags": {"always_create_new_customer": not order.customer_id},
                "return_url": order.return_url,
            },
        )
        session_id, url = identifier(made.get("session_id")), text(made.get("checkout_url"))
        if not session_id or not url:
            raise PaymentError(self.title, _("The reply contained no checkout."))
        return Started(external_id=session_id, checkout_url=url)

    def change_plan(self, subscription_id: str, *, price_id: str, at_period_end: bool) -> None:
        self._call(
            "POST",
            f"/subscriptions/{_part(subscription_id)}/change-plan",
            json={
                "product_id": price_id,
                "quantity": 1,
                "proration_billing_mode": "do_not_bill" if at_period_end else "prorated_immediately_keep_cycle",
                "effective_at": "next_billing_date" if at_period_end else "immediately",
                "on_payment_failure": "prevent_change",
            },
        )

    def drop_scheduled_change(self, subscription_id: str) -> None:
        self._call("DELETE", f"/subscriptions/{_part(subscription_id)}/change-plan/scheduled")

    def cancel(self, subscription_id: str) -> datetime | None:
        path, body = f"/subscriptions/{_part(subscription_id)}", {"cancel_at_next_billing_date": True}
        return moment(self._object("PATCH", path, json=body).get("next_billing_date"))

    def resume(self, subscription_id: str) -> None:
        self._call("PATCH", f"/subscriptions/{_part(subscription_id)}", json={"cancel_at_next_billing_date": False})

    def portal_url(self, customer_id: str, *, subscription_ids: list[str], return_url: str) -> str:
        path = f"/customers/{_part(customer_id)}/customer-portal/session"
        link = text(self._object("POST", path, params={"return_url": return_url}).get("link"))
        if not link:
            raise PaymentError(self.title, _("The reply contained no portal."))
        return link

    def invoice_pdf(self, payment_id: str) -> bytes:
        path = f"/invoices/payments/{_part(payment_id)}"
        content = self._call("GET", path, headers={"Accept": "application/pdf"}).body
        if not content.startswith(b"%PDF"):
            raise PaymentError(self.title, _("The reply was not a PDF."))
        return content

    def fetch_subscription(self, subscription_id: str) -> Json:
        return self._resource("subscriptions", "subscription_id", subscription_id)

    def fetch_payment(self, payment_id: str) -> Json:
        return self._resource("payments", "payment_id", payment_id)

    def fetch_discount(self, discount_id: str) -> Json:
        """Dodo's discounts are percentages, in hundredths of one."""
        data = self._resource("discounts", "discount_id", discount_id)
        try:
            if data["type"] != "percentage":
                raise ValueError("another kind of discount")
            return {"percent": str(Decimal(int(data["amount"])) / 100), "minor": 0}
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise self._unreadable() from error

    def paid_facts(self, data: Json, at: datetime) -> list[Fact]:
        paid = data.get("status") == "succeeded"
        return webhooks.facts("payment.succeeded", {"data": data}, at) if paid else []

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        webhooks.verify(body, headers, settings.DODO_WEBHOOK_SECRET)

    def read(self, body: bytes, headers: Mapping[str, str]) -> PaymentEvent:
        return webhooks.read(body, headers)

    def facts(self, event_type: str, payload: Json, occurred_at: datetime) -> list[Fact]:
        return webhooks.facts(event_type, payload, occurred_at)

    def _resource(self, kind: str, id_name: str, identity: str) -> Json:
        """What Dodo keeps under `identity`, in a form that we can store."""
        data = dict(self._object("GET", f"/{kind}/{_part(identity)}"))
        try:
            check_storable(data)
        except Unreadable as error:
            raise self._unreadable() from error
        if data.get(id_name) != identity:
            raise self._unreadable()
        return data

    def _object(self, method: str, path: str, **more: object) -> ReadOnlyJson:
        """The JSON object that a call brings."""
        try:
            found = self._call(method, path, **more).json()  # type: ignore[arg-type]  # handed on
        except BadBody as error:
            raise self._unreadable() from error
        if not isinstance(found, dict):
            raise self._unreadable()
        return found

    def _call(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: object
    ) -> client.Response:
        """One call and its answer. Raises PaymentError for each failure and for each status but a good one."""
        sent = {"Authorization": f"Bearer {settings.DODO_API_KEY}", "Accept": "application/json", **(headers or {})}
        try:
            url = settings.DODO_API_URL.rstrip("/") + path
            answer = client.request(method, url, headers=sent, timeout=TIMEOUT, to="dodo", **more)  # type: ignore[arg-type]  # handed on
        except TimedOut as error:
            raise PaymentError(self.title, _("It did not answer in time."), timed_out=True) from error
        except (BadBody, BodyTooLarge) as error:
            raise self._unreadable() from error
        except OutboundError as error:
            detail = _("The connection broke off.") if error.sent else _("It could not be reached.")
            raise PaymentError(self.title, detail, timed_out=error.sent) from error
        if answer.ok:
            return answer
        try:
            code = text(mapping(answer.json()).get("code"))
        except BadBody:
            code = ""
        raise PaymentError(
            self.title,
            _("It returned status {status}.", status=answer.status),
            status=answer.status,
            code=code,
            retry_after=answer.retry_after,
        )

    def _unreadable(self) -> PaymentError:
        return PaymentError(self.title, _("Its reply could not be read."))


def _part(identity: str) -> str:
    return quote(identity, safe="")
