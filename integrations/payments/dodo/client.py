"""Dodo Payments through its SDK. https://docs.dodopayments.com/api-reference"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx
from django.conf import settings
from dodopayments import APIConnectionError, APIError, APIStatusError, APITimeoutError, DodoPayments

from integrations.payments.dodo import webhooks
from integrations.payments.errors import PaymentError, Unreadable
from integrations.payments.types import Fact, Order, PaymentEvent, Started
from integrations.payments.values import check_storable, identifier
from scribe import outside_calls, traces
from scribe.fairness import lookups
from scribe.written import whole

TIMEOUT = 12.0


class Dodo:
    """Each call is sent once: the SDK's own retries would repeat a POST after a lost answer, and charge twice."""

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
        customer: dict[str, Any] = {"email": order.email, "name": order.name}
        if order.customer_id:
            customer = {"customer_id": order.customer_id}
        with self._client() as client:
            made = client.checkout_sessions.create(
                product_cart=[{"product_id": order.price_id, "quantity": order.quantity}],
                customer=customer,  # type: ignore[arg-type]
                metadata={"checkout": order.reference},
                billing_currency=order.currency,  # type: ignore[arg-type]
                # Otherwise Dodo attaches the session to a customer with this address, which nobody has verified.
                feature_flags={"always_create_new_customer": not order.customer_id},
                return_url=order.return_url,
            )
            session_id, url = identifier(made.session_id), made.checkout_url
            if not session_id or not url:
                raise PaymentError(self.title, "The answer named no checkout.")
        return Started(external_id=session_id, checkout_url=url)

    def change_plan(self, subscription_id: str, *, price_id: str, at_period_end: bool) -> None:
        with self._client() as client:
            client.subscriptions.change_plan(
                subscription_id,
                product_id=price_id,
                quantity=1,
                proration_billing_mode="do_not_bill" if at_period_end else "prorated_immediately_keep_cycle",
                effective_at="next_billing_date" if at_period_end else "immediately",
                on_payment_failure="prevent_change",
            )

    def drop_scheduled_change(self, subscription_id: str) -> None:
        with self._client() as client:
            client.subscriptions.cancel_change_plan(subscription_id)

    def cancel(self, subscription_id: str) -> datetime | None:
        with self._client() as client:
            found = client.subscriptions.update(subscription_id, cancel_at_next_billing_date=True)
            return found.next_billing_date if isinstance(found.next_billing_date, datetime) else None

    def resume(self, subscription_id: str) -> None:
        with self._client() as client:
            client.subscriptions.update(subscription_id, cancel_at_next_billing_date=False)

    def portal_url(self, customer_id: str, *, subscription_ids: list[str], return_url: str) -> str:
        with self._client() as client:
            link = client.customers.customer_portal.create(customer_id, return_url=return_url).link
            if not isinstance(link, str) or not link:
                raise PaymentError(self.title, "The answer named no portal.")
            return link

    def invoice_pdf(self, payment_id: str) -> bytes:
        with self._client() as client:
            content = client.invoices.payments.retrieve(payment_id).read()
        if not content.startswith(b"%PDF"):
            raise PaymentError(self.title, "The answer was no PDF.")
        return content

    def fetch_subscription(self, subscription_id: str) -> dict[str, Any]:
        with self._client() as client:
            data = client.subscriptions.with_raw_response.retrieve(subscription_id).http_response.json()
            if data["subscription_id"] != subscription_id:
                raise ValueError("another subscription")
            check_storable(data)
            return dict(data)

    def fetch_payment(self, payment_id: str) -> dict[str, Any]:
        with self._client() as client:
            data = client.payments.with_raw_response.retrieve(payment_id).http_response.json()
            if data["payment_id"] != payment_id:
                raise ValueError("another payment")
            check_storable(data)
            return dict(data)

    def fetch_discount(self, discount_id: str) -> dict[str, Any]:
        """Dodo's discounts are percentages, in hundredths of one."""
        with self._client() as client:
            data = client.discounts.with_raw_response.retrieve(discount_id).http_response.json()
            if data["discount_id"] != discount_id or data["type"] != "percentage":
                raise ValueError("another discount")
            return {"percent": str(Decimal(int(data["amount"])) / 100), "minor": 0}

    def paid_facts(self, data: dict[str, Any], at: datetime) -> list[Fact]:
        paid = data.get("status") == "succeeded"
        return webhooks.facts("payment.succeeded", {"data": data}, at) if paid else []

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        webhooks.verify(body, headers, settings.DODO_WEBHOOK_SECRET)

    def read(self, body: bytes, headers: Mapping[str, str]) -> PaymentEvent:
        return webhooks.read(body, headers)

    def facts(self, event_type: str, payload: dict[str, Any], occurred_at: datetime) -> list[Fact]:
        return webhooks.facts(event_type, payload, occurred_at)

    @contextmanager
    def _client(self) -> Iterator[DodoPayments]:
        """The SDK's client. Every error inside the block becomes a PaymentError."""
        seconds, _ = lookups.begin(TIMEOUT)
        client = DodoPayments(
            bearer_token=settings.DODO_API_KEY,
            base_url=settings.DODO_API_URL,
            timeout=httpx.Timeout(seconds, connect=min(seconds, 5)),
            max_retries=0,
        )
        try:
            with outside_calls.counting("dodo"), traces.call("", settings.DODO_API_URL), client:
                yield client
        except PaymentError:
            raise
        except Unreadable as error:
            raise PaymentError(self.title, "Its answer could not be read.") from error
        except APITimeoutError as error:
            raise PaymentError(self.title, "It did not answer in time.", timed_out=True) from error
        except APIConnectionError as error:
            raise PaymentError(self.title, "It could not be reached.") from error
        except APIStatusError as error:
            body = error.body if isinstance(error.body, dict) else {}
            raise PaymentError(
                self.title,
                f"It answered with status {error.status_code}.",
                status=error.status_code,
                code=str(body.get("code") or ""),
                retry_after=_seconds(error.response.headers.get("retry-after")),
            ) from error
        except (
            APIError,
            httpx.HTTPError,
            ValueError,
            LookupError,
            ArithmeticError,
            TypeError,
            AttributeError,
        ) as error:
            raise PaymentError(self.title, "Its answer could not be read.") from error


def _seconds(value: str | None) -> float | None:
    return whole(value or "", digits=9)
