"""Signing in and out: tokens, sessions, lock-out."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, ClassVar

import jwt
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import lockout
from accounts.hashers import Argon2
from accounts.models import RetiredToken, Session, SignInFailure, User
from tests.accounts.conftest import PASSWORD, Mails, Person, add_member, bearer, register
from tests.helpers import Api


def claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, settings.JWT_SIGNING_KEY, algorithms=["HS256"])
    return found


def test_sign_in_gives_a_token_with_the_agreed_claims_and_lifetime(owner: Person) -> None:
    reply = owner.sign_in()
    assert reply["two_factor_required"] is False
    assert reply["temp_token"] is None
    found = claims(reply["access_token"])
    assert found["sub"] == owner.id
    assert found["org"] == owner.organization_id
    assert {"sid", "jti", "iat", "auth_time"} <= set(found)
    assert found["exp"] - found["iat"] == 3600


def test_sign_in_takes_the_address_in_any_case(owner: Person, api: Api) -> None:
    assert api.post("auth/login", {"email": owner.email.upper(), "password": owner.password})["access_token"]


def test_wrong_password_unknown_address_and_deactivated_user_read_the_same(
    owner: Person, member: Person, api: Api
) -> None:
    owner.api.delete(f"users/{member.id}")
    answers = [
        api.post("auth/login", {"email": owner.email, "password": "wrong"}, status=401),
        api.post("auth/login", {"email": "nobody@example.com", "password": "wrong"}, status=401),
        api.post("auth/login", {"email": member.email, "password": member.password}, status=401),
    ]
    for answer in answers:
        answer.pop("request_id")
    assert answers[0] == answers[1] == answers[2]


class CountingHasher(Argon2):
    verified: ClassVar[list[str]] = []  # the cost parameters of each hash that was compared

    def verify(self, password: str, encoded: str) -> bool:
        self.verified.append("$".join(encoded.split("$")[:-2]))
        return super().verify(password, encoded)


def test_an_unknown_address_costs_as_much_as_a_wrong_password(owner: Person, api: Api, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]

    def work(address: str) -> tuple[list[str], int]:
        CountingHasher.verified.clear()
        with CaptureQueriesContext(connection) as queries:
            api.post("auth/login", {"email": address, "password": "wrong"}, status=401)
        return list(CountingHasher.verified), len(queries)

    work("warm@example.com")
    known, unknown = work(owner.email), work("nobody@example.com")
    assert len(known[0]) == 1
    assert known == unknown


@pytest.mark.parametrize("body", [{}, {"email": "a@example.com"}, {"email": None, "password": "x"}, []])
def test_a_malformed_sign_in_is_400(db: Any, api: Api, body: Any) -> None:
    api.post("auth/login", body, status=400)


def test_logout_ends_this_session_and_no_other(owner: Person) -> None:
    other = bearer(owner.sign_in()["access_token"])
    owner.api.post("auth/logout")
    owner.api.get("users/me", 401)
    other.get("users/me")


def test_logout_all_ends_every_session_at_once(owner: Person) -> None:
    other = bearer(owner.sign_in()["access_token"])
    owner.api.post("auth/logout-all")
    owner.api.get("users/me", 401)
    other.get("users/me", 401)
    bearer(owner.sign_in()["access_token"]).get("users/me")


def test_refresh_gives_a_fresh_token_of_the_same_session(owner: Person) -> None:
    fresh = owner.api.post("auth/refresh")
    assert fresh["token_type"] == "bearer"
    old, new = claims(owner.token), claims(fresh["access_token"])
    assert (old["sid"], old["auth_time"]) == (new["sid"], new["auth_time"])
    assert old["jti"] != new["jti"]
    bearer(fresh["access_token"]).get("users/me")


def test_the_old_token_lives_a_minute_more_and_then_is_dead(owner: Person) -> None:
    fresh = bearer(owner.api.post("auth/refresh")["access_token"])
    owner.api.get("users/me")  # the other tab
    owner.api.post("auth/refresh")  # whose refresh does not prolong the old one
    row = RetiredToken.objects.get(jti=claims(owner.token)["jti"])
    assert timedelta(seconds=50) < row.dies_at - timezone.now() <= timedelta(seconds=60)
    RetiredToken.objects.filter(pk=row.pk).update(dies_at=timezone.now())
    owner.api.get("users/me", 401)
    owner.api.post("auth/refresh", status=401)
    fresh.get("users/me")


def test_refresh_ends_30_days_after_the_sign_in(owner: Person) -> None:
    session = Session.objects.get(pk=claims(owner.token)["sid"])
    assert abs(session.expires_at - session.created_at - timedelta(days=30)) < timedelta(seconds=5)
    Session.objects.filter(pk=session.pk).update(expires_at=timezone.now() + timedelta(minutes=5))
    last = claims(owner.api.post("auth/refresh")["access_token"])
    assert last["exp"] <= time.time() + 301  # no token outlives its session
    Session.objects.filter(pk=session.pk).update(expires_at=timezone.now())
    owner.api.post("auth/refresh", status=401)


def test_a_refreshed_token_dies_with_logout_too(owner: Person) -> None:
    fresh = bearer(owner.api.post("auth/refresh")["access_token"])
    owner.api.post("auth/logout")
    fresh.get("users/me", 401)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-4] + "AAAA",
        lambda token: jwt.encode({**claims(token)}, "another key that is long enough to be taken", algorithm="HS256"),
        lambda token: jwt.encode({**claims(token)}, None, algorithm="none"),
        lambda token: jwt.encode({**claims(token), "exp": 1}, settings.JWT_SIGNING_KEY, algorithm="HS256"),
        lambda token: jwt.encode({**claims(token), "typ": "temp"}, settings.JWT_SIGNING_KEY, algorithm="HS256"),
        lambda token: jwt.encode({**claims(token), "sid": "x"}, settings.JWT_SIGNING_KEY, algorithm="HS256"),
        lambda token: jwt.encode({**claims(token), "sub": "x"}, settings.JWT_SIGNING_KEY, algorithm="HS256"),
        lambda token: "",
        lambda token: "nonsense",
    ],
)
def test_a_forged_or_dead_token_is_401(owner: Person, forge: Any) -> None:
    reply = bearer(forge(owner.token)).get("users/me", 401)
    assert reply["status"] == 401


def test_a_session_of_another_user_does_not_carry_a_token(owner: Person, stranger: Person) -> None:
    mixed = {**claims(owner.token), "sid": claims(stranger.token)["sid"]}
    bearer(jwt.encode(mixed, settings.JWT_SIGNING_KEY, algorithm="HS256")).get("users/me", 401)


def test_the_whole_caller_comes_in_one_statement(owner: Person, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        owner.api.get("users/me/email-preferences")


def test_five_failures_make_this_account_wait_here_and_nowhere_else(owner: Person, stranger: Person) -> None:
    for _ in range(5):
        owner.sign_in(401, password="wrong")
    locked = owner.sign_in(429)  # even with the right password: the answer tells nothing
    assert locked["code"] == "too_many_attempts"
    stranger.sign_in()
    elsewhere = Api()
    elsewhere.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    elsewhere.post("auth/login", {"email": owner.email, "password": owner.password})


def test_an_unknown_address_is_locked_just_the_same(db: Any, api: Api) -> None:
    body = {"email": "nobody@example.com", "password": "wrong"}
    for _ in range(5):
        api.post("auth/login", body, status=401)
    api.post("auth/login", body, status=429)
    assert 1 <= int(api.last["Retry-After"]) <= 60


def test_the_wait_is_60_seconds_first_then_grows_and_never_lasts(owner: Person) -> None:
    for _ in range(5):
        owner.sign_in(401, password="wrong")
    row = SignInFailure.objects.get(failures=5, locked_until__isnull=False)
    assert timedelta(seconds=50) < row.locked_until - timezone.now() <= timedelta(seconds=60)
    waits = []
    for _ in range(8):
        SignInFailure.objects.filter(pk=row.pk).update(locked_until=timezone.now())
        owner.sign_in(401, password="wrong")
        row.refresh_from_db()
        waits.append((row.locked_until - timezone.now()).total_seconds())
    assert waits[0] > 60
    assert waits[0] < waits[1] <= 900 + 1
    assert waits[-1] <= 900
    SignInFailure.objects.filter(pk=row.pk).update(locked_until=timezone.now())
    owner.sign_in()
    assert not SignInFailure.objects.filter(pk=row.pk).exists()


def guess_from(address: str, person: Person) -> int:
    crowd = Api()
    crowd.client.defaults["REMOTE_ADDR"] = address
    body = {"email": person.email, "password": "wrong"}
    return int(crowd.client.post("/api/v1/auth/login", body, content_type="application/json").status_code)


def test_a_guessing_crowd_has_to_take_turns_and_the_owner_does_not(owner: Person, stranger: Person) -> None:
    assert [guess_from(f"198.51.100.{number}", owner) for number in range(20)] == [401] * 20
    assert [guess_from(f"198.51.100.{number}", owner) for number in range(100, 104)] == [401, 429, 429, 429]
    owner.sign_in()
    owner.sign_in()  # at once again: this is a place that the owner has signed in from
    stranger.sign_in()


def let_the_gap_pass() -> None:
    SignInFailure.objects.filter(failures__gte=20).update(locked_until=timezone.now())


@pytest.mark.thorough
def test_the_longer_the_crowd_guesses_the_slower_it_gets(owner: Person) -> None:
    """One guess every three seconds for ever were 28,800 a day."""
    for number in range(20):
        guess_from(f"198.51.100.{number}", owner)
    gaps = []
    for number in range(100):
        assert guess_from(f"203.0.113.{number}", owner) == 401
        row = SignInFailure.objects.get(failures__gte=20)
        assert row.locked_until is not None
        gaps.append((row.locked_until - timezone.now()).total_seconds())
        let_the_gap_pass()
    assert 3 < gaps[0] <= 5
    assert [round(gap, -1) for gap in gaps] == sorted(round(gap, -1) for gap in gaps)
    assert gaps[-1] > 590
    assert lockout.gap_of(10**9) == lockout.LONGEST_GAP


def test_a_known_device_comes_in_from_anywhere_while_the_crowd_guesses(owner: Person, stranger: Person) -> None:
    known, foreign = owner.sign_in()["device_token"], stranger.sign_in()["device_token"]
    for number in range(21):
        guess_from(f"198.51.100.{number}", owner)
    body = {"email": owner.email, "password": PASSWORD}
    elsewhere = Api()
    elsewhere.client.defaults["REMOTE_ADDR"] = "203.0.113.200"
    for token in ("", "made:up", foreign):
        elsewhere.post("auth/login", {**body, "device_token": token}, status=429)
        assert int(elsewhere.last["Retry-After"]) <= 600
    found = elsewhere.post("auth/login", {**body, "device_token": known})
    assert found["access_token"]
    bearer(known).get("users/me", 401)  # it opens nothing
    other = Api()
    other.client.defaults["REMOTE_ADDR"] = "203.0.113.201"
    for _ in range(5):  # and whoever has stolen it waits like everybody after five failures
        other.post("auth/login", {**body, "password": "x", "device_token": known}, status=401)
    other.post("auth/login", {**body, "password": "x", "device_token": known}, status=429)


def test_what_is_refused_unasked_is_not_held_against_the_place(owner: Person) -> None:
    for number in range(21):
        guess_from(f"198.51.100.{number}", owner)
    for _ in range(8):
        assert guess_from("203.0.113.7", owner) == 429
    let_the_gap_pass()
    assert guess_from("203.0.113.7", owner) == 401


def test_a_new_device_is_told_and_a_known_one_is_not(owner: Person, mails: Mails) -> None:
    owner.sign_in()
    subject = "A new device"
    assert not [m for m in mails.to(owner.email) if subject in m["Subject"]]
    other = Api({"User-Agent": "Another/1.0"})
    body = {"email": owner.email, "password": owner.password}
    other.post("auth/login", body)
    other.post("auth/login", body)
    assert len([m for m in mails.to(owner.email) if subject in m["Subject"]]) == 1


def test_last_login_is_shown(owner: Person) -> None:
    before = owner.api.get("users/me")["last_login_at"]
    assert before
    assert before.endswith("Z")
    owner.sign_in()
    assert owner.api.get("users/me")["last_login_at"] > before


def test_a_deactivated_user_is_out_at_once(owner: Person) -> None:
    member = add_member(owner)
    User.objects.filter(email=member.email).update(is_active=False)
    member.api.get("users/me", 401)


def test_an_access_token_is_no_temp_token_and_the_reverse(mails: Mails) -> None:
    from tests.accounts.conftest import enable_totp

    person = register()
    app, _ = enable_totp(person)
    temp = person.sign_in()["temp_token"]
    bearer(temp).get("users/me", 401)
    Api().post("auth/verify-2fa", {"temp_token": person.token, "code": app.code()}, status=401)
