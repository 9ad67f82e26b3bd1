"""Rate limits of sign-in, codes and registration, per address; on in these tests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.conftest import PASSWORD
from tests.helpers import Api


@pytest.fixture
def limited(db: Any, settings: Any) -> None:
    settings.RATE_LIMIT_FACTOR = 1.0


def statuses(path: str, bodies: list[dict[str, Any]], address: str = "") -> list[int]:
    api = Api()
    if address:
        api.client.defaults["REMOTE_ADDR"] = address
    return [
        int(api.client.post(f"/api/v1/{path}", body, content_type="application/json").status_code) for body in bodies
    ]


def test_ten_sign_ins_a_minute_from_one_address(limited: None) -> None:
    bodies = [{"email": f"nobody{n}@example.com", "password": "wrong"} for n in range(12)]
    assert statuses("auth/login", bodies) == [401] * 10 + [429] * 2
    assert statuses("auth/login", bodies[:1], "203.0.113.5") == [401]


def test_ten_registrations_an_hour_from_one_address(limited: None) -> None:
    bodies = [{"email": f"v{n}@example.com", "password": PASSWORD, "company_name": "Shop"} for n in range(11)]
    assert statuses("auth/register", bodies) == [201] * 10 + [429]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("auth/forgot-password", {"email": "nobody@example.com"}, 200),
        ("auth/reset-password", {"token": "x", "new_password": "y"}, 400),
        ("auth/verify-2fa", {"temp_token": "x", "code": "123456"}, 401),
        ("auth/resend-2fa", {"temp_token": "x"}, 401),
        ("auth/2fa/setup-with-temp", {"temp_token": "x", "method": "totp"}, 401),
        ("auth/2fa/confirm-with-temp", {"temp_token": "x", "code": "123456"}, 401),
        ("invitations/accept", {"token": "x", "password": PASSWORD}, 409),
    ],
)
def test_guessing_codes_and_links_is_slow(limited: None, path: str, body: dict[str, Any], status: int) -> None:
    assert statuses(path, [body] * 11) == [status] * 10 + [429]


def test_the_answer_says_when_to_come_back(limited: None) -> None:
    api = Api()
    for _ in range(10):
        api.post("auth/login", {"email": "x@example.com", "password": "x"}, status=401 if _ < 5 else 429)
    api.post("auth/login", {"email": "y@example.com", "password": "x"}, status=429)
    assert 1 <= int(api.last["Retry-After"]) <= 60
    assert api.last["RateLimit-Limit"] == "10"
