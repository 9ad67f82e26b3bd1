"""The `html` check: allowed tags, closed in order, and no markup in plain fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from writing.checks.fields import Field
from writing.html import TAGS, allow_for
from writing.settings import WritingSettings

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"(?<![^\s=/\"'>])([^\s=/\"'>]+)\s*=")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ALLOWED = {"a": ("href",), "img": ("src", "alt", "width", "height")}
_VOID = frozenset({"br", "img"})
_OPEN_END = frozenset({"p", "li", "tr", "td", "th"})
# Tags whose removal from a model's answer is not a finding.
_HARMLESS = frozenset({"img", "meta", "base", "link", "video", "audio"})


def check(
    fields: list[Field], settings: WritingSettings, removed: Sequence[str] = (), item_type: str = "product"
) -> dict[str, Any]:
    allow = allow_for(item_type)
    findings: list[dict[str, Any]] = []
    for field in fields:
        if field.row.is_marked_in(settings):
            findings += [{"field": field.name, "detail": fault} for fault in faults(field.raw, allow)]
        elif "<" in field.raw and _TAG.search(field.raw):
            findings.append({"field": field.name, "detail": "Plain text was asked for, but it has markup."})
    findings += [
        {"field": "description", "detail": f"Forbidden markup was taken out: {what}."}
        for what in removed
        if what not in _HARMLESS and not what.startswith("markup in")
    ]
    if not findings:
        return {"id": "html", "passed": True, "detail": "The markup is valid and allowed.", "findings": []}
    return {
        "id": "html",
        "passed": False,
        "detail": f"{findings[0]['field']}: {findings[0]['detail']}",
        "findings": findings,
    }


def faults(html: str, allow: str = "product") -> list[str]:
    """List what the allow-list forbids in `html`; [] if it is clean."""
    found: list[str] = []
    open_tags: list[str] = []
    for closing, raw_name, attributes in _TAG.findall(html):
        name = raw_name.lower()
        if name not in TAGS[allow]:
            found.append(f"The tag <{name}> is not allowed.")
        elif closing:
            while open_tags and open_tags[-1] != name and open_tags[-1] in _OPEN_END:
                open_tags.pop()
            if not open_tags or open_tags[-1] != name:
                found.append(f"</{name}> closes nothing.")
            else:
                open_tags.pop()
        elif name not in _VOID:
            open_tags.append(name)
        wrong = [
            attribute
            for attribute in _ATTRIBUTE.findall(_QUOTED.sub("", attributes))
            if attribute.lower() not in _ALLOWED.get(name, ())
        ]
        if wrong and not closing:
            found.append(f"The attribute {wrong[0]} is not allowed on <{name}>.")
    found += [f"<{name}> is not closed." for name in open_tags if name not in _OPEN_END]
    if "<!--" in html:
        found.append("Comments are not allowed.")
    return list(dict.fromkeys(found))
