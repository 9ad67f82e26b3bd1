"""A process that is forked while a thread of a worker is half-way through something can do the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FORKED = """
import os, signal, sys, threading
from types import SimpleNamespace
import django; django.setup()
from scribe import heartbeat, metrics

half_way = threading.Event()

def load(*_):
    import slow

class Finder:
    def find_spec(self, name, path, target=None):
        if name == "slow":
            half_way.set()

sys.meta_path.insert(0, Finder())

def beat():
    heartbeat.write_file = load
    parent = SimpleNamespace(hostname="forks", concurrency=1, timer=SimpleNamespace(call_repeatedly=lambda *_: None))
    heartbeat.Heartbeat(None).start(parent)

def flush():
    metrics.FLUSH_SECONDS = 0
    metrics.write_levels = load
    metrics.counts.start()

{beside}()
assert half_way.wait(20)
child = os.fork()
if not child:
    signal.alarm(10)
    load()
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize("beside", ["beat", "flush"])
def test_a_forked_process_can_import_what_a_thread_imports_at_that_moment(beside: str, tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(0.5)\n")
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n" + FORKED.replace("{beside}", beside)
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, "TMPDIR": str(tmp_path)}, timeout=60)
    assert done.returncode == 0
