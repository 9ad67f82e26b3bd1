"""JSON in and out by orjson, and the rule that the `Accept` header does not choose the format."""

from collections.abc import Iterable
from typing import IO

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, FormParser, MultiPartParser
from rest_framework.parsers import JSONParser as DRFJSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from scribe import sizes
from scribe.api.serializers import plain
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import JsonValue, ReadOnlyJson


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: object, accepted_media_type: str | None = None, renderer_context: ReadOnlyJson | None = None
    ) -> bytes:
        return b"" if data is None else dumps(data)


_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


def dumps(data: object) -> bytes:
    """JSON bytes; decimals and ids become strings, times end in Z."""
    try:
        return orjson.dumps(data, default=plain, option=_OPTIONS)
    except TypeError:
        return orjson.dumps(_with_floats(data), default=plain, option=_OPTIONS)


def _with_floats(value: object) -> JsonValue:
    """The value with floats for integers of more than 64 bits, such as the one that jsonb returns for 1.5e308. Most JSON
    readers would round them, too."""
    if isinstance(value, dict):
        return {key: _with_floats(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_floats(inner) for inner in value]
    if type(value) is int and not -(2**63) <= value < 2**64:
        try:
            return float(value)
        except OverflowError:
            return str(value)[:4_000] if abs(value) < 10**4_000 else "∞"
    return value


class JSONParser(DRFJSONParser):
    """Strict JSON of at most 64 levels. It refuses NaN, lone surrogates, and NUL, which PostgreSQL cannot store."""

    renderer_class = JSONRenderer  # type: ignore[assignment]

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: ReadOnlyJson | None = None
    ) -> JsonValue:
        raw = stream.read()
        if not raw.strip():
            return {}
        try:
            data = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise InvalidInput(
                _("The request body is not valid JSON: {error}.", error=error), code="malformed_json"
            ) from None
        if b"\\u0000" in raw:
            raise InvalidInput(
                _("The request body contains a NUL character, which can't be saved."), code="invalid_text"
            )
        if raw.count(b"{") + raw.count(b"[") > sizes.MOST_LEVELS and sizes.deeper_than(data):
            raise InvalidInput(
                _("The request body is nested more than {most} levels deep.", most=sizes.MOST_LEVELS), code="too_deep"
            )
        if not isinstance(data, dict | list):
            raise InvalidInput(_("The request body must be a JSON object."), code="malformed_json")
        return data


class AcceptNeverDecides(BaseContentNegotiation):
    """Send streams, CSV, PDF, images and errors in their own type, and ignore the `Accept` header."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        sent = (request.content_type or "application/json").split(";")[0].strip().lower()
        for parser in parsers:
            if parser.media_type == sent or (sent == "" and parser.media_type == "application/json"):
                return parser
        return None

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


JSON = (JSONParser,)
FORM_OR_JSON = (FormParser, JSONParser, MultiPartParser)
MULTIPART = (MultiPartParser,)
MULTIPART_OR_JSON = (JSONParser, MultiPartParser)
