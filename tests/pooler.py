"""PgBouncer in transaction mode before the run's PostgreSQL, by the file that deployments use. Debian's package `pgbouncer` brings it."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from scribe.local.servers import POSTGRES_USER

ROOT = Path(__file__).resolve().parent.parent
BINARY = shutil.which("pgbouncer") or next((p for p in ["/usr/sbin/pgbouncer"] if Path(p).exists()), "")


class Pooler:
    """A running PgBouncer, which is reached by a socket in `folder`. `stop()` ends it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        """`database_url` names PostgreSQL's own socket. Every database of the server can be reached."""
        self.folder = folder
        folder.mkdir(parents=True)
        known = urlsplit(database_url)
        behind = parse_qs(known.query)["host"][0]
        user = known.username or POSTGRES_USER
        config = configparser.ConfigParser(interpolation=None, comment_prefixes=(";",))
        config.read(ROOT / "deploy/pgbouncer/pgbouncer.ini")
        del config["databases"]["scribe"]
        config["databases"]["*"] = f"host={behind} port=5432"
        (folder / "users").write_text(f'"{user}" ""\n"scribe_web" ""\n"scribe_worker" ""\n')
        config["pgbouncer"].update(
            {
                "listen_addr": "",
                "listen_port": "5432",  # the socket's name
                "unix_socket_dir": str(folder),
                "auth_type": "trust",
                "auth_file": str(folder / "users"),
                "logfile": str(folder / "log"),
            }
        )
        with (folder / "pgbouncer.ini").open("w") as file:
            config.write(file)
        command = [BINARY, "-q", str(folder / "pgbouncer.ini")]
        if os.geteuid() == 0:  # it refuses root
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, POSTGRES_USER)
            command[1:1] = ["-u", POSTGRES_USER]
        self.url = database_url.replace(behind, str(folder))
        with (folder / "errors").open("wb") as errors:
            self.process = subprocess.Popen(command, stdout=errors, stderr=errors)
        for _ in range(200):
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        self.stop()
        told = [path.read_text() for path in (folder / "errors", folder / "log") if path.exists()]
        raise RuntimeError("PgBouncer did not start: " + "".join(told))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(60)
