"""Errors by which a part of ours shows that it is down, was restarted or is just starting: PostgreSQL or Valkey."""

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError
from redis.exceptions import RedisError

# A lost connection, a server that ends or starts, a pool without a free connection, a deadlock, a lock's time limit. The
# driver's own errors are for the few places that Django does not wrap.
OUTAGES = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError, RedisError)


def is_outage(error: BaseException) -> bool:
    """Whether `error`, or an error that it came from, says that a part of ours is down.

    What fails because of a lost connection often has another name: a statement in the rest of a transaction, or a clean-up
    that wants to write.
    """
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        if isinstance(link, OUTAGES) or _is_from_the_client_library(link):
            return True
        seen.add(id(link))
        link = link.__cause__ or link.__context__
    return False


def _is_from_the_client_library(error: BaseException) -> bool:
    """Whether libpq itself reports the loss of the server ("server closed the connection unexpectedly"). PostgreSQL's own
    errors have a code (`SQLSTATE`); the driver gives those without one its most general class."""
    return (type(error) is psycopg.DatabaseError and not error.sqlstate) or (
        type(error) is DatabaseError and error.__cause__ is not None and _is_from_the_client_library(error.__cause__)
    )
