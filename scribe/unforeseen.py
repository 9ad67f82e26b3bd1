"""Unforeseen errors at one of many items: that item fails with the error's name, and the work on the others goes on."""

from __future__ import annotations

from django.db import Error as DatabaseFault

from scribe.errors import DomainError
from scribe.logs import get_logger
from scribe.outages import OUTAGES

log = get_logger(__name__)

CODE = "internal_error"
# Failures of the machine, and refusals of the whole work. They are not the fault of one item.
NOT_ITS_OWN = (DatabaseFault, *OUTAGES, OSError, MemoryError, DomainError)


def record(error: Exception, what: str = "This item", **where: str) -> str:
    """Log `error` with its trace, and return the sentence for the list of failures."""
    log.error("one of many failed", what=what, error=type(error).__name__, exc_info=error, **where)
    return f"{what} could not be worked on ({type(error).__name__}). The error was recorded; please report it."
