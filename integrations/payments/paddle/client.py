"""Paddle Billing through its SDK. https://developer.paddle.com/api-reference/overview"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import requests
from django.conf import settings
from paddle_billing import Client, Options
from paddle_billing.Entities.Shared import CurrencyCode, CustomData
from paddle_billing.Entities.Subscriptions import (
    SubscriptionEffectiveFrom,
    SubscriptionOnPaymentFailure,
    SubscriptionProrationBillingMode,
)
from paddle_billing.Exceptions.ApiError import ApiError
from paddle_billing.Resources.CustomerPortalSessions.Operations import CreateCustomerPortalSession
from paddle_billing.Resources.Customers.Operations import CreateCustomer
from paddle_billing.Resources.Subscriptions.Operations import CancelSubscription, UpdateSubscription
from paddle_billing.Resources.Subscriptions.Operations.Update import SubscriptionUpdateItem
from paddle_billing.Resources.Transactions.Operations import CreateTransaction
from paddle_billing.Resources.Transactions.Operations.Create import TransactionCreateItem
from urllib3.exceptions import NewConnectionError

from integrations.payments.errors import PaymentError, Unreadable
from integrations.payments.paddle import webhooks
from integrations.payments.types import Fact, Order, PaymentEvent, Started
from integrations.payments.values import check_storable, identifier, mapping, text
from scribe import outside_calls, traces
from scribe.fairness import lookups
from scribe.http import transport
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from scribe.written import moment

TIMEOUT = 12.0


@dataclass(frozen=True)
class Deployment:
    """Stands in for the SDK's two environments, so that the base URL is a setting."""

    base_url: str
    value: str = "custom"


def _data(response: requests.Response) -> ReadOnlyJson:
    """The `data` of an answer. Read without a schema: a new field or status must not lose the answer to a paid call."""
    found = response.json().get("data")
    if not isinstance(found, dict):
        raise ValueError("an answer without data")
    return found


def _storable(client: Client, kind: str, identity: str) -> Json:
    """What Paddle keeps under `identity`, in a form that we can store."""
    data = _data(client.get_raw(f"/{kind}/{identity}"))
    if data["id"] != identity:
        raise ValueError("another one")
    check_storable(data)
    return dict(data)


class Paddle:
    """Operations and transport are the SDK's. It sends no idempotency keys and never repeats a POST or PATCH."""

    name = "paddle"
    title = "Paddle"
    # `*_next_billing_period` delays the bill, not the change. So we send a downgrade when the period ends.
    schedules_downgrades = False

    @property
    def configured(self) -> bool:
        return bool(settings.PADDLE_API_KEY)

    @property
    def live_mode(self) -> bool:
        return "sandbox" not in settings.PADDLE_API_URL

    def start_checkout(self, order: Order) -> Started:
        with self._client() as client:
            made_customer = "" if order.customer_id else self._customer(client, order)
            customer_id = order.customer_id or made_customer
            made = _data(
                client.post_raw(
                    "/transactions",
                    CreateTransaction(
                        items=[TransactionCreateItem(order.price_id, order.quantity)],
                        **({"customer_id": customer_id} if customer_id else {}),
                        currency_code=CurrencyCode(order.currency),
                        custom_data=CustomData({"checkout": order.reference}),
                    ),
                )
            )
        external_id = identifier(made.get("id"))
        if not external_id:
            raise PaymentError(self.title, _("The answer named no transaction."))
        return Started(
            external_id=external_id,
            checkout_url=text(mapping(made.get("checkout")).get("url")) or None,
            transaction_id=external_id,
            client_token=settings.PADDLE_CLIENT_TOKEN or None,
            customer_id=made_customer,
        )

    def _customer(self, client: Client, order: Order) -> str:
        """Create a customer with this address and return its id. Empty when Paddle refuses the address or has a
        customer with it, who may be somebody else, since it is not verified. Then Paddle asks the buyer for one."""
        try:
            made = client.post_raw("/customers", CreateCustomer(order.email, name=order.name or order.email))
        except ApiError as error:
            if error.response is not None and error.response.status_code in (400, 404, 409, 422):
                return ""
            raise
        return identifier(_data(made).get("id"))

    def change_plan(self, subscription_id: str, *, price_id: str, at_period_end: bool) -> None:
        mode = SubscriptionProrationBillingMode
        with self._client() as client:
            client.patch_raw(
                f"/subscriptions/{subscription_id}",
                UpdateSubscription(
                    items=[SubscriptionUpdateItem(price_id, 1)],
                    proration_billing_mode=mode.DoNotBill if at_period_end else mode.ProratedImmediately,
                    on_payment_failure=SubscriptionOnPaymentFailure.PreventChange,
                ),
            )

    def drop_scheduled_change(self, subscription_id: str) -> None:
        """Do nothing: Paddle does not know of the change yet. Our own row keeps it until the period ends."""

    def cancel(self, subscription_id: str) -> datetime | None:
        with self._client() as client:
            found = _data(
                client.post_raw(
                    f"/subscriptions/{subscription_id}/cancel",
                    CancelSubscription(SubscriptionEffectiveFrom.NextBillingPeriod),
                )
            )
        return moment(mapping(found.get("scheduled_change")).get("effective_at"))

    def resume(self, subscription_id: str) -> None:
        with self._client() as client:
            client.patch_raw(f"/subscriptions/{subscription_id}", UpdateSubscription(scheduled_change=None))

    def portal_url(self, customer_id: str, *, subscription_ids: list[str], return_url: str) -> str:
        with self._client() as client:
            made = _data(
                client.post_raw(
                    f"/customers/{customer_id}/portal-sessions", CreateCustomerPortalSession(subscription_ids[:25])
                )
            )
        url = text(mapping(mapping(made.get("urls")).get("general")).get("overview"))
        if not url:
            raise PaymentError(self.title, _("The reply contained no portal."))
        return url

    def invoice_pdf(self, payment_id: str) -> bytes:
        raise PaymentError(self.title, _("Its invoices are in the customer portal."))

    def fetch_subscription(self, subscription_id: str) -> Json:
        with self._client() as client:
            return _storable(client, "subscriptions", subscription_id)

    def fetch_payment(self, payment_id: str) -> Json:
        with self._client() as client:
            return _storable(client, "transactions", payment_id)

    def fetch_discount(self, discount_id: str) -> Json:
        with self._client() as client:
            data = _storable(client, "discounts", discount_id)
            if data["type"] == "percentage":
                return {"percent": str(Decimal(data["amount"])), "minor": 0}
            return {"percent": "", "minor": int(data["amount"])}

    def paid_facts(self, data: Json, at: datetime) -> list[Fact]:
        paid = data.get("status") == "completed"
        return webhooks.facts("transaction.completed", {"data": data}, at) if paid else []

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        webhooks.verify(body, headers, settings.PADDLE_WEBHOOK_SECRET)

    def read(self, body: bytes, headers: Mapping[str, str]) -> PaymentEvent:
        return webhooks.read(body)

    def facts(self, event_type: str, payload: Json, occurred_at: datetime) -> list[Fact]:
        return webhooks.facts(event_type, payload, occurred_at)

    @contextmanager
    def _client(self) -> Iterator[Client]:
        """The SDK's client. Every error inside the block becomes a PaymentError. Only reads are retried, and once. The
        block as a whole has TIMEOUT: the SDK's own begins anew with each byte that comes."""
        seconds, _unused = lookups.start(TIMEOUT)
        client = Client(
            settings.PADDLE_API_KEY,
            options=Options(Deployment(settings.PADDLE_API_URL)),
            timeout=seconds,
            retry_count=1,
        )
        retries = client.client.get_adapter(settings.PADDLE_API_URL).max_retries
        client.client.mount(settings.PADDLE_API_URL, transport.TimedAdapter(max_retries=retries))
        deadline = transport.DEADLINE.set(time.monotonic() + seconds)
        try:
            with outside_calls.counting("paddle"), traces.call("", settings.PADDLE_API_URL):
                yield client
        except PaymentError:
            raise
        except Unreadable as error:
            raise PaymentError(self.title, _("Its reply could not be read.")) from error
        except ApiError as error:
            raise PaymentError(
                self.title,
                _("It refused the call: {error_code}.", error_code=error.error_code),
                status=error.response.status_code if error.response is not None else None,
                code=error.error_code,
                retry_after=error.retry_after,
            ) from error
        except requests.Timeout as error:
            raise PaymentError(self.title, _("It did not answer in time."), timed_out=True) from error
        except requests.HTTPError as error:
            status = error.response.status_code if error.response is not None else None
            raise PaymentError(self.title, _("It returned status {status}.", status=status), status=status) from error
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            cause = getattr(error.args[0] if error.args else None, "reason", None)
            if isinstance(cause, NewConnectionError):
                raise PaymentError(self.title, _("It could not be reached.")) from error
            raise PaymentError(self.title, _("The connection broke off."), timed_out=True) from error
        except (
            requests.RequestException,
            ValueError,
            LookupError,
            ArithmeticError,
            TypeError,
            AttributeError,
        ) as error:
            raise PaymentError(self.title, _("Its reply could not be read.")) from error
        finally:
            transport.DEADLINE.reset(deadline)
            client.client.close()
