"""The `html` check: allowed tags, closed in order, and no markup in plain fields."""

import re
from collections.abc import Sequence

from scribe import elements
from scribe.messages import _
from scribe.types import Json
from writing.checks.fields import Field
from writing.facts import Facts
from writing.html import TAGS, allow_for, markup_of
from writing.settings import WritingSettings

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"(?<![^\s=/\"'>])([^\s=/\"'>]+)\s*=")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ALLOWED = {"a": ("href",), "img": ("src", "alt", "width", "height")}
_VOID = frozenset({"area", "br", "col", "hr", "img", "wbr"})
_OPEN_END = frozenset({"p", "li", "tr", "td", "th"})
# Tags whose removal from a model's answer is not a finding.
_HARMLESS = frozenset({"img", "meta", "base", "link", "video", "audio"})


def check(fields: list[Field], facts: Facts, settings: WritingSettings, removed: Sequence[str] = ()) -> Json:
    """The check's row. A translation may have the harmless markup that its original has in the same field."""
    allow = allow_for(facts.item_type)
    findings: list[Json] = []
    for field in fields:
        original = str(field.row.of(facts.original.content) or "") if facts.original else ""
        if field.row.is_marked_in(settings) or _TAG.search(original):
            findings += [{"field": field.name, "detail": fault} for fault in faults(field.raw, allow, original)]
        elif elements.found_in(field.raw):
            findings.append({"field": field.name, "detail": _("Plain text was asked for, but it has markup.")})
    findings += [
        {"field": "description", "detail": _("Forbidden markup was taken out: {what}.", what=what)}
        for what in removed
        if what not in _HARMLESS and not what.startswith("markup in")
    ]
    detail = _("The markup is valid and allowed.")
    if findings:
        detail = _("{field}: {detail}", field=findings[0]["field"], detail=findings[0]["detail"])
    return {"id": "html", "passed": not findings, "detail": detail, "findings": findings}


def faults(html: str, allow: str = "product", original: str = "") -> list[str]:
    """List what the allow-list forbids in `html`, a translation of `original` if there is one; [] if it is clean."""
    own = markup_of(original)
    found: list[str] = []
    open_tags: list[str] = []
    for closing, raw_name, attributes in _TAG.findall(html):
        name = raw_name.lower()
        if name not in TAGS[allow] and name not in own.tags:
            found.append(_("The tag <{name}> is not allowed.", name=name))
        elif closing:
            while open_tags and open_tags[-1] != name and open_tags[-1] in _OPEN_END:
                open_tags.pop()
            if not open_tags or open_tags[-1] != name:
                found.append(_("</{name}> closes nothing.", name=name))
            else:
                open_tags.pop()
        elif name not in _VOID:
            open_tags.append(name)
        wrong = [
            attribute
            for attribute in _ATTRIBUTE.findall(_QUOTED.sub("", attributes))
            if attribute.lower() not in _ALLOWED.get(name, ()) and not own.has(name, attribute.lower())
        ]
        if wrong and not closing:
            found.append(_("The attribute {wrong} is not allowed on <{name}>.", wrong=wrong[0], name=name))
    found += [_("<{name}> is not closed.", name=name) for name in open_tags if name not in _OPEN_END]
    if "<!--" in html:
        found.append(_("Comments are not allowed."))
    return list(dict.fromkeys(found))
