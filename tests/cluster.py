"""PostgreSQL of any version that is on this machine, in a folder of its own: the embedded ones, and Debian's."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

import psycopg

from tests.template import embedded

OLDEST = 15


def servers() -> dict[int, Path]:
    """The folder of the programs of each version."""
    found: dict[int, Path] = {}
    for path in [*embedded("postgres"), *Path("/usr/lib/postgresql").glob("*/bin/postgres")]:
        said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=True).stdout
        version = int(re.findall(r"\d+", said)[0])
        if version >= OLDEST:
            found[version] = Path(path).parent
    return dict(sorted(found.items()))


def other_user() -> str | None:
    """A user for PostgreSQL, which refuses root; None if we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("pgserver", "postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise SystemExit("There is no user to run PostgreSQL as.")


class Cluster:
    """PostgreSQL of one version, in a folder, reached by a socket there."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder, self.user = programs, folder, other_user()
        folder.mkdir(parents=True)
        if self.user:
            shutil.chown(folder, self.user)
        self.run("initdb", "-D", str(folder / "data"), "-U", "scribe", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off"
        data, log = str(self.folder / "data"), str(self.folder / "log")
        try:
            self.run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        except BaseException:  # asked to end while the server came up
            with contextlib.suppress(subprocess.CalledProcessError):
                self.stop()
            raise

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, user=self.user, cwd="/", check=True, stdout=subprocess.DEVNULL, timeout=120)

    def url(self, database: str) -> str:
        return f"postgresql://scribe@/{database}?host={self.folder}"

    def create(self, database: str) -> str:
        with psycopg.connect(self.url("postgres"), autocommit=True) as link:
            link.execute(f"CREATE DATABASE {database}")  # type: ignore[call-overload]
        return self.url(database)

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
