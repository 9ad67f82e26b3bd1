"""Send tasks to the workers, after the commit. A failure to send never fails the request.

A message only says "look at this row". If it is lost, because the broker is down or the process dies after the commit, the
sweep of that kind of row sends it again.
"""

from functools import partial

from django.db import transaction
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerError

from scribe.celery import app
from scribe.logs import get_logger
from scribe.traces import tasks
from scribe.types import Json

log = get_logger(__name__)


def check_broker() -> None:
    """Open a connection to the broker, as workers and beat do. Raises kombu's OperationalError if it can't be reached, and
    ImportError if a package for it is missing from this installation."""
    with app.connection_for_read() as link:
        link.ensure_connection(max_retries=1, timeout=3)


def enqueue(task: str, *args: object, queue: str | None = None, after: float = 0) -> None:
    """Send a task when the present transaction commits, or at once outside of a transaction.

    `task` is its dotted path ("accounts.tasks.send_mail"), so that the caller need not import the task's code. `args` are
    ids as text. `queue` defaults to the task's own queue. `after` delays the task by that many seconds.
    """
    transaction.on_commit(partial(send, task, *args, queue=queue, after=after))


def send(task: str, *args: object, queue: str | None = None, after: float = 0, expires: float | None = None) -> bool:
    """Send a task now, which begins `after` so many seconds. False if the broker is down. The sweep then sends it later. A
    task that no worker has begun after `expires` seconds is dropped."""
    options: Json = {"queue": queue} if queue else {}
    try:
        with tasks.sending(task, queue):
            if carried := tasks.headers():
                options["headers"] = carried
            import_string(task).apply_async(args, countdown=after or None, expires=expires, retry=False, **options)
    except (BrokerError, OSError) as error:
        log.warning("the broker is down; the sweep will send this", task=task, args=args, error=str(error))
        return False
    return True
