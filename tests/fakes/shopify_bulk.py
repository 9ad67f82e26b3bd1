"""Bulk operations of the shop in memory, as https://shopify.dev/docs/api/usage/bulk-operations/queries describes them.

A query is checked against what a bulk operation may ask for, runs on its own, and ends in a file of JSON lines at an address that expires.
Since 2026-01 entries of lists are not grouped under their parents; each connection keeps its order.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

from tests.fakes.graphql import Document, Field, project
from tests.fakes.server import Reply, Request

MOST_CONNECTIONS, DEEPEST = 5, 2
EXPIRED = b"<?xml version='1.0'?><Error><Code>ExpiredToken</Code></Error>"


class BulkOperations:
    """`bulk_states` are what the next looks at a new operation find before it ends as `bulk_end` (with `bulk_error`); `bulk_at_once`
    operations may run at a time; `bulk_grouped` puts entries under their parents, and `bulk_shuffled` them before."""

    found: Any
    url: str
    version: str

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.operations: dict[str, dict[str, Any]] = {}
        self.bulk_states = ["CREATED", "RUNNING"]
        self.bulk_end, self.bulk_error = "COMPLETED", ""
        self.bulk_at_once = 1
        self.bulk_refusal = ""  # a userError's code
        self.bulk_grouped = self.bulk_shuffled = False
        self.bulk_files: dict[str, bytes] = {}  # by the path of their address
        self._bulk_numbers = itertools.count(1)

    def bulk_roots(self) -> dict[str, Any]:
        return {
            "bulkOperationRunQuery": self.run_bulk,
            "bulkOperationCancel": self.cancel_bulk,
            "node": lambda id: self.shown_bulk(self.operations.get(id)),
            "currentBulkOperation": lambda type="QUERY": self.shown_bulk(
                next(reversed(self.operations.values()), None)
            ),
        }

    def run_bulk(self, query: str) -> dict[str, Any]:
        refused = self.bulk_refusal or (
            "OPERATION_IN_PROGRESS"
            if sum(bool(row["left"]) for row in self.operations.values()) >= self.bulk_at_once
            else ""
        )
        if refused:
            text = "A bulk query operation for this app and shop is already in progress."
            return {"bulkOperation": None, "userErrors": [{"code": refused, "field": ["query"], "message": text}]}
        root = Document("query " + query, {}).selections
        if trouble := _trouble(root):
            return {"bulkOperation": None, "userErrors": [{"code": "INVALID", "field": ["query"], "message": trouble}]}
        gid = f"gid://shopify/BulkOperation/{next(self._bulk_numbers)}"
        self.operations[gid] = {
            "__typename": "BulkOperation",
            "id": gid,
            "query": query,
            "left": list(self.bulk_states),
            "end": self.bulk_end,
            "error": self.bulk_error,
            "lines": self.bulk_lines(root[0]),
        }
        return {"bulkOperation": self.shown_bulk(self.operations[gid], status="CREATED"), "userErrors": []}

    def cancel_bulk(self, id: str) -> dict[str, Any]:
        row = self.operations[id]
        row.update(left=["CANCELING"], end="CANCELED")
        return {"bulkOperation": self.shown_bulk(row, status="CANCELING"), "userErrors": []}

    def shown_bulk(self, row: dict[str, Any] | None, status: str = "") -> dict[str, Any] | None:
        """The operation as a look finds it; a look moves it on, since the fake has no clock. Each look at a complete one signs a fresh
        address of its file, and the older ones stay good until `expire_files`."""
        if row is None:
            return None
        status = status or (row["left"].pop(0) if row["left"] else row["end"])
        done = status == "COMPLETED" and bool(row["lines"])
        partial = status == "FAILED" and bool(row["lines"])
        return {
            **{key: row[key] for key in ("__typename", "id", "query")},
            "status": status,
            "errorCode": (row["error"] or None) if status == "FAILED" else None,
            "objectCount": str(len(row["lines"])),
            "url": self.bulk_address(row["lines"]) if done else None,
            "partialDataUrl": self.bulk_address(row["lines"][: len(row["lines"]) // 2]) if partial else None,
        }

    def bulk_address(self, lines: list[bytes]) -> str:
        path = f"/bulk/{next(self._bulk_numbers)}.jsonl"
        self.bulk_files[path] = b"\n".join(lines) + b"\n"
        return f"{self.url}{path}?Expires=1790000000&Signature=x"

    def expire_files(self) -> None:
        self.bulk_files.clear()

    def bulk_file(self, request: Request) -> Reply:
        if "x-shopify-access-token" in request.headers:  # the file lies with another party
            return Reply(400, b"<Error><Code>InvalidArgument</Code></Error>", {"content-type": "application/xml"})
        body = self.bulk_files.get(request.path)
        if body is None:
            return Reply(400, EXPIRED, {"content-type": "application/xml"})
        return Reply(200, body, {"content-type": "application/jsonl"})

    def bulk_lines(self, root: Field) -> list[bytes]:
        node = _node(root)
        lists = [part for part in node.selections if _is_connection(part)]
        plain = [part for part in node.selections if not _is_connection(part)]
        parents: list[dict[str, Any]] = []
        entries: list[list[dict[str, Any]]] = []
        for row in self.found(root.arguments.get("query")):
            parents.append(project(row, plain))
            entries.append(
                [
                    {**project(entry, _node(part).selections), "__parentId": row["id"]}
                    for part in lists
                    for entry in row[part.name](first=10**9)["nodes"]
                ]
            )
        if self.bulk_grouped:
            lines = [line for row, under in zip(parents, entries, strict=True) for line in (row, *under)]
        else:
            under = [entry for some in entries for entry in some]
            lines = [*under, *parents] if self.bulk_shuffled else [*parents, *under]
        return [json.dumps(line, ensure_ascii=False).encode() for line in lines]


def _is_connection(part: Field) -> bool:
    return any(inner.name in ("edges", "nodes") for inner in part.selections)


def _node(part: Field) -> Field:
    return part.selections[0].selections[0]


def _trouble(root: list[Field]) -> str:
    """Why a bulk operation can't run this query."""
    found: list[int] = []

    def walk(parts: list[Field], depth: int) -> str:
        for part in parts:
            if _is_connection(part):
                found.append(depth)
                if "first" in part.arguments or [i.name for i in part.selections] != ["edges"]:
                    return "Connections are asked for by edges and node, without pages."
                if "id" not in [i.name for i in _node(part).selections]:
                    return "The parent 'node' field for a nested connection must select the 'id' field."
            if why := walk(part.selections, depth + _is_connection(part)):
                return why
        return ""

    if why := walk(root, 1):
        return why
    if len(root) != 1 or not found:
        return "Bulk queries must contain at least one connection, at one top level field."
    if len(found) > MOST_CONNECTIONS or max(found) > DEEPEST:
        return "Bulk queries cannot contain more than 5 connections, or deeper ones than 2 levels."
    return ""
