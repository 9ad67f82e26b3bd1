"""The Celery application and its queues; each task and each kind of job names its own.

`generation` and `sync` are for jobs. `long` is for jobs of either kind, of organizations whose jobs have taken long: its worker has
a lower priority (scribe/jobs/queues.py). `default` is for short tasks that must not wait behind jobs: mail,
payment webhooks, sweeps. `webhooks` is for what is sent to customers' endpoints that answer quickly, `webhooks-slow` for what is
sent to all others. Each of these has a worker of its own.
`helpers` calls free workers of `generation` to a job of another.
"""

import mmap
import os
from typing import Any

from celery import Celery
from celery.signals import (
    celeryd_after_setup,
    import_modules,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_process_init,
    worker_process_shutdown,
    worker_shutting_down,
)
from django.db.backends.signals import connection_created

from scribe import database, startup
from scribe.postgres import priority

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")
# Django's checks are of the code, and are run by tests and migrations. For them a worker would load every view.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")


# The next function is the first and `finish_importing` the last that is called when a worker or beat imports the tasks, and with
# them Django: a signal keeps the order in which it was connected.
@import_modules.connect
def start_importing(**kwargs: object) -> None:
    startup.load_without_collections()


app = Celery("scribe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("scribe.heartbeat:Heartbeat")


@import_modules.connect
def finish_importing(**kwargs: object) -> None:
    startup.collect_again()


HELPERS = "helpers"  # the queue of calls for help with a shared job; no work waits for them
LONG = "long"
NICE = 10  # of the processes that serve LONG
#: The queues that a deployment's workers serve between them. Nothing waits in `helpers`, so nobody watches it.
QUEUES = ("generation", "sync", LONG, "default", "webhooks", "webhooks-slow")

# Its only byte is 1 when the worker was asked to end. Its processes share it: they settle their finished work and let go of their
# jobs. It has no lock: a process that is killed would keep it, and the signal's handler would wait for ever.
leaving = mmap.mmap(-1, 1)
# The queues of this worker, set before its processes are forked. Empty in other programs.
served: set[str] = set()


def serves_long() -> bool:
    """Whether this worker has the jobs that take long, and no others."""
    return served == {LONG}


@worker_shutting_down.connect
def leave(**kwargs: object) -> None:
    leaving[0] = 1


def is_leaving() -> bool:
    """Whether the worker of this process was asked to end."""
    return bool(leaving[0])


@celeryd_after_setup.connect
def load_jobs(instance: Any = None, **kwargs: object) -> None:  # type: ignore[explicit-any]  # it has no types
    """Import the jobs' code before the worker forks, so that the first job need not wait and the processes share it."""
    from scribe.jobs import registry

    startup.load_without_collections()
    database.limit(database.WORKER)
    served.update(instance.app.amqp.queues.consume_from)
    registry.load(registry.queues() if serves_long() else served)
    if serves_long():
        startup.lower_priority(NICE)
        connection_created.connect(priority.take_ours)
    startup.keep_what_is_loaded()
    startup.give_large_buffers_back()


@setup_logging.connect
def keep_our_logging(**kwargs: object) -> None:
    """Keep Celery from configuring logging, which scribe.logs has done, and from printing beside it."""
    from celery.apps import worker

    from scribe import logs

    worker.safe_say = logs.write_from_a_signal  # type: ignore[attr-defined]


@worker_process_init.connect
def forget_inherited_connections(**kwargs: object) -> None:
    """Drop the connections of the parent, whose sockets a forked process must not use."""
    from django.db import connections

    from scribe.jobs import events
    from scribe.postgres.pool import measure_pool

    for connection in connections.all(initialized_only=True):
        connection.connection = None
        connection.close_pool()  # type: ignore[attr-defined]
    events.forget_pool()
    measure_pool()


@worker_process_shutdown.connect
def send_the_last_spans(**kwargs: object) -> None:
    """These processes end without the interpreter's own last steps."""
    from scribe import traces

    traces.stop()


@task_prerun.connect
def name_the_task(task_id: str = "", task: Any = None, **kwargs: object) -> None:  # type: ignore[explicit-any]  # it has no types
    from scribe import logs, traces
    from scribe.traces import tasks

    logs.clear()
    tasks.start(task_id, task)
    logs.bind(task=getattr(task, "name", ""), task_id=task_id, **traces.ids())


@task_postrun.connect
def give_connections_back(task_id: str = "", state: str | None = None, **kwargs: object) -> None:
    from django.db import connections

    from scribe.traces import tasks

    tasks.finish(task_id, state)
    connections.close_all()
