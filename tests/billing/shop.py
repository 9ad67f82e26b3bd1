"""A shop with both payment providers at the socket, and prices at each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.db.models import Q
from django.test import Client, override_settings

from billing import provider_events
from billing.models import ProviderEvent
from tests.fakes import dodo, paddle

PERIODS = [f"{tier}_{period}" for tier in ("starter", "professional", "business") for period in ("monthly", "yearly")]
PADDLE_PRICES = {name: f"pri_{name}" for name in (*PERIODS, "topup")}
DODO_PRODUCTS = {name: f"pdt_{name}" for name in (*PERIODS, "topup")}
_ids = count(1)


@dataclass
class Shop:
    dodo: dodo.Dodo
    paddle: paddle.Paddle

    def deliver(
        self,
        provider: str,
        event_type: str,
        data: dict[str, Any],
        *,
        at: datetime,
        event_id: str = "",
        apply: bool = True,
    ) -> ProviderEvent:
        """Deliver a webhook as the provider would, and have it applied along with what it wakes."""
        event_id = event_id or f"evt_{id(self)}_{next(_ids)}"
        make = paddle.webhook if provider == "paddle" else dodo.webhook
        body, headers = make(event_type, data, at=at, event_id=event_id)
        reply = Client().post(
            f"/api/v1/webhooks/{provider}", data=body, content_type="application/json", headers=headers
        )
        assert reply.status_code == 200, reply.content
        event = ProviderEvent.objects.get(provider=provider, event_id=event_id)
        if apply:
            self.work()
            event.refresh_from_db()
        return event

    def work(self) -> None:
        """What a worker does with the events that were sent to it, and with those that these wake."""
        tried: set[Any] = set()
        while True:
            parked = Q(status="for_staff", expected__isnull=False)
            open_ = ProviderEvent.objects.filter(parked | Q(status__in=("received", "failed", "waiting")))
            open_ = open_.order_by("created_at")
            events = [event for event in open_ if (event.pk, event.status) not in tried]
            done = ProviderEvent.objects.filter(status="applied").count()
            for event in events:
                tried.add((event.pk, event.status))
                provider_events.apply(event.pk)
            if not events:
                return
            if ProviderEvent.objects.filter(status="applied").count() > done:
                tried.clear()


@contextmanager
def open_shop(*, payment_provider: str = "dodo") -> Iterator[Shop]:
    with (
        dodo.Dodo() as fake_dodo,
        paddle.Paddle() as fake_paddle,
        override_settings(
            PAYMENT_PROVIDER=payment_provider,
            DODO_API_KEY=dodo.KEY,
            DODO_API_URL=fake_dodo.url,
            DODO_WEBHOOK_SECRET=dodo.SECRET,
            DODO_PRODUCT_IDS=DODO_PRODUCTS,
            PADDLE_API_KEY=paddle.KEY,
            PADDLE_API_URL=fake_paddle.url,
            PADDLE_WEBHOOK_SECRET=paddle.SECRET,
            PADDLE_CLIENT_TOKEN="live_client_token",
            PADDLE_PRICE_IDS=PADDLE_PRICES,
        ),
    ):
        yield Shop(fake_dodo, fake_paddle)
