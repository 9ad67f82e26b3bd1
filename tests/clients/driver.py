"""Does what clients/vectors.json says with the Python client: `python driver.py URL KEY < vectors`, results on standard output."""

from __future__ import annotations

import json
import sys
from typing import Any

import requests
from xcscribe import ApiError, Client, SignatureError, Unreachable, streams, verify
from xcscribe.client import wait_of


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


def call(client: Client, vector: dict[str, Any]) -> dict[str, Any]:
    path, body = vector["path"], vector.get("body")
    try:
        if vector["do"] == "get":
            client.get(path)
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
        elif vector["do"] == "count":
            match = vector["match"].items()
            return {"count": sum(all(row[name] == value for name, value in match) for row in client.pages(path))}
        elif vector["do"] == "estimate":
            return {"xct_max": client.estimate(path, body)["xct_max"]}
        elif vector["do"] == "limited":
            client.run(path, body, max_xct=vector["max_xct"])
        elif vector["do"] == "run":
            begun = client.post(path, body)
            events = list(client.events(str(begun["job_id"])))
            return {"ends": events[-1].name, "numbers": [int(event.id) for event in events]}
    except ApiError as error:
        return {"status": error.status, "code": error.code, "pointers": [fault["pointer"] for fault in error.errors]}
    except Unreachable:
        return {"unreachable": True}
    return {}


def main() -> None:
    url, key = sys.argv[1:]
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
        done = call(Client(url, key=key, tries=4, pause=0.05, **vector.get("client", {})), vector)
        found["calls"].append({**done, "seen": requests.get(f"{url}/seen", timeout=30).json()})
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
