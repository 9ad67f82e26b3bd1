"""Addresses that a text names or links to, and whether the shop or its source knows them."""

import html
import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import unquote, urlsplit

from scribe.messages import _
from writing.facts import Facts
from writing.settings import WritingSettings

MOST = 200  # addresses or numbers of one field that are looked up in the source
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')]+|(?<![a-z0-9_-])[a-z0-9-]++\.(?:com|net|org|shop|store|info|biz|io|rs|hr|de|fr|it|es|ru|cn|xyz|top|online)\b(?:/\S*)?",
    re.I,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![\w.,-])\+?\d{1,3}[ /-]?\(?\d{2,4}\)?(?:[ /-]\d{2,4}){1,4}(?![\w.,-])|\+\d{9,14}(?!\d)")
_HREF = re.compile(r"""(?<![^\s"'/])href\s{0,20}=\s{0,20}(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.I)
_SPACE = re.compile(r"[\x00-\x20]+")

Sign = tuple[str, str, str]


def addresses(text: str) -> list[str]:
    """The web and mail addresses in visible text, each once, without the mark that ends a sentence."""
    if "." not in text:
        return []
    found = (match[0].rstrip(".,;:)") for pattern in (_URL, _MAIL) for match in pattern.finditer(text))
    return list(dict.fromkeys(found))


def address_spans(text: str) -> list[tuple[int, int]]:
    """Where web and mail addresses stand in `text`."""
    if "." not in text:
        return []
    return [match.span() for pattern in (_MAIL, _URL) for match in pattern.finditer(text)]


def without_addresses(text: str) -> str:
    """`text` with as many spaces in place of its addresses."""
    if "." not in text:
        return text
    for pattern in (_MAIL, _URL):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def targets(raw: str) -> list[str]:
    """The targets of all links of HTML, in order, as they are written."""
    return [next(filter(None, found.groups()), "") for found in _HREF.finditer(raw)]


class Known:
    """What the source, the instructions and the shop's own address hold."""

    def __init__(self, facts: Facts, settings: WritingSettings) -> None:
        self.facts, self.settings = facts, settings
        self.host = settings.shop_host.lower().removeprefix("www.")

    @cached_property
    def text(self) -> str:
        stated = [*self.facts.fields.values(), self.settings.instructions, self.settings.shop_host]
        if self.facts.original:  # with what its markup links to
            stated += map(str, self.facts.original.content.values())
        return "\n".join(stated).lower()

    @cached_property
    def digits(self) -> str:
        return re.sub(r"\D", "", self.text)

    def has(self, code: str, value: str) -> bool:
        if code == "foreign_phone":
            digits = re.sub(r"\D", "", value)
            return len(digits) < 8 or digits in self.digits
        return value.removeprefix("https://").removeprefix("http://").removeprefix("www.") in self.text

    def is_own(self, host: str) -> bool:
        """Whether `host` is the shop's or below it."""
        host = host.lower().removeprefix("www.")
        return bool(self.host) and (host == self.host or host.endswith(f".{self.host}"))


def in_text(text: str, known: Known) -> Iterator[Sign]:
    """Yield (code, address, what is wrong) for each address or number in visible text that the source does not have."""
    for code, pattern, what in (
        ("foreign_address", _URL, _("web address")),
        ("foreign_mail", _MAIL, _("email address")),
        ("foreign_phone", _PHONE, _("telephone number")),
    ):
        if code != "foreign_phone" and "." not in text:
            continue
        seen: set[str] = set()
        for match in pattern.finditer(text):
            if match[0] in seen:
                continue
            seen.add(match[0])
            if len(seen) > MOST:
                yield code, match[0][:60], _("The text holds more than {most} of this: {what}.", most=MOST, what=what)
                break
            value = match[0].rstrip(".,;)").lstrip("-").lower()
            if not known.has(code, value):
                yield code, value, _("The {what} {value} is not in the source.", what=what, value=value)


def in_markup(raw: str, known: Known) -> Iterator[Sign]:
    """Yield the same for link targets. A link within the shop, or to a part of the page, is allowed."""
    seen = list(dict.fromkeys(targets(raw)))
    for target in seen[:MOST]:
        address = _SPACE.sub("", html.unescape(target))
        try:
            parts = urlsplit(address)
            scheme, host = parts.scheme.lower(), parts.hostname or ""
        except ValueError:
            yield "foreign_address", target, _("The link to {target} leads nowhere.", target=target)
            continue
        if scheme == "mailto":
            mail = unquote(parts.path).lower()
            if not known.has("foreign_mail", mail):
                yield "foreign_mail", mail, _("The link to the email address {mail} is not in the source.", mail=mail)
        elif scheme == "tel":
            if not known.has("foreign_phone", parts.path):
                yield (
                    "foreign_phone",
                    parts.path,
                    _("The link to the telephone number {path} is not in the source.", path=parts.path),
                )
        elif host or scheme not in ("", "http", "https"):
            wanted = address.lower().rstrip("/").removeprefix("//")
            if scheme not in ("", "http", "https") or not (known.is_own(host) or known.has("foreign_address", wanted)):
                yield "foreign_address", target, _("The link to {target} does not lead to the store.", target=target)
    if len(seen) > MOST:
        yield "foreign_address", seen[MOST][:60], _("The text holds more than {most} links.", most=MOST)
