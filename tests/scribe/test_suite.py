"""The shape of the suite, read from its source: where a test stands, and what tests share."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
APPS = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
# Folders of tests that go through the whole product, and of what the tests need.
WHOLE = {"clients", "acceptance", "proof"}
HELPERS = {"benchmarks", "fakes", "image", "real_wordpress", "soak"}


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
    """`tests/projects/files` tests `projects/files`; what lies deeper holds data."""
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
