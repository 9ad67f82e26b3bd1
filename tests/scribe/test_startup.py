"""What a process does once before its first request or job."""

from __future__ import annotations

import math
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from scribe.local import servers
from tests.scribe.source import PACKAGES

EIGHT_THREADS_READ_TWENTY_MEGABYTES = """
import sys, threading, psutil
from scribe.startup import give_large_buffers_back
if sys.argv[1] == "given back":
    give_large_buffers_back()
process, step = psutil.Process(), threading.Barrier(9)
before = process.memory_info().rss
def read():
    for _ in range(3):
        received = bytearray()
        for _ in range(320):
            received += bytes(65536)
        answer = bytes(received)
        del received, answer
    step.wait()
    step.wait()
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads:
    thread.start()
step.wait()
print((process.memory_info().rss - before) // 2**20)
step.wait()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of glibc's")
def test_large_answers_leave_no_memory_behind_in_each_thread() -> None:
    """A web process kept forty megabytes for each thread that had once read a hostile store's answer."""

    def kept(how: str) -> int:
        script = [sys.executable, "-c", EIGHT_THREADS_READ_TWENTY_MEGABYTES, how]
        return int(subprocess.run(script, capture_output=True, text=True, check=True).stdout)

    assert kept("given back") < 40 < kept("left alone")


COLLECTS = """
import gc
from scribe.startup import keep_what_is_loaded
keep_what_is_loaded()
print(*gc.get_threshold(), gc.isenabled())
"""
GIVES_WAY = """
import os, sys
from pathlib import Path
from scribe.startup import lower_priority
lower_priority(7)
print(os.nice(0), Path("/proc/self/autogroup").read_text().split()[-1])
"""


def autogroup() -> list[str]:
    """The words of this session's group: none where the kernel has no such groups, or doesn't say."""
    try:
        return Path("/proc/self/autogroup").read_text().split()
    except OSError:
        return []


@pytest.mark.skipif(not autogroup(), reason="of a Linux that divides among sessions")
def test_a_process_that_gives_way_does_so_with_the_session_that_it_leads() -> None:
    """Among sessions of their own, the priority of the processes in them counts for nothing."""

    def given(*, leads: bool) -> str:
        script = [sys.executable, "-c", GIVES_WAY]
        return subprocess.run(script, capture_output=True, text=True, check=True, start_new_session=leads).stdout

    nice, of_session = os.nice(0), autogroup()[-1]
    assert given(leads=True).split() == [str(min(19, nice + 7)), "7"]
    assert given(leads=False).split() == [str(min(19, nice + 7)), of_session]


def test_full_collections_of_garbage_come_seldom() -> None:
    """Each stopped every thread for a tenth of a second, as soon as a customer's large glossary was kept."""
    script = [sys.executable, "-c", COLLECTS]
    said = subprocess.run(script, capture_output=True, text=True, check=True).stdout.split()
    assert said.pop() == "True"
    assert math.prod(map(int, said)) >= 4_000_000  # new objects, where Python's own are 70,000


OURS = sorted(name for name, app in get_commands().items() if app in PACKAGES)


@pytest.mark.parametrize("name", [name for name in OURS if name != "openapi"])
def test_a_command_loads_no_view(name: str) -> None:
    """All checks of Django's load every view: three seconds, each time that a container's health is asked for."""
    command = load_command_class(get_commands()[name], name)
    assert set(command.requires_system_checks) <= {"models", "database"}  # "__all__" would be a string


class TestRootWithoutATool:
    """A machine without `useradd`, as small images are, ended `make demo` with a traceback."""

    @pytest.fixture(autouse=True)
    def bare(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
        monkeypatch.setattr(servers, "POSTGRES_USER", "scribe-nobody-here")
        monkeypatch.setattr(servers.os, "geteuid", lambda: 0)
        monkeypatch.setenv("PATH", str(tmp_path))
        return tmp_path

    def test_it_is_told_what_to_do(self) -> None:
        with pytest.raises(SystemExit, match="Run this as an ordinary user"):
            servers.check_user()

    def test_busyboxs_tool_is_used(self, bare: Path) -> None:
        tool = bare / "adduser"
        tool.write_text(f'#!/bin/sh\necho "$@" > {bare}/asked\n')
        tool.chmod(0o755)
        servers.check_user()
        assert (bare / "asked").read_text() == "-D scribe-nobody-here\n"
