"""Which angle brackets are HTML: `<b>` is an element, `<M>` in “size <M>” is a sign in a text."""

import re

from lxml.html import defs

_NAMES = "|".join(sorted(defs.tags | {"dialog", "picture", "template"}))
#: A tag of an element that HTML has, or a tag that has attributes, whatever its name is. One that has them and breaks
#: off at the end is closed by what follows where it is shown.
_TAG = (
    rf"/?(?:{_NAMES})(?=[\s/>])[^<>]*>|[a-zA-Z][^<>=]*=[^<>]*>"
    r"|[a-zA-Z][^<>=\s/]*[\s/][^<>=]*[^<>=\s]\s*=[^<>]*\Z"
)
_HTML = re.compile(rf"<!--[^<>]*-->|<(?:{_TAG})", re.I)
_SIGN = re.compile(rf"<(?![!?]|{_TAG})", re.I)


def found_in(text: str) -> bool:
    """Whether a text has an element or a comment of HTML."""
    return _HTML.search(text) is not None


def escape_others(text: str) -> str:
    """The text with `&lt;` for each `<` that begins nothing of HTML."""
    return _SIGN.sub("&lt;", text) if "<" in text else text
