"""Numbers and versions as forms and addresses send them, checked, so that later code can rely on them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from scribe.errors import InvalidInput
from workbench import cookies

BIGGEST = 2**63 - 1  # what a column of the database holds


def whole(text: str, most: int = BIGGEST) -> int | None:
    """The whole number in `text`, from 0 to `most`; None for anything else, however many digits it has."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(BIGGEST))):
        return None
    found = int(text)
    return found if found <= most else None


def check(*forms: QueryDict) -> None:
    """Raises InvalidInput for a text with a NUL, which no column of the database takes."""
    for form in forms:
        for name, values in form.lists():
            if any("\0" in text for text in (name, *values)):
                raise InvalidInput(
                    _("Your text contains a character that can't be saved. Remove it and try again."),
                    code="invalid_text",
                )


def text(form: Mapping[str, str], name: str, most: int) -> str:
    """The text of a field, without white space around it. Raises InvalidInput for more than `most` characters. A
    browser counts the end of a line as one and sends two."""
    found = form.get(name, "").replace("\r\n", "\n").strip()
    if len(found) > most:
        raise InvalidInput.at(
            f"#/{name}",
            _("“{text}…” is too long: at most {most} characters.").format(text=found[:40], most=most),
            "too_long",
        )
    return found


def max_xct(form: Mapping[str, str]) -> Decimal | None:
    """The price that the reader saw beside the button, in XCT: the work may not cost more. None when the form names
    none; one that is no amount allows nothing."""
    text = form.get("max_xct", "")
    if not text:
        return None
    try:
        found = Decimal(text[:30])
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


def version(form: Mapping[str, str]) -> frozenset[int] | None:
    """The version that the reader saw, as `claim_version` takes it. None when the form names none; one that is no
    number is no row's version."""
    if not (text := form.get("version", "")):
        return None
    found = whole(text)
    return frozenset() if found is None else frozenset({found})


def entries(text: str, parts: int) -> list[list[str]]:
    """The entries of a list by commas, each of `parts` parts by colons; parts that are missing are empty."""
    named = [entry.split(":", parts - 1) for entry in text.split(",") if entry]
    return [[*found, *[""] * (parts - len(found))] for found in named]


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def page_before(request: HttpRequest) -> str:
    """The address of the page from which a form or a request of its module was sent, if it is one of ours."""
    sent_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure())
    at = urlsplit(sent_from)
    return at._replace(scheme="", netloc="", fragment="").geturl() if known and at.path.startswith(cookies.PATH) else ""
