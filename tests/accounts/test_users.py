"""People of an organization: made, changed, let go."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from accounts.models import User
from tests.accounts.conftest import PASSWORD, Mails, Person, add_member, bearer, html_of, register, text_of
from tests.factories import make_user
from tests.helpers import Api

NEW = {"email": "mira@example.com", "password": PASSWORD}


def test_a_new_user_is_active_unverified_and_welcomed_by_mail_without_the_password(owner: Person, mails: Mails) -> None:
    made = owner.api.post("users", NEW, status=201)
    assert (made["role"], made["is_active"], made["email_verified"]) == ("member", True, False)
    assert made["organization"]["id"] == owner.organization_id
    welcome = mails.last(NEW["email"])
    for content in (text_of(welcome), html_of(welcome)):
        assert PASSWORD not in content
        assert "https://app.example.com/login" in content
        assert NEW["email"] in content
    token = mails.token(NEW["email"], "reset-password")
    Api().post("auth/reset-password", {"token": token, "new_password": "a secret of my own"})
    Api().post("auth/login", {"email": NEW["email"], "password": "a secret of my own"})
    Api().post("auth/login", NEW, status=401)


def test_the_given_password_works_too(owner: Person) -> None:
    owner.api.post("users", NEW, status=201)
    assert Api().post("auth/login", NEW)["access_token"]


def test_a_taken_address_is_409_also_in_another_organization(owner: Person, stranger: Person) -> None:
    body = {**NEW, "email": stranger.email.upper()}
    assert owner.api.post("users", body, status=409)["code"] == "email_taken"


@pytest.mark.parametrize("change", [{"email": "x"}, {"password": "short"}, {"role": "boss"}, {"role": "super_admin"}])
def test_bad_input_is_400(owner: Person, change: dict[str, Any]) -> None:
    owner.api.post("users", {**NEW, **change}, status=400)


def test_an_unverified_admin_makes_nobody(mails: Mails) -> None:
    vera = register()
    assert vera.api.post("users", NEW, status=403)["code"] == "email_not_verified"
    assert vera.api.post("invitations", {"email": NEW["email"]}, status=403)["code"] == "email_not_verified"


def test_the_list_shows_this_organization_newest_first(owner: Person, stranger: Person) -> None:
    mira = add_member(owner)
    assert [u["email"] for u in owner.api.get("users")] == [mira.email, owner.email]
    page = owner.api.get("users", limit=1, offset=1)
    assert [u["email"] for u in page] == [owner.email]
    assert owner.api.last["X-Total-Count"] == "2"


def test_members_see_and_do_nothing_here(owner: Person, member: Person) -> None:
    for call in (
        lambda: member.api.get("users", 403),
        lambda: member.api.post("users", NEW, status=403),
        lambda: member.api.patch(f"users/{owner.id}", {"first_name": "X"}, status=403),
        lambda: member.api.delete(f"users/{owner.id}", status=403),
        lambda: member.api.post(f"users/{owner.id}/2fa/reset", status=403),
        lambda: member.api.post(f"users/{owner.id}/2fa/disable", status=403),
        lambda: member.api.post(f"users/{owner.id}/2fa/enable", status=403),
        lambda: member.api.post(f"users/{owner.id}/logout-all", status=403),
    ):
        assert call()["code"] == "admin_required"


def test_one_changes_ones_own_profile(member: Person) -> None:
    body = {"first_name": "Mira", "last_name": "Ilić", "phone_number": "+381 11 123"}
    me = member.api.patch("users/me", body)
    assert {name: me[name] for name in body} == body
    assert member.api.patch("users/me", {"first_name": None, "nonsense": 1})["first_name"] == ""


def test_nobody_changes_their_own_role(owner: Person, member: Person) -> None:
    assert member.api.patch("users/me", {"role": "admin"}, status=403)["code"] == "own_role"
    assert owner.api.patch("users/me", {"role": "member"}, status=409)["code"] == "last_admin"
    add_member(owner, role="admin")
    assert owner.api.patch("users/me", {"role": "member"}, status=403)["code"] == "own_role"
    assert owner.api.patch(f"users/{owner.id}", {"role": "member"}, status=403)["code"] == "own_role"
    assert owner.api.patch("users/me", {"role": "admin"})["role"] == "admin"


def test_nobody_deactivates_themselves(owner: Person) -> None:
    add_member(owner, role="admin")
    for call in (
        owner.api.patch("users/me", {"is_active": False}, status=409),
        owner.api.patch(f"users/{owner.id}", {"is_active": False}, status=409),
        owner.api.delete(f"users/{owner.id}", status=409),
    ):
        assert call["code"] == "own_deactivation"


def test_a_role_change_ends_the_sessions_and_counts_at_the_next_sign_in(owner: Person) -> None:
    mira = add_member(owner)
    assert owner.api.patch(f"users/{mira.id}", {"role": "admin"})["role"] == "admin"
    mira.api.get("users/me", 401)
    admin = bearer(mira.sign_in()["access_token"])
    admin.get("users")
    assert admin.patch(f"users/{owner.id}", {"role": "member"})["role"] == "member"
    owner.api.get("users/me", 401)
    again = bearer(owner.sign_in()["access_token"])
    again.get("users", 403)


def test_a_deactivated_user_is_out_and_comes_back_when_reactivated(owner: Person) -> None:
    mira = add_member(owner)
    owner.api.delete(f"users/{mira.id}")
    mira.api.get("users/me", 401)
    mira.sign_in(401)
    assert User.objects.get(email=mira.email).is_active is False
    owner.api.delete(f"users/{mira.id}")  # again: nothing
    assert owner.api.patch(f"users/{mira.id}", {"is_active": True})["is_active"] is True
    mira.api.get("users/me", 401)  # the old session stays dead
    mira.sign_in()


def test_an_admin_sets_a_members_password_and_ends_their_sessions(owner: Person, mails: Mails) -> None:
    mira = add_member(owner)
    owner.api.patch(f"users/{mira.id}", {"password": "short"}, status=400)
    owner.api.patch(f"users/{mira.id}", {"password": "a password given anew"})
    mira.api.get("users/me", 401)
    mira.sign_in(401)
    mira.sign_in(password="a password given anew")
    assert mails.last(mira.email, "password was changed")


def test_an_admin_signs_somebody_out(owner: Person) -> None:
    mira = add_member(owner)
    owner.api.post(f"users/{mira.id}/logout-all")
    mira.api.get("users/me", 401)
    mira.sign_in()


def test_an_organizations_admin_can_do_nothing_to_a_super_admin(owner: Person) -> None:
    """Staff who sit in a customer's organization are still staff."""
    staff = make_user(owner.row.organization, role="member", is_super_admin=True)
    api = Api().as_(staff)
    before = User.objects.filter(pk=staff.pk).values().get()
    for call in (
        owner.api.patch(f"users/{staff.pk}", {"first_name": "X"}, status=403),
        owner.api.patch(f"users/{staff.pk}", {"password": "another long secret"}, status=403),
        owner.api.patch(f"users/{staff.pk}", {"email": "x@example.com"}, status=403),
        owner.api.patch(f"users/{staff.pk}", {"role": "admin"}, status=403),
        owner.api.patch(f"users/{staff.pk}", {"is_active": False}, status=403),
        owner.api.delete(f"users/{staff.pk}", status=403),
        owner.api.post(f"users/{staff.pk}/logout-all", status=403),
        owner.api.post(f"users/{staff.pk}/2fa/reset", status=403),
        owner.api.post(f"users/{staff.pk}/2fa/disable", status=403),
        owner.api.post(f"users/{staff.pk}/2fa/enable", status=403),
    ):
        assert call["code"] == "protected_user"
    assert User.objects.filter(pk=staff.pk).values().get() == before
    api.get("users/me")


def test_nobody_makes_themselves_or_others_staff(owner: Person, member: Person) -> None:
    body = {"is_super_admin": True, "is_staff": True, "is_superuser": True, "organization": "x", "organization_id": "x"}
    owner.api.patch("users/me", body)
    owner.api.patch(f"users/{member.id}", body)
    owner.api.post("users", {**NEW, **body}, status=201)
    assert not User.objects.filter(is_super_admin=True).exists()
    assert set(User.objects.values_list("organization_id", flat=True)) == {owner.row.organization_id}


def test_users_of_others_do_not_exist(owner: Person, stranger: Person) -> None:
    for pk in (stranger.id, "00000000-0000-7000-8000-000000000000", "nonsense"):
        owner.api.patch(f"users/{pk}", {"first_name": "X"}, status=404)
        owner.api.delete(f"users/{pk}", status=404)
        owner.api.post(f"users/{pk}/2fa/reset", status=404)
        owner.api.post(f"users/{pk}/2fa/disable", status=404)
        owner.api.post(f"users/{pk}/2fa/enable", status=404)
        owner.api.post(f"users/{pk}/logout-all", status=404)
        Api().patch(f"users/{pk}", {}, status=401)
    assert stranger.api.get("users/me")["first_name"] == ""


def test_mail_preferences(member: Person) -> None:
    assert member.api.get("users/me/email-preferences") == {
        "usage_billing": True,
        "ai_studio": True,
        "system_alerts": True,
    }
    changed = member.api.patch("users/me/email-preferences", {"ai_studio": False, "usage_billing": None})
    assert changed == {"usage_billing": True, "ai_studio": False, "system_alerts": True}
    assert member.api.get("users/me")["email_preferences"] == changed
    member.api.patch("users/me/email-preferences", {"ai_studio": "perhaps"}, status=400)


def test_chatwoot_identity_is_the_users_id_and_its_hmac(member: Person, settings: Any) -> None:
    settings.CHATWOOT_IDENTITY_KEY = "identity-key"
    found = member.api.get("users/me/chatwoot-identity")
    assert found == {
        "identifier": member.id,
        "identifier_hash": hmac.new(b"identity-key", member.id.encode(), hashlib.sha256).hexdigest(),
    }
    settings.CHATWOOT_IDENTITY_KEY = ""
    assert member.api.get("users/me/chatwoot-identity", 503)["code"] == "chatwoot_not_configured"
