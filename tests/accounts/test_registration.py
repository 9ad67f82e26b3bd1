"""Registration and the proof of the address."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Organization, User
from tests.accounts.conftest import PASSWORD, Mails, bearer, register, text_of, verify
from tests.helpers import Api

BODY = {"email": "vera@example.com", "password": PASSWORD, "company_name": "Bottle Shop"}


def test_registration_opens_an_organization_with_50_xct_and_an_admin(mails: Mails, api: Api) -> None:
    reply = api.post("auth/register", {**BODY, "first_name": "Vera", "last_name": "Novak"}, status=201)
    assert set(reply) >= {"access_token", "token_type", "organization_id", "message"}
    me = bearer(reply["access_token"]).get("users/me")
    assert (me["role"], me["email_verified"], me["first_name"]) == ("admin", False, "Vera")
    assert me["organization"]["id"] == reply["organization_id"]
    assert me["organization"]["name"] == "Bottle Shop"
    assert Decimal(bearer(reply["access_token"]).get("billing/balance")["total_balance"]) == 50


def test_a_second_registration_with_the_address_is_409_whatever_its_case(mails: Mails, api: Api) -> None:
    api.post("auth/register", BODY, status=201)
    again = api.post("auth/register", {**BODY, "email": "VERA@Example.com"}, status=409)
    assert again["code"] == "email_taken"
    assert Organization.objects.filter(name="Bottle Shop").count() == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "not an address"}, "#/email"),
        ({"password": "short"}, "#/password"),
        ({"password": "12345678901"}, "#/password"),
        ({"password": "vera@example.com"}, "#/password"),
        ({"company_name": ""}, "#/company_name"),
        ({"email": None}, "#/email"),
    ],
)
def test_bad_input_is_400_with_a_pointer_and_makes_nothing(
    mails: Mails, api: Api, change: dict[str, Any], pointer: str
) -> None:
    reply = api.post("auth/register", {**BODY, **change}, status=400)
    assert pointer in {fault["pointer"] for fault in reply["errors"]}
    assert not User.objects.filter(email="vera@example.com").exists()


def test_two_companies_of_one_name_get_slugs_of_their_own(mails: Mails) -> None:
    first, second = register(), register()
    slugs = {p.api.get("organization")["slug"] for p in (first, second)}
    assert len(slugs) == 2
    assert all(slug.startswith("bottle-shop") for slug in slugs)


def test_a_name_in_cyrillic_still_has_a_slug(mails: Mails) -> None:
    assert register(company_name="Продавница").api.get("organization")["slug"]


def test_the_mailed_link_verifies_the_address_once(mails: Mails, api: Api) -> None:
    vera = register()
    token = mails.token(vera.email, "verify-email")
    api.get("auth/verify-email", token=token)
    assert vera.api.get("users/me")["email_verified"] is True
    assert api.get("auth/verify-email", 400, token=token)["code"] == "invalid_token"


@pytest.mark.parametrize("token", ["", "nonsense", "eyJ0IjoieCJ9:abc:def"])
def test_a_made_up_token_is_400(db: Any, api: Api, token: str) -> None:
    api.get("auth/verify-email", 400, token=token)


def test_a_verification_token_of_another_purpose_does_not_verify(mails: Mails, api: Api) -> None:
    vera = register()
    api.post("auth/forgot-password", {"email": vera.email})
    token = mails.token(vera.email, "reset-password")
    api.get("auth/verify-email", 400, token=token)


def test_an_expired_link_is_400(mails: Mails, api: Api) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import OneTimeToken

    vera = register()
    token = mails.token(vera.email, "verify-email")
    OneTimeToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    api.get("auth/verify-email", 400, token=token)
    assert vera.api.get("users/me")["email_verified"] is False


def test_resend_mails_another_link_until_the_address_is_verified(mails: Mails) -> None:
    vera = register()
    vera.api.post("auth/resend-verification")
    assert len([m for m in mails.to(vera.email) if "Verify" in m["Subject"]]) == 2
    verify(vera, mails)
    vera.api.post("auth/resend-verification")
    assert len([m for m in mails.to(vera.email) if "Verify" in m["Subject"]]) == 2


def test_the_mail_never_holds_the_password(mails: Mails) -> None:
    vera = register()
    assert all(vera.password not in text_of(m) for m in mails.to(vera.email))


def test_createsuperuser_makes_verified_staff_in_the_organization_platform(
    mails: Mails, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    for name in ("root@example.com", "other@example.com"):
        call_command("createsuperuser", interactive=False, email=name)
    staff = User.objects.get(email="root@example.com")
    assert (staff.is_super_admin, staff.is_staff, staff.is_superuser, staff.email_verified) == (True, True, True, True)
    assert staff.is_admin
    assert staff.organization.name == "Platform"
    assert User.objects.get(email="other@example.com").organization_id == staff.organization_id
    assert api.post("auth/login", {"email": "root@example.com", "password": PASSWORD})["access_token"]
