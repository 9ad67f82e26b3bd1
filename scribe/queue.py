"""Sending tasks to the workers: one way, after the commit, and never a failure of the request.

A message only says "look at this row". Where it gets lost, because the broker is down or a process dies between the
commit and the message, the sweep of that kind of row sends it again.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerError

from scribe.logs import get_logger

log = get_logger(__name__)


def enqueue(task: str, *args: Any, queue: str | None = None, after: float = 0) -> None:
    """Send a task when the present transaction commits; at once outside of one.

    `task` is its dotted path ("accounts.tasks.send_mail"), so that whoever sends it need not import what works on it.
    `args` are ids as text. `queue` is the task's own unless given; `after` delays it by that many seconds.
    """
    transaction.on_commit(partial(send, task, *args, queue=queue, after=after))


def send(task: str, *args: Any, queue: str | None = None, after: float = 0) -> bool:
    """Send a task now. False when the broker is down: then the sweep does it later."""
    options = {"queue": queue} if queue else {}
    try:
        import_string(task).apply_async(args, countdown=after or None, retry=False, **options)
    except (BrokerError, OSError) as error:
        log.warning("the broker is down; the sweep will send this", task=task, args=args, error=str(error))
        return False
    return True
