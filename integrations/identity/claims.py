"""Reading what a provider says about a person: signed is not the same as storable."""

from __future__ import annotations

from typing import Any

from integrations.identity.errors import Refused

#: Both providers promise at most 255 ASCII characters.
SUBJECT_LENGTH = 255
#: RFC 5321: a path of 256 with its angle brackets.
ADDRESS_LENGTH = 254
NAME_LENGTH = 120


def subject(value: Any) -> str:
    """Who it is. Raises Refused for what is no such id: empty, too long, or with characters that nothing shows."""
    if not isinstance(value, str) or not value or len(value) > SUBJECT_LENGTH or not value.isprintable():
        raise Refused("no subject")
    return value


def address(value: Any) -> str:
    """An e-mail address in lower case; "" for what can be none."""
    found = value.strip().lower() if isinstance(value, str) else ""
    return found if len(found) <= ADDRESS_LENGTH and found.isprintable() else ""


def name(value: Any) -> str:
    """A name for display, without characters that nothing shows and cut to 120 characters."""
    return "".join(filter(str.isprintable, value)).strip()[:NAME_LENGTH] if isinstance(value, str) else ""


def nonce(value: Any) -> str | None:
    """The nonce that the token carries: None without one, and "", which equals none of ours, for what can be none."""
    return None if value is None else value if isinstance(value, str) and value.isascii() else ""
