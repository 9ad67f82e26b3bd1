"""A shop with all payment providers at the socket, and prices at each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from billing import provider_events
from billing.models import ProviderEvent
from scribe import queue
from tests.billing.clocks import clock
from tests.billing.sellers import SELLERS
from tests.fakes import dodo, paddle

DODO_PRODUCTS = SELLERS["dodo"].prices
_ids = count(1)


@dataclass
class Shop:
    fakes: dict[str, Any]

    @property
    def dodo(self) -> dodo.Dodo:
        found: dodo.Dodo = self.fakes["dodo"]
        return found

    @property
    def paddle(self) -> paddle.Paddle:
        found: paddle.Paddle = self.fakes["paddle"]
        return found

    def deliver(
        self,
        provider: str,
        event_type: str,
        data: dict[str, Any],
        *,
        at: datetime,
        event_id: str = "",
        apply: bool = True,
        comes: datetime | None = None,
    ) -> ProviderEvent:
        """Deliver a webhook as the provider would, and have it applied along with what it wakes. It `comes` now, or at
        its date if that lies ahead."""
        now = timezone.now()
        if (comes or max(at, now)) > now:
            with clock(at):
                return self.deliver(provider, event_type, data, at=at, event_id=event_id, apply=apply)
        event_id = event_id or f"evt_{id(self)}_{next(_ids)}"
        body, headers = SELLERS[provider].module.webhook(event_type, data, at=at, event_id=event_id)
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
        """What workers do with the events that were sent to them, and with those that these send, one by one."""
        while sent := self._sent():
            for pk in sent:
                provider_events.apply(pk)

    def lose(self) -> None:
        """The broker loses what was sent."""
        self._sent()

    def _sent(self) -> list[Any]:
        """The events that were sent, in their order. In a test's own transaction the messages wait for its end; outside
        of one they have left already, and what the sweep would find is taken."""
        if not connection.in_atomic_block:
            return list(ProviderEvent.objects.filter(status="received").values_list("pk", flat=True))
        waits, sent = [], []
        for entry in connection.run_on_commit:
            call = entry[1]
            mine = getattr(call, "func", None) is queue.send and call.args[0] == provider_events.TASK
            (sent if mine else waits).append(entry)
        connection.run_on_commit = waits
        return [entry[1].args[1] for entry in sent]


@contextmanager
def open_shop(*, payment_provider: str = "dodo") -> Iterator[Shop]:
    with ExitStack() as stack:
        fakes = {name: stack.enter_context(seller.fake()) for name, seller in SELLERS.items()}
        known: dict[str, Any] = {}
        for name, fake in fakes.items():
            known |= SELLERS[name].settings_for(name, fake.url)
        hosts = [fake.hostport for fake in fakes.values()]
        stack.enter_context(override_settings(PAYMENT_PROVIDER=payment_provider, OUTBOUND_ALLOWED_HOSTS=hosts, **known))
        yield Shop(fakes)
