"""The question to Cloudflare, when a secret is set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from tests.accounts.conftest import PASSWORD, Mails
from tests.fakes.identity import FakeIdentity
from tests.helpers import Api

BODY = {"email": "vera@example.com", "password": PASSWORD, "company_name": "Bottle Shop"}


@pytest.fixture
def turnstile(mails: Mails, settings: Any) -> Iterator[FakeIdentity]:
    with FakeIdentity() as fake:
        settings.TURNSTILE_SECRET = "turnstile-secret"
        settings.TURNSTILE_VERIFY_URL = f"{fake.url}/siteverify"
        yield fake


def test_a_person_registers_and_the_token_serves_once(turnstile: FakeIdentity, api: Api) -> None:
    turnstile.humans.add("human")
    api.post("auth/register", {**BODY, "turnstile_token": "human"}, status=201)
    api.post("auth/register", {**BODY, "email": "other@example.com", "turnstile_token": "human"}, status=400)


@pytest.mark.parametrize("token", [None, "", "robot", "x" * 3000])
def test_a_robot_is_400(turnstile: FakeIdentity, api: Api, token: str | None) -> None:
    reply = api.post("auth/register", {**BODY, "turnstile_token": token}, status=400)
    assert reply["code"] == "turnstile_failed"
    assert not User.objects.exists()


@pytest.mark.parametrize("trouble", ["down", "garbled"])
def test_an_outage_is_503_and_never_a_pass(turnstile: FakeIdentity, api: Api, trouble: str) -> None:
    turnstile.humans.add("human")
    setattr(turnstile, trouble, True)
    reply = api.post("auth/register", {**BODY, "turnstile_token": "human"}, status=503)
    assert reply["code"] == "turnstile_unavailable"
    assert api.last["Retry-After"]
    assert not User.objects.exists()


def test_nobody_listening_is_503(turnstile: FakeIdentity, api: Api, settings: Any) -> None:
    settings.TURNSTILE_VERIFY_URL = "http://127.0.0.1:9/siteverify"
    api.post("auth/register", {**BODY, "turnstile_token": "human"}, status=503)
