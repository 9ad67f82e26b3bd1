"""Metrics for Prometheus. Processes count in memory and add their counts to Valkey every two seconds.

So one scrape of any web process covers all processes on all machines, and a restart loses no flushed counts. A count only
changes a dictionary, so no request waits for it. Gauges (queues, jobs, drift) are read at each scrape. Levels are gauges of
each process (busy threads, open streams), which it writes at each flush; a scrape adds up those of the processes that live.
"""

import atexit
import os
import socket
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable

from scribe import forks
from scribe.jobs.events import valkey
from scribe.logs import get_logger

log = get_logger(__name__)

KEY = "metrics"
LEVELS = "metrics:levels"
LEVEL_SECONDS = 15.0  # after which a process that has written no levels has ended
FLUSH_SECONDS = 2.0
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
SEPARATOR = "\x1f"


class ProcessCounts:
    """The counts of this process since its last flush."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pid = 0
        self.values: dict[str, float] = defaultdict(float)

    def add(self, field: str, amount: float) -> None:
        if self.pid != os.getpid():
            self.start()
        with self.lock:
            self.values[field] += amount

    def start(self) -> None:
        """Start flushing in a new process. Drop the parent's counts, which the parent flushes itself."""
        self.lock, self.values, self.pid = threading.Lock(), defaultdict(float), os.getpid()
        threading.Thread(target=self.flush_for_ever, name="metrics", daemon=True).start()
        atexit.register(self.flush, last=True)

    def flush_for_ever(self) -> None:
        while True:
            time.sleep(FLUSH_SECONDS)
            with forks.held_off():
                self.flush()
                write_levels()

    def flush(self, *, last: bool = False) -> None:
        """Add the counts to the shared ones. If Valkey cannot be reached, keep them for the next flush."""
        with self.lock:
            taken, self.values = self.values, defaultdict(float)
        if not taken:
            return
        try:
            pipe = valkey().pipeline(transaction=True)
            for field, amount in taken.items():
                pipe.hincrbyfloat(KEY, field, amount)
            pipe.execute()
        except Exception as error:  # also the driver's, if another thread has closed the connection
            if last:  # the process ends: there is no next flush, and logging may be closed
                return
            log.warning("metrics are flushed later", error=str(error))
            with self.lock:
                for field, amount in taken.items():
                    self.values[field] += amount


counts = ProcessCounts()


def count(name: str, amount: float = 1, **labels: str) -> None:
    """Add to the counter `scribe_<name>_total`. Labels are few and never ids: each combination is a series."""
    counts.add(_field(name, labels), amount)


def observe(name: str, seconds: float, **labels: str) -> None:
    """Add a duration to the histogram `scribe_<name>_seconds`."""
    place = bisect_left(BUCKETS, seconds)
    bound = str(BUCKETS[place]) if place < len(BUCKETS) else "+Inf"
    counts.add(_field(f"{name}.bucket", {**labels, "le": bound}), 1)
    counts.add(_field(f"{name}.sum", labels), seconds)


def _field(name: str, labels: dict[str, str]) -> str:
    return SEPARATOR.join([name, *(f"{key}={value}" for key, value in sorted(labels.items()))])


def read() -> list[tuple[str, dict[str, str], float]]:
    """Every shared count as `(name, labels, value)`."""
    counts.flush()
    found = []
    for raw, value in valkey().hgetall(KEY).items():
        name, *labels = raw.decode().split(SEPARATOR)  # type: ignore[union-attr]
        found.append((name, dict(label.split("=", 1) for label in labels), float(value)))
    return sorted(found, key=lambda each: (each[0], sorted(each[1].items())))


# --- levels, written by each process

levels: dict[str, Callable[[], float]] = {}
_levels_of = 0  # the process that registered them; a forked one has none


def level(name: str, read: Callable[[], float]) -> None:
    """Have this process add what `read` returns to the gauge `scribe_<name>`, one of LEVEL_HELP."""
    global _levels_of
    assert name in LEVEL_HELP
    if _levels_of != os.getpid():
        levels.clear()
        _levels_of = os.getpid()
    levels[name] = read
    if counts.pid != os.getpid():
        counts.start()


def write_levels() -> None:
    if _levels_of != os.getpid():
        return
    mine = f"{socket.gethostname()}:{os.getpid()}"
    try:
        found = {SEPARATOR.join((name, mine)): f"{read()} {time.time()}" for name, read in levels.items()}
        valkey().hset(LEVELS, mapping=found)  # type: ignore[arg-type]
    except Exception as error:  # the next flush has newer ones
        log.warning("levels are written later", error=str(error))


def read_levels() -> list[tuple[str, str, float]]:
    """Every level that processes have written, as `(name, help, sum)`. What is old is deleted."""
    sums: dict[str, float] = defaultdict(float)
    for raw, text in valkey().hgetall(LEVELS).items():
        value, at = (float(part) for part in text.split())
        if time.time() - at > LEVEL_SECONDS:
            valkey().hdel(LEVELS, raw)
        else:
            sums[raw.decode().split(SEPARATOR)[0]] += value  # type: ignore[union-attr]
    return [(name, LEVEL_HELP[name], total) for name, total in sorted(sums.items()) if name in LEVEL_HELP]


#: What each level is, for the process that is scraped: others may have written it.
LEVEL_HELP = {
    "database_connections": "Connections to the database that processes may have.",
    "database_connections_busy": "Connections to the database in use.",
    "database_connections_awaited": "Threads that wait for a connection to the database.",
    "web_threads": "Threads for requests.",
    "web_threads_busy": "Threads that are at work on a request.",
    "web_threads_awaited": "Requests that wait for a thread.",
    "streams": "Open streams of events.",
    "worker_slots": "Tasks that workers can do at once.",
    "worker_slots_busy": "Tasks under way.",
}


# --- gauges, read at each scrape

Reading = list[tuple[dict[str, str], float]]
gauges: dict[str, tuple[str, Callable[[], Reading]]] = {}


def gauge(name: str, help_text: str, read: Callable[[], Reading]) -> None:
    """Register the gauge `scribe_<name>`. `read` returns `[(labels, value)]` and should take one or two queries."""
    gauges[name] = (help_text, read)
