"""The stub WooCommerce of the sync benchmark, a process of its own: `python -m tests.benchmarks._woocommerce_stub`."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.server import Reply, Request, Server

BATCH = 100
WRITE_SECONDS, READ_SECONDS = 0.5, 0.1


def text(pk: int, what: str) -> str:
    return f"<p>{what} of product {pk}. " + "It holds what it promises, and says how. " * 20 + "</p>"


class Stub(Server):
    """Answers reads and batches as WooCommerce does, from what it was told; keeps nothing else."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
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
            **held,
        }

    async def answer(self, request: Request) -> Reply:
        if request.path.endswith("/wp-json/"):
            return Reply(200, {"name": "Stub", "namespaces": ["wc/v3"]})
        if request.path.endswith("/batch"):
            entries = request.json["update"]
            await asyncio.sleep(WRITE_SECONDS * len(entries) / BATCH)
            for entry in entries:
                self.texts.setdefault(entry["id"], {}).update(entry)
            return Reply(200, {"update": [self.row(entry["id"]) for entry in entries]})
        await asyncio.sleep(READ_SECONDS)
        return Reply(200, [self.row(int(pk)) for pk in request.query["include"].split(",")])


async def serve() -> None:
    stub = Stub()
    serving = asyncio.create_task(stub.serve())
    while not stub._ready.is_set():
        await asyncio.sleep(0.01)
    print(stub.url, flush=True)
    await serving


if __name__ == "__main__":
    asyncio.run(serve())
