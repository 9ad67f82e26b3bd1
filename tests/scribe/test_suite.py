"""The shape of the suite, read from its source: where a test stands, and what tests share."""

from __future__ import annotations

import ast
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scribe import storage
from scribe.worker_files import WorkerFile
from tests import conftest, embedded, processes, sizes
from tests.conftest import pytest_runtest_teardown
from tests.live import Live, keep_apart, wait

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
APPS = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
# Folders of tests that go through the whole product, and of what the tests need.
WHOLE = {"clients", "acceptance", "image", "proof"}
HELPERS = {"benchmarks", "fakes", "real_wordpress", "soak"}


def modules_of_tests() -> Iterator[Path]:
    yield from sorted(TESTS.rglob("test_*.py"))


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, also inside its functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def test_nothing_is_imported_from_a_test_module() -> None:
    """A fixture belongs to a `conftest.py`, a helper to a module of its own: whoever imports a test module runs its tests
    too, or depends on a neighbour that may be changed for its own sake."""
    found = {
        (path.relative_to(TESTS).as_posix(), name)
        for path in TESTS.rglob("*.py")
        for name in imported(path)
        if any(part.startswith("test_") and "tests" in name for part in name.split("."))
    }
    assert sorted(found) == []


def test_the_folders_of_tests_are_those_of_the_apps() -> None:
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and (path / "__init__.py").is_file()}
    assert folders - WHOLE - HELPERS <= APPS
    assert {path.relative_to(TESTS).parts[0] for path in modules_of_tests()} <= APPS | WHOLE
    assert not list(TESTS.glob("test_*.py"))


def test_a_folder_within_an_apps_tests_is_one_of_the_app() -> None:
    """`tests/catalog/files` tests `catalog/files`; what lies deeper holds data."""
    folders = {(app, path.parent.name) for app in APPS for path in (TESTS / app).glob("*/test_*.py")}
    strange = {
        (app, name)
        for app, name in folders
        if not (ROOT / app / name).is_dir() and not (ROOT / app / f"{name}.py").is_file()
    }
    assert strange == set()


@pytest.mark.parametrize("package", sorted(APPS | {"tests"}))
@pytest.mark.parametrize("kind", [DeprecationWarning, PendingDeprecationWarning])
def test_what_is_deprecated_is_an_error_in_our_own_code(package: str, kind: type[Warning]) -> None:
    def warn(module: str) -> None:
        warnings.warn_explicit("It goes.", kind, "here.py", 1, module=module)

    with pytest.raises(kind):
        warn(f"{package}.apps")
    warn("django.apps")
    warn(f"{package}_of_another")


def runs_a_program() -> None:
    subprocess.run([sys.executable, "--version"], check=True)


class Held:
    @cached_property
    def stack(self) -> Live:
        return Live("web")


def by_a_helper() -> None:
    runs_a_program()


def by_a_method() -> Any:
    return Held().stack


def inside() -> Any:
    return [subprocess.PIPE for _ in range(1)]


@pytest.mark.parametrize("a", [1, 2, 3])
@pytest.mark.parametrize("b", [1, 2])
@pytest.mark.parametrize("c", [1, 2])
def alike(a: int, b: int, c: int) -> None:
    """A test of twelve cases."""


def only_computes() -> str:
    return "subprocess".upper()


@pytest.mark.parametrize(
    ("function", "starts"),
    [(runs_a_program, True), (by_a_helper, True), (by_a_method, True), (inside, True), (only_computes, False)],
)
def test_what_starts_a_process_is_seen_in_its_code(function: Any, starts: bool) -> None:
    assert bool(processes.reached([function]) & processes.STARTERS) is starts


def test_a_test_that_starts_a_process_unseen_fails() -> None:
    hidden = [sys.executable, "--version"]
    started = getattr(sys.modules["sub" + "process"], "run")  # noqa: B009 - a way that nothing sees
    with processes.refused(), pytest.raises(AssertionError, match="mark it `process`"):
        started(hidden)


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ((), [{(1, 1, 1), (2, 2, 2), (3, 1, 1)}] * 2),
        (("a",), [{(1, 1, 1), (1, 2, 2)}, {(2, 1, 1), (2, 2, 2)}]),
    ],
)
def test_each_value_of_each_parameter_is_left_to_make_test(
    request: pytest.FixtureRequest, named: tuple[str, ...], kept: list[set[tuple[int, ...]]]
) -> None:
    file = pytest.Module.from_parent(request.session, path=Path(__file__))
    file.obj = SimpleNamespace(__name__="cases", test_one=alike, test_other=alike)
    cases = file.collect()
    for case in cases:
        case.add_marker(pytest.mark.each_value(*named))
    sizes.sample(cases)
    for name, expected in zip(("test_one", "test_other"), kept, strict=True):
        left = [case for case in cases if case.originalname == name and not case.get_closest_marker("thorough")]
        assert {tuple(case.callspec.params[each] for each in "abc") for case in left} == expected


def test_a_thread_ends_with_the_test_that_began_it(request: pytest.FixtureRequest) -> None:
    thread = threading.Thread(target=lambda: time.sleep(0.2))
    thread.start()
    for _ in pytest_runtest_teardown(request.node):
        assert not thread.is_alive()


def test_a_thread_that_does_not_end_fails_its_own_test_alone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conftest, "PATIENCE", 0.1)
    end = threading.Event()
    thread = threading.Thread(target=lambda: end.wait())
    thread.start()
    its_own = pytest_runtest_teardown(request.node)
    next(its_own)
    with pytest.raises(AssertionError, match="goes on"):
        next(its_own)
    assert list(pytest_runtest_teardown(request.node)) == [None]  # of the test after it
    end.set()
    thread.join()


def test_what_a_stack_wrote_after_its_last_test_is_no_part_of_the_next(
    committed: None, request: pytest.FixtureRequest, client: Any
) -> None:
    stack = Live("worker-long")
    stack.stack.wait_until_it_answers = lambda seconds=0: None  # type: ignore[method-assign]
    stack.start()
    try:
        row = wait(WorkerFile.objects.first)
        storage.delete(row.key)  # as each test's end does
        assert client.get("/health").json()["checks"]["storage"] == "apart"
    finally:
        stack.stop()
    keep_apart(request.node)
    assert client.get("/health").json()["checks"]["storage"] == "ok"


def test_a_run_ends_though_what_the_signal_raised_was_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "ASKED", [signal.SIGTERM])
    with pytest.raises(KeyboardInterrupt):
        embedded.pytest_runtest_setup()


def test_runs_beside_each_other_share_no_name() -> None:
    """Several processes of a run, and several runs of a machine: folders and databases have names of their own, and servers
    take the ports that are free."""
    fixed = re.compile(
        r"""["'](?:/var)?/tmp/|(?:CREATE|DROP) (?:DATABASE|ROLE|USER) [a-z]|(?<!-)\b(?:bind|port)\b[ =(]+[1-9]\d{3}"""
    )
    servers_of_their_own = {
        "pooler.py",
        "site.py",
        "drill.py",
    }  # of a socket, a WordPress, clusters, in a folder of the run
    found = [
        f"{path.relative_to(TESTS)}:{number}"
        for path in sorted(TESTS.rglob("*.py"))
        if path.name not in servers_of_their_own and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if fixed.search(line)
    ]
    assert found == []
