"""`make soak`: 20 minutes (SOAK_MINUTES) of mixed load and faults on a stack of its own, then the invariants.

The report goes to standard output; the exit code is 1 when anything did not hold.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from contextlib import ExitStack
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from tests import embedded
from tests.outside_pytest import in_a_database_of_its_own

MINUTES = float(os.environ.get("SOAK_MINUTES", "20"))
SHOPS = int(MINUTES * 3) + 2
GROWS_AT_MOST = 80  # MiB that one process may grow after its first 30 seconds
CALM = 0.4  # the last part of the run is without faults, so that memory can be seen over a longer life


def main() -> int:
    return in_a_database_of_its_own(soak)


def soak() -> int:
    from django.db import connection

    from tests.billing.shop import DODO_PRODUCTS
    from tests.fakes import dodo
    from tests.fakes.hostile import Hostile
    from tests.fakes.openai import OpenAI
    from tests.fakes.receiver import Receiver
    from tests.fakes.woocommerce import FakeWooCommerce
    from tests.live import Live
    from tests.proof import crowd
    from tests.proof.hostile_neighbour import Neighbour

    with ExitStack() as running:
        openai = running.enter_context(OpenAI(latency=0.3))
        payments = running.enter_context(dodo.Dodo())
        shops = [running.enter_context(FakeWooCommerce()) for _ in range(SHOPS)]
        hostile = [running.enter_context(Hostile(seed)) for seed in range(SHOPS)]
        silence = running.enter_context(crowd.Silence())
        openai.keep = False
        neighbour, shop, receiver = (
            running.enter_context(one) for one in (Neighbour(nice=19), FakeWooCommerce(), Receiver())
        )
        shop.add()
        strangers = [urlsplit(store.url).netloc for store in (*hostile, silence, shop, receiver)] + neighbour.hosts
        live = Live(
            JOB_LEASE_SECONDS="6",
            OPENAI_BASE_URL=openai.url + "/v1",
            OPENAI_API_KEY="sk-soak",
            GENERATION_CONCURRENCY="4",
            OUTBOUND_ALLOWED_HOSTS=",".join(
                [openai.hostport, payments.hostport, *(shop.hostport for shop in shops), *strangers]
            ),
            PAYMENT_PROVIDER="dodo",
            DODO_API_KEY=dodo.KEY,
            DODO_API_URL=payments.url,
            DODO_WEBHOOK_SECRET=dodo.SECRET,
            DODO_PRODUCT_IDS=json.dumps(DODO_PRODUCTS),
        )
        connection.close()
        live.start()
        running.callback(live.stop)
        return play(live, shops, hostile, silence, (neighbour, shop, receiver))


def play(live: Any, shops: list[Any], hostile: list[Any], silence: Any, beside: tuple[Any, Any, Any]) -> int:
    from tests.soak import faults, load, neighbour, slow
    from tests.soak.caller import Caller, Tally

    servers = embedded.SERVERS[0]
    began = time.monotonic()
    until = began + MINUTES * 60
    tally, free = Tally(), list(shops)

    def caller() -> Caller:
        return Caller(live.url, tally, until)

    supervisor = faults.Supervisor(live)
    memory, harm = (
        faults.Memory(live),
        faults.Faults(live, servers, servers.data_dir, began + MINUTES * 60 * (1 - CALM)),
    )
    threads = [
        *(load.thread(load.shops, caller(), fund) for _ in range(2)),
        load.thread(load.importers, caller()),
        *(load.thread(load.stores, caller(), fund, free) for _ in range(2)),
        load.thread(load.victims, caller(), list(hostile)),
        load.thread(load.buyers, live.url, tally, until),
        *(load.thread(load.readers, caller()) for _ in range(3)),
    ]
    memory.start()
    supervisor.start()
    time.sleep(min(20, MINUTES * 6))
    harm.start()
    for worker in [*threads, harm]:
        worker.join(timeout=until + 200 - time.monotonic())
    tally.wrong += [f"{worker.name} did not end" for worker in threads if worker.is_alive()]
    settled = at_rest(until + 300)
    memory.ending.set()  # what the crowd's replies take is bounded by a budget of its own
    memory.join()
    print(f"The longest look at health or a list in a slow crowd: {slow.come(live, silence, tally):.2f} s\n")
    print(f"The longest import beside a hostile neighbour: {neighbour.come(live, *beside, tally):.2f} s\n")
    supervisor.ending.set()
    supervisor.join()
    code = report(tally, harm, memory, shops, time.monotonic() - began, settled)
    tell_why(live, tally.wrong)
    return code


def tell_why(live: Any, wrong: list[str]) -> None:
    """Print the log lines of the requests that a finding names: the logs go with the stack."""
    ids = re.findall(r'"request_id":"([0-9a-f-]{36})"', "\n".join(wrong))
    for path in sorted((live.stack.data_dir / "logs").glob("*.log")) if ids else ():
        with path.open(errors="replace") as lines:
            for line in lines:
                if any(one in line for one in ids):
                    print(f"{path.name}: {line[:6000].rstrip()}")


def fund(organization_id: str) -> None:
    """XCT enough for the whole run; tried again while the database is away."""
    from django.db import DatabaseError, connection, transaction

    from billing import ledger
    from billing.models import Entry

    for _ in range(60):
        try:
            with transaction.atomic(), ledger.book(organization_id) as book:
                if not book.posted("soak"):
                    book.post("topup", Decimal(100_000), Entry.Type.TOPUP, key="soak", description="Soak")
            return
        except DatabaseError:
            time.sleep(0.5)
        finally:
            connection.close()


def at_rest(until: float) -> bool:
    """Whether every job and every event of a provider came to its end in time."""
    from django.db import DatabaseError, connection
    from django.db.models import Q

    from billing.models import ProviderEvent
    from scribe.models import Job

    while time.monotonic() < until:
        try:
            busy = Job.objects.filter(Q(status__in=Job.ACTIVE) | Q(settled_at=None)).exists()
            if not busy and not ProviderEvent.objects.exclude(status="applied").exists():
                return True
        except DatabaseError:
            connection.close()
        time.sleep(1)
    return False


def report(tally: Any, harm: Any, memory: Any, shops: list[Any], seconds: float, settled: bool) -> int:
    from tests.soak import invariants

    print(f"# Soak: {MINUTES:g} minutes of load, {seconds:.0f} s until everything was at rest\n")
    print("faults:  " + ", ".join(f"{what} {n}×" for what, n in sorted(harm.done.items())))
    print("replies: " + ", ".join(f"{status}: {n}" for status, n in sorted(tally.replies.items())))
    print(f"         {tally.broken} connections cut or refused; {len(tally.streams)} streams followed to their end")
    for what, n in sorted(tally.done.items()):
        print(f"         {n} {what}")
    wrong = list(dict.fromkeys(tally.wrong))
    for name, (peak, grown) in sorted(memory.growth().items()):
        print(f"memory:  {name:<18} at most {peak:.0f} MiB in one process, grew by {grown:.0f} MiB")
        if grown > GROWS_AT_MOST:
            wrong.append(f"{name} grew by {grown:.0f} MiB")
    if not settled:
        wrong.append("something was still at work after the time to settle")
    for invariant in invariants.ALL:
        found = list(invariant(tally, shops))
        text = (invariant.__doc__ or "").split("\n")[0]
        print(f"{'holds' if not found else 'BROKEN'}:   {text}")
        wrong += [f"{invariant.__name__}: {line}" for line in found]
    for line in wrong[:40]:
        print(f"  ! {line}")
    print("\n" + ("Everything held." if not wrong else f"{len(wrong)} things did not hold."))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
