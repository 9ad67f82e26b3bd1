"""What goes on in the shops: catalogues are uploaded and written, stores imported and synced, plans bought, lists read."""

from __future__ import annotations

import contextlib
import csv
import io
import random
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.fakes import dodo
from tests.fakes.hostile import Hostile
from tests.fakes.woocommerce import KEY, SECRET, FakeWooCommerce
from tests.soak.caller import Caller, Over, Refused, Tally

CATALOGUE, LARGE, PRODUCTS = 12, 4000, 30
HOSTILE = "Hostile"  # the name of connections to stores that answer with anything


def catalogue(rows: int) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.writer(sink)
    writer.writerow(["SKU", "Name", "Description", "Regular price"])
    for number in range(rows):
        writer.writerow([f"S-{number}", f"Bottle {number}", f"A steel bottle of {number} ml, green.", "19.90"])
    return sink.getvalue().encode()


def project(caller: Caller, **fields: Any) -> str:
    body = {"name": f"Soak {secrets.token_hex(3)}", "platform": "woocommerce", **fields}
    return str(caller.call("POST", "projects", json=body)["id"])


def upload(caller: Caller, project_id: str, rows: int) -> Any:
    file = {"file": ("catalogue.csv", catalogue(rows), "text/csv")}
    return caller.call("POST", f"projects/{project_id}/sources/file", files=file)


def write_and_approve(caller: Caller, project_id: str) -> None:
    job = caller.call(
        "POST", f"projects/{project_id}/jobs", json={"job_type": "generation", "payload": {"ai_provider": "openai"}}
    )
    caller.follow(job["job_id"])
    items = caller.call("GET", f"projects/{project_id}/items")
    ids = [item["id"] for item in items if item["status"] in ("generated", "flagged")]
    caller.call(
        "PATCH", f"projects/{project_id}/items/batch", json={"item_ids": ids, "status": "approved", "override": True}
    )
    caller.tally.did("items generated and approved")


def shops(caller: Caller, fund: Callable[[str], None]) -> None:
    """A catalogue is uploaded, written, approved and exported."""
    fund(str(caller.register()["organization_id"]))
    while time.monotonic() < caller.until:
        made = project(caller)
        source = upload(caller, made, CATALOGUE)
        write_and_approve(caller, made)
        caller.call("GET", f"projects/{made}/sources/{source['id']}/export")
        caller.tally.did("catalogues written and exported")


def importers(caller: Caller) -> None:
    caller.register()
    while time.monotonic() < caller.until:
        source = upload(caller, project(caller), LARGE)
        caller.follow(source["config"]["job_id"])
        caller.tally.did(f"files of {LARGE:,} rows imported")


def stores(caller: Caller, fund: Callable[[str], None], free: list[FakeWooCommerce]) -> None:
    """A store is imported, its texts are written and synced back; each round has a store of its own."""
    fund(str(caller.register()["organization_id"]))
    while time.monotonic() < caller.until and free:
        shop = free.pop()
        for _ in range(PRODUCTS):
            shop.add()
        body = {
            "name": "Shop",
            "platform": "woocommerce",
            "base_url": shop.url,
            "consumer_key": KEY,
            "consumer_secret": SECRET,
        }
        connection = caller.call("POST", "store-connections", json=body)["id"]
        caller.call("POST", f"store-connections/{connection}/test")
        made = project(caller)
        caller.call("PATCH", f"projects/{made}", json={"store_connection_id": connection})
        caller.follow(caller.call("POST", f"projects/{made}/import/execute", json={})["job_id"])
        write_and_approve(caller, made)
        caller.follow(caller.call("POST", f"projects/{made}/jobs", json={"job_type": "sync"})["job_id"])
        caller.tally.did("stores imported, written and synced")


def victims(caller: Caller, free: list[Hostile]) -> None:
    """Stores that answer with anything are imported. Their jobs may fail, or wait longer than the soak lasts: then their
    owner stops them."""
    caller.register()
    while time.monotonic() < caller.until and free:
        body = {
            "name": HOSTILE,
            "platform": "woocommerce",
            "base_url": free.pop().url,
            "consumer_key": KEY,
            "consumer_secret": SECRET,
        }
        connection = caller.call("POST", "store-connections", json=body)["id"]
        made = project(caller)
        caller.call("PATCH", f"projects/{made}", json={"store_connection_id": connection})
        job = caller.call("POST", f"projects/{made}/import/execute", json={})["job_id"]
        while caller.call("GET", f"jobs/{job}")["status"] not in ("completed", "failed", "cancelled"):
            if time.monotonic() > caller.until:
                with contextlib.suppress(Refused):  # it has ended just now
                    caller.call("POST", f"jobs/{job}/cancel")
            time.sleep(1)
        caller.tally.did("hostile stores imported")


def buyers(url: str, tally: Tally, until: float) -> None:
    """New organizations buy a plan; the provider delivers each event three times, in any order."""
    while time.monotonic() < until:
        caller = Caller(url, tally, until)
        caller.register()
        checkout = caller.call("POST", "billing/checkout", json={"tier": "starter", "billing_period": "monthly"})
        number = secrets.token_hex(6)
        session = str(checkout["checkout_url"]).rstrip("/").rsplit("/", 1)[-1]
        customer = {"customer_id": f"cus_{number}", "email": "buyer@example.com", "name": "Zoë"}
        paid = dodo.payment(
            f"pay_{number}",
            checkout_session_id=session,
            subscription_id=f"sub_{number}",
            charge_type="new",
            customer=customer,
        )
        state = dodo.subscription(f"sub_{number}", next_billing_date=None, customer=customer)
        events = [("payment.succeeded", paid, f"evt_p{number}"), ("subscription.active", state, f"evt_s{number}")] * 3
        random.shuffle(events)
        for name, data, event_id in events:
            raw, headers = dodo.webhook(name, data, at=datetime.now(UTC), event_id=event_id)
            caller.call("POST", "webhooks/dodo", data=raw, headers={**headers, "Content-Type": "application/json"})
        tally.did("plans bought by webhooks")
        time.sleep(2)


def readers(caller: Caller) -> None:
    caller.register()
    paths = [
        "billing/balance",
        "projects",
        "notifications",
        "users/me",
        "billing/transactions",
        "content-profiles",
    ]
    while time.monotonic() < caller.until:
        with contextlib.suppress(Refused):
            caller.call("GET", random.choice(paths))
            caller.tally.did("pages read")
        time.sleep(0.05)


def thread(work: Callable[..., None], *arguments: Any) -> threading.Thread:
    """Run `work`; a call that the end of the soak overtook ends it quietly, anything else is reported."""

    def run() -> None:
        tally = next(a.tally if isinstance(a, Caller) else a for a in arguments if isinstance(a, Caller | Tally))
        while True:
            try:
                work(*arguments)
            except Refused as refusal:
                tally.did(f"began afresh: {refusal}")
                continue
            except Over:
                pass
            except Exception as error:
                tally.report(f"{work.__name__}: {error!r}")
            return

    made = threading.Thread(target=run, daemon=True, name=work.__name__)
    made.start()
    return made
