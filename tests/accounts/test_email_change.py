"""A new address counts after its verification."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from tests.accounts.conftest import Mails, Person, add_member, bearer, register, text_of
from tests.helpers import Api

NEW = "vera.new@example.com"
SECRET = "another long secret"


def test_the_new_address_counts_once_its_link_is_followed(owner: Person, mails: Mails) -> None:
    old = owner.email
    me = owner.api.patch("users/me", {"email": NEW.upper(), "current_password": owner.password})
    assert (me["email"], me["pending_email"]) == (old, NEW)
    assert NEW in text_of(mails.last(old, "A new email address"))
    Api().get("auth/verify-email", token=mails.token(NEW, "verify-email"))
    assert owner.api.get("users/me")["email"] == NEW
    assert mails.last(old, "was changed")
    Api().post("auth/login", {"email": old, "password": owner.password}, status=401)
    Api().post("auth/login", {"email": NEW, "password": owner.password})


def test_it_needs_the_current_password(owner: Person, mails: Mails) -> None:
    owner.api.patch("users/me", {"email": NEW}, status=400)
    owner.api.patch("users/me", {"email": NEW, "current_password": "wrong"}, status=403)
    assert not mails.to(NEW)


def test_an_address_with_an_account_is_409(owner: Person, stranger: Person) -> None:
    body = {"email": stranger.email, "current_password": owner.password}
    assert owner.api.patch("users/me", body, status=409)["code"] == "email_taken"


def test_an_address_that_is_registered_meanwhile_is_409(owner: Person, mails: Mails) -> None:
    owner.api.patch("users/me", {"email": NEW, "current_password": owner.password})
    token = mails.token(NEW, "verify-email")
    register(NEW)
    Api().get("auth/verify-email", 409, token=token)
    assert owner.api.get("users/me")["email"] == owner.email


def test_the_latest_wish_counts(owner: Person, mails: Mails) -> None:
    owner.api.patch("users/me", {"email": NEW, "current_password": owner.password})
    first = mails.token(NEW, "verify-email")
    owner.api.patch("users/me", {"email": "third@example.com", "current_password": owner.password})
    Api().get("auth/verify-email", 400, token=first)
    Api().get("auth/verify-email", token=mails.token("third@example.com", "verify-email"))
    assert owner.api.get("users/me")["email"] == "third@example.com"


def test_the_old_address_takes_a_change_back(owner: Person, mails: Mails) -> None:
    owner.api.patch("users/me", {"email": NEW, "current_password": owner.password})
    token = mails.token(NEW, "verify-email")
    assert owner.api.patch("users/me", {"email": owner.email})["pending_email"] is None
    Api().get("auth/verify-email", 400, token=token)


@pytest.mark.parametrize("how", ["reset", "own change", "admin"])
def test_a_new_password_drops_the_change_that_a_thief_began(how: str, owner: Person, mails: Mails) -> None:
    """He had the password, entered his address and was thrown out: his link made the account his all the same."""
    mira = add_member(owner)
    mira.api.patch("users/me", {"email": NEW, "current_password": mira.password})
    token = mails.token(NEW, "verify-email")
    if how == "reset":
        Api().post("auth/forgot-password", {"email": mira.email})
        link = mails.token(mira.email, "reset-password")
        Api().post("auth/reset-password", {"token": link, "new_password": SECRET})
    elif how == "own change":
        body = {"password": SECRET, "current_password": mira.password}
        assert mira.api.patch("users/me", body)["pending_email"] is None
    else:
        assert owner.api.patch(f"users/{mira.id}", {"password": SECRET})["pending_email"] is None
    Api().get("auth/verify-email", 400, token=token)
    assert bearer(mira.sign_in(password=SECRET)["access_token"]).get("users/me")["email"] == mira.email
    assert f"to {NEW} was cancelled" in text_of(mails.last(mira.email, "password was changed"))


def test_an_address_and_a_password_in_one_request_both_count(owner: Person, mails: Mails) -> None:
    body = {"email": NEW, "password": SECRET, "current_password": owner.password}
    assert owner.api.patch("users/me", body)["pending_email"] == NEW
    again = {**body, "current_password": SECRET, "password": "yet another long secret"}
    assert owner.api.patch("users/me", again)["pending_email"] == NEW
    Api().get("auth/verify-email", token=mails.token(NEW, "verify-email"))
    assert owner.api.get("users/me")["email"] == NEW


def test_an_address_that_waits_is_mailed_again_when_the_password_asks_for_it(owner: Person, mails: Mails) -> None:
    owner.api.patch("users/me", {"email": NEW, "current_password": owner.password})
    owner.api.patch("users/me", {"email": NEW, "first_name": "Vera"})  # a form that sends all it shows
    assert len(mails.to(NEW)) == 1
    owner.api.patch("users/me", {"email": NEW, "current_password": owner.password})
    assert len(mails.to(NEW)) == 2


def test_links_mailed_to_the_old_address_die_with_the_change(owner: Person, mails: Mails) -> None:
    Api().post("auth/forgot-password", {"email": owner.email})
    old_link = mails.token(owner.email, "reset-password")
    owner.api.patch("users/me", {"email": NEW, "current_password": owner.password})
    Api().get("auth/verify-email", token=mails.token(NEW, "verify-email"))
    Api().post("auth/reset-password", {"token": old_link, "new_password": "another long secret"}, status=400)


def test_an_admins_change_waits_for_the_owners_confirmation(owner: Person, mails: Mails) -> None:
    mira = add_member(owner)
    reply = owner.api.patch(f"users/{mira.id}", {"email": NEW})
    assert (reply["email"], reply["pending_email"]) == (mira.email, NEW)
    assert mails.last(mira.email, "A new email address")
    Api().get("auth/verify-email", token=mails.token(NEW, "verify-email"))
    assert User.objects.filter(email=NEW).exists()


def test_the_same_address_changes_nothing(owner: Person, mails: Mails) -> None:
    before = len(mails.to(owner.email))
    me: Any = owner.api.patch("users/me", {"email": owner.email, "first_name": "Vera"})
    assert me["pending_email"] is None
    assert len(mails.to(owner.email)) == before
