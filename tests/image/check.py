"""The product as its image has it, started from nothing else, with each Python of this machine.

`requirements.txt` alone, by its hashes, in an empty environment; the tree as `.dockerignore` leaves it, which nobody may write;
a user of its own, if we are root; real PostgreSQL, Valkey and S3. Each process of `docker-compose.yml` starts and finds itself
healthy, `doctor` finds nothing grave, the demo's job is done over HTTP, each process ends by itself on SIGTERM, and every line of their
logs is JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
import redis
import requests
from cryptography.fernet import Fernet

from scribe.local.servers import free_port, start_valkey, stop_valkey
from tests import s3
from tests.acceptance import demo
from tests.cluster import Cluster, servers
from tests.image import recipe
from tests.image.recipe import Service

ROOT = Path(__file__).resolve().parents[2]
UV = str(Path(sys.executable).parent / "uv")
VERSIONS = ("3.11", "3.12", "3.13")
HOST = "api.example.com"  # of .env.example
BUCKETS = ("scribe", "scribe-backups")
PATIENCE = 120


def pythons(versions: Sequence[str]) -> dict[str, Path | None]:
    """An interpreter of each version, None where this machine has none: on PATH, of the system, of pyenv, of uv."""
    found: dict[str, Path | None] = {}
    for version in versions:
        candidates = [
            *(Path(folder, f"python{version}") for folder in os.get_exec_path()),
            Path(f"/usr/bin/python{version}"),
            *Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"),
            *Path.home().glob(f".local/share/uv/python/cpython-{version}.*/bin/python{version}"),
        ]
        found[version] = next(filter(None, map(interpreter, candidates)), None)
    return found


def interpreter(path: Path) -> Path | None:
    """The program behind `path`, which may be a launcher for a version that is not there."""
    if not os.access(path, os.X_OK):
        return None
    asked = "import os, sys; print(os.path.realpath(sys.executable), sys.prefix == sys.base_prefix)"
    done = subprocess.run([str(path), "-c", asked], capture_output=True, text=True, check=False)
    real, _, plain = done.stdout.strip().rpartition(" ")
    return Path(real) if done.returncode == 0 and plain == "True" else None


def within_reach(folder: Path, copies: Path) -> Path:
    """`folder`, or a copy of it below `copies` if other users cannot enter it where it is. A Python's is without the packages
    that somebody has installed into it, of which there may be a gigabyte: environments don't see them."""
    if all(parent.stat().st_mode & 0o001 for parent in [folder, *folder.parents]):
        return folder
    copy = copies / folder.name
    if not copy.exists():
        without = shutil.ignore_patterns("test", "__pycache__", "site-packages")
        shutil.copytree(folder, copy, symlinks=True, ignore=without)
    return copy


class Servers:
    """What the product finds beside it: PostgreSQL, two Valkeys and S3, empty for each `settings` that are asked for."""

    def __init__(self, folder: Path) -> None:
        with contextlib.ExitStack() as opened:
            self.version, programs = max(servers().items())
            self.programs = within_reach(programs.parent, folder / "programs") / "bin"
            self.cluster = Cluster(self.programs, folder / "postgres")
            opened.callback(self.cluster.stop)
            self.valkeys = []
            for name in ("valkey", "cache"):
                url, pid = start_valkey(made(folder / name), {}, durable=True)
                opened.callback(stop_valkey, url, pid)
                self.valkeys.append(url)
            self.s3 = s3.S3Server()
            opened.callback(self.s3.stop)
            self.close = opened.pop_all().close

    def settings(self, database: str) -> dict[str, str]:
        for url in self.valkeys:
            redis.Redis.from_url(url).flushall()
        for bucket in BUCKETS:
            with contextlib.suppress(self.s3.client.exceptions.BucketAlreadyOwnedByYou):
                self.s3.client.create_bucket(Bucket=bucket)
        return {
            "DATABASE_URL": self.cluster.create(database),
            "REDIS_URL": self.valkeys[0],
            "CACHE_URL": self.valkeys[1],
            "S3_ENDPOINT_URL": self.s3.url,
        }


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


class Machine:
    """A container of the image: its folders stand below `folder`, its programs run as its user."""

    def __init__(self, folder: Path, tree: Path, python: Path, servers: Servers) -> None:
        self.folder, self.tree, self.python, self.servers = folder, tree, python, servers
        self.image = recipe.image(tree)
        self.user = self.image.uid if os.geteuid() == 0 else None
        self.port = str(free_port())
        self.url = f"http://127.0.0.1:{self.port}"
        self.folders = {
            "/opt/venv": folder / "venv",
            "/opt/static": folder / "static",
            "/data": folder / "data",
            "/tmp": folder / "tmp",
        }
        self.running: dict[Service, subprocess.Popen[bytes]] = {}
        for name in ("data", "tmp"):
            made(folder / name).chmod(0o700)
            if self.user is not None:
                os.chown(folder / name, self.user, self.user)
        made(folder / "logs")
        self.home = made(folder / "home")

    def here(self, text: str) -> str:
        """`text` of Dockerfile or Compose with the folders and the port of this machine."""
        for there, folder in self.folders.items():
            text = re.sub(rf"(?<![\w.]){there}(?![\w-])", str(folder), text)
        return str(self.port) if text == self.image.port else text

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """What a container has: of its image, and what it is `given`. Nothing of this process."""
        path = f"{self.servers.programs}:/usr/local/bin:/usr/bin:/bin"
        image = {name: self.here(value).replace("$PATH", path) for name, value in self.image.environment.items()}
        library = str(self.python.parents[1] / "lib")  # for a copy
        return {
            **image,
            "LD_LIBRARY_PATH": library,
            "HOME": str(self.home),
            "TMPDIR": str(self.folder / "tmp"),
            **given,
        }

    def install(self) -> None:
        """The requirements alone, and what the build of the image runs afterwards. The image's packages are compiled, too; here
        those are that a command loads."""
        venv = str(self.folder / "venv")
        run([UV, "venv", "--quiet", "--python", str(self.python), venv])
        sync = [UV, "pip", "sync", "--quiet", "--require-hashes", "--system-certs"]
        run([*sync, "--python", f"{venv}/bin/python", str(self.tree / "requirements.txt")])
        run([UV, "pip", "check", "--quiet", "--python", f"{venv}/bin/python"])
        environment = self.environment({"PYTHONDONTWRITEBYTECODE": ""})
        run(["chmod", "-R", "u+w", str(self.tree)])
        for command in self.image.commands:
            run(command, cwd=self.tree, env=environment, executable=f"{venv}/bin/{command[0]}")
        run(["chmod", "-R", "a-w,a+rX", str(self.tree)])

    def start(self, service: Service, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        command = [self.here(word) for word in service.command]
        if "worker" in command:
            command += ["--hostname", "celery@" + service.name]  # a container has a name of its own
        with (self.folder / "logs" / service.name).open("ab") as log:
            child = subprocess.Popen(
                command,
                executable=shutil.which(command[0], path=environment["PATH"]),
                cwd=self.tree,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
            )
        self.running[service] = child
        return child

    def log(self, service: Service) -> str:
        return (self.folder / "logs" / service.name).read_text(errors="replace")

    def read_logs(self, services: Iterable[Service]) -> int:
        """How many lines they logged. Each has to be JSON, as whoever collects logs expects it."""
        lines = [(service.name, line) for service in services for line in self.log(service).splitlines()]
        others = [f"{name}: {line}" for name, line in lines if not is_of_the_log(line)]
        if others:
            raise SystemExit("These lines are no JSON of ours:\n" + "\n".join(others[:30]))
        return len(lines)

    def fail(self, service: Service, says: str) -> None:
        raise SystemExit(f"{service.name} {says}:\n{self.log(service)[-3000:]}")

    def run(self, service: Service, environment: dict[str, str]) -> None:
        """A service that ends by itself."""
        code = self.start(service, environment).wait(600)
        del self.running[service]
        if code:
            self.fail(service, f"ended with {code}")

    def ask(self, name: str, command: list[str], environment: dict[str, str]) -> str:
        """What a command beside the services says, tried again until it succeeds."""
        asked = Service(name, command, None, {}, once=True)

        def answered() -> bool:
            (self.folder / "logs" / name).unlink(missing_ok=True)
            try:
                return self.start(asked, environment).wait(PATIENCE) == 0
            finally:
                del self.running[asked]

        self.wait(asked, answered)
        return self.log(asked)

    def wait(self, service: Service, until: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not until():
            for other, process in self.running.items():
                if process.poll() is not None:
                    self.fail(other, f"ended with {process.returncode}")
            if time.monotonic() > end:
                self.fail(service, f"was not well within {PATIENCE} s")
            time.sleep(1)

    def ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def demo(self) -> None:
        """The product's main job over HTTP, as a proxy that speaks https passes it on."""
        client = demo.Client(self.url)
        client.http.headers.update({"Host": HOST, "X-Forwarded-Proto": "https"})
        with contextlib.redirect_stdout(io.StringIO()):
            demo.play(client, made(self.folder / "demo"))

    def end(self) -> None:
        """SIGTERM to each service, as Docker sends it: to the first process alone, which has to end all that it started."""
        for service, process in self.running.items():
            if not hears_sigterm(process.pid):
                self.fail(service, "has no handler for SIGTERM, without which a container's first process ignores it")
            process.send_signal(signal.SIGTERM)
        for service, process in self.running.items():
            try:
                code = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.fail(service, "did not end on SIGTERM")
            if code not in (0, -signal.SIGTERM):  # uvicorn raises the signal again when it has shut down
                self.fail(service, f"ended with {code} on SIGTERM")
            if left := group(process.pid):
                self.fail(service, f"left {left} behind")
        self.running.clear()

    def kill(self) -> None:
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def is_of_the_log(line: str) -> bool:
    try:
        return {"event", "level", "logger", "timestamp"} <= json.loads(line).keys()
    except (ValueError, AttributeError):
        return False


def hears_sigterm(pid: int) -> bool:
    """Whether a process has a handler: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html."""
    status = Path(f"/proc/{pid}/status").read_text()
    return bool(int(re.findall(r"SigCgt:\s+(\w+)", status)[0], 16) & 1 << signal.SIGTERM - 1)


def group(leader: int) -> list[str]:
    """The command lines of a group's processes that run."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
    return found


def run(command: list[str], **more: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def filled_example(root: Path) -> dict[str, str]:
    """`.env.example` with what its first lines and those of Compose ask for."""
    lines = (root / ".env.example").read_text().splitlines()
    return {
        **dict(line.split("=", 1) for line in lines if line and not line.startswith("#")),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "JWT_SIGNING_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "TRUSTED_PROXIES": "127.0.0.1",
        "EMAIL_URL": "filemail:///data/mail",
        "POSTGRES_PASSWORD": "unused",
        "VALKEY_PASSWORD": "unused",
        "S3_ACCESS_KEY_ID": s3.KEY,
        "S3_SECRET_ACCESS_KEY": s3.SECRET,
        "BACKUP_TO": f"s3://{BUCKETS[1]}/nightly",
    }


def check(machine: Machine, database: str) -> None:
    """Everything once, from the installation to the end of each process."""
    began = time.monotonic()

    def step(says: str) -> None:
        print(f"  {time.monotonic() - began:4.0f} s  {says}", flush=True)

    machine.install()
    step("requirements.txt is installed, alone")
    values = filled_example(machine.tree)
    beside = machine.servers.settings(database)
    services = recipe.services(machine.tree, values)
    environments = {
        service: machine.environment({"HOSTNAME": service.name, **values, **service.environment, **beside})
        for service in services
    }
    lasting = [service for service in services if not service.once]
    try:
        for service in services:
            if service.once:
                machine.run(service, environments[service])
                step(f"{service.name} is through")
            else:
                machine.start(service, environments[service])
        web = next(service for service in lasting if service.command == machine.image.command)
        machine.wait(web, machine.ready)
        step("web is ready")
        for service in lasting:
            if service.check:
                machine.ask(f"check-{service.name}", service.check, environments[service])
                step(f"{service.name} is healthy")
        machine.ask("doctor", ["python", "manage.py", "doctor"], environments[web])
        step("doctor finds nothing grave")
        machine.demo()
        step("a catalogue is uploaded, written, reviewed and exported")
        machine.end()
        step(f"{len(lasting)} services ended on SIGTERM")
        step(f"{machine.read_logs(lasting)} lines were logged, each as JSON")
    finally:
        machine.kill()


class Place:
    """A folder with the tree and the servers that the machines of this run share."""

    def __enter__(self) -> Place:
        self.umask = os.umask(0o022)  # other users read what is made here, and tests of `make run` keep theirs out
        self.folder = Path(tempfile.mkdtemp(prefix="scribe-image-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        try:
            recipe.copy_tree(ROOT, self.folder / "app")
            self.servers = Servers(self.folder)
        except BaseException:
            self.clear()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.servers.close()
        finally:
            self.clear()

    def clear(self) -> None:
        os.umask(self.umask)
        run(["chmod", "-R", "u+w", str(self.folder)])
        shutil.rmtree(self.folder, ignore_errors=True)

    def check(self, version: str, python: Path) -> None:
        base = within_reach(python.parents[1], self.folder / "pythons") / "bin" / python.name
        folder = made(self.folder / version)
        check(Machine(folder, self.folder / "app", base, self.servers), "image_" + version.replace(".", "_"))
        shutil.rmtree(folder)
