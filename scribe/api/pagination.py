"""Bare arrays: complete and streamed in flat memory, or one page by `limit` and a cursor, or by `limit` and `offset`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.db import models
from django.http import HttpResponse, StreamingHttpResponse
from rest_framework import serializers
from rest_framework.request import Request as HttpRequest

from scribe.api import unknown_names
from scribe.api.cursors import NOT_VALID, CursorOrder, Row
from scribe.api.renderers import dumps
from scribe.api.serializers import Request, validate
from scribe.errors import InvalidInput
from scribe.types import Json, JsonValue

CHUNK = 1000
PLACES = ("limit", "offset", "after", "cursor", "page")  # of a query: what says which page it is


def cursor_field() -> serializers.CharField:
    about = "The start of the page, from the previous page's `Link` header."
    return serializers.CharField(max_length=2000, required=False, help_text=about)


class FieldsQuery(Request):
    """The fields of each row that are asked for."""

    fields = serializers.CharField(  # type: ignore[assignment]
        max_length=2000, required=False, help_text="The fields to return, comma-separated: `id,status`. Default: all."
    )


class PageQuery(FieldsQuery):
    """Optional paging of a bare array."""

    limit = serializers.IntegerField(min_value=1, max_value=1000, required=False, help_text="Rows in this page.")
    offset = serializers.IntegerField(min_value=0, max_value=2**31, required=False, help_text="Rows before this page.")
    cursor = cursor_field()


class EnvelopeQuery(Request):
    """The paging of a list that stands in an object."""

    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)
    offset = serializers.IntegerField(min_value=0, max_value=2**31, default=0)
    cursor = cursor_field()


@dataclass(frozen=True)
class AskedPage:
    """`offset` is None where the caller did not name one: then the pages follow each other by cursors."""

    limit: int
    offset: int | None = None
    cursor: str = ""


def page_of(request: HttpRequest) -> AskedPage | None:
    """The page that a query names; None without one, for the whole list."""
    given = validate(PageQuery(data=request.query_params), "?")
    asked = {name: value for name, value in given.items() if name != "fields"}
    return AskedPage(**{"limit": 1000, **asked}) if asked else None


def as_is(row: Json) -> Json:
    """A row that is JSON already."""
    return row


def sparse(request: HttpRequest, render: Callable[[Row], JsonValue]) -> Callable[[Row], JsonValue]:
    """`render` with the fields alone that the query names, if it names any. Raises InvalidInput for unknown ones."""
    asked = request.query_params.get("fields")
    if asked is None:
        return render
    names = {name.strip() for name in asked.split(",")}
    known = request.parser_context["view"].about.row().fields
    if faults := unknown_names.faults(sorted(names), known, unknown_names.Unknown.REFUSED):
        raise InvalidInput.at(
            "?fields", " ".join(f"{name}: {text}" for name, text in faults.items()), unknown_names.CODE
        )
    return lambda row: {name: value for name, value in render(row).items() if name in names}


def bare_array(
    request: HttpRequest,
    queryset: models.QuerySet[models.Model, Row],
    render: Callable[[Row], JsonValue],
    *,
    keyset: bool = False,
    bare: models.QuerySet[models.Model, object] | None = None,
    counted_by: models.QuerySet[models.Model, object] | None = None,
) -> HttpResponse:
    """The rows of `queryset` as a JSON array. `render` turns a row into its JSON, cheaply and without queries.

    With `limit` or `offset` the reply is that page, with `X-Total-Count` and `Link`. Without them, all rows are streamed.
    `Link` names the next page by a cursor, unless the page was asked for by an `offset`, or the order has columns that may be
    null. With a cursor, and with `keyset`, nothing is counted.
    `bare`: the same rows in the same order, without the columns and joins that `render` takes. They are counted and skipped
    instead, for which the database may read an index alone, however deep the page.
    `counted_by`: other rows that are as many, and are counted more quickly.
    With `fields` each row has these alone.
    """
    page, render = page_of(request), sparse(request, render)
    if page is None:
        return StreamingHttpResponse(_stream(queryset, render), content_type="application/json")  # type: ignore[return-value]
    base = queryset if bare is None else bare
    order = CursorOrder.of(base) if page.offset is None or page.cursor else None
    if page.cursor and (order is None or page.offset is not None):
        raise InvalidInput.at("?cursor", NOT_VALID, "invalid_cursor")
    counted = None if keyset or page.cursor else base if counted_by is None else counted_by
    if order is not None:
        return _cursor_page(request, page, order, queryset, render, counted)
    offset = page.offset or 0
    if bare is not None and offset:
        rows = list(queryset.filter(pk__in=bare.values("pk")[offset : offset + page.limit]))
    else:
        rows = list(queryset[offset : offset + page.limit])
    total = _count(counted, rows, page.limit, offset)
    return _page(request, [render(row) for row in rows], page.limit, offset, total)


def _count(
    counted: models.QuerySet[models.Model, object] | None, rows: Sequence[object], limit: int, offset: int
) -> int | None:
    """How many rows there are in all, of which `rows` are this page: a page that is not full is the last one."""
    if counted is None:
        return None
    if len(rows) < limit and (rows or not offset):
        return offset + len(rows)
    return counted.count()


def _cursor_page(
    request: HttpRequest,
    page: AskedPage,
    order: CursorOrder,
    queryset: models.QuerySet[models.Model, Row],
    render: Callable[[Row], JsonValue],
    counted: models.QuerySet[models.Model, object] | None,
) -> HttpResponse:
    queryset = order.placed(order.sorted(queryset))
    if page.cursor:
        queryset = order.behind(queryset, page.cursor)
    rows = list(queryset[: page.limit])
    total = _count(counted, rows, page.limit, 0)
    bare = cast("list[Row]", [row[: -len(order.keys)] if isinstance(row, tuple) else row for row in rows])
    reply = HttpResponse(dumps([render(row) for row in bare]), content_type="application/json")
    if total is not None:
        reply["X-Total-Count"] = str(total)
    if len(rows) == page.limit and (total is None or total > page.limit):
        reply["Link"] = link_next(request, limit=page.limit, cursor=order.place_of(rows[-1]))
    return reply


def page_in_envelope(
    request: HttpRequest, rows: models.QuerySet[models.Model, Row], *, limit: int, offset: int, cursor: str = ""
) -> tuple[list[Row], dict[str, str]]:
    """The rows of one page of a list that stands in an object, and the headers that name the next page by a cursor."""
    order = CursorOrder.of(rows)
    assert order is not None
    placed = order.placed(order.sorted(rows))
    behind = order.behind(placed, cursor) if cursor else placed[offset:]
    found = list(behind[: limit + 1])
    page = found[:limit]
    if len(found) == len(page):
        return page, {}
    return page, {"Link": link_next(request, limit=limit, cursor=order.place_of(page[-1]))}


def short_array(request: HttpRequest, rows: Sequence[Json]) -> HttpResponse:
    """The same for `rows` that are in memory."""
    page = page_of(request)
    rows = list(map(sparse(request, as_is), rows))
    if page is None:
        return HttpResponse(dumps(rows), content_type="application/json")
    if page.cursor:
        raise InvalidInput.at("?cursor", NOT_VALID, "invalid_cursor")
    offset = page.offset or 0
    return _page(request, rows[offset : offset + page.limit], page.limit, offset, len(rows))


def _page(request: HttpRequest, rows: Sequence[object], limit: int, offset: int, total: int | None) -> HttpResponse:
    page = HttpResponse(dumps(rows), content_type="application/json")
    if total is not None:
        page["X-Total-Count"] = str(total)
        if links := _links(request, limit, offset, total):
            page["Link"] = links
    return page


def _stream(queryset: models.QuerySet[models.Model, Row], render: Callable[[Row], JsonValue]) -> Iterator[bytes]:
    buffer: list[JsonValue] = []
    first = True
    for row in queryset.iterator(chunk_size=CHUNK):
        buffer.append(render(row))
        if len(buffer) >= CHUNK:
            yield (b"[" if first else b",") + dumps(buffer)[1:-1]
            first = False
            buffer = []
    if buffer:
        yield (b"[" if first else b",") + dumps(buffer)[1:-1]
        first = False
    yield b"[]" if first else b"]"


def _links(request: HttpRequest, limit: int, offset: int, total: int) -> str:
    out = []
    if offset + limit < total:
        out.append(link_next(request, limit=limit, offset=offset + limit))
    if offset > 0:
        out.append(_link(request, "prev", limit=limit, offset=max(0, offset - limit)))
    return ", ".join(out)


def link_next(request: HttpRequest, **place: object) -> str:
    return _link(request, "next", **place)


def _link(request: HttpRequest, rel: str, **place: object) -> str:
    query = {name: value for name, value in request.query_params.items() if name not in PLACES}
    return f'<{request.build_absolute_uri(request.path)}?{urlencode(query | place)}>; rel="{rel}"'
