"""Unforeseen errors at one of many items: that item fails with the error's name, and the work on the others goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error as DatabaseFault

from scribe.errors import DomainError
from scribe.logs import get_logger
from scribe.messages import _
from scribe.outages import OUTAGES

log = get_logger(__name__)

CODE = "internal_error"
# Failures of the machine, and refusals of the whole work. They are not the fault of one item.
NOT_ITS_OWN = (DatabaseFault, *OUTAGES, OSError, MemoryError, DomainError)


def record(error: Exception, what: str = _("This item"), **where: str) -> str:
    """Log `error` with its trace, and return the sentence for the list of failures."""
    log.error("one of many failed", what=what, error=type(error).__name__, exc_info=error, **where)
    return _(
        "{what} could not be processed ({name}). We recorded the error; please report it to support.",
        what=what,
        name=type(error).__name__,
    )


@contextmanager
def keep_going(what: str, **where: object) -> Iterator[None]:
    """For one row of a sweep over many organizations: log whatever error it raises, so that the rows after it get their
    turn. A later run tries it again."""
    try:
        yield
    except Exception as error:
        log.error(what, exc_info=error, **where)
