"""Eight hostile accounts do all that they can at once, and a bystander comes through with all that he does.

Counted, not timed: their stores and receivers answer nothing before he is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from projects.models import ContentItem, DataSource, ItemVersion
from scribe.api import open_streams
from scribe.models import Job
from tests.benchmarks.neighbour import Bystander
from tests.fakes.receiver import Receiver
from tests.fakes.woocommerce import FakeWooCommerce
from tests.live import Live, wait
from tests.proof.hostile_neighbour import PARTS, Neighbour
from webhooks.models import EventDelivery

pytestmark = pytest.mark.slow

ACCOUNTS, ITEMS, ROUNDS = 8, 100, 3
FOR_EVER = 3600  # seconds
#: What takes turns that it gives back, as searches and orders do, is measured by the benchmark: beside it, on two
#: processors, no stream of the neighbour's comes to open within the minutes of a test.
TOGETHER = PARTS[:6]
SMALL = {
    "listed": 2_000,
    "ordered": 300,
}  # items of eight accounts; what they cost at their size, the benchmark measures


@pytest.fixture(scope="module")
def beside() -> Iterator[tuple[Neighbour, FakeWooCommerce, Receiver]]:
    with Neighbour(FOR_EVER, FOR_EVER, **SMALL) as neighbour, FakeWooCommerce() as shop, Receiver() as receiver:
        yield neighbour, shop, receiver


@pytest.fixture(scope="module")
def live_stack(beside: Any, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Live]:
    neighbour, shop, receiver = beside
    with django_db_blocker.unblock():
        live = Live(OUTBOUND_ALLOWED_HOSTS=",".join([*neighbour.hosts, shop.hostport, receiver.hostport]))
        live.start()
        connection.close()
    yield live
    live.stop()


def test_a_bystander_signs_in_lists_imports_and_gets_his_event(live: Live, beside: Any, settings: Any) -> None:
    neighbour, shop, receiver = beside
    settings.OUTBOUND_ALLOWED_HOSTS = [*neighbour.hosts, shop.hostport, receiver.hostport]
    for _ in range(ITEMS):
        shop.add()
    bystander = Bystander(live, shop, receiver)
    neighbour.begin(live.url, ACCOUNTS, TOGETHER)
    try:
        hostile = {"organization_id__in": neighbour.organizations}
        imports = Job.objects.filter(**hostile, project__store_connection__isnull=False)
        wait(
            lambda: imports.filter(lease_until__isnull=False).values("organization").distinct().count() >= 2,
            seconds=180,
        )
        wait(lambda: DataSource.objects.filter(**hostile, type=DataSource.Type.FILE).exists(), seconds=180)
        wait(
            lambda: ItemVersion.objects.filter(item__organization_id__in=neighbour.organizations).exists(), seconds=180
        )
        wait(open_streams.counts, seconds=180)
        for _ in range(ROUNDS):
            bystander.do_all()
        assert ContentItem.objects.filter(project=bystander.project).count() == ITEMS
        assert len(bystander.waits["webhooks"]) == ROUNDS
        assert not imports.filter(status__in=Job.ENDED).exists()
        assert not EventDelivery.objects.filter(**hostile, state="delivered").exists()
    finally:
        neighbour.cancel()
        told = neighbour.end()
        live.stop()  # its requests and jobs end before their rows are cleared
    assert not [said for said in told if said.startswith("broken")], told
