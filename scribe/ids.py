"""Identifiers of every row."""

import uuid
from datetime import datetime

import uuid_utils.compat


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, version 7): new rows land at the end of every index."""
    return uuid_utils.compat.uuid7()


def parse(text: object) -> uuid.UUID | None:
    """The UUID that `text` spells, or None: a malformed id is an id that is not there."""
    if isinstance(text, uuid.UUID):
        return text
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def first_id(moment: datetime) -> uuid.UUID:
    """The lowest UUIDv7 that can have been made at `moment`."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)
