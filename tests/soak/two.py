"""`python -m tests.soak.two`: two of everything behind a proxy, one of each killed while streams and a shared job are under way.

Two web processes, two generation workers and beat, behind haproxy if it is installed (Debian's package), else behind a small proxy of
ours (`tests/soak/proxy.py`); both give each request to the next web process, whoever asks (no sticky sessions). A job of 2,000 items is
written by both workers while readers follow its stream and others ask for lists and balances. Then one worker and one web process get `kill -9`, and stay dead. The
report goes to standard output; the exit code is 1 when anything did not hold. TWO_ITEMS changes the number of items.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.outside_pytest import in_a_database_of_its_own

ITEMS = int(os.environ.get("TWO_ITEMS", "2000"))
READERS, LOOKERS = 8, 4
AT_ONCE = 4  # answers that each worker asks for at a time
LATENCY = 0.1
HAPROXY = """global
  maxconn 500
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  retries 3
  option redispatch
frontend front
  bind 127.0.0.1:{port}
  default_backend web
backend web
  balance roundrobin
  option httpchk GET /health/live
  default-server check inter 500ms fall 2 rise 1
{servers}
"""


def main() -> int:
    return in_a_database_of_its_own(play)


def play() -> int:
    from django.db import connection

    from scribe.local.servers import free_port
    from tests.benchmarks.generation import catalogue
    from tests.factories import token_of
    from tests.fakes.openai import OpenAI
    from tests.soak.caller import Caller, Tally

    with ExitStack() as running:
        model = running.enter_context(OpenAI(latency=LATENCY))
        model.keep = False
        live = _stack(model)
        second = free_port()
        connection.close()
        live.start()
        running.callback(live.stop)
        _add(live, "web-2", "web", {"PORT": str(second)})
        _add(live, "worker-generation-2", "worker-generation", {}, node="generation-2@%h")
        port = free_port()
        kind = running.enter_context(_Proxy(port, [live.port, second]))
        _until_both_answer([live.port, second, port])
        user, project = catalogue(ITEMS)
        tally, until = Tally(), time.monotonic() + 600
        caller = Caller(f"http://127.0.0.1:{port}", tally, until)
        caller.headers["Authorization"] = f"Bearer {token_of(user)}"
        before = _balance(user)
        began = time.monotonic()
        asked = {"job_type": "generation", "payload": {"ai_provider": "openai"}}
        job_id = caller.call("POST", f"projects/{project.pk}/jobs", json=asked)["job_id"]
        readers = [_Reader(caller, job_id) for _ in range(READERS)]
        lookers = [
            threading.Thread(target=_look, args=(caller, project.pk, job_id), daemon=True) for _ in range(LOOKERS)
        ]
        for thread in (*readers, *lookers):
            thread.start()
        told = [_kill_after(live, job_id, 0.25, "worker-generation"), _kill_after(live, job_id, 0.5, "web")]
        for thread in (*readers, *lookers):
            thread.join(until + 60 - time.monotonic())
        seconds = time.monotonic() - began
        _settled(job_id)
        print(f"# Two of everything behind {kind}: {ITEMS:,} items, {seconds:.0f} s\n")
        for line in told:
            print(f"killed:  {line}")
        return _report(tally, job_id, project, user, before, readers)


def _stack(model: Any) -> Any:
    from tests.live import Live

    return Live(
        "web",
        "worker-generation",
        "worker-default",
        "worker-webhooks",
        "worker-webhooks-slow",
        "beat",
        JOB_LEASE_SECONDS="6",
        WORKER_CONCURRENCY="1",
        OPENAI_BASE_URL=model.url + "/v1",
        OPENAI_API_KEY="sk-two",
        GENERATION_CONCURRENCY=str(AT_ONCE),
        OUTBOUND_ALLOWED_HOSTS=model.hostport,
    )


def _add(live: Any, part_name: str, like: str, changes: dict[str, str], *, node: str = "") -> None:
    """Start another process like a part of the stack."""
    from scribe.local.supervisor import Process

    part = live.process(like)
    command = list(part.command)
    if node:
        command[command.index("-n") + 1] = node
    added = Process(part_name, command, {**part.environment, **changes}, part.log.with_name(f"{part_name}.log"))
    live.stack.processes.append(added)
    added.start()


class _Proxy:
    """haproxy where it is installed, else ours."""

    def __init__(self, port: int, backends: list[int]) -> None:
        self.port, self.backends = port, backends
        self.folder = tempfile.TemporaryDirectory()

    def __enter__(self) -> str:
        program = shutil.which("haproxy") if os.environ.get("TWO_PROXY") != "ours" else None
        if program:
            servers = "\n".join(f"  server web{n} 127.0.0.1:{p}" for n, p in enumerate(self.backends, 1))
            path = Path(self.folder.name) / "haproxy.cfg"
            path.write_text(HAPROXY.format(port=self.port, servers=servers))
            command = [program, "-db", "-q", "-f", str(path)]
        else:
            command = [sys.executable, "-m", "tests.soak.proxy", str(self.port), *map(str, self.backends)]
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        return "haproxy" if program else "a proxy of ours"

    def __exit__(self, *_: object) -> None:
        self.child.terminate()
        self.child.wait(10)
        self.folder.cleanup()


def _until_both_answer(ports: list[int]) -> None:
    import requests

    from tests.live import wait

    def answers(port: int) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{port}/health/live", timeout=3).status_code == 200
        except requests.RequestException:
            return False

    for port in ports:
        wait(lambda port=port: answers(port), seconds=120)


class _Reader(threading.Thread):
    """Follows the job's stream to its end, over however many connections."""

    def __init__(self, caller: Any, job_id: str) -> None:
        from tests.soak.caller import Caller, Tally

        super().__init__(daemon=True)
        self.tally = Tally()
        self.caller = Caller("", self.tally, caller.until)
        self.caller.url, self.caller.headers = caller.url, caller.headers
        self.job_id = job_id

    def run(self) -> None:
        self.caller.follow(self.job_id)

    @property
    def seen(self) -> list[int]:
        return self.tally.streams.get(self.job_id, [])


def _look(caller: Any, project: Any, job_id: str) -> None:
    """Ask for lists and the balance until the job ends."""
    while caller.call("GET", f"jobs/{job_id}")["status"] in ("queued", "running"):
        caller.call("GET", f"projects/{project}/items?limit=50")
        caller.call("GET", "billing/balance")
        caller.tally.did("looks")
        time.sleep(0.1)


def _kill_after(live: Any, job_id: str, share: float, part: str) -> str:
    from django.utils import timezone

    from scribe.jobs.models import JobHelper
    from scribe.models import Job
    from tests.live import wait

    job = wait(lambda: Job.objects.filter(pk=job_id, progress_current__gte=ITEMS * share).first(), seconds=500)
    helpers = JobHelper.objects.filter(job=job_id, lease_until__gte=timezone.now()).count()
    live.kill(part)
    return f"{part} at {job.progress_current:,} items, with {1 + helpers} at the job"


def _settled(job_id: str) -> None:
    from scribe.models import Job
    from tests.live import wait

    wait(lambda: Job.objects.filter(pk=job_id, settled_at__isnull=False).exists(), seconds=120)


def _balance(user: Any) -> Decimal:
    from billing.models import Wallet

    wallet = Wallet.objects.get(organization=user.organization)
    return wallet.subscription_balance + wallet.topup_balance - wallet.overage_owed


def _report(tally: Any, job_id: str, project: Any, user: Any, before: Decimal, readers: list[Any]) -> int:
    from billing.models import Entry, UsageRecord
    from projects.models import ContentItem
    from scribe.models import Job, JobEvent
    from tests.soak import invariants

    job = Job.objects.get(pk=job_id)
    wrong = [*tally.wrong, *(line for reader in readers for line in reader.tally.wrong)]
    told = list(JobEvent.objects.filter(job=job).order_by("number").values_list("number", flat=True))
    moves = sum(reader.tally.replies[200] - 1 for reader in readers)
    cut = tally.broken + sum(reader.tally.broken for reader in readers)
    replies = tally.replies + sum((reader.tally.replies for reader in readers), start=type(tally.replies)())
    print("replies: " + ", ".join(f"{status}: {n}" for status, n in sorted(replies.items())))
    print(f"         {cut} connections cut or refused; {tally.done['looks']} rounds of lists and balances meanwhile")
    print(f"         {READERS} streams of {len(told):,} events each, which came back {moves} times by Last-Event-ID")
    written = ContentItem.objects.filter(project=project).exclude(generated_content={}).count()
    usage = Entry.objects.filter(organization=user.organization, transaction_type="usage")
    paid = UsageRecord.objects.filter(job_id=job.pk, outcome="ok").values_list("item_id", flat=True)
    others = UsageRecord.objects.filter(job_id=job.pk).exclude(outcome="ok").count()
    print(f"         job {job.status}: {written:,} items written; {len(paid):,} calls paid, {others} lost and free\n")
    checks = {
        "The job finished, and every item is written.": (job.status, job.progress_current, written)
        == ("completed", ITEMS, ITEMS),
        "Every reader saw every event once, in order.": told == list(range(1, len(told) + 1))
        and all(reader.seen == told for reader in readers),
        "The killed web process cut streams, and each went on at the other.": moves > 0,
        "Each item was charged once, and the balance is what is left.": len(paid) == len(set(paid)) == ITEMS
        and before + sum(entry.amount for entry in usage) == _balance(user),
    }
    for text, held in checks.items():
        print(f"{'holds' if held else 'BROKEN'}:   {text}")
        wrong += [] if held else [text]
    for invariant in (invariants.books, invariants.jobs, invariants.queues, invariants.items, invariants.events):
        found = list(invariant(tally, []))
        print(f"{'holds' if not found else 'BROKEN'}:   {(invariant.__doc__ or '').splitlines()[0]}")
        wrong += found
    for line in wrong[:40]:
        print(f"  ! {line}")
    print("\n" + ("Everything held." if not wrong else f"{len(wrong)} things did not hold."))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
