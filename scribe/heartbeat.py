"""A worker's heartbeat: a file that is touched while the worker lives, by which an orchestrator sees one that hangs.

The broker is not asked, so that its loss restarts nobody: work that is under way goes on without it. A worker that can't reach
the broker has no event loop to look at, and is taken to live.
"""

import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import redis
from celery import bootsteps
from celery.worker import state
from django.db import connections

from scribe import forks, metrics, worker_files
from scribe.celery import serves_long
from scribe.jobs import queues
from scribe.jobs.events import valkey
from scribe.logs import get_logger

log = get_logger(__name__)

SECONDS = 10
STALLED = 60  # seconds without a tick of the event loop, from which on the worker hangs


def path(worker: str) -> Path:
    """The file of the worker with this node name, such as `celery@host`."""
    return Path(tempfile.gettempdir()) / f"scribe-{worker.replace('/', '-')}.alive"


class Heartbeat(bootsteps.StartStopStep):
    """The step of a Celery worker that begins its heartbeat. https://docs.celeryq.dev/en/stable/userguide/extending.html"""

    requires = ("celery.worker.components:Pool",)  # its processes need not wait for the first beat

    def __init__(self, parent: Any, **options: object) -> None:  # type: ignore[explicit-any]  # it has no types
        self.ticked = 0.0
        self.wrote = float("-inf")
        self.ended = threading.Event()

    def start(self, parent: Any) -> None:  # type: ignore[explicit-any]  # it has no types
        self.worker = str(parent.hostname)
        path(self.worker).unlink(missing_ok=True)  # of an earlier container in the same pod
        self.tick()
        parent.timer.call_repeatedly(SECONDS, self.tick)
        metrics.level("worker_slots", lambda: float(parent.concurrency))
        metrics.level("worker_slots_busy", lambda: float(len(state.active_requests)))
        threading.Thread(target=self.beat_for_ever, name="heartbeat", daemon=True).start()

    def stop(self, parent: object) -> None:
        self.ended.set()
        path(self.worker).unlink(missing_ok=True)

    terminate = stop  # a cold shutdown ends it, too

    def tick(self) -> None:
        """Called by the event loop."""
        self.ticked = time.monotonic()

    def beat_for_ever(self) -> None:
        # A connection of this thread's own: a pool must not be half-way through something when the worker forks.
        connections["default"] = own = connections["default"].copy()
        own.settings_dict["OPTIONS"].pop("pool", None)
        while True:
            try:
                with forks.held_off():
                    self.beat()
            except Exception as error:  # a worker whose thread had ended would be restarted as one that hangs
                log.warning("the next heartbeat tries again", error=str(error))
            if self.ended.wait(SECONDS):
                return

    def beat(self) -> None:
        if self.lives():
            path(self.worker).touch()
        if serves_long():
            queues.serve_long(3 * SECONDS)
        if time.monotonic() - self.wrote >= worker_files.SECONDS:
            self.wrote = time.monotonic()
            write_file(self.worker)

    def lives(self) -> bool:
        return time.monotonic() - self.ticked < STALLED or not broker_answers()


def broker_answers() -> bool:
    try:
        return bool(valkey().ping())
    except redis.RedisError:
        return False


def write_file(worker: str) -> None:
    """Write the worker's file. Database or storage may be down: their own checks tell, and the next minute has another try."""
    try:
        worker_files.write(f"{worker} ({os.getpid()})")
    except Exception as error:
        log.warning("the worker's file was not written", error=str(error))
    finally:
        connections.close_all()
