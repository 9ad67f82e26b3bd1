"""The stub WooCommerce of the sync benchmark, a process of its own: `python -m tests.benchmarks._woocommerce_stub 0.5`.

The argument is the seconds that it takes to write a batch of a hundred. Reading takes a fifth of that, and each call costs
what its number of items does: small batches are neither a gift nor a punishment.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from tests.fakes.server import Reply, Request, Server

BATCH = 100


def text(pk: int, what: str) -> str:
    return f"<p>{what} of product {pk}. " + "It holds what it promises, and says how. " * 20 + "</p>"


class Stub(Server):
    """Answers reads and batches as WooCommerce does, from what it was told; keeps nothing else."""

    def __init__(self, write_seconds: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.write_seconds = write_seconds
        self.keep = False
        self.texts: dict[int, dict[str, Any]] = {}

    def row(self, pk: int) -> dict[str, Any]:
        held = {
            "name": f"Product {pk}",
            "description": text(pk, "Description"),
            "short_description": "",
            **self.texts.get(pk, {}),
        }
        return {
            "id": pk,
            "type": "simple",
            "slug": f"product-{pk}",
            "tags": [],
            "attributes": [],
            "meta_data": [],
            "date_modified_gmt": "2026-11-01T10:00:00",
            **held,
        }

    async def answer(self, request: Request) -> Reply:
        if request.path.endswith("/wp-json/"):
            return Reply(200, {"name": "Stub", "namespaces": ["wc/v3"]})
        if request.path.endswith("/batch"):
            entries = request.json["update"]
            await asyncio.sleep(self.write_seconds * len(entries) / BATCH)
            for entry in entries:
                self.texts.setdefault(entry["id"], {}).update(entry)
            return Reply(200, {"update": [self.row(entry["id"]) for entry in entries]})
        if request.path.endswith("/attributes"):
            return Reply(200, [])
        ids = request.query["include"].split(",")
        await asyncio.sleep(self.write_seconds / 5 * len(ids) / BATCH)
        return Reply(200, [self.row(int(pk)) for pk in ids])


async def serve(write_seconds: float) -> None:
    stub = Stub(write_seconds)
    serving = asyncio.create_task(stub.serve())
    while not stub._ready.is_set():
        await asyncio.sleep(0.01)
    print(stub.url, flush=True)
    await serving


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
