"""A hostile neighbour does everything at once, and a bystander comes through with all that he does."""

from __future__ import annotations

import time

from tests.benchmarks.neighbour import Bystander
from tests.fakes.receiver import Receiver
from tests.fakes.woocommerce import FakeWooCommerce
from tests.live import Live
from tests.proof.hostile_neighbour import Neighbour
from tests.soak.caller import Tally

ACCOUNTS, ROUNDS = 8, 5
PAUSE = 7.0  # seconds: an address may sign in ten times a minute


def come(live: Live, neighbour: Neighbour, shop: FakeWooCommerce, receiver: Receiver, tally: Tally) -> float:
    """The longest that the bystander waited for an import, in seconds."""
    bystander = Bystander(live, shop, receiver)
    neighbour.begin(live.url, ACCOUNTS)
    try:
        for _ in range(ROUNDS):
            time.sleep(PAUSE)
            try:
                bystander.do_all()
            except (AssertionError, OSError) as error:
                tally.report(f"beside a hostile neighbour: {error!r}")
            else:
                tally.did("rounds of a bystander beside a hostile neighbour")
    finally:
        neighbour.cancel()
        neighbour.end()
    return max(bystander.waits["imports"], default=0.0)
