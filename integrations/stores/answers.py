"""Reading a store's answer: JSON, also between the notices of a broken plugin, without control characters."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

NOTHING = object()
MOST_STARTS = 50
_BOM = b"\xef\xbb\xbf"
# The possible beginnings of a store's JSON. `{closure}` and `[0]`, which notices contain, do not match.
_START = re.compile(r'[{\[](?=\s*["{\[\]}])')
_PAGE = re.compile(r"<!doctype|<html|<head|<body", re.IGNORECASE)
# Control characters except tab and line ends, lone surrogates, and U+FFFE and U+FFFF. In the bytes of JSON:
_ESCAPED = re.compile(
    rb"\\u00[0189]|\\u007[fF]|\\[bf]|\x7f|\xc2[\x80-\x9f]|\\u[dD][89a-fA-F]|\\u[fF]{3}[eEfF]|\xef\xbf[\xbe\xbf]"
)
# The same in a text:
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DECODER = json.JSONDecoder()


def parsed(body: bytes) -> Any:
    """The JSON in a body: {} if it is empty, NOTHING if it has none, like a web page. Texts lose control characters."""
    if not body:
        return {}
    try:
        found = orjson.loads(body.removeprefix(_BOM))
    except orjson.JSONDecodeError:
        found = _between_notices(body.decode("utf-8", "replace"))
    return cleaned(found) if _ESCAPED.search(body) else found


def _between_notices(text: str) -> Any:
    """The JSON value at the end of a text, else the longest one. NOTHING if there is none, or if the text is a web page
    that does not end with JSON."""
    longest, best = 0, NOTHING
    end = 0
    for count, start in enumerate(_START.finditer(text)):
        if count >= MOST_STARTS:
            break
        if start.start() < end:  # inside a value that has been read
            continue
        try:
            found, end = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            continue
        if not text[end:].strip():
            return found
        if end - start.start() > longest:
            longest, best = end - start.start(), found
    return NOTHING if _PAGE.search(text[:2000]) else best


def cleaned(value: Any) -> Any:
    """The same value without control characters in any of its texts and keys."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {cleaned(key): cleaned(one) for key, one in value.items()}
    return value


def status_inside(body: Any) -> int:
    """The status in the body of a WordPress error (`{code, message, data: {status}}`); 0 for any other body."""
    if isinstance(body, dict) and body.keys() >= {"code", "message", "data"} and len(body) <= 4:
        data = body["data"]
        status = data.get("status") if isinstance(data, dict) else None
        return status if isinstance(status, int) and 400 <= status < 600 else 0
    return 0
