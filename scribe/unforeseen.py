"""Unforeseen errors about one of many items: that item fails, with the error's name, and the others go on."""

from __future__ import annotations

from django.db import Error as DatabaseFault

from scribe.errors import DomainError
from scribe.logs import get_logger

log = get_logger(__name__)

CODE = "internal_error"
# Failures of the machine, and refusals of the whole: they are no one item's.
NOT_ITS_OWN = (DatabaseFault, OSError, MemoryError, DomainError)


def record(error: Exception, what: str = "This item", **where: str) -> str:
    """Log `error` with its trace, and say what the list of failures tells about it."""
    log.error("one of many failed", what=what, error=type(error).__name__, exc_info=error, **where)
    return f"{what} could not be worked on ({type(error).__name__}). The error was recorded; please report it."
