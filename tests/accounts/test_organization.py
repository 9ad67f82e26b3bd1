"""The organization's details, provider keys, billing details and tones."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts import organizations, tones
from accounts.models import Organization, Tone
from tests.accounts.conftest import Mails, Person, add_member

RS = {
    "billing_company_name": "Flaša d.o.o.",
    "billing_pib": "RS100049398",
    "billing_mb": "17468782",
    "billing_address": "Knez Mihailova 1",
    "billing_city": "Beograd",
    "billing_postal_code": "11000",
    "billing_country": "rs",
}


def test_details_change_by_what_is_sent(owner: Person) -> None:
    body = {
        "name": "Bottle & Co",
        "address": "Main Street 1",
        "phone_number": "123",
        "tax_id": "T-1",
        "billing_email": "money@example.com",
        "enforce_2fa": True,
    }
    reply = owner.api.patch("organization", body)
    assert {name: reply[name] for name in body} == body
    assert owner.api.patch("organization", {"name": None, "address": ""})["name"] == "Bottle & Co"
    assert owner.api.get("organization")["address"] == ""
    assert owner.api.get("organization")["slug"] == reply["slug"]


def test_settings_are_merged_by_top_level_key(owner: Person) -> None:
    owner.api.patch("organization", {"settings": {"generation": {"tone": "friendly"}, "theme": "dark"}})
    reply = owner.api.patch("organization", {"settings": {"theme": None, "week": {"start": 1}}})
    assert reply["settings"] == {"generation": {"tone": "friendly"}, "week": {"start": 1}}


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"settings": ["x"]},
        {"settings": {"generation": 3}},
        {"settings": {"x": "y" * 70_000}},
        {"billing_email": "x"},
        {"enforce_2fa": "perhaps"},
    ],
)
def test_bad_input_is_400(owner: Person, body: dict[str, Any]) -> None:
    owner.api.patch("organization", body, status=400)


def test_members_read_and_do_not_change(member: Person) -> None:
    member.api.get("organization")
    member.api.get("organization/billing-details")
    member.api.get("organization/tones")
    for call in (
        member.api.patch("organization", {"name": "X"}, status=403),
        member.api.patch("organization/api-keys", {"google_api_key": "x"}, status=403),
        member.api.patch("organization/billing-details", {"billing_city": "X"}, status=403),
        member.api.post("organization/tones", {"id": "x", "name": "X"}, status=403),
        member.api.delete("organization/tones/x", status=403),
    ):
        assert call["code"] == "admin_required"


def test_own_provider_keys_need_the_plan(owner: Person) -> None:
    assert owner.api.patch("organization/api-keys", {"google_api_key": "k"}, status=403)["code"] == "byok_disabled"


def test_own_provider_keys_are_kept_encrypted_shown_as_flags_and_removed_by_an_empty_string(
    owner: Person, mails: Mails
) -> None:
    Organization.objects.filter(pk=owner.organization_id).update(byok_enabled=True)
    secret = "sk-ant-a-very-secret-key"
    reply = owner.api.patch("organization/api-keys", {"anthropic_api_key": secret, "google_api_key": "g-key"})
    assert (reply["has_anthropic_key"], reply["has_deepseek_key"], reply["has_google_key"]) == (True, False, True)
    assert secret not in str(reply)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM accounts_ownkey WHERE provider = 'anthropic'")
        assert secret not in cursor.fetchone()[0]
    assert Organization.objects.get(pk=owner.organization_id).own_key("anthropic") == secret
    reply = owner.api.patch("organization/api-keys", {"anthropic_api_key": "", "google_api_key": None})
    assert (reply["has_anthropic_key"], reply["has_google_key"]) == (False, True)
    assert mails.last(owner.email, "provider keys")
    owner.api.patch("organization/api-keys", {"google_api_key": "кључ"}, status=400)


def test_billing_details_of_a_serbian_company(owner: Person) -> None:
    reply = owner.api.patch("organization/billing-details", RS)
    assert reply["billing_pib"] == "100049398"
    assert reply["billing_country"] == "RS"
    assert owner.api.get("organization/billing-details")["billing_company_name"] == "Flaša d.o.o."


@pytest.mark.parametrize("pib", ["100049399", "12345", "RS1000493981", "abcdefghi"])
def test_a_wrong_pib_is_400(owner: Person, pib: str) -> None:
    reply = owner.api.patch("organization/billing-details", {**RS, "billing_pib": pib}, status=400)
    assert reply["errors"][0]["pointer"] == "#/billing_pib"
    assert owner.api.get("organization/billing-details")["billing_city"] == ""


def test_an_mb_has_eight_digits_and_a_wrong_check_digit_is_a_warning(owner: Person) -> None:
    for mb in ("1234567", "123456789", "1234567a"):
        owner.api.patch("organization/billing-details", {**RS, "billing_mb": mb}, status=400)
    good = "1746878" + str(organizations.mb_check_digit("1746878"))
    assert owner.api.patch("organization/billing-details", {**RS, "billing_mb": good})["warnings"] == []
    wrong = good[:7] + str((int(good[7]) + 1) % 10)
    reply = owner.api.patch("organization/billing-details", {**RS, "billing_mb": wrong})
    assert reply["billing_mb"] == wrong
    assert reply["warnings"][0]["code"] == "mb_check_digit"


def test_another_country_has_numbers_of_its_own(owner: Person) -> None:
    body = {**RS, "billing_country": "DE", "billing_pib": "DE123456789", "billing_mb": "HRB 1"}
    assert owner.api.patch("organization/billing-details", body)["billing_pib"] == "DE123456789"
    owner.api.patch("organization/billing-details", {"billing_country": "RS"}, status=400)
    owner.api.patch("organization/billing-details", {"billing_country": "R1"}, status=400)
    owner.api.patch("organization/billing-details", {"billing_country": "XX"}, status=400)
    assert owner.api.patch("organization/billing-details", {"billing_mb": None})["billing_mb"] == ""


def test_tones_are_made_listed_and_deleted(owner: Person, stranger: Person) -> None:
    body = {"id": "grandmother", "name": "Grandmother", "description": "Warm", "system_prompt": "Like a grandmother."}
    assert owner.api.post("organization/tones", body, status=201) == body
    assert owner.api.post("organization/tones", {"name": "Old Sailor"}, status=201)["id"] == "old-sailor"
    assert [t["id"] for t in owner.api.get("organization/tones")] == ["grandmother", "old-sailor"]
    assert stranger.api.get("organization/tones") == []
    stranger.api.delete("organization/tones/grandmother", status=404)
    owner.api.delete("organization/tones/grandmother", status=200)
    owner.api.delete("organization/tones/grandmother", status=404)
    stranger.api.post("organization/tones", body, status=201)


def test_an_id_that_is_built_in_or_taken_is_409_and_no_slug_is_400(owner: Person) -> None:
    owner.api.post("organization/tones", {"id": "mine", "name": "Mine"}, status=201)
    for taken in ("mine", *tones.BY_ID):
        assert owner.api.post("organization/tones", {"id": taken, "name": "X"}, status=409)["code"] == "tone_exists"
    for bad in ("Has Spaces", "UPPER", "a/b", "ћ"):
        owner.api.post("organization/tones", {"id": bad, "name": "X"}, status=400)
    owner.api.post("organization/tones", {"id": "x"}, status=400)
    assert Tone.objects.count() == 1


def test_tones_resolve_the_built_in_ones_and_the_organizations_own(owner: Person, stranger: Person) -> None:
    from scribe.errors import InvalidInput

    owner.api.post("organization/tones", {"id": "mine", "name": "Mine", "system_prompt": "Mine."}, status=201)
    own, other = owner.row.organization, stranger.row.organization
    assert tones.resolve(own, "mine").prompt == "Mine."
    assert tones.resolve(own, "luxury").is_custom is False
    assert [t.id for t in tones.available_tones(own)] == [*tones.BY_ID, "mine"]
    with pytest.raises(InvalidInput):
        tones.resolve(other, "mine")


def test_the_list_of_tones_makes_a_constant_number_of_queries(owner: Person, django_assert_num_queries: Any) -> None:
    for number in range(3):
        tones.create(organization=owner.row.organization, by=owner.row, name=f"Tone {number}")
    with django_assert_num_queries(2):
        owner.api.get("organization/tones")
    for number in range(3, 30):
        tones.create(organization=owner.row.organization, by=owner.row, name=f"Tone {number}")
    with django_assert_num_queries(2):
        assert len(owner.api.get("organization/tones")) == 30


@pytest.mark.thorough
def test_the_other_lists_make_a_constant_number_of_queries(owner: Person, django_assert_num_queries: Any) -> None:
    from accounts import api_keys, invitations
    from tests.factories import make_user

    numbers = iter(range(1000))

    def grow(count: int) -> None:
        for number in range(count):
            make_user(owner.row.organization, role="member")
            api_keys.create(organization=owner.row.organization, by=owner.row, name=f"Key {number}")
            invitations.create(by=owner.row, email=f"guest{next(numbers)}@example.com", membership={})

    grow(3)
    for _ in range(2):
        for path in ("users", "api-keys", "invitations"):
            with django_assert_num_queries(2):
                assert len(owner.api.get(path)) >= 3
        with django_assert_num_queries(3):
            owner.api.get("notifications", limit=100)
        grow(27)
    add_member(owner)
