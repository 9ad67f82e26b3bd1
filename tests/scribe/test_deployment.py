"""A deployment's defaults: health checks and scrapes by address, beat's heartbeat, timeouts, static files."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import requests
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.templatetags.static import static
from django.test import Client, RequestFactory, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from scribe import beat, database
from scribe.api import health
from scribe.jobs.events import valkey
from scribe.static_files import HashedStaticFiles
from tests.live import Live

ROOT = Path(__file__).resolve().parent.parent.parent


def example() -> dict[str, str]:
    """The values of `.env.example` that are not empty."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value for name, value in named.items() if value}


class TestAProductionWeb:
    @pytest.fixture(scope="class")
    def live(self, django_db_setup: None, django_db_blocker: Any) -> Iterator[Live]:
        given = example()
        assert given["ALLOWED_HOSTS"] == "api.example.com"
        assert given["PUBLIC_URL"].startswith("https://")
        mine = {name: given[name] for name in ("ALLOWED_HOSTS", "PUBLIC_URL", "FRONTEND_URL", "DEBUG")}
        with django_db_blocker.unblock():
            live = Live("web", **mine, METRICS_TOKEN="for-prometheus")
            live.start()
        yield live
        live.stop()

    @pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready"])
    def test_health_checks_by_address_are_answered(self, live: Live, path: str) -> None:
        """The container's own check was refused with 400 once ALLOWED_HOSTS was set, and nothing was logged."""
        for host in ("127.0.0.1", f"127.0.0.1:{live.port}", "10.42.0.17:8000", "api.example.com"):
            found = requests.get(live.url + path, headers={"Host": host}, allow_redirects=False, timeout=30)
            assert (found.status_code, found.json()["status"]) == (200, "ok"), host

    def test_prometheus_reads_by_address_with_its_token(self, live: Live) -> None:
        headers = {"Host": "10.42.0.17:8000", "Authorization": "Bearer for-prometheus"}
        found = requests.get(live.url + "/metrics", headers=headers, allow_redirects=False, timeout=30)
        assert (found.status_code, "scribe_queue_depth" in found.text) == (200, True)
        assert requests.get(live.url + "/metrics", allow_redirects=False, timeout=30).status_code == 404

    def test_other_pages_keep_to_their_host_and_https(self, live: Live) -> None:
        stray = requests.get(live.url + "/api/v1/system/languages", allow_redirects=False, timeout=30)
        assert stray.status_code == 400
        plain = requests.get(live.url + "/app/", headers={"Host": "api.example.com"}, allow_redirects=False, timeout=30)
        assert (plain.status_code, plain.headers["Location"]) == (301, "https://api.example.com/app/")


def test_liveness_asks_no_other_part(client: Client) -> None:
    """No database mark: a query would fail this test."""
    assert client.get("/health/live").json()["status"] == "ok"


@pytest.mark.django_db
def test_readiness_says_which_part_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from scribe.jobs import events

    monkeypatch.setattr(events, "_client", redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2))
    found = client.get("/health/ready")
    assert (found.status_code, found.json()["checks"]["cache"]) == (503, "down")


class TestBeat:
    def test_each_tick_renews_the_heartbeat(self, tmp_path: Path) -> None:
        from scribe.celery import app

        valkey().delete(beat.KEY)
        assert beat.age() == float("inf")
        with pytest.raises(CommandError, match="never ticked"):
            call_command("beat_alive")
        scheduler = beat.HeartbeatScheduler(app, schedule_filename=str(tmp_path / "schedule"))
        assert scheduler.tick() <= beat.SECONDS
        assert beat.age() < 60
        call_command("beat_alive")

    def test_a_beat_that_was_asked_to_end_while_it_sent_something_ends(self, tmp_path: Path) -> None:
        """SIGTERM closes the schedule. The SystemExit that follows may be swallowed by what it interrupts."""
        from scribe.celery import app

        scheduler = beat.HeartbeatScheduler(app, schedule_filename=str(tmp_path / "schedule"))
        scheduler.tick()
        scheduler.close()
        with pytest.raises(SystemExit):
            scheduler.tick()

    def test_a_beat_that_stands_still_is_seen(self) -> None:
        valkey().set(beat.KEY, time.time() - 61)
        with pytest.raises(CommandError, match="Beat last ticked 61 s ago"):
            call_command("beat_alive")
        call_command("beat_alive", "--seconds", "90")


class TestTimeouts:
    @pytest.fixture
    def asked(self, django_db_blocker: object) -> Iterator[dict]:
        known = connections["default"].settings_dict["OPTIONS"]
        before = dict(known)
        known.pop("options", None)  # another test may have imported what limits this process
        yield known
        known.clear()
        known.update(before)

    @pytest.mark.thorough
    def test_connections_of_a_process_keep_to_its_timeouts(self, asked: dict) -> None:
        import psycopg

        if settings.DATABASE_POOLER:
            pytest.skip("a pooler passes no options on; tests/scribe/test_pooler.py has the roles' timeouts")
        database.limit(database.Timeouts(statement=1, lock=2, idle=3))
        known = connections["default"].settings_dict
        with psycopg.connect(
            host=known["HOST"], user=known["USER"], dbname=known["NAME"], options=asked["options"]
        ) as link:
            read = [
                link.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index]
                for name in (
                    "statement_timeout",
                    "lock_timeout",
                    "idle_in_transaction_session_timeout",
                    "max_parallel_workers_per_gather",
                )
            ]
            assert read == ["1s", "2s", "3s", "0"]
            with pytest.raises(psycopg.errors.QueryCanceled):
                link.execute("SELECT pg_sleep(30)")

    def test_a_pooler_without_options_is_left_alone(self, asked: dict, settings: object) -> None:
        settings.DATABASE_TIMEOUTS = False  # type: ignore[attr-defined]
        database.limit(database.WEB)
        assert "options" not in asked


@pytest.mark.django_db
def test_what_the_database_ends_for_its_length_is_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from scribe.api.problems import handle

    assert handle(OperationalError("canceling statement due to statement timeout")).status_code == 503


class TestStaticFiles:
    @pytest.fixture(scope="class")
    def collected(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("static")
        before = os.umask(0o077)  # as careful administrators have it
        try:
            with override_settings(STATIC_ROOT=folder):
                ignored = ["admin", "unfold", "rest_framework", "*.map", "*.LICENSE.txt"]
                call_command("collectstatic", "--noinput", "-v0", ignore_patterns=ignored)
        finally:
            os.umask(before)
        return folder

    def test_what_was_collected_is_compressed_and_kept_for_a_year(self, collected: Path) -> None:
        with override_settings(STATIC_ROOT=collected):
            name = HashedStaticFiles(location=collected).url(
                "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"
            )
            assert re.search(r"swagger-ui-bundle\.[0-9a-f]{12}\.js$", name)
            server = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))
            found = server(RequestFactory().get(name, headers={"Accept-Encoding": "gzip"}))
        assert found["Cache-Control"] == "max-age=315360000, public, immutable"
        assert found["Content-Encoding"] == "gzip"
        assert int(found["Content-Length"]) < 600_000

    def test_what_root_collected_another_user_serves(self, collected: Path) -> None:
        """The image's web could not start: its files were as private as uploads, and collected by root."""
        modes = {path.stat().st_mode & 0o777 for path in collected.rglob("*") if path.is_dir()}
        assert modes == {0o755}
        assert {path.stat().st_mode & 0o777 for path in collected.rglob("*") if path.is_file()} == {0o644}

    def test_modules_import_each_other_by_names_with_hashes(self, collected: Path) -> None:
        """Else a page would have two copies of one module: under its own name, and under that with a hash."""
        review = next((collected / "workbench").glob("review.????????????.js"))
        imported = re.findall(r'from "(\./[^"]+)"', review.read_text(encoding="utf-8"))
        assert len(imported) == 3
        assert all((review.parent / name).exists() and re.search(r"\.[0-9a-f]{12}\.js$", name) for name in imported)

    def test_a_bare_machine_serves_plain_names(self) -> None:
        assert static("workbench/workbench.css") == "/static/workbench/workbench.css"


def test_a_part_that_stays_down_is_logged_once(
    client: Client, monkeypatch: pytest.MonkeyPatch, db: Any, caplog: Any
) -> None:
    from scribe.jobs import events

    monkeypatch.setattr(events, "_client", redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2))
    monkeypatch.setattr(health, "_logged", {})
    for _ in range(3):
        assert client.get("/health/ready").status_code == 503
    said = [record for record in caplog.records if "'part': 'cache'" in str(record.msg)]
    assert len(said) == 1
    about_requests = logging.getLogger("django.request")
    assert not [
        record for record in caplog.records if record.name == "django.request" and about_requests.filter(record)
    ]
