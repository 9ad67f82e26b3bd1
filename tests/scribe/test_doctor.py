"""`manage.py doctor` names what is wrong with an environment, and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from kombu.exceptions import OperationalError as BrokerError

from integrations.ai import key_check
from scribe import beat, doctor, mail_url
from scribe.api import health
from scribe.jobs import events
from tests.fakes.server import Reply, Request, Server
from tests.live import database_url

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db


def says(check: Any, *args: str) -> str:
    return "\n".join(f"{s.says} {s.advice} {'GRAVE' if s.grave else ''}" for s in check(*args))


@pytest.mark.thorough
def test_every_part_is_looked_at_and_a_missing_worker_named() -> None:
    events.valkey().delete(beat.KEY)
    out = StringIO()
    with pytest.raises(CommandError, match="keep the product from working"):
        call_command("doctor", stdout=out)
    said = out.getvalue()
    for part in (
        "keys",
        "address",
        "database",
        "broker",
        "cache",
        "storage",
        "mail",
        "clock",
        "workers",
        "beat",
        "models",
    ):
        assert f" {part} " in said
    assert "!! workers    No worker takes from the queue generation" in said
    assert "Start one: celery -A scribe worker -Q generation" in said
    assert "!! beat       never ticked" in said
    assert "ok database   PostgreSQL" in said
    assert "ok storage    writes, reads and deletes" in said
    assert "ok cache      writes and reads" in said
    assert "ok clock      clocks agree" in said


@pytest.mark.thorough
def test_a_part_that_fails_is_named_and_the_others_are_looked_at(monkeypatch: Any) -> None:
    import redis

    monkeypatch.setattr(events, "_client", redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2))
    found = {part: symptom for part, symptom in doctor.examine() if symptom.grave}
    assert found["broker"].advice == "Check REDIS_URL, and that Valkey runs and lets this machine in."
    assert "does not work: ConnectionError" in found["broker"].says


# What an installation without one of kombu's packages says, in a process of its own: kombu remembers what it has loaded.
WITHOUT_PACKAGING = """
import sys
sys.modules["packaging"] = None
import django
django.setup()
from scribe import doctor
from scribe.api import health
for part, symptom in doctor.examine():
    if symptom.grave:
        print(part, symptom.says, symptom.advice, sep="|")
print("health", *health.look()[0].values(), sep="|")
"""


def test_a_package_that_is_missing_is_not_taken_for_an_unreachable_broker(committed: Any) -> None:
    """Doctor said "Check REDIS_URL" and health "down" of an installation from which neither workers nor beat could start."""
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_PACKAGING],
        env={**os.environ, "DATABASE_URL": database_url()},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    said = {part: rest for part, *rest in (line.split("|") for line in ran.stdout.splitlines())}
    for part in ("broker", "workers"):
        words, advice = said[part]
        assert words.startswith("does not work: ModuleNotFoundError: No module named 'packaging"), words
        assert advice == doctor.INCOMPLETE
    assert said["health"] == ["ok", "ok", "broken", "ok"]


@pytest.mark.thorough
def test_an_unreachable_broker_is_down(monkeypatch: Any) -> None:
    from scribe.celery import app

    monkeypatch.setattr(app.conf, "broker_read_url", "redis://127.0.0.1:1/0")
    assert health.look(["broker"])[0] == {"broker": "down"}
    with pytest.raises(BrokerError, match="refused"):
        list(doctor.broker())


def test_addresses(settings: Any) -> None:
    settings.PUBLIC_URL, settings.HTTPS = "https://api.example.com", True
    settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES = ["other.example.com"], []
    said = says(doctor.address)
    assert "ALLOWED_HOSTS lacks api.example.com" in said
    assert "TRUSTED_PROXIES is empty" in said
    assert said.count("GRAVE") == 2
    settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES = [".example.com"], ["10.0.0.0/8"]
    assert "GRAVE" not in says(doctor.address)
    settings.ALLOWED_HOSTS = ["*"]
    assert "takes any host" in says(doctor.address)


def test_keys(settings: Any) -> None:
    assert "1 encryption keys are usable" in says(doctor.keys)
    settings.SECRET_KEY = settings.JWT_SIGNING_KEY = "short"
    settings.FIELD_ENCRYPTION_KEYS = ["nonsense"]
    settings.DEBUG = True
    said = says(doctor.keys)
    for words in ("SECRET_KEY has 5 characters", "are the same", "no Fernet key", "DEBUG is on"):
        assert words in said


def test_mail_is_sent_to_whom_is_named_and_plain_mail_is_warned_of(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "XC Scribe <hello@shop.test>"
    assert "a mail to ann@shop.test was taken" in says(doctor.mail, "ann@shop.test")
    assert [(sent.to, sent.from_email) for sent in mail.outbox] == [(["ann@shop.test"], settings.DEFAULT_FROM_EMAIL)]
    settings.MAIL = mail_url.read("smtp+plain://mail.example.com:25", ROOT)
    assert "unencrypted" in says(doctor.mail, "")


def test_a_clock_that_is_off(monkeypatch: Any) -> None:
    import time

    real = time.time
    monkeypatch.setattr(doctor.time, "time", lambda: real() - 90)
    said = says(doctor.clock)
    assert "the database's clock is +90." in said
    assert "GRAVE" in said


class ModelList(Server):
    """A provider that takes the key `good` alone."""

    async def answer(self, request: Request) -> Reply:
        key = request.headers.get("x-api-key") or request.headers.get("authorization", "").removeprefix("Bearer ")
        if key == "good" and (request.method, request.path.rpartition("/")[2]) == ("GET", "models"):
            return Reply(200, {"data": []})
        return Reply(401, {"error": {"message": "invalid x-api-key"}})


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_keys_of_models_are_tried(settings: Any, provider: str) -> None:
    with ModelList() as models:
        setattr(settings, f"{provider.upper()}_BASE_URL", models.url)
        for key, words in (("good", "takes the key"), ("bad", "refuses the key (401)")):
            setattr(settings, f"{provider.upper()}_API_KEY", key)
            assert words in key_check.symptom(provider).says
        setattr(settings, f"{provider.upper()}_BASE_URL", "http://127.0.0.1:1")
        assert "can't be reached" in key_check.symptom(provider).says


class Odd(Server):
    reply = Reply(200)

    async def answer(self, request: Request) -> Reply:
        return self.reply


GEMINI = [
    {"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}}
]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, GEMINI, "google refuses the key (400)"),
        (400, {"error": {"message": "Unknown parameter"}}, "google answered 400"),
        (204, b"", "google answered 204"),
        (302, b"", "google answered 302"),
    ],
)
def test_nothing_but_the_list_means_that_a_key_is_taken(settings: Any, status: int, body: Any, words: str) -> None:
    with Odd() as models:
        models.reply = Reply(status, body)
        settings.GOOGLE_BASE_URL, settings.GOOGLE_API_KEY = models.url, "k"
        assert words in key_check.symptom("google").says
