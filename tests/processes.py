"""Which tests start processes: read from their code, so that nobody has to mark them.

A test is of them if its code, that of a fixture it has, or a helper of ours that one of those names, names what starts one.
"""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

#: Names that start something: modules of others, the stack and its parts, and what the product starts itself.
STARTERS = {"subprocess", "multiprocessing", "Process", "Live", "Parts", "backups", "check_user"}
#: What every test has: the run's servers, and the watch over processes.
RUN = {"tests.embedded", "tests.processes"}
BROWSERS = {"sync_playwright"}
#: Functions from which nothing is reached that starts a process: most tests share them.
HARMLESS: set[FunctionType] = set()


@functools.cache
def named_by(code: CodeType) -> frozenset[str]:
    """Every name in it, and in the functions inside it."""
    inner = (named_by(part) for part in code.co_consts if isinstance(part, CodeType))
    return frozenset(code.co_names).union(*inner)


def ours(found: Any) -> bool:
    return str(getattr(found, "__module__", "")).startswith("tests.") and found.__module__ not in RUN


def functions_of(found: Any) -> Iterator[FunctionType]:
    """The functions of ours behind a name: itself, what it wraps, or its methods."""
    if isinstance(found, type):
        for base in found.__mro__:
            for part in vars(base).values() if ours(base) else ():
                yield from functions_of(getattr(part, "fget", None) or getattr(part, "func", part))  # a property
        return
    found = getattr(found, "__wrapped__", found)  # a context manager, or what is cached
    found = getattr(found, "__func__", found)  # a fixture of a class
    if isinstance(found, FunctionType) and ours(found):
        yield found


def reached(roots: list[Any]) -> set[str]:
    """The names in these functions and in all of ours that they name, but for what is known to be harmless."""
    names: set[str] = set()
    seen: set[FunctionType] = set()
    waiting = [function for root in roots for function in functions_of(root)]
    while waiting:
        function = waiting.pop()
        if function not in seen and function not in HARMLESS:
            seen.add(function)
            here, further = step(function)
            names |= here
            waiting += further
    if not names & (STARTERS | BROWSERS):
        HARMLESS.update(seen)
    return names


@functools.cache
def step(function: FunctionType) -> tuple[frozenset[str], tuple[FunctionType, ...]]:
    """The names in a function, and the functions of ours behind them."""
    here = named_by(function.__code__)
    known = function.__globals__
    behind = []
    for name in here & known.keys():
        found = known[name]
        behind.append(found)
        if isinstance(found, ModuleType) and found.__name__.startswith("tests."):
            behind += [vars(found)[part] for part in here & vars(found).keys()]
    return here, tuple(one for found in behind for one in functions_of(found))


@functools.cache
def _marks(function: Any, fixtures: tuple[Any, ...]) -> set[str]:
    names = reached([function, *fixtures])
    found = {"browser"} if names & BROWSERS else set()
    return found | ({"process"} if found or names & STARTERS else set())


def mark(items: list[pytest.Item]) -> None:
    """Give each test that starts a process the mark `process`, and `browser` if that is one."""
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        known = item._fixtureinfo.name2fixturedefs
        fixtures = tuple(dict.fromkeys(one.func for name in item.fixturenames for one in known.get(name, ())[-1:]))
        for name in _marks(item.function, fixtures):
            item.add_marker(name)


def close_on_sigterm() -> None:
    """Asked to end, leave by an exception, so that what is open is closed: servers, stacks, folders."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


start = subprocess.Popen.__init__


@contextmanager
def allowed() -> Iterator[None]:
    """The run itself may start its servers within a test."""
    before = subprocess.Popen.__init__
    subprocess.Popen.__init__ = start  # type: ignore[method-assign]
    try:
        yield
    finally:
        subprocess.Popen.__init__ = before  # type: ignore[method-assign]


@contextmanager
def refused() -> Iterator[None]:
    """Nothing starts a process in here."""
    before = subprocess.Popen.__init__

    def refuse(self: Any, *_: Any, **__: Any) -> None:
        self.returncode = 0  # there is nothing to wait for
        raise AssertionError(
            "This test starts a process by a way that tests/processes.py does not see: mark it `process`."
        )

    subprocess.Popen.__init__ = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        subprocess.Popen.__init__ = before  # type: ignore[method-assign]
