"""Reset by mail, and the change from inside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tasks
from accounts.models import OneTimeToken, SignInFailure
from tests.accounts.conftest import Mails, Person, add_member, bearer, register
from tests.helpers import Api

NEW = "another long secret"


def ask(person: Person, mails: Mails) -> str:
    Api().post("auth/forgot-password", {"email": person.email})
    return mails.token(person.email, "reset-password")


def reset(token: str, password: str = NEW, status: int = 200) -> Any:
    return Api().post("auth/reset-password", {"token": token, "new_password": password}, status=status)


def test_the_mailed_link_sets_a_password_and_ends_every_session(owner: Person, mails: Mails) -> None:
    reset(ask(owner, mails))
    owner.api.get("users/me", 401)
    owner.sign_in(401)
    assert owner.sign_in(password=NEW)["access_token"]
    assert mails.last(owner.email, "password was changed")


def test_a_used_token_is_400(owner: Person, mails: Mails) -> None:
    token = ask(owner, mails)
    reset(token)
    assert reset(token, "yet another secret", 400)["code"] == "invalid_token"


def test_a_newer_link_kills_the_older_one(owner: Person, mails: Mails) -> None:
    first = ask(owner, mails)
    second = ask(owner, mails)
    assert first != second
    reset(first, status=400)
    reset(second)


def test_a_done_reset_kills_the_link_of_the_welcome_mail_too(owner: Person, mails: Mails) -> None:
    mira = add_member(owner)
    welcome = mails.token(mira.email, "reset-password")
    reset(ask(mira, mails))
    reset(welcome, status=400)


def test_a_change_of_password_kills_links_under_way(owner: Person, mails: Mails) -> None:
    token = ask(owner, mails)
    owner.api.patch("users/me", {"password": NEW, "current_password": owner.password})
    reset(token, "yet another secret", 400)


def test_a_link_lives_one_hour(owner: Person, mails: Mails) -> None:
    token = ask(owner, mails)
    row = OneTimeToken.objects.get(purpose="reset-password")
    assert abs(row.expires_at - timezone.now() - timedelta(hours=1)) < timedelta(seconds=30)
    OneTimeToken.objects.update(expires_at=timezone.now())
    reset(token, status=400)


def test_a_weak_password_is_400_and_the_link_still_works(owner: Person, mails: Mails) -> None:
    token = ask(owner, mails)
    assert reset(token, "12345678", 400)["errors"][0]["pointer"] == "#/new_password"
    reset(token)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(owner: Person, mails: Mails) -> None:
    known = Api().post("auth/forgot-password", {"email": owner.email})
    unknown = Api().post("auth/forgot-password", {"email": "nobody@example.com"})
    assert known == unknown
    assert not mails.to("nobody@example.com")


def test_an_unknown_address_costs_the_request_as_much(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.request_password_reset, "apply_async", lambda *asked, **how: None)  # tells nobody

    def statements(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            Api().post("auth/forgot-password", {"email": address})
        return [query["sql"].replace(address, "") for query in queries]

    statements("warm@example.com")
    assert statements(owner.email) == statements("nobody@example.com")


def test_the_token_of_a_verification_does_not_reset(mails: Mails) -> None:
    vera = register()
    reset(mails.token(vera.email, "verify-email"), status=400)


def test_a_reset_proves_the_address(mails: Mails) -> None:
    vera = register()
    reset(ask(vera, mails))
    assert bearer(vera.sign_in(password=NEW)["access_token"]).get("users/me")["email_verified"] is True


def test_a_reset_opens_the_lock(owner: Person, mails: Mails) -> None:
    for _ in range(5):
        owner.sign_in(401, password="wrong")
    owner.sign_in(429)
    reset(ask(owner, mails))
    owner.sign_in(password=NEW)


def test_a_reset_does_not_pass_the_second_factor(owner: Person, mails: Mails) -> None:
    from tests.accounts.conftest import enable_totp

    enable_totp(owner)
    reset(ask(owner, mails))
    assert owner.sign_in(password=NEW)["access_token"] is None


def test_a_deactivated_user_gets_no_link(owner: Person, member: Person, mails: Mails) -> None:
    owner.api.delete(f"users/{member.id}")
    before = len(mails.to(member.email))
    Api().post("auth/forgot-password", {"email": member.email})
    assert len(mails.to(member.email)) == before


def test_a_change_keeps_the_calling_session_and_ends_the_others(owner: Person) -> None:
    other = bearer(owner.sign_in()["access_token"])
    owner.api.patch("users/me", {"password": NEW, "current_password": owner.password})
    owner.api.get("users/me")
    other.get("users/me", 401)
    owner.sign_in(401)


def test_a_wrong_current_password_is_403_and_changes_nothing(owner: Person) -> None:
    body = {"password": NEW, "current_password": "wrong", "first_name": "Changed"}
    assert owner.api.patch("users/me", body, status=403)["code"] == "wrong_password"
    owner.sign_in()
    assert owner.api.get("users/me")["first_name"] == "Vera"


def test_guessing_the_current_password_is_locked_out(owner: Person) -> None:
    SignInFailure.objects.all().delete()
    body = {"password": NEW, "current_password": "wrong"}
    for _ in range(5):
        owner.api.patch("users/me", body, status=403)
    owner.api.patch("users/me", {**body, "current_password": owner.password}, status=429)


def test_no_current_password_is_400(owner: Person) -> None:
    reply = owner.api.patch("users/me", {"password": NEW}, status=400)
    assert reply["errors"][0]["pointer"] == "#/current_password"
