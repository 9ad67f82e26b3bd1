"""Cancelling a job while its model is asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import connection

from scribe import jobs
from scribe.models import Job


def cancel_when(asked: Callable[[], bool]) -> threading.Thread:
    """Cancel the one job as soon as the model was `asked`."""

    def wait() -> None:
        end = time.monotonic() + 20
        try:
            while not asked() and time.monotonic() < end:
                time.sleep(0.02)
            jobs.cancel(Job.objects.active().get())
        finally:
            connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread
