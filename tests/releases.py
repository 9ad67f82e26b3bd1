"""The releases of `deploy/releases.toml`, and the code of the last one with its own pinned packages, out of git."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "deploy" / "releases.toml"
MADE = ROOT / "var" / "releases"


@dataclass(frozen=True)
class Coming:
    version: str
    needs_stop: bool


@dataclass(frozen=True)
class Release:
    version: str
    commit: str
    forgot: tuple[str, ...] = ()  # packages that its requirements.txt lacks

    def migrations(self) -> set[tuple[str, str]]:
        """Its migrations, as `(app, name)`."""
        paths = git("ls-tree", "-r", "--name-only", self.commit).splitlines()
        found = [Path(path) for path in paths if "/migrations/" in path and not path.endswith("__init__.py")]
        return {(path.parent.parent.name, path.stem) for path in found if path.suffix == ".py"}

    def applied(self, loader: MigrationLoader) -> set[tuple[str, str]]:
        """Its migrations, with what they were squashed into since then."""
        own = self.migrations()
        return own | {
            key for key, one in loader.disk_migrations.items() if one.replaces and own.issuperset(one.replaces)
        }

    def last_migrations(self) -> dict[str, str]:
        """The last migration of each app."""
        return dict(sorted(self.migrations()))

    def code(self) -> Path:
        """A folder with its files. Made once, below `var/`."""
        folder = MADE / self.commit[:12]
        with lock():
            if not (folder / "manage.py").exists():
                draft = folder.with_name(f"{folder.name}.{os.getpid()}")
                draft.mkdir(parents=True)
                archive = subprocess.run(["git", "archive", self.commit], cwd=ROOT, check=True, capture_output=True)
                subprocess.run(["tar", "-x", "-C", str(draft)], input=archive.stdout, check=True)
                draft.rename(folder)
        return folder

    def python(self) -> Path:
        return packages(self.code() / "requirements.txt", self.forgot)


def packages(pins: Path, forgot: tuple[str, ...] = ()) -> Path:
    """An interpreter with the packages that `pins` names, by their hashes, and no other. Made once for each such file."""
    digest = hashlib.sha256(repr((sys.version, forgot)).encode() + pins.read_bytes()).hexdigest()[:12]
    folder = MADE / f"packages-{digest}"
    python = folder / "bin" / "python"
    with lock():
        if not (folder / ".installed").exists():
            uv = str(Path(sys.executable).parent / "uv")
            install = [uv, "pip", "install", "--quiet", "--system-certs", "--python", str(python)]
            subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], check=True)
            subprocess.run([*install, "--require-hashes", "-r", str(pins)], check=True)
            if forgot:
                subprocess.run([*install, *forgot], check=True)
            (folder / ".installed").touch()
    return python


@contextmanager
def lock() -> Iterator[None]:
    """Keep others from making something below `MADE`: the files of a run that need the same start at the same time."""
    MADE.mkdir(parents=True, exist_ok=True)
    with (MADE / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def coming() -> Coming:
    return Coming(**tomllib.loads(FILE.read_text())["coming"])


def every() -> list[Release]:
    """The newest first."""
    return [
        Release(**{**each, "forgot": tuple(each.get("forgot", ()))})
        for each in tomllib.loads(FILE.read_text())["release"]
    ]


def last() -> Release:
    """The last release. Skips the test where git does not have its commit."""
    release = every()[0]
    try:
        git("cat-file", "-e", f"{release.commit}^{{commit}}")
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip(
            f"Git has no commit {release.commit[:12]}, which is release {release.version}: fetch the whole history "
            "(git fetch --unshallow) to test upgrades from it."
        )
    return release


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout
