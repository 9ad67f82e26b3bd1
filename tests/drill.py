"""`make drill`: a disk is lost, and the database restored to a second, by pgBackRest and the files of deploy/pgbackrest.

With each PostgreSQL of Debian's packages on this machine, and a real S3 server. DRILL_ROWS items are in the database (20,000).
It prints how long the backup and the restore took, and what a lost disk would have taken along.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from tests import processes
from tests.s3 import KEY, SECRET, S3Server

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy" / "pgbackrest"
ROWS = int(os.environ.get("DRILL_ROWS") or 20_000)
NEWEST = 17  # that Debian's pgBackRest knows
OLDEST = 15
USER = "postgres"
FILL = """
from decimal import Decimal
from billing import corrections
from scribe import audit
from tests.factories import make_item, make_organization, make_own_key, make_project, make_user
organization = make_organization("Backed up")
make_own_key(organization, "anthropic", "sk-backed-up")
staff = make_user(make_organization("Platform"), is_super_admin=True)
corrections.topup(organization=organization, amount=Decimal(500), by=staff)
make_item(make_project(organization))
audit.record(action="test.done", actor=staff)
"""
MORE_ITEMS = """
INSERT INTO projects_contentitem
SELECT (jsonb_populate_record(item, jsonb_build_object('id', gen_random_uuid(), 'position', number))).*
FROM projects_contentitem AS item, generate_series(1, %s) AS number
"""


class Machine:
    """PostgreSQL of one version in a folder, reached by a socket there, with pgBackRest set up as in deploy/pgbackrest."""

    def __init__(self, programs: Path, folder: Path, server: S3Server, bucket: str) -> None:
        self.programs, self.folder, self.data = programs, folder, folder / "data"
        for path in (folder, folder / "log", folder / "lock"):
            path.mkdir(parents=True)
            if os.geteuid() == 0:
                shutil.chown(path, USER)
        config = (DEPLOY / "pgbackrest.conf").read_text()
        given = {
            "repo1-s3-endpoint": "127.0.0.1",
            "repo1-s3-region": "us-east-1",
            "repo1-s3-bucket": bucket,
            "repo1-s3-key": KEY,
            "repo1-s3-key-secret": SECRET,
            "repo1-cipher-pass": "for the drill",
            "pg1-path": str(self.data),
        }
        for name, value in given.items():
            config, found = re.subn(rf"^{name}=.*", f"{name}={value}", config, flags=re.MULTILINE)
            assert found == 1, name
        extra = {
            "repo1-storage-port": server.port,
            "repo1-storage-ca-file": server.certificate,
            "log-path": folder / "log",
            "lock-path": folder / "lock",
        }
        extra_lines = "".join(f"{name}={value}\n" for name, value in extra.items())
        own = folder / "pgbackrest.conf"
        own.write_text(
            config.replace("[scribe]", f"{extra_lines}[scribe]") + f"pg1-socket-path={folder}\npg1-user=scribe\n"
        )
        own.chmod(0o644)
        self.environment = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PGBACKREST_CONFIG": str(own),
            "PGHOST": str(folder),
            "PGUSER": "scribe",
        }
        self.run("initdb", "-D", str(self.data), "-U", "scribe", "-A", "trust", "-E", "UTF8")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"\nunix_socket_directories = '{folder}'\nlisten_addresses = ''\nmax_wal_size = '2GB'\n")
            file.write((DEPLOY / "postgresql.conf").read_text())
        self.start()

    def run(self, *command: str) -> None:
        user = USER if os.geteuid() == 0 else None
        done = subprocess.run(
            command, user=user, cwd="/", env=self.environment, capture_output=True, text=True, timeout=3600, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")

    def start(self) -> None:
        # Its output goes into a file, since a pipe would stay open with the server.
        log = self.folder / "log" / "postgresql"
        self.run("sh", "-c", f"pg_ctl -D {self.data} -l {log} -w -t 3000 start > /dev/null")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    def ask(self, statement: str, *values: Any, database: str = "scribe") -> Any:
        url = f"postgresql://scribe@/{database}?host={self.folder}"
        with psycopg.connect(url, autocommit=True) as link:
            cursor = link.execute(statement, values or None)  # type: ignore[call-overload]
            return cursor.fetchone()[0] if cursor.description else None

    def manage(self, *arguments: str) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": f"postgresql://scribe@/scribe?host={self.folder}",
            "DATABASE_POOLER": "false",
            "DATA_DIR": str(self.folder / "files"),
            "EMAIL_URL": "consolemail://",
            "SECRET_KEY": "x" * 60,
            "JWT_SIGNING_KEY": "y" * 60,
            "FIELD_ENCRYPTION_KEYS": "2v3m3M2mXQ2n0Y0m0G1rT1o0b8b1mK3pX0m4v1Q2c3E=",
        }
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")

    def counts(self) -> dict[str, int]:
        with psycopg.connect(f"postgresql://scribe@/scribe?host={self.folder}") as link:
            names = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
            return {n: link.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for (n,) in names}  # type: ignore


def cron(kind: str) -> str:
    """The command of a kind of backup in the cron's file."""
    found = re.search(
        rf"^\S+ \S+ \S+ \S+ \S+ +postgres +(.*--type={kind}.*)$", (DEPLOY / "cron").read_text(), re.MULTILINE
    )
    assert found
    return found.group(1)


def seconds(work: Any, *arguments: str) -> float:
    began = time.monotonic()
    work(*arguments)
    return time.monotonic() - began


def drill(version: int, programs: Path, folder: Path, server: S3Server) -> None:
    bucket = f"drill-{version}"
    server.client.create_bucket(Bucket=bucket)
    machine = Machine(programs, folder / f"pg{version}", server, bucket)
    try:
        machine.ask("CREATE DATABASE scribe", database="postgres")
        machine.manage("migrate", "--noinput")
        machine.manage("shell", "-v", "0", "-c", FILL)
        machine.ask(MORE_ITEMS, ROWS)
        machine.run("pgbackrest", "--stanza=scribe", "stanza-create")
        full = seconds(machine.run, "sh", "-c", cron("full"))
        machine.manage("backup", "--check")
        machine.ask("UPDATE accounts_organization SET name = 'Worked on' WHERE name = 'Backed up'")
        diff = seconds(machine.run, "sh", "-c", cron("diff"))
        machine.ask("UPDATE accounts_organization SET name = 'The last good second' WHERE name = 'Worked on'")
        before, target = machine.counts(), machine.ask("SELECT clock_timestamp()::text")
        position = machine.ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
        time.sleep(1)
        machine.ask("UPDATE accounts_organization SET name = 'Wrong'")
        began = time.monotonic()
        while (machine.ask("SELECT last_archived_wal FROM pg_stat_archiver") or "") < position:
            assert time.monotonic() - began < 600, "the WAL did not reach the bucket"
            time.sleep(0.5)
        archived = time.monotonic() - began
        size = machine.ask("SELECT pg_database_size('scribe')")

        machine.stop()
        shutil.rmtree(machine.data)  # the disk is lost
        began = time.monotonic()
        to = ["--type=time", f"--target={target}", "--target-action=promote"]
        restore = seconds(machine.run, "pgbackrest", "--stanza=scribe", *to, "restore")
        machine.start()
        while machine.ask("SELECT pg_is_in_recovery()"):
            time.sleep(0.2)
        back = time.monotonic() - began

        assert machine.ask("SELECT count(*) FROM accounts_organization WHERE name = 'The last good second'") == 1
        after = machine.counts()
        assert before == after, {name for name in before if before[name] != after.get(name)}
        machine.manage("migrate", "--check")
        machine.manage("verify_audit")
        machine.manage("reconcile")
        print(
            f"PostgreSQL {version}, {sum(after.values()):,} rows, {size / 1e9:.2f} GB: full backup {full:.0f} s, differential {diff:.0f} s; "
            f"a commit was in the bucket after {archived:.0f} s (RPO); restored to {target} in {restore:.0f} s, "
            f"open for writing after {back:.0f} s (RTO); the audit log and the books agree."
        )
    finally:
        machine.stop()


def servers() -> dict[int, Path]:
    """The programs of each PostgreSQL that can be restored here, by its version; none where a tool is missing."""
    found = {int(path.parent.parent.name): path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")}
    usable = {version: programs for version, programs in sorted(found.items()) if OLDEST <= version <= NEWEST}
    return usable if shutil.which("pgbackrest") and shutil.which("openssl") else {}


def main(within: str = "/var/tmp") -> None:
    processes.close_on_sigterm()
    usable = servers()
    if not usable:
        raise SystemExit("Install what is restored with: apt-get install pgbackrest openssl postgresql-17")
    if os.geteuid() == 0:
        pwd.getpwnam(USER)
    folder = Path(tempfile.mkdtemp(prefix="scribe-drill-", dir=within))
    folder.chmod(0o755)
    server = S3Server(tls=True)
    try:
        for version, programs in usable.items():
            drill(version, programs, folder, server)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
