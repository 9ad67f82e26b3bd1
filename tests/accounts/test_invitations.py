"""Invitations through their life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import invitations
from accounts.models import Invitation
from tests.accounts.conftest import PASSWORD, Mails, Person, bearer, text_of
from tests.helpers import Api

MIRA = "mira@example.com"


def invite(owner: Person, **more: Any) -> Any:
    return owner.api.post("invitations", {"email": MIRA, **more}, status=201)


def accept(token: str, status: int = 201, **more: Any) -> Any:
    body = {"token": token, "password": PASSWORD, "first_name": "Mira", "last_name": "Ilić", **more}
    return Api().post("invitations/accept", body, status=status)


def test_an_invited_person_joins_verified_and_signed_in(owner: Person, mails: Mails) -> None:
    made = invite(owner, role="admin")
    assert (made["status"], made["role"], made["invited_by_email"]) == ("pending", "admin", owner.email)
    letter = mails.last(MIRA)
    assert letter["Subject"] == "You are invited to XC Scribe"  # nobody's own words in a stranger's list of mails
    assert "Vera Novak" in text_of(letter)
    assert "Bottle Shop" in text_of(letter)
    token = mails.token(MIRA, "accept-invitation")
    assert Api().get("invitations/validate", token=token) == {
        "email": MIRA,
        "organization_name": "Bottle Shop",
        "role": "admin",
        "is_valid": True,
    }
    joined = accept(token)
    me = bearer(joined["access_token"]).get("users/me")
    assert (me["email"], me["email_verified"], me["role"]) == (MIRA, True, "admin")
    assert me["organization"]["id"] == owner.organization_id
    listed = owner.api.get("invitations")[0]
    assert listed["status"] == "accepted"
    assert listed["accepted_at"]


def test_the_token_is_kept_hashed(owner: Person, mails: Mails) -> None:
    invite(owner)
    token = mails.token(MIRA, "accept-invitation")
    assert token not in str(Invitation.objects.values().get())


@pytest.mark.parametrize("token", ["nonsense", "a:b:c"])
def test_a_dead_token_is_shown_as_not_valid_and_not_accepted(db: Any, token: str) -> None:
    empty = {"email": "", "organization_name": "", "role": "", "is_valid": False}
    assert Api().get("invitations/validate", token=token) == empty
    accept(token, 409)
    Api().get("invitations/validate", 400)


def test_a_used_a_revoked_and_an_expired_token_are_dead(owner: Person, mails: Mails) -> None:
    made = invite(owner)
    token = mails.token(MIRA, "accept-invitation")
    Invitation.objects.update(expires_at=timezone.now())
    assert owner.api.get("invitations")[0]["status"] == "expired"
    assert Api().get("invitations/validate", token=token)["is_valid"] is False
    accept(token, 409)
    owner.api.post(f"invitations/{made['id']}/resend", status=409)
    invitations.mark_expired()
    assert Invitation.objects.get().state == "expired"

    second = invite(owner)  # an expired one makes room
    revoked = mails.token(MIRA, "accept-invitation")
    assert owner.api.post(f"invitations/{second['id']}/revoke")["status"] == "revoked"
    accept(revoked, 409)
    owner.api.post(f"invitations/{second['id']}/revoke", status=409)
    owner.api.post(f"invitations/{second['id']}/resend", status=409)

    invite(owner)
    used = mails.token(MIRA, "accept-invitation")
    accept(used, 400, password="short")  # a weak password does not use it up
    accept(used)
    accept(used, 409)
    assert Api().get("invitations/validate", token=used)["is_valid"] is False


def test_resend_rotates_the_token_and_the_expiry(owner: Person, mails: Mails) -> None:
    made = invite(owner)
    old = mails.token(MIRA, "accept-invitation")
    Invitation.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    again = owner.api.post(f"invitations/{made['id']}/resend")
    assert again["expires_at"] > made["created_at"]
    assert Invitation.objects.get().expires_at > timezone.now() + timedelta(days=6, hours=23)
    assert Api().get("invitations/validate", token=old)["is_valid"] is False
    accept(mails.token(MIRA, "accept-invitation"))


def test_an_address_with_an_account_or_a_pending_invitation_is_409(owner: Person, stranger: Person) -> None:
    assert owner.api.post("invitations", {"email": stranger.email}, status=409)["code"] == "email_taken"
    invite(owner)
    assert owner.api.post("invitations", {"email": MIRA.upper()}, status=409)["code"] == "invitation_pending"
    stranger.api.post("invitations", {"email": MIRA}, status=201)


def test_an_address_that_registered_meanwhile_is_409(owner: Person, mails: Mails) -> None:
    from tests.accounts.conftest import register

    invite(owner)
    token = mails.token(MIRA, "accept-invitation")
    register(MIRA)
    assert accept(token, 409)["code"] == "email_taken"


def test_it_is_for_admins_and_for_their_own(owner: Person, member: Person, stranger: Person) -> None:
    made = invite(owner)
    member.api.get("invitations", 403)
    member.api.post("invitations", {"email": "x@example.com"}, status=403)
    for person, status in ((member, 403), (stranger, 404)):
        person.api.post(f"invitations/{made['id']}/resend", status=status)
        person.api.post(f"invitations/{made['id']}/revoke", status=status)
    assert stranger.api.get("invitations") == []
    owner.api.post("invitations/nonsense/revoke", status=404)
    owner.api.post("invitations", {"email": "x"}, status=400)
    owner.api.post("invitations", {"email": "x@example.com", "role": "boss"}, status=400)
