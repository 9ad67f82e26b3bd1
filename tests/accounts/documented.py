"""Every answer that a test of accounts gets is one that the OpenAPI document promises."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from tests.documents import document


@cache
def _routes() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    paths = sorted(document()["paths"].items(), key=lambda item: item[0].count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), item) for path, item in paths]


def check(method: str, path: str, response: Any) -> None:
    """Fail when `response` has a status or a content type that is not documented for the operation."""
    path = path.partition("?")[0]
    for pattern, item in _routes():
        if pattern.fullmatch(path) and method in item:
            promised = item[method]["responses"].get(str(response.status_code))
            assert promised, f"{method} {path}: {response.status_code} is not documented"
            sent = response.headers.get("Content-Type", "").partition(";")[0]
            kinds = promised.get("content") or {}
            assert not kinds or sent in kinds, f"{method} {path}: {sent} is not documented for {response.status_code}"
            if response.status_code >= 400:
                assert sent == "application/problem+json"
            return
