"""Stored files over HTTP: images for everybody, all other files for the organization that owns them."""

import hashlib
import mimetypes
import re
from collections.abc import Iterable, Iterator
from typing import IO
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from scribe import storage
from scribe.api.access import PUBLIC
from scribe.api.problems import problem
from scribe.api.schema import Binary, operation
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.errors import Forbidden, NotAuthenticated, NotFound
from scribe.marks import normalize
from scribe.messages import _

BLOCK = 256 * 1024
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
OPAQUE = "application/octet-stream"
CSV = "text/csv; charset=utf-8"
INLINE = ("image/jpeg", "image/png", "image/webp", "image/gif")


class FileViewSet(ScribeViewSet):
    """A key is immutable: it carries a UUID that is never used again, so its ETag is its own digest."""

    tag = "files"

    @operation(
        who=PUBLIC,
        summary="Serve a stored file",
        description="Images are public and can be cached indefinitely. Other files need credentials of the "
        "organization that owns them. Supports `Range`, `HEAD` and `If-None-Match` (RFC 9110).",
        responses={200: Binary("application/octet-stream")},
        errors=(401, 403, 404, 416),
    )
    def retrieve(self, request: SignedInRequest, s3_key: str) -> HttpResponse:
        public = storage.is_public(s3_key)
        if not public:
            self.perform_authentication(request)
            if request.user is None:
                raise NotAuthenticated(_("Sign in to read this file."))
            self.check_scope(self.access.scope)
            if storage.owner(s3_key) != request.user.organization_id:
                raise NotFound
            if storage.kind(s3_key) == storage.EXPORT_KIND and not request.user.is_admin:
                raise Forbidden(_("Only admins of the organization can read data exports."), code="admin_required")
        if any(part in ("", ".", "..") for part in s3_key.split("/")) or "\\" in s3_key or not storage.exists(s3_key):
            raise NotFound
        return serve(request, s3_key, public=public)


def serve(request: HttpRequest, key: str, *, public: bool) -> HttpResponse:
    name = key.rsplit("/", 1)[-1]
    media_type = mimetypes.guess_type(name)[0] or OPAQUE
    if media_type not in INLINE:
        media_type = OPAQUE  # never a type that a browser would open
    headers = {
        "ETag": f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=31536000, immutable" if public else "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if media_type not in INLINE:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    size = storage.size(key)
    span = wanted_range(request.headers.get("Range", ""), size)
    if span is None:
        return problem(
            416,
            _("The requested range is outside the file."),
            code="range_not_satisfiable",
            headers={"Content-Range": f"bytes */{size}"},
        )
    first, last = span
    partial = (first, last) != (0, size - 1) and size > 0
    headers["Content-Length"] = str(last - first + 1 if size else 0)
    if partial:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if partial else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=media_type, headers=headers)
    blocks = read(storage.open(key), first, last - first + 1)
    response = StreamingHttpResponse(blocks, status=status, content_type=media_type, headers=headers)
    response.reads_a_file = True  # type: ignore[attr-defined]
    return response  # type: ignore[return-value]


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """The first and last byte to send. The whole file if the header is not a single range. None if the range is outside."""
    found = RANGE.fullmatch(header.strip())
    if not found or found.groups() == ("", ""):
        return 0, size - 1
    first_text, last_text = found.groups()
    if not first_text:
        length = int(last_text)
        return (max(0, size - length), size - 1) if length and size else None
    first = int(first_text)
    last = min(int(last_text), size - 1) if last_text else size - 1
    return (first, last) if first < size and first <= last else None


def read(file: IO[bytes], first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (block := file.read(min(BLOCK, length))):
            length -= len(block)
            yield block


def attachment(chunks: Iterable[bytes] | Iterable[str], name: str, media_type: str = CSV) -> StreamingHttpResponse:
    """The chunks as a file to be downloaded, with a name in ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(chunks, content_type=media_type, headers=headers)


def add_warnings(response: FileResponse, warnings: list[str], letters: str = "") -> None:
    """Add `X-Export-Warnings` and an HTTP `Warning` of the same text, in ASCII on one line. `letters` were replaced."""
    if not warnings:
        return
    text = "; ".join(warnings) + (f": {letters}" if letters else "")
    text = normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = "".join(sign if sign.isprintable() and sign not in '"\\' else " " for sign in text)
    response["X-Export-Warnings"] = text
    response["Warning"] = f'214 xc-scribe "{text}"'


urlpatterns = [path("files/<path:s3_key>", FileViewSet.as_view({"get": "retrieve", "head": "retrieve"}))]
