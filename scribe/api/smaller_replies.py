"""Middleware: fewer bytes for what a program reads often. 304 for what it has already, and gzip for large replies.

Only replies to GET below `/api/` are compressed. They show no secret, and browsers send no cookies with such calls, so
that nobody can have others read them with guesses inside (BREACH, https://breachattack.com). Pages and replies to POST,
among which are new keys and tokens, are sent as they are.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from scribe.api.deferred import Deferred

LEAST = 1024  # bytes; below them the packing is no gain
#: zlib's fastest. A page of items is a third then, in a fifth of the time of zlib's default, which makes it a quarter.
LEVEL = 1
GZIP = 31  # zlib's name for the format, with the largest window
TEXT = re.compile(r"text/(?!event-stream)|.*(json|xml|openapi)$")
TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
#: What a reply says beside its body: a page may have the same rows as before and yet a next page now.
ALSO_SAID = ("Content-Type", "Link", "X-Total-Count")


class SmallerReplies:
    """A reply with a tag of its own goes as it is: a file's, and a row's, whose `version` is for `If-Match` and doesn't
    tell whether what the reply shows of other rows has changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        read = request.method == "GET" and request.path.startswith("/api/") and response.status_code == 200
        if not read or isinstance(response, Deferred) or response.has_header("ETag"):
            return response
        if isinstance(response, HttpResponse):
            response["ETag"] = tag_of(response)
            if is_known(response["ETag"], request.headers.get("If-None-Match", "")):
                response.status_code, response.content = 304, b""
                for name in ("Content-Type", "Content-Length"):
                    response.headers.pop(name, None)
                return response
            if len(response.content) < LEAST:
                return response
        if TEXT.match(response.get("Content-Type", "").partition(";")[0].strip()):
            patch_vary_headers(response, ("Accept-Encoding",))
            if TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
                compress(response)
        return response


def tag_of(response: HttpResponse) -> str:
    """A weak tag, since the same reply may be sent packed or not."""
    said = [response.get(name, "").encode() for name in ALSO_SAID]
    return f'W/"{hashlib.sha256(bytes(1).join([*said, response.content])).hexdigest()[:32]}"'


def is_known(tag: str, known: str) -> bool:
    """Whether `If-None-Match` names the tag, weakly compared. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2"""
    tags = parse_etags(known)
    return tags == ["*"] or tag.removeprefix("W/") in (one.removeprefix("W/") for one in tags)


def compress(response: HttpResponseBase) -> None:
    response["Content-Encoding"] = "gzip"
    response.headers.pop("Content-Length", None)
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = in_gzip(iter(response))
    elif isinstance(response, HttpResponse):
        response.content = b"".join(in_gzip([response.content]))
        response["Content-Length"] = str(len(response.content))


def in_gzip(parts: Iterable[bytes]) -> Iterator[bytes]:
    packing = zlib.compressobj(LEVEL, wbits=GZIP)
    for part in parts:
        if piece := packing.compress(part):
            yield piece
    yield packing.flush()
