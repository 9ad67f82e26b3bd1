"""A web process that can't read what workers store gets no traffic, and a worker's heartbeat is its own file."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
from django.utils import timezone

from scribe import heartbeat, storage, worker_files
from scribe.jobs import events
from scribe.worker_files import WorkerFile
from tests.live import Live, logs_of, wait


def test_a_file_that_this_process_reads_is_fine(client: Any, db: Any) -> None:
    worker_files.write("one@host")
    found = client.get("/health/ready").json()
    assert (found["checks"]["storage"], found["reasons"]) == ("ok", {})


def test_a_file_that_is_elsewhere_makes_ready_red_and_says_whose_it_is(client: Any, db: Any, caplog: Any) -> None:
    worker_files.write("one@host")
    storage.delete(WorkerFile.objects.get().key)
    for _ in range(3):
        found = client.get("/health/ready")
        assert (found.status_code, found.json()["checks"]["storage"]) == (503, "apart")
    assert "one@host" in found.json()["reasons"]["storage"]
    assert "S3_BUCKET" in found.json()["reasons"]["storage"]
    said = [record for record in caplog.records if "'part': 'storage'" in str(record.msg)]
    assert len(said) == 1  # and not with each probe
    WorkerFile.objects.update(written_at=timezone.now() - worker_files.CURRENT - timedelta(seconds=1))  # it has ended
    assert client.get("/health/ready").status_code == 200


def test_a_file_with_another_number_is_of_another_deployment(client: Any, db: Any) -> None:
    worker_files.write("one@host")
    row = WorkerFile.objects.get()
    (Path(storage.default_storage.location) / row.key).write_text(str(row.pk + 1))  # type: ignore[attr-defined]
    assert list(worker_files.unreadable()) == [row]


def test_old_files_go_with_their_rows(db: Any) -> None:
    for worker in ("one@host", "two@host"):
        worker_files.write(worker)
    one, two = WorkerFile.objects.order_by("pk")
    WorkerFile.objects.filter(pk=one.pk).update(written_at=timezone.now() - worker_files.CURRENT * 2)
    WorkerFile.objects.filter(pk=two.pk).update(written_at=timezone.now() - worker_files.KEPT * 2)
    worker_files.write("one@host")
    assert not storage.exists(one.key)
    assert not storage.exists(two.key)
    assert [row.worker for row in WorkerFile.objects.all()] == ["one@host"]


class TestAHeartbeat:
    @pytest.fixture
    def beat(self) -> heartbeat.Heartbeat:
        return heartbeat.Heartbeat(None)

    def test_a_loop_that_runs_lives(self, beat: heartbeat.Heartbeat) -> None:
        beat.tick()
        assert beat.lives()

    def test_a_loop_that_stands_still_does_not(self, beat: heartbeat.Heartbeat) -> None:
        beat.ticked = time.monotonic() - heartbeat.STALLED - 1
        assert not beat.lives()

    def test_without_the_broker_nobody_is_restarted(self, beat: heartbeat.Heartbeat, monkeypatch: Any) -> None:
        away = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
        monkeypatch.setattr(events, "_client", away)
        beat.ticked = time.monotonic() - heartbeat.STALLED - 1
        assert beat.lives()

    def test_a_beat_that_fails_is_not_the_last(self, beat: heartbeat.Heartbeat, monkeypatch: Any) -> None:
        tried: list[float] = []

        def fail() -> None:
            tried.append(time.monotonic())
            if len(tried) == 2:
                beat.ended.set()
            raise OSError("no space left on device")

        monkeypatch.setattr(heartbeat, "SECONDS", 0.01)
        monkeypatch.setattr(beat, "beat", fail)
        thread = threading.Thread(target=beat.beat_for_ever)  # it takes a connection of its own
        thread.start()
        thread.join(20)
        assert len(tried) == 2


def test_a_worker_beats_and_writes_and_a_web_with_a_folder_of_its_own_is_not_ready(
    committed: Any, tmp_path: Path
) -> None:
    """Two processes with a folder each, as two pods without a volume that they share."""
    web = Live("web", DATA_DIR=str(tmp_path / "web"))
    # Another stack on this machine may have a worker of this name.
    worker = Live("worker-webhooks", DATA_DIR=str(tmp_path / "worker"), TMPDIR=str(tmp_path))
    worker.stack.wait_until_it_answers = lambda seconds=0: None  # type: ignore[method-assign]
    try:
        web.start()
        assert web.call("GET", "/health/ready").json()["status"] == "ok"
        worker.start()
        row = wait(lambda: WorkerFile.objects.first())
        name = row.worker.split(" ")[0]
        file = tmp_path / heartbeat.path(name).name
        assert file.exists()
        found = wait(lambda: (r := web.call("GET", "/health/ready", status=None)).status_code == 503 and r.json())
        assert found["checks"]["storage"] == "apart"
        assert name in found["reasons"]["storage"]
        child = worker.process("worker-webhooks").child
        for process in [*psutil.Process(child.pid).children(recursive=True), psutil.Process(child.pid)]:
            process.suspend()  # it hangs
        before = file.stat().st_mtime
        time.sleep(heartbeat.SECONDS + 1)
        assert file.stat().st_mtime == before
        for process in [*psutil.Process(child.pid).children(recursive=True), psutil.Process(child.pid)]:
            process.resume()
        wait(lambda: file.stat().st_mtime > before)
        os.kill(child.pid, signal.SIGTERM)
        child.wait(timeout=60)
        assert not file.exists()
    except AssertionError:
        print(logs_of(worker), logs_of(web))
        raise
    finally:
        worker.stop()
        web.stop()
