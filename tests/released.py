"""What a release makes of an empty database when it migrates it. Kept beside this file, since to install and to run
each old release anew takes a minute of computing.

`python -m tests.released 1.1.0` writes one, by the code and the packages of the release's commit, which its name tells.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg

from tests import embedded, processes, releases, template

KEPT = Path(__file__).with_name("released_databases")


def path(release: releases.Release) -> Path:
    return KEPT / f"{release.version}-{release.commit}.sql.gz"


def dump(url: str, *options: str) -> str:
    """A database as SQL that any client can run."""
    command = [template.embedded("pg_dump")[0], "--no-owner", "--inserts", *options, "--dbname", url]
    dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"^\\(un)?restrict .*$", "", dumped, flags=re.MULTILINE)


def run(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(sql)  # type: ignore[call-overload]


def restore(release: releases.Release, url: str) -> None:
    """Make an empty database what it is after the release's own `migrate`, which runs if nothing of it is kept."""
    kept = path(release)
    if kept.exists():
        run(url, gzip.decompress(kept.read_bytes()).decode())
    else:
        migrate(release, url)


def migrate(release: releases.Release, url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DATABASE_POOLER": "false"}
    command = [str(release.python()), "manage.py", "migrate", "--noinput", "--verbosity=0"]
    subprocess.run(command, cwd=release.code(), env=environment, check=True)


def write(release: releases.Release) -> None:
    with template.new_database("released") as url:
        migrate(release, url)
        KEPT.mkdir(exist_ok=True)
        path(release).write_bytes(gzip.compress(dump(url).encode(), mtime=0))


def main(versions: list[str]) -> None:
    processes.close_on_sigterm()
    known = {release.version: release for release in releases.every()}
    try:
        embedded.start()
        for version in versions:
            write(known[version])
    finally:
        embedded.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
