"""A text in the form in which people edit it, and back: lists one entry a line, attributes one `name: value` a line."""

import json
from collections.abc import Mapping

from scribe.types import Json
from writing.fields import LISTS, Form, GeneratedField


def join_values(value: object) -> str:
    """The values of an attribute in one line."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def editor_text(row: GeneratedField, value: object) -> str:
    """A text in the form in which it is edited: lists one entry a line, attributes one `name: value` a line."""
    if value is None:
        return ""
    if row.form is Form.DATA:
        return json.dumps(value, ensure_ascii=False, indent=2)
    if isinstance(value, dict):
        return "\n".join(_as_lines(value))
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _as_lines(pairs: Mapping[str, object]) -> list[str]:
    return [f"{name}: {join_values(inner)}" for name, inner in pairs.items()]


def patch(row: GeneratedField, text: str, present: object) -> Json:
    """The patch for `review.update_item` that an edited text makes. `text` has the form that `editor_text` gives;
    `present` is the value that it was given for."""
    value: str | list[str] | Json = (text := text.replace("\r\n", "\n"))
    if row.form in LISTS:
        value = [line.strip() for line in text.split("\n") if line.strip()]
    elif row.form is Form.PAIRS:
        value = _pairs(text.split("\n"), present if isinstance(present, dict) else {})
    return {row.key: {row.part: value} if row.part else value}


def _pairs(lines: list[str], present: Json) -> Json:
    """The pairs of edited `lines`. A line without a colon continues the value before it. Values of several lines that
    stand as they did are what they were, and so are names with a colon."""
    whole = [(shown.split("\n"), pair) for shown, pair in zip(_as_lines(present), present.items(), strict=True)]
    found: Json = {}
    name, at = "", 0
    while at < len(lines):
        kept = [(shown, pair) for shown, pair in whole if lines[at : at + len(shown)] == shown]
        if kept:
            shown, (name, found[name]) = max(kept, key=lambda one: len(one[0]))
            at += len(shown)
            continue
        known = max((one for one in present if lines[at].startswith(f"{one}:")), key=len, default="")
        one, colon, text = (known, ":", lines[at][len(known) + 1 :]) if known else lines[at].partition(":")
        if colon and one.strip():
            name = one.strip()
            found[name] = text.strip()
        elif name and lines[at].strip():
            found[name] = f"{join_values(found[name])}\n{lines[at].strip()}"
        at += 1
    return found
