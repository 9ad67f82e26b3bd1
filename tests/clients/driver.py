"""Does what clients/vectors.json says with a Python client: `python driver.py URL KEY [async] < vectors`.

Results on standard output. With `async` the client for asyncio does it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import requests
from xcscribe import ApiError, AsyncClient, Client, SignatureError, Unreachable, streams, verify
from xcscribe.core import wait_of


class Blocking:
    """An asynchronous client with each of its calls waited for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.runner = asyncio.Runner()
        self.client = self.runner.run(self.made(*args, **options))

    async def made(self, *args: Any, **options: Any) -> AsyncClient:
        return AsyncClient(*args, **options)

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            found = getattr(self.client, name)(*args, **options)
            return self.rows(found) if hasattr(found, "__aiter__") else self.runner.run(found)

        return call

    def rows(self, found: AsyncIterator[Any]) -> Iterator[Any]:
        async def following() -> Any:
            return await anext(found, None)

        while (row := self.runner.run(following())) is not None:
            yield row


def webhook(vector: dict[str, Any]) -> dict[str, Any]:
    try:
        event = verify(vector["body"].encode(), vector["headers"], vector["secrets"], now=vector["now"])
    except SignatureError:
        return {"ok": False}
    return {"ok": True, "type": event["type"]}


def stream(vector: dict[str, Any], size: int) -> list[list[Any]]:
    sent = vector["text"].encode()
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    return [[event.id, event.name, event.data] for event in streams.parse(pieces)]


def address(vector: dict[str, Any]) -> dict[str, Any]:
    try:
        Client(vector["url"])
    except ValueError:
        return {"ok": False}
    return {"ok": True}


def call(client: Any, vector: dict[str, Any]) -> dict[str, Any]:
    path, body = vector["path"], vector.get("body")
    try:
        if vector["do"] == "get":
            client.get(path)
        elif vector["do"] == "get again":
            tag = client.send("GET", path, query={"limit": 2}).headers["ETag"]
            client.send("GET", path, query={"limit": 2}, headers={"If-None-Match": tag})
        elif vector["do"] == "post":
            client.post(path, body, idempotency_key=vector.get("key", ""))
        elif vector["do"] == "patch":
            client.patch(path, body, version=vector.get("version"))
        elif vector["do"] == "put":
            client.put(path, body, version=vector.get("version"))
        elif vector["do"] == "delete":
            client.delete(path)
        elif vector["do"] == "pages":
            return {"count": len({row["id"] for row in client.pages(path, limit=vector["limit"])})}
        elif vector["do"] == "leave":
            count = 0
            for row in client.pages(path, limit=vector["limit"], status="pending"):
                client.post(f"{path}/exclude", {"item_ids": [row["id"]]})
                count += 1
            return {"count": count}
        elif vector["do"] == "count":
            match = vector["match"].items()
            return {"count": sum(all(row[name] == value for name, value in match) for row in client.pages(path))}
        elif vector["do"] == "estimate":
            return {"xct_max": client.estimate(path, body)["xct_max"]}
        elif vector["do"] == "limited":
            client.run(path, body, max_xct=vector["max_xct"])
        elif vector["do"] == "run":
            events: list[Any] = []
            client.run(path, body, on_event=events.append)
            return {"ends": events[-1].name, "numbers": [int(event.id) for event in events]}
        elif vector["do"] == "stream":
            events = list(client.stream("POST", path, body=body))
            return {"ends": events[-1].name, "numbers": [int(event.id) for event in events]}
    except ApiError as error:
        return {"status": error.status, "code": error.code, "pointers": [fault["pointer"] for fault in error.errors]}
    except Unreachable:
        return {"unreachable": True}
    return {}


def main() -> None:
    url, key, *mode = sys.argv[1:]
    client: Any = Blocking if mode else Client
    vectors = json.load(sys.stdin)
    found: dict[str, Any] = {
        "webhooks": [webhook(vector) for vector in vectors["webhooks"]],
        "waits": [wait_of(vector["said"], vectors["now"]) for vector in vectors["waits"]],
        "addresses": [address(vector) for vector in vectors["addresses"]],
        "streams": [[stream(vector, size) for size in vectors["pieces"]] for vector in vectors["streams"]],
        "calls": [],
    }
    for vector in vectors["calls"]:
        requests.post(f"{url}/faults", json=vector.get("faults", []), timeout=30)
        done = call(client(url, key=key, tries=4, pause=0.05, **vector.get("client", {})), vector)
        found["calls"].append({**done, "seen": requests.get(f"{url}/seen", timeout=30).json()})
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
