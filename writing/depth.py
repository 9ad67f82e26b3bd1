"""How deeply HTML is nested. This is measured before parsing, because parsers search all open elements again and
again."""

import html
import re

from lxml.html import defs

DEEPEST = 200
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)")
_WHOLE_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
#: Elements without an end tag, and those whose end the HTML standard lets go unsaid before the next one of their kind.
VOID = defs.empty_tags - {"basefont", "frame", "isindex"}  # without retired ones
IMPLIED = frozenset(["li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup"])
_FLAT = VOID | IMPLIED | {"p"}
# The end of a formatting element may cross other formatting elements, which parsers then reopen. Elements of _HOLDING
# keep out every other end.
_FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
_HOLDING = _FORMATTING | frozenset(
    ["table", "caption", "button", "object", "marquee", "template", "applet", "svg", "math", "select"]
)
_BACK = 10  # how many open elements are searched for the one that an end tag closes


def is_too_deep(source: str) -> bool:
    """Whether elements may be nested more than 200 deep. An end tag that a parser might ignore is treated as
    ignored."""
    if source.count("<") <= DEEPEST:
        return False
    stack: list[str] = []
    for match in _TAG.finditer(source):
        name = match[2].lower()
        if name in _FLAT:
            continue
        if match[1]:
            _close(stack, name)
        else:
            stack.append(name)
            if len(stack) > DEEPEST:
                return True
    return False


def _close(stack: list[str], name: str) -> None:
    for back in range(1, min(_BACK, len(stack)) + 1):
        above = stack[-back]
        if above == name:
            if name in _FORMATTING:
                del stack[-back]
            else:
                del stack[-back:]
            return
        if above in _HOLDING and not (above in _FORMATTING and name in _FORMATTING):
            return


def flat(source: str) -> str:
    """`source` unchanged, or only its text when it is nested too deeply."""
    if not is_too_deep(source):
        return source
    return html.escape(html.unescape(_WHOLE_TAG.sub(" ", source)), quote=False)
