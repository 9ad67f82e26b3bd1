"""Bare arrays: complete and streamed in flat memory, or one page by `limit` and `offset`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    request: Any,
    queryset: models.QuerySet[Any],
    render: Callable[[Any], Any],
    *,
    chunk: int = CHUNK,
    keyset: bool = False,
    bare: models.QuerySet[Any] | None = None,
) -> HttpResponse:
    """The rows of `queryset` as a JSON array. `render` turns a row into its JSON, cheaply and without queries.

    With `limit` or `offset` the reply is that page, with `X-Total-Count` and `Link`. Without them, all rows are streamed.
    With `keyset`, `Link` names the next page by `after`, the id of this page's last row, and nothing is counted.
    `bare`: the same rows in the same order, without the columns and joins that `render` takes. They are counted and skipped
    instead, for which the database may read an index alone, however deep the page.
    """
    limit, offset = page_of(request)
    if limit is None:
        return StreamingHttpResponse(_stream(queryset, render, chunk), content_type="application/json")  # type: ignore[return-value]
    total = None if keyset else (queryset if bare is None else bare).count()
    if bare is not None and offset:
        rows = queryset.filter(pk__in=bare.values("pk")[offset : offset + limit])
    else:
        rows = queryset[offset : offset + limit]
    return _page(request, [render(row) for row in rows], limit, offset, total)


def short_array(request: Any, rows: Sequence[dict[str, Any]]) -> HttpResponse:
    """The same for `rows` that are in memory."""
    limit, offset = page_of(request)
    if limit is None:
        return HttpResponse(dumps(rows), content_type="application/json")
    return _page(request, rows[offset : offset + limit], limit, offset, len(rows))


def _page(request: Any, rows: Sequence[Any], limit: int, offset: int, total: int | None) -> HttpResponse:
    page = HttpResponse(dumps(rows), content_type="application/json")
    if total is not None:
        page["X-Total-Count"] = str(total)
        links = _links(request, limit, offset, total)
    else:
        links = _link(request, "next", limit=limit, after=rows[-1]["id"]) if len(rows) == limit else ""
    if links:
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
    out = []
    if offset + limit < total:
        out.append(_link(request, "next", limit=limit, offset=offset + limit))
    if offset > 0:
        out.append(_link(request, "prev", limit=limit, offset=max(0, offset - limit)))
    return ", ".join(out)


def _link(request: Any, rel: str, **place: Any) -> str:
    query = {name: value for name, value in request.query_params.items() if name not in ("limit", "offset", "after")}
    return f'<{request.build_absolute_uri(request.path)}?{urlencode(query | place)}>; rel="{rel}"'
