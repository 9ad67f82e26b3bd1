"""The examples of replies in the OpenAPI document: kept from what the tests get, and held to the document.

    python -m pytest -p tests.scribe.reply_examples tests/projects    keep what is missing or stale
    python -m tests.scribe.reply_examples openapi-3.1.json    name the stale ones; exit 1 if there are any

What is kept and still fits stays as it is, so a further run changes few lines.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema

FILE = Path(__file__).parents[2] / "scribe" / "api" / "reply_examples.json"
MOST_BYTES = 6000
#: The hosts of tests, as readers know them.
HOSTS = (
    (re.compile(r"http(://|%3A%2F%2F)testserver"), r"https\1scribe.example.com"),
    (re.compile(r"http://127\.0\.0\.1:\d+"), "https://shop.example.com"),
    (re.compile(r"127\.0\.0\.1:\d+"), "shop.example.com"),
)
SECRETS = re.compile(r"(token|secret|key|codes|seed|password|uri|qr_.*|state|install)$")
WORD = re.compile(r"[A-Za-z0-9_.~+/=-]{24,}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and the rest of each operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def schema_of(operation: dict[str, Any], status: str) -> dict[str, Any] | None:
    media = operation["responses"].get(status, {}).get("content", {}).get("application/json")
    return media["schema"] if media else None


def faults(example: Any, schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """What of the example does not fit: values that the schema refuses, and fields that it does not know."""
    validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    return [error.message for error in validator.iter_errors(example)] + list(_unknown(example, schema, document))


def _unknown(example: Any, schema: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    for choice in (schema, *schema.get("oneOf", ()), *schema.get("allOf", ()), *schema.get("anyOf", ())):
        if "$ref" in choice:
            name = choice["$ref"].rpartition("/")[2]
            yield from _unknown(example, document["components"]["schemas"][name], document)
    if isinstance(example, list):
        for one in example:
            yield from _unknown(one, schema.get("items", {}), document)
    elif isinstance(example, dict) and "properties" in schema:
        for name, value in example.items():
            if name in schema["properties"]:
                yield from _unknown(value, schema["properties"][name], document)
            elif "additionalProperties" not in schema:
                yield f"there is no {name}"


def stale(kept: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """The kept examples that do not fit, each with the first reason."""
    known = {operation["operationId"]: operation for _, _, operation in operations(document)}
    found = []
    for name, replies in kept.items():
        for status, example in replies.items():
            schema = schema_of(known[name], status) if name in known else None
            wrong = ["there is no such reply"] if schema is None else faults(example, schema, document)
            if wrong:
                found.append(f"{name} {status}: {wrong[0]}")
    return found


class Recorder:
    """A plugin of pytest that keeps the fullest of the small replies of each operation."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.by_path = {(path, method): operation for method, path, operation in operations(document)}
        self.best: dict[tuple[str, str], tuple[int, Any]] = {}

    def see(self, response: Any) -> None:
        if not (200 <= response.status_code < 300) or "application/json" not in response.headers.get(
            "Content-Type", ""
        ):
            return
        if response.streaming:
            response.streaming_content = [b"".join(response.streaming_content)]
        if response.headers.get("Content-Encoding") or not response.resolver_match:
            return
        path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", response.resolver_match.route)
        operation = self.by_path.get((path, response.request["REQUEST_METHOD"].lower()))
        status = str(response.status_code)
        if operation is None or (schema := schema_of(operation, status)) is None:
            return
        content = b"".join(response.streaming_content) if response.streaming else response.content
        if response.streaming:
            response.streaming_content = [content]
        reply = small(json.loads(content)) if content else None
        if reply is None or faults(reply, schema, self.document):
            return
        place, score = (operation["operationId"], status), filled(reply)
        if len(json.dumps(reply)) < MOST_BYTES and score > self.best.get(place, (0, None))[0]:
            self.best[place] = (score, reply)

    def keep(self) -> None:
        kept = json.loads(FILE.read_text())
        wrong = {line.partition(":")[0] for line in stale(kept, self.document)}
        fresh = {
            name: {s: r for s, r in replies.items() if f"{name} {s}" not in wrong} for name, replies in kept.items()
        }
        for (name, status), (_, reply) in self.best.items():
            fresh.setdefault(name, {}).setdefault(status, reply)
        write({name: replies for name, replies in fresh.items() if replies})


def small(reply: Any, name: str = "") -> Any:
    """The reply with one row of each list, and without what only was a secret."""
    if isinstance(reply, dict):
        return {key: small(value, key) for key, value in reply.items()}
    if isinstance(reply, list):
        return [small(one, name) for one in reply[:1]]
    if not isinstance(reply, str):
        return reply
    for host, known in HOSTS:
        reply = host.sub(known, reply)
    return WORD.sub(lambda found: found.group()[:8] + "…", reply) if is_secret(name, reply) else reply


def is_secret(name: str, value: str) -> bool:
    return bool(SECRETS.search(name)) and not UUID.match(value) and not value.startswith("http")


def filled(reply: Any) -> int:
    """How many values the reply shows."""
    if isinstance(reply, dict | list):
        return 1 + sum(map(filled, reply.values() if isinstance(reply, dict) else reply))
    return 2 if reply not in (None, "") else 1


def write(kept: dict[str, Any]) -> None:
    lines = [
        f" {json.dumps(name)}: {json.dumps(kept[name], ensure_ascii=False, sort_keys=True)}" for name in sorted(kept)
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def pytest_configure(config: Any) -> None:
    from django.test import Client

    from scribe.api.document import generate

    recorder = Recorder(generate("3.1"))
    asked = Client.request

    def request(self: Any, **environment: Any) -> Any:
        response = asked(self, **environment)
        recorder.see(response)
        return response

    Client.request = request  # type: ignore[method-assign]
    config.add_cleanup(recorder.keep)


def main() -> int:
    found = stale(json.loads(FILE.read_text()), json.loads(Path(sys.argv[1]).read_text()))
    print(*found, sep="\n")
    print(f"{len(found)} examples of replies are stale")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
