"""Bare arrays: complete and streamed in flat memory, or a page of them by `limit` and `offset`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpResponse, StreamingHttpResponse
from rest_framework import serializers

from scribe.api.problems import pointers
from scribe.api.renderers import dumps
from scribe.api.serializers import Request
from scribe.errors import InvalidInput

CHUNK = 1000


class PageQuery(Request):
    """Optional paging of a bare array."""

    limit = serializers.IntegerField(min_value=1, max_value=1000, required=False, help_text="Rows in this page.")
    offset = serializers.IntegerField(min_value=0, max_value=2**31, required=False, help_text="Rows before this page.")


def page_of(request: Any) -> tuple[int | None, int]:
    serializer = PageQuery(data=request.query_params)
    if not serializer.is_valid():
        faults = [{**f, "pointer": f["pointer"].replace("?/", "?", 1)} for f in pointers(serializer.errors, "?")]
        raise InvalidInput("The page is not valid.", errors=faults)
    asked = serializer.validated_data
    if not asked:
        return None, 0
    return asked.get("limit", 1000), asked.get("offset", 0)


def bare_array(
    request: Any, queryset: models.QuerySet[Any], render: Callable[[Any], Any], *, chunk: int = CHUNK
) -> HttpResponse:
    """The rows of `queryset` as a JSON array. `render` turns a row into its JSON, cheaply and without queries.

    With `limit` or `offset` the reply is that page, with `X-Total-Count` and `Link`; without, all rows, streamed.
    """
    limit, offset = page_of(request)
    if limit is None:
        return StreamingHttpResponse(_stream(queryset, render, chunk), content_type="application/json")  # type: ignore[return-value]
    total = queryset.count()
    rows = [render(row) for row in queryset[offset : offset + limit]]
    page = HttpResponse(dumps(rows), content_type="application/json")
    page["X-Total-Count"] = str(total)
    if links := _links(request, limit, offset, total):
        page["Link"] = links
    return page


def _stream(queryset: models.QuerySet[Any], render: Callable[[Any], Any], chunk: int) -> Iterator[bytes]:
    buffer: list[Any] = []
    first = True
    for row in queryset.iterator(chunk_size=chunk):
        buffer.append(render(row))
        if len(buffer) >= chunk:
            yield (b"[" if first else b",") + dumps(buffer)[1:-1]
            first = False
            buffer = []
    if buffer:
        yield (b"[" if first else b",") + dumps(buffer)[1:-1]
        first = False
    yield b"[]" if first else b"]"


def _links(request: Any, limit: int, offset: int, total: int) -> str:
    def link(at: int, rel: str) -> str:
        query = request.query_params.dict() | {"limit": limit, "offset": at}
        return f'<{request.build_absolute_uri(request.path)}?{urlencode(query)}>; rel="{rel}"'

    out = []
    if offset + limit < total:
        out.append(link(offset + limit, "next"))
    if offset > 0:
        out.append(link(max(0, offset - limit), "prev"))
    return ", ".join(out)
