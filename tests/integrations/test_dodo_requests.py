"""What Dodo's API is sent, by its reference: https://docs.dodopayments.com/api-reference"""

from __future__ import annotations

from typing import Any

import pytest

from integrations.payments.dodo.client import Dodo
from integrations.payments.errors import PaymentError
from integrations.payments.types import Order
from tests.fakes import dodo
from tests.fakes.server import Request

BUYER = {"email": "buyer@example.com", "name": "Zoë"}
CHECKOUT = {
    "product_cart": [{"product_id": "pdt_1", "quantity": 2}],
    "customer": BUYER,
    "metadata": {"checkout": "ref_1"},
    "billing_currency": "EUR",
    "feature_flags": {"always_create_new_customer": True},
    "return_url": "https://a.example",
}
AT_PERIOD_END = {
    "product_id": "pdt_1",
    "quantity": 1,
    "proration_billing_mode": "do_not_bill",
    "effective_at": "next_billing_date",
    "on_payment_failure": "prevent_change",
}
NOW = {**AT_PERIOD_END, "proration_billing_mode": "prorated_immediately_keep_cycle", "effective_at": "immediately"}


def order(customer_id: str = "") -> Order:
    return Order(
        reference="ref_1",
        price_id="pdt_1",
        quantity=2,
        currency="EUR",
        customer_id=customer_id,
        return_url="https://a.example",
        **BUYER,
    )


@pytest.fixture
def shop(settings: Any) -> Any:
    with dodo.Dodo() as fake:
        settings.DODO_API_KEY, settings.DODO_API_URL = dodo.KEY, fake.url
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        fake.paid["pay_1"] = dodo.payment("pay_1")
        fake.discounts["dsc_1"] = {"type": "percentage", "amount": 1250}
        yield fake


@pytest.mark.parametrize(
    ("call", "sent", "body"),
    [
        (lambda d: d.start_checkout(order()), "POST /checkouts", CHECKOUT),
        (
            lambda d: d.start_checkout(order("cus_1")),
            "POST /checkouts",
            {
                **CHECKOUT,
                "customer": {"customer_id": "cus_1"},
                "feature_flags": {"always_create_new_customer": False},
            },
        ),
        (
            lambda d: d.change_plan("sub_1", price_id="pdt_1", at_period_end=True),
            "POST /subscriptions/sub_1/change-plan",
            AT_PERIOD_END,
        ),
        (
            lambda d: d.change_plan("sub_1", price_id="pdt_1", at_period_end=False),
            "POST /subscriptions/sub_1/change-plan",
            NOW,
        ),
        (lambda d: d.drop_scheduled_change("sub_1"), "DELETE /subscriptions/sub_1/change-plan/scheduled", None),
        (lambda d: d.cancel("sub_1"), "PATCH /subscriptions/sub_1", {"cancel_at_next_billing_date": True}),
        (lambda d: d.resume("sub_1"), "PATCH /subscriptions/sub_1", {"cancel_at_next_billing_date": False}),
        (
            lambda d: d.portal_url("cus_1", subscription_ids=[], return_url="https://a.example/?x=1"),
            "POST /customers/cus_1/customer-portal/session?return_url=https%3A%2F%2Fa.example%2F%3Fx%3D1",
            None,
        ),
        (lambda d: d.invoice_pdf("pay_1"), "GET /invoices/payments/pay_1", None),
        (lambda d: d.fetch_subscription("sub_1"), "GET /subscriptions/sub_1", None),
        (lambda d: d.fetch_payment("pay_1"), "GET /payments/pay_1", None),
        (lambda d: d.fetch_discount("dsc_1"), "GET /discounts/dsc_1", None),
    ],
)
def test_each_call_is_the_documented_request_and_is_sent_once(shop: Any, call: Any, sent: str, body: Any) -> None:
    call(Dodo())
    assert len(shop.requests) == 1
    request: Request = shop.requests[0]
    assert (f"{request.method} {request.target}", request.json) == (sent, body)
    assert request.headers["authorization"] == f"Bearer {dodo.KEY}"


def test_an_id_stays_one_part_of_the_path(shop: Any) -> None:
    Dodo().resume("sub_1/../../payments")
    assert shop.requests[0].target == "/subscriptions/sub_1%2F..%2F..%2Fpayments"


def test_a_refusal_brings_its_status_code_and_pause(shop: Any) -> None:
    shop.trouble = ["429"]
    with pytest.raises(PaymentError) as caught:
        Dodo().resume("sub_1")
    assert (caught.value.status, caught.value.code, caught.value.retry_after) == (429, "REFUSED", 7.0)
    assert len(shop.requests) == 1


@pytest.mark.parametrize("trouble", ["500", "garbage", "cut", "dropped", "empty"])
def test_an_answer_that_cannot_be_used_is_an_error_and_is_not_asked_for_again(shop: Any, trouble: str) -> None:
    shop.trouble = [trouble]
    with pytest.raises(PaymentError):
        Dodo().start_checkout(order())
    assert len(shop.requests) == 1


def test_a_percentage_is_read_from_its_hundredths(shop: Any) -> None:
    assert Dodo().fetch_discount("dsc_1") == {"percent": "12.5", "minor": 0}
