"""The way in and out, by the same functions and the same session rows as the API."""

from __future__ import annotations

import base64
from typing import Any

import pyotp
import pytest

from accounts import sessions, sign_in
from accounts.models import Session, TotpDevice, User
from accounts.sessions import Client as Place
from tests.factories import PASSWORD, make_organization, make_user
from tests.workbench.visiting import Visitor

GOOD = "a long password 42"


@pytest.fixture
def person(db: Any) -> User:
    user = make_user(make_organization("Corner shop"), email="mira@example.com")
    user.set_password(PASSWORD)
    user.save()
    return user


def test_the_workbench_leads_to_the_sign_in(db: Any) -> None:
    visitor = Visitor()
    visitor.get("/app?x=1", 302)
    assert visitor.last["Location"] == "/app/?x=1"
    visitor.get("/app/", 302)
    assert visitor.last["Location"] == "/app/sign-in?next=%2Fapp%2F"


def test_signing_up_signs_in_and_offers_the_sample(db: Any) -> None:
    visitor = Visitor()
    visitor.get("sign-up")
    visitor.post("sign-up", {"company_name": "Corner", "email": "New@Example.com", "password": GOOD})
    assert visitor.last["Location"] == "/app/"
    assert "Open the sample catalogue" in visitor.get("/app/")
    assert "new@example.com" in visitor.get("/app/")
    assert Session.objects.get(user__email="new@example.com").via == Session.Via.REGISTRATION
    visitor.get("sign-up", 302)  # whoever is in needs no other account


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "short"}, "too short"),
        ({"email": "mira@example.com"}, "There is already an account with this email address. Sign in instead."),
        ({"email": "no address"}, "Enter a valid email address"),
        ({"company_name": ""}, "This field is required"),
    ],
)
def test_a_sign_up_that_cannot_be_says_why_beside_the_field(person: User, change: dict[str, str], said: str) -> None:
    visitor = Visitor()
    data = {"company_name": "Corner", "email": "new@example.com", "password": GOOD, **change}
    assert said in visitor.post("sign-up", data, 422)


def test_the_cookie_is_for_these_pages_alone(person: User, settings: Any) -> None:
    visitor = Visitor()
    visitor.post("sign-in", {"email": person.email, "password": PASSWORD})
    cookie = visitor.last.cookies["workbench"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/app/", True, "Lax")
    assert not cookie["secure"]
    settings.HTTPS = True
    other = Visitor()
    other.post("sign-in", {"email": person.email, "password": PASSWORD})
    cookie = other.last.cookies["__Secure-workbench"]
    assert (cookie["path"], cookie["secure"]) == ("/app/", True)


def test_a_wrong_password_and_an_unknown_address_read_the_same(person: User) -> None:
    visitor, said = Visitor(), []
    for email in (person.email, "nobody@example.com"):
        page = visitor.post("sign-in", {"email": email, "password": "wrong"}, 422)
        assert "The email address or password is wrong." in page
        said.append(page.replace(email, "").partition("<main")[2].partition("csrf")[0])
    assert said[0] == said[1]


def test_guessing_has_to_wait(person: User) -> None:
    visitor = Visitor()
    for _ in range(5):
        visitor.post("sign-in", {"email": person.email, "password": "wrong"}, 422)
    assert "Too many failed attempts" in visitor.post("sign-in", {"email": person.email, "password": PASSWORD}, 422)


def test_the_device_is_known_at_the_next_sign_in(person: User) -> None:
    visitor = Visitor()
    visitor.post("sign-in", {"email": person.email, "password": PASSWORD})
    assert visitor.last.cookies["workbench-device"].value


def test_after_the_sign_in_the_page_asked_for(person: User) -> None:
    visitor = Visitor()
    data = {"email": person.email, "password": PASSWORD}
    visitor.post("sign-in", {**data, "next": "/app/billing"})
    assert visitor.last["Location"] == "/app/billing"
    for elsewhere in ("https://evil.example/app/", "//evil.example/app/", "/admin/", "javascript:alert(1)"):
        other = Visitor()
        other.post("sign-in", {**data, "next": elsewhere})
        assert other.last["Location"] == "/app/"


def test_the_second_factor_is_asked_for(person: User) -> None:
    device = TotpDevice.objects.create(user=person, confirmed=True, name="totp")
    visitor = Visitor()
    visitor.post("sign-in", {"email": person.email, "password": PASSWORD, "next": "/app/billing"})
    assert visitor.last["Location"] == "/app/sign-in/code"
    assert "authenticator" in visitor.get("sign-in/code")
    assert "This code is wrong or has expired. Check it, or request a new one." in visitor.post(
        "sign-in/code", {"code": "000000"}, 422
    )
    device.refresh_from_db()
    device.throttle_reset()
    code = pyotp.TOTP(base64.b32encode(device.bin_key).decode()).now()
    visitor.post("sign-in/code", {"code": code})
    assert visitor.last["Location"] == "/app/billing"
    visitor.get("billing")
    assert visitor.session is None
    assert Session.objects.get(user=person).second_factor


def test_without_a_sign_in_under_way_there_is_no_code_to_give(db: Any) -> None:
    page = Visitor().get("sign-in/code", 401)
    assert "This sign-in has expired" in page
    assert "/app/sign-in" in page


def test_an_organization_that_demands_a_second_factor_gets_one_set_up(person: User) -> None:
    person.organization.enforce_2fa = True
    person.organization.save()
    visitor = Visitor()
    visitor.post("sign-in", {"email": person.email, "password": PASSWORD})
    assert visitor.last["Location"] == "/app/sign-in/set-up"
    visitor.get("sign-in/set-up")
    page = visitor.post("sign-in/set-up", {"method": "totp"}, 200)
    assert "data:image/svg+xml" in page
    secret = page.partition('<code id="secret">')[2].partition("<")[0]
    wrong = {"method": "totp", "secret": secret, "code": "000000"}
    assert secret in visitor.post("sign-in/set-up", wrong, 422)
    TotpDevice.objects.get(user=person).throttle_reset()
    page = visitor.post("sign-in/set-up", {**wrong, "code": pyotp.TOTP(secret).now()}, 200)
    assert page.count("<li><code>") == 10
    visitor.get("/app/")


def test_signing_out_ends_the_session_itself(person: User) -> None:
    visitor = Visitor(person)
    visitor.get("/app/")
    kept = visitor.client.cookies["workbench"].value
    visitor.post("sign-out")
    assert "You are signed out." in visitor.get(visitor.last["Location"])
    visitor.session.refresh_from_db()
    assert visitor.session.ended_because == "logout"
    visitor.client.cookies["workbench"] = kept  # a copy of the cookie opens nothing any more
    visitor.get("/app/", 302)


def test_whatever_ends_the_sessions_ends_the_browsers_too(person: User) -> None:
    visitor = Visitor(person)
    visitor.get("/app/")
    sessions.end_all(user=person, because="logged_out_by_admin")
    visitor.get("/app/", 302)
    visitor.part("/app/", 401)
    assert visitor.last["HX-Redirect"] == "/app/sign-in"


def test_a_cookie_is_no_token_and_a_token_no_cookie(person: User, api: Any) -> None:
    visitor = Visitor(person)
    assert visitor.client.get("/api/v1/users/me").status_code == 401
    cookie = visitor.client.cookies["workbench"].value
    api.with_(Authorization=f"Bearer {cookie}").get("users/me", 401)
    token = sign_in.with_password(email=person.email, password=PASSWORD, client=Place()).access_token
    stranger = Visitor()
    stranger.client.cookies["workbench"] = token or ""
    stranger.get("/app/", 302)


def test_many_tries_from_one_place_have_to_wait(person: User, settings: Any) -> None:
    settings.RATE_LIMIT_FACTOR, settings.RATE_LIMITS = 1, {**settings.RATE_LIMITS, "sign_in": (1, 60)}
    visitor = Visitor()
    visitor.post("sign-in", {"email": "a@example.com", "password": "x"}, 422)
    page = visitor.post("sign-in", {"email": "b@example.com", "password": "x"}, 429)
    assert "Too many requests" in page
    assert int(visitor.last["Retry-After"]) > 0
