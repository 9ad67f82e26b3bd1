"""Reading a provider's claims about a person. A signed claim may still be one that we can't store."""

from integrations.identity.errors import Refused

#: Both providers promise at most 255 ASCII characters.
SUBJECT_LENGTH = 255
#: RFC 5321 allows a path of 256 characters, angle brackets included.
ADDRESS_LENGTH = 254
NAME_LENGTH = 120


def subject(value: object) -> str:
    """The provider's id of the person. Raises Refused if it is empty, too long, or has unprintable characters."""
    if not isinstance(value, str) or not value or len(value) > SUBJECT_LENGTH or not value.isprintable():
        raise Refused("no subject")
    return value


def address(value: object) -> str:
    """An e-mail address in lower case; "" if the value can't be one."""
    found = value.strip().lower() if isinstance(value, str) else ""
    return found if len(found) <= ADDRESS_LENGTH and found.isprintable() else ""


def name(value: object) -> str:
    """A name for display, without unprintable characters, cut to 120 characters."""
    return "".join(filter(str.isprintable, value)).strip()[:NAME_LENGTH] if isinstance(value, str) else ""


def nonce(value: object) -> str | None:
    """The token's nonce; None if it has none. An impossible one becomes "", which never equals one of ours."""
    return None if value is None else value if isinstance(value, str) and value.isascii() else ""
