"""`make drill`: a backup into a bucket and its restore, with each PostgreSQL that is on this machine.

The embedded ones, and Debian's below /usr/lib/postgresql. Each runs in a folder of its own, with the tools of its version.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from tests.cluster import Cluster, servers
from tests.s3 import S3Server

ROOT = Path(__file__).resolve().parent.parent
FILL = """
from decimal import Decimal
from accounts.models import User
from billing import corrections
from scribe import audit, storage
from tests.factories import make_item, make_organization, make_own_key, make_project, make_user
organization = make_organization("Backed up")
make_own_key(organization, "anthropic", "sk-backed-up")
staff = make_user(make_organization("Platform"), is_super_admin=True)
corrections.topup(organization=organization, amount=Decimal(500), by=staff)
project = make_project(organization)
for number in range(50):
    make_item(project)
audit.record(action="test.done", actor=staff)
storage.save(organization.pk, "sources", "catalogue.csv", b"sku;name")
"""


def manage(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=600,
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as link:
        names = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        return {n: link.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for (n,) in names}  # type: ignore


def drill(version: int, programs: Path, folder: Path, server: S3Server) -> None:
    bucket = f"drill-{version}"
    server.client.create_bucket(Bucket=bucket)
    cluster = Cluster(programs, folder / f"pg{version}")
    began = time.monotonic()
    try:
        common = {
            **server.settings,
            "SECRET_KEY": "x" * 60,
            "JWT_SIGNING_KEY": "y" * 60,
            "FIELD_ENCRYPTION_KEYS": "2v3m3M2mXQ2n0Y0m0G1rT1o0b8b1mK3pX0m4v1Q2c3E=",
            "DATABASE_POOLER": "false",
        }
        one = {**common, "DATABASE_URL": cluster.create("one"), "DATA_DIR": str(folder / f"one{version}")}
        two = {**common, "DATABASE_URL": cluster.create("two"), "DATA_DIR": str(folder / f"two{version}")}
        manage("migrate", "--noinput", **one)
        manage("shell", "-v", "0", "-c", FILL, **one)
        manage("backup", "--to", f"s3://{bucket}/nightly", **one)
        manage("restore", f"s3://{bucket}/nightly", **two)
        before, after = counts(one["DATABASE_URL"]), counts(two["DATABASE_URL"])
        assert before == after, {name for name in before if before[name] != after.get(name)}
        manage("migrate", "--check", **two)
        manage("verify_audit", **two)
        manage("reconcile", **two)
        files = [sorted(p.name for p in Path(each["DATA_DIR"], "files").rglob("*.csv")) for each in (one, two)]
        assert files[0] == files[1] == ["catalogue.csv"]
        rows = sum(counts(two["DATABASE_URL"]).values())
        print(
            f"PostgreSQL {version}: {rows} rows and 1 file are back, the books agree ({time.monotonic() - began:.0f} s)"
        )
    finally:
        cluster.stop()


def main(within: str = "/var/tmp") -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what is open here is closed
    folder = Path(tempfile.mkdtemp(prefix="scribe-drill-", dir=within))
    folder.chmod(0o755)
    server = S3Server()
    try:
        found = servers()
        if not found:
            raise SystemExit("There is no PostgreSQL on this machine.")
        for version, programs in found.items():
            drill(version, programs, folder, server)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
