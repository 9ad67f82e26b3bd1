"""A hostile neighbour whose stores and receivers hang: what a bystander waits for depends on his own work alone.

Counted, not timed: nothing of the neighbour's is answered until all of the bystander's is done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as ours
from django.db import connection, transaction

from projects.models import ContentItem
from projects.store_import import job as store_import
from scribe import outbox
from scribe.ids import uuid7
from scribe.models import Job
from tests import factories
from tests.fakes.receiver import Receiver
from tests.fakes.server import Reply, Request
from tests.fakes.woocommerce import FakeWooCommerce
from tests.live import Live, wait
from webhooks import endpoints
from webhooks.models import EventDelivery

pytestmark = pytest.mark.slow

IMPORTS, RECEIVERS, ITEMS = 10, 10, 100  # of one account


class Hanging:
    """A server that leaves every call unanswered while it `hangs`."""

    hangs = False

    async def answer(self, request: Request) -> Reply:
        while self.hangs:
            await asyncio.sleep(0.05)
        return await super().answer(request)  # type: ignore[misc, no-any-return]


class HangingShop(Hanging, FakeWooCommerce):
    pass


class HangingReceiver(Hanging, Receiver):
    pass


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[HangingShop, HangingReceiver, FakeWooCommerce, Receiver]]:
    with HangingShop() as shop, HangingReceiver() as receiver, FakeWooCommerce() as his_shop, Receiver() as his:
        yield shop, receiver, his_shop, his


@pytest.fixture(scope="module")
def live_stack(servers: Any, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Live]:
    parts = ("web", "worker-sync", "worker-default", "worker-webhooks", "worker-webhooks-slow", "beat")
    with django_db_blocker.unblock():
        live = Live(*parts, OUTBOUND_ALLOWED_HOSTS=",".join(server.hostport for server in servers))
        live.start()
        connection.close()
    yield live
    live.stop()


def a_project(owner: Any, shop: FakeWooCommerce) -> Any:
    store = factories.make_woocommerce_connection(owner.organization, shop.url)
    return factories.make_project(owner.organization, store_connection=store)


def begin_to_hang(accounts: int, shop: HangingShop, receiver: HangingReceiver) -> list[Any]:
    """Free accounts with ten imports and ten receivers each, all of which are asked and none of which answers."""
    owners = [factories.make_user() for _ in range(accounts)]
    for owner in owners:
        for number in range(RECEIVERS):
            endpoints.create(organization=owner.organization, by=owner, url=f"{receiver.url}/{number}")
    projects = [(owner, a_project(owner, shop)) for owner in owners for _ in range(IMPORTS)]
    with (
        transaction.atomic()
    ):  # the workers hear of it afterwards: to begin, the shop is asked for its number of products
        for owner, project in projects:
            store_import.start(project=project, given={}, by=owner)
        for owner in owners:
            outbox.record(organization=owner.organization, event="item.approved", objects={uuid7(): {}, uuid7(): {}})
        shop.hangs = receiver.hangs = True
    return [owner.organization_id for owner in owners]


@pytest.mark.parametrize("accounts", [1, 3])
def test_a_bystander_is_served_while_everything_of_his_neighbours_hangs(
    live: Live, servers: Any, settings: Any, accounts: int
) -> None:
    shop, receiver, his_shop, his_receiver = servers
    settings.OUTBOUND_ALLOWED_HOSTS = [server.hostport for server in servers]
    for one in (shop, his_shop):
        one.products.clear()
        for _ in range(ITEMS):
            one.add()
    his_receiver.got.clear()
    bystander = factories.make_user()
    his = a_project(bystander, his_shop)
    endpoint = endpoints.create(organization=bystander.organization, by=bystander, url=his_receiver.url)
    his_receiver.secret = endpoint.secret
    try:
        hostile = begin_to_hang(accounts, shop, receiver)
        theirs = Job.objects.filter(organization_id__in=hostile)
        share = min(accounts * ours.JOBS_PER_ORGANIZATION, 8)
        wait(lambda: theirs.filter(status="running").count() >= share and receiver.at_once > 0)
        answer = live.call("POST", f"projects/{his.pk}/import/execute", bystander, 202, json={}).json()
        wait(lambda: Job.objects.filter(pk=answer["job_id"], status="completed").exists(), seconds=120)
        assert ContentItem.objects.filter(project=his).count() == ITEMS
        wait(lambda: [body for _, body in his_receiver.got if body["type"] == "job.finished"], seconds=120)
        assert not theirs.filter(status__in=Job.ENDED).exists()
        assert not ContentItem.objects.filter(organization_id__in=hostile).exists()
        assert not EventDelivery.objects.filter(organization_id__in=hostile, state="delivered").exists()
    finally:
        shop.hangs = receiver.hangs = False
    wait(lambda: not Job.objects.filter(settled_at=None).exists(), seconds=180)
    wait(lambda: not EventDelivery.objects.filter(state="pending").exists(), seconds=120)
    assert set(theirs.values_list("status", flat=True)) == {"completed"}  # to wait costs a job nothing
