"""The whole stack on one machine: embedded servers where none are configured, web, workers and beat, kept alive."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from scribe.local import addresses, servers
from scribe.local.addresses import private
from scribe.secret_files import Environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
GRACE_SECONDS = 25


@dataclass
class Process:
    """One child, started again when it dies (at most once a second)."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    child: subprocess.Popen[bytes] | None = None
    started: float = field(default=0.0)

    def start(self) -> None:
        self.started = time.monotonic()
        with open(self.log, "ab", opener=private) as log:
            self.child = subprocess.Popen(  # noqa: S603 - our own command lines
                self.command,
                cwd=BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def dead(self) -> bool:
        return self.child is None or self.child.poll() is not None

    def signal_group(self, number: int) -> None:
        """Send a signal to the child and to all processes that it started."""
        if self.child is not None:
            try:
                os.killpg(self.child.pid, number)
            except ProcessLookupError:
                return

    def ask_to_end(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()


class Stack:
    """The stack: `up()` starts it, `watch()` keeps it running, `down()` ends it. SIGINT and SIGTERM end `watch`.

    `migrate=False` is for a database that is known to be migrated.
    """

    def __init__(self, *, quiet: bool = False, migrate: bool = True) -> None:
        self.quiet = quiet
        self.migrate = migrate
        self.ending = False
        self.servers: servers.Servers | None = None
        self.processes: list[Process] = []
        self.data_dir = Path(os.environ.get("DATA_DIR") or addresses.default_data_dir(BASE_DIR))
        os.environ["DATA_DIR"] = str(self.data_dir)

    def say(self, text: str) -> None:
        if not self.quiet:
            print(text, flush=True)  # noqa: T201 - this is a command's output

    def up(self) -> None:
        self.heed_signals()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        named = Environment()
        if not (named.get("DATABASE_URL") and named.get("REDIS_URL")):
            self.say("Starting PostgreSQL and Valkey …")
            self.servers = servers.start(self.data_dir)
        addresses.close_to_others(self.data_dir)
        if self.migrate:
            self.say("Migrating the database …")
            self.manage("migrate", "--noinput")
        logs = self.data_dir / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        self.processes = [
            Process(name, command, dict(os.environ), logs / f"{name}.log") for name, command in self.commands().items()
        ]
        self.say(f"Starting {', '.join(process.name for process in self.processes)} …")
        for process in self.processes:
            process.start()
        self.wait_until_it_answers()
        if not self.ending:
            self.say(f"Ready at {self.url}")

    def heed_signals(self) -> None:
        signal.signal(signal.SIGINT, self._end)
        signal.signal(signal.SIGTERM, self._end)

    def manage(self, *arguments: str) -> str:
        """Run a management command and return its output. Raises an error if it fails."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=dict(os.environ),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def commands(self) -> dict[str, list[str]]:
        tools = Path(sys.executable).parent
        settings = os.environ.get
        celery = [sys.executable, str(tools / "celery"), "-q", "-A", "scribe"]
        worker = [*celery, "worker", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        concurrency = settings("WORKER_CONCURRENCY") or "2"
        web = [sys.executable, "-m", "scribe.web"]
        return {
            "web": web,
            "worker-generation": [*worker, "-Q", "generation,helpers", "-c", concurrency, "-n", "generation@%h"],
            # More than one organization's share (JOBS_PER_ORGANIZATION), since they wait for stores that may hang.
            "worker-sync": [*worker, "-Q", "sync", "-c", settings("SYNC_CONCURRENCY") or "8", "-n", "sync@%h"],
            # Jobs that take long, of any kind. It has a lower priority than all others.
            "worker-long": [*worker, "-Q", "long", "-c", settings("LONG_CONCURRENCY") or "4", "-n", "long@%h"],
            "worker-default": [*worker, "-Q", "default", "-c", concurrency, "-n", "default@%h"],
            # Threads, since they only wait for receivers. Those that are slow have a worker of their own.
            "worker-webhooks": [*worker, "-Q", "webhooks", "-P", "threads", "-c", "16", "-n", "webhooks@%h"],
            "worker-webhooks-slow": [
                *worker,
                "-Q",
                "webhooks-slow",
                "-P",
                "threads",
                "-c",
                "32",
                "-n",
                "webhooks-slow@%h",
            ],
            "beat": [*celery, "beat", "--loglevel", "WARNING", "-s", str(self.data_dir / "beat-schedule")],
        }

    @property
    def bind(self) -> str:
        return os.environ.get("BIND_ADDRESS") or "127.0.0.1"

    @property
    def port(self) -> int:
        return int(os.environ.get("PORT") or 8000)

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.bind in ("0.0.0.0", "::") else self.bind  # noqa: S104
        return f"http://{host}:{self.port}"

    def wait_until_it_answers(self, seconds: float = 180) -> None:
        import requests

        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.ending:
            try:
                if requests.get(f"{self.url}/health", timeout=3).status_code == 200:
                    return
            except requests.RequestException:
                pass
            if self.processes[0].dead():
                break
            time.sleep(0.2)
        if not self.ending:
            tail = self.processes[0].log.read_text(errors="replace")[-3000:]
            self.down()
            raise SystemExit(f"The web server did not answer on {self.url}:\n{tail}")

    def watch(self) -> None:
        """Restart processes that died, until a signal comes."""
        while not self.ending:
            for process in self.processes:
                if process.dead() and time.monotonic() - process.started > 1:
                    self.say(f"{process.name} ended; starting it again.")
                    process.signal_group(signal.SIGKILL)  # end the children that it left behind
                    process.start()
            time.sleep(0.3)

    def down(self) -> None:
        """Ask all processes to end, wait, then kill those left. Stop the servers last."""
        for process in self.processes:
            process.ask_to_end()
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and not all(process.dead() for process in self.processes):
            time.sleep(0.1)
        for process in self.processes:
            process.signal_group(signal.SIGKILL)
            if process.child is not None:
                process.child.wait()
        if self.servers is not None:
            self.servers.stop()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True


def serve(stack: Stack) -> None:
    """Run the stack until a signal comes, with a demo administrator (`make run`)."""
    try:
        stack.up()
        if not stack.ending:
            for line in stack.manage("demo_admin").splitlines():
                stack.say(line)
            stack.say(f"  Workbench   {stack.url}/app/")
            stack.say(f"  API docs    {stack.url}/api/docs")
            stack.say(f"  Admin       {stack.url}/admin/")
            stack.say(f"  Mail        {stack.manage('mail_goes_to').strip()}")
            stack.say(f"  Logs        {stack.data_dir / 'logs'}")
            stack.say("Ctrl-C stops everything.")
        stack.watch()
    finally:
        stack.down()
