"""Calls of third parties, counted, and whether the present request made one: its time is then theirs and not ours."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from scribe import metrics

_request = threading.local()


@contextmanager
def counting(to: str) -> Iterator[list[str]]:
    """Count a call of `to`, which is a kind of third party and no host. The caller may put an outcome into the list;
    else it is `ok`, or the class of the error."""
    _request.made = True
    outcome: list[str] = []
    try:
        yield outcome
    except Exception as error:
        outcome.append(type(error).__name__)
        raise
    finally:
        metrics.count("outgoing_calls", to=to, outcome=(outcome or ["ok"])[0])


def start_request() -> None:
    _request.made = False


def was_made() -> bool:
    """Whether this thread has called somebody since `start_request`."""
    return getattr(_request, "made", False)
