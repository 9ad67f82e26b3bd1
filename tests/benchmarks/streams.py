"""500 open streams of one running job: every event arrives everywhere, soon, in little memory."""

from __future__ import annotations

import asyncio
import time

import psutil

from scribe import jobs
from scribe.jobs import lifecycle, worker
from scribe.jobs.registry import kinds
from tests import factories
from tests.live import Live

STREAMS = 500
EVENTS = 40


def run() -> list[tuple[str, float, float, float, str]]:
    user = factories.make_user()
    token = factories.token_of(user)
    live = Live("web", RATE_LIMIT_FACTOR="0")
    live.start()
    send, lifecycle.send = lifecycle.send, lambda job, after=0: None  # this process works on the job itself
    try:
        job = jobs.create(job_type="generation", organization=user.organization, total=EVENTS)
        holding = worker.Run(worker.claim(job.pk), kinds["generation"])
        web = psutil.Process(live.process("web").child.pid)
        live.call("GET", "/health")
        before = memory(web)
        delays, after = asyncio.run(measure(live.port, str(job.pk), token, holding, web))
        delays.sort()
        complete = len(delays) == STREAMS * (EVENTS + 1)
        p95 = delays[int(len(delays) * 0.95)]
        each = (after - before) / STREAMS / 1024
        return [
            (
                f"events that reached {STREAMS} streams",
                float(len(delays)),
                float(STREAMS * (EVENTS + 1)),
                float(complete),
                "≥ 1",
            ),
            (f"p95 delay of {STREAMS} streams (s)", p95, 1.0, p95, "≤ 1"),
            ("memory of a stream (KiB)", each, 100.0, each / 100, "≤ 1"),
        ]
    finally:
        lifecycle.send = send
        live.stop()


def memory(web: psutil.Process) -> int:
    return sum(process.memory_info().rss for process in [web, *web.children(recursive=True)])


async def measure(
    port: int, job_id: str, token: str, holding: worker.Run, web: psutil.Process
) -> tuple[list[float], int]:
    sent: dict[int, float] = {}
    delays: list[float] = []
    opened = asyncio.Semaphore(50)

    async def read() -> None:
        async with opened:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = (
                f"GET /api/v1/jobs/{job_id}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
            )
            writer.write(head.encode())
            while (await reader.readline()).strip():
                continue
        number = 0
        while line := await reader.readline():
            if line.startswith(b"id: "):
                number = int(line[4:])
            elif line.startswith(b"event: "):
                delays.append(time.monotonic() - sent[number])
                if line[7:].strip() == b"complete":
                    break
        writer.close()

    readers = [asyncio.create_task(read()) for _ in range(STREAMS)]
    await asyncio.sleep(6)
    after = await asyncio.to_thread(memory, web)

    def work() -> None:
        for number in range(1, EVENTS + 1):
            sent[number] = time.monotonic()
            with holding.settling():
                holding.emit("item", {"number": number})
            time.sleep(0.1)
        sent[EVENTS + 1] = time.monotonic()
        holding.finish(status="completed")

    await asyncio.to_thread(work)
    await asyncio.wait(readers, timeout=20)
    return delays, after
