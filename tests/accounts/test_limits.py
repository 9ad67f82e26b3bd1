"""Rate limits of sign-in, codes and registration, per address; on in these tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import mail_limits, notifications, passwords
from accounts.models import Invitation, Notification
from scribe.jobs.events import valkey
from tests.accounts.conftest import PASSWORD, Mails, Person, register
from tests.factories import make_user
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


def test_one_mailbox_opens_three_accounts_a_day_by_whatever_alias(limited: None, settings: Any) -> None:
    def body(address: str) -> dict[str, Any]:
        return {"email": address, "password": PASSWORD, "company_name": "Shop"}

    aliases = [body(f"vera+{n}@example.com") for n in range(3)]
    assert statuses("auth/register", [body("vera@example.com"), body("vera@example.com"), *aliases]) == [
        201,
        409,
        201,
        201,
        429,
    ]
    refused = Api().post("auth/register", body("vera+9@example.com"), 429)
    assert refused["code"] == "too_many_registrations"
    assert statuses("auth/register", [body("other@example.com")]) == [201]
    settings.RATE_LIMIT_FACTOR = 2.0
    assert statuses("auth/register", [body("vera+7@example.com")]) == [201]
    settings.RATE_LIMIT_FACTOR = 0
    assert statuses("auth/register", aliases[2:]) == [201]


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


def test_one_mailbox_gets_ten_invitations_a_day_whoever_sends_them(
    owner: Person, stranger: Person, mails: Mails, limited: None
) -> None:
    made = owner.api.post("invitations", {"email": "mira@example.com"}, status=201)
    for _ in range(5):
        owner.api.post(f"invitations/{made['id']}/resend")
    for number in range(4):
        stranger.api.post("invitations", {"email": f"Mira+{number}@example.com"}, status=201)
    valkey().flushdb()
    assert owner.api.post(f"invitations/{made['id']}/resend", status=429)["code"] == "too_many_mails"
    assert int(owner.api.last["Retry-After"]) > 3600
    stranger.api.post("invitations", {"email": "mira+9@example.com"}, status=429)
    owner.api.post("invitations", {"email": "vera@example.com"}, status=201)


def test_one_organization_sends_a_hundred_an_hour(owner: Person, limited: None, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "mail_sender": (3, 3600)}
    for number in range(3):
        owner.api.post("invitations", {"email": f"v{number}@example.com"}, status=201)
    valkey().flushdb()  # what guards mailboxes outlasts it
    owner.api.post("invitations", {"email": "v4@example.com"}, status=429)
    owner.api.post("users", {"email": "v5@example.com", "password": PASSWORD}, status=429)
    owner.api.patch("users/me", {"email": "v6@example.com", "current_password": PASSWORD}, status=429)


def test_changes_of_address_are_few(owner: Person, mails: Mails, limited: None) -> None:
    for number in range(10):
        owner.api.patch("users/me", {"email": f"v{number}@example.com", "current_password": PASSWORD})
    owner.api.patch("users/me", {"email": "v11@example.com", "current_password": PASSWORD}, status=429)
    assert len(mails.to(owner.email)) == 10  # the old address is told of each


def test_an_unverified_admin_reaches_nobody_elses_mailbox(mails: Mails) -> None:
    vera = register()
    member = make_user(vera.row.organization)
    vera.api.patch(f"users/{member.pk}", {"email": "victim@example.com"}, status=403)
    made = Invitation.objects.create(
        organization=vera.row.organization,
        email="victim@example.com",
        digest="d",
        expires_at=timezone.now() + timedelta(1),
    )
    assert vera.api.post(f"invitations/{made.pk}/resend", status=403)["code"] == "email_not_verified"
    assert mails.to("victim@example.com") == []
    vera.api.patch("users/me", {"email": "typo-mended@example.com", "current_password": PASSWORD})


@pytest.mark.thorough
def test_a_strangers_address_that_was_registered_gets_few_mails(mails: Mails, limited: None, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "code": (1000, 60)}
    vera = register("victim@example.com")
    for _ in range(9):
        vera.api.post("auth/resend-verification")
    for _ in range(5):
        vera.api.post("auth/resend-verification", status=429 if _ else 200)
    for number in range(30):
        passwords.change(user=vera.row, password=f"another long sentence {number}")
        notifications.notify(
            organization=vera.row.organization, event="job.finished", title="BUY AT evil.example", users=[vera.row]
        )
    letters = mails.to("victim@example.com")
    assert len(letters) == mail_limits.UNPROVEN_A_DAY
    assert not any("evil" in letter["Subject"] for letter in letters)
    assert Notification.objects.filter(user=vera.row).count() == 60, "the bell in the app shows them all"


def test_reset_links_come_five_an_hour_and_the_last_one_works(owner: Person, mails: Mails, limited: None) -> None:
    for _ in range(8):
        passwords.request_reset(email=owner.email)
    assert len([letter for letter in mails.to(owner.email) if "password" in letter["Subject"]]) == 5
    token = mails.token(owner.email, "reset-password")
    Api().post("auth/reset-password", {"token": token, "new_password": "another long sentence"})


def test_the_answer_says_when_to_come_back(limited: None) -> None:
    api = Api()
    for _ in range(10):
        api.post("auth/login", {"email": "x@example.com", "password": "x"}, status=401 if _ < 5 else 429)
    api.post("auth/login", {"email": "y@example.com", "password": "x"}, status=429)
    assert 1 <= int(api.last["Retry-After"]) <= 60
    assert api.last["RateLimit-Limit"] == "10"
