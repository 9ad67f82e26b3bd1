"""What stands in a store's answer: JSON, also between the notices of a broken plugin, without characters that no text holds."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

NOTHING = object()
MOST_STARTS = 50
_BOM = b"\xef\xbb\xbf"
# How a store's JSON can begin. `{closure}` and `[0]`, which notices contain, are no such beginnings.
_START = re.compile(r'[{\[](?=\s*["{\[\]}])')
_PAGE = re.compile(r"<!doctype|<html|<head|<body", re.IGNORECASE)
# Control characters but tab and line ends, lone surrogates, and the two that are no characters. As JSON writes them:
_ESCAPED = re.compile(
    rb"\\u00[0189]|\\u007[fF]|\\[bf]|\x7f|\xc2[\x80-\x9f]|\\u[dD][89a-fA-F]|\\u[fF]{3}[eEfF]|\xef\xbf[\xbe\xbf]"
)
# As a text holds them:
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DECODER = json.JSONDecoder()


def parsed(body: bytes) -> Any:
    """The JSON of a body: {} for an empty one, NOTHING for a web page. Control characters are cleaned out of its texts."""
    if not body:
        return {}
    try:
        found = orjson.loads(body.removeprefix(_BOM))
    except orjson.JSONDecodeError:
        found = _between_notices(body.decode("utf-8", "replace"))
    return cleaned(found) if _ESCAPED.search(body) else found


def _between_notices(text: str) -> Any:
    """The JSON value that reaches the end of a text; else the longest, unless the text is a web page with data in it."""
    longest, best = 0, NOTHING
    end = 0
    for count, start in enumerate(_START.finditer(text)):
        if count >= MOST_STARTS:
            break
        if start.start() < end:  # inside a value that was read already
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
    """The status that a WordPress error states in its own body (`{code, message, data: {status}}`); 0 for anything else."""
    if isinstance(body, dict) and body.keys() >= {"code", "message", "data"} and len(body) <= 4:
        data = body["data"]
        status = data.get("status") if isinstance(data, dict) else None
        return status if isinstance(status, int) and 400 <= status < 600 else 0
    return 0
