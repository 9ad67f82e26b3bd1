"""The account's pages about the organization and oneself: people, keys, sessions, second factor, name, address, password."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.utils import timezone

from accounts import impersonation
from accounts.models import ApiKey, Invitation, Organization, Session, TotpDevice, User
from scribe.crypto import digest
from tests.factories import PASSWORD, make_project, make_user
from tests.workbench.visiting import Visitor, plain
from webhooks.models import WebhookEndpoint

GOOD = "a long password 42"


@pytest.fixture
def owner(cast: Any) -> Visitor:
    cast.owner.set_password(PASSWORD)
    cast.owner.save()
    return Visitor(cast.owner)


def test_an_invitation_is_sent_again_and_taken_back(cast: Any, owner: Visitor) -> None:
    assert "Enter a valid email" in owner.post("account/people", {"email": "nobody", "role": "member"}, 422)
    taken = owner.post("account/people", {"email": cast.stranger.email, "role": "member"}, 422)
    assert "There is already an account with this email address, and each address can have only one." in taken
    assert cast.stranger.email in taken  # what was typed stays
    owner.post("account/people", {"email": "Guest@example.com", "role": "admin"})
    assert "guest@example.com" in owner.get(owner.last["Location"])
    row = Invitation.objects.get(email="guest@example.com")
    assert (row.role, row.invited_by_id) == ("admin", cast.owner.pk)
    owner.post(f"account/invitations/{row.pk}/resending")
    owner.post(f"account/invitations/{row.pk}/revocation")
    row.refresh_from_db()
    assert row.status == "revoked"
    assert "guest@example.com" not in owner.get("account/people")
    owner.post(f"account/invitations/{row.pk}/revocation", status=409)


def test_roles_change_and_the_rules_hold(cast: Any, owner: Visitor) -> None:
    page = f"account/people/{cast.teammate.pk}"
    owner.post(page, {"deed": "membership", "role": "admin"})
    assert '<option value="admin" selected>' in owner.get(owner.last["Location"])
    other = Visitor(User.objects.get(pk=cast.teammate.pk))
    other.post(f"account/people/{cast.owner.pk}", {"deed": "membership", "role": "member"})  # handed over
    owner.get("account/people", 302)  # signed out
    mine = f"account/people/{cast.teammate.pk}"
    other.post(mine, {"deed": "membership", "role": "member"})  # of which one's own form has no field
    assert User.objects.get(pk=cast.teammate.pk).is_admin
    other.post(mine, {"deed": "deactivation"}, 422)
    other.post(f"account/people/{cast.owner.pk}", {"deed": "nonsense"}, 422)


def test_a_translator_of_one_project_is_invited_and_changed(cast: Any, owner: Visitor) -> None:
    project = make_project(cast.organization, name="Bottles")
    sent = {"email": "t@example.com", "role": "translator", "project_ids": [str(project.pk)]}
    assert "Choose the languages that this person translates." in owner.post("account/people", sent, 422)
    owner.post("account/people", {**sent, "languages": ["de", "fr"]})
    row = Invitation.objects.get()
    assert (row.role, row.languages, row.project_ids) == ("translator", ["de", "fr"], [project.pk])
    page = f"account/people/{cast.teammate.pk}"
    wishes = {"deed": "membership", "role": "viewer", "project_ids": [str(project.pk)]}
    assert "A viewer reviews no texts" in owner.post(page, {**wishes, "languages": ["de"]}, 422)
    owner.post(page, wishes)
    cast.teammate.refresh_from_db()
    assert (cast.teammate.role, cast.teammate.project_ids) == ("viewer", [project.pk])
    assert "1 project" in plain(owner.get("account/people"))
    mine = f"account/people/{cast.owner.pk}"
    owner.post(mine, {"deed": "membership", "languages": ["de"], "role": "viewer"})
    cast.owner.refresh_from_db()
    assert (cast.owner.role, cast.owner.languages) == ("admin", ["de"])
    strange = make_project(cast.stranger.organization)
    owner.post(page, {**wishes, "project_ids": [str(strange.pk)]}, 422)


def test_nobody_changes_themselves(cast: Any, owner: Visitor) -> None:
    page = f"account/people/{cast.owner.pk}"
    assert "This is you" in owner.get(page)
    owner.post(page, {"deed": "deactivation"}, 422)
    cast.owner.refresh_from_db()
    assert cast.owner.is_active


def test_a_person_is_deactivated_and_let_in_again(cast: Any, owner: Visitor) -> None:
    member, page = Visitor(cast.teammate), f"account/people/{cast.teammate.pk}"
    member.get("/app/")
    owner.post(page, {"deed": "sign-out"})
    member.get("/app/", 302)
    owner.post(page, {"deed": "deactivation"})
    assert "Reactivate" in owner.get(page)
    owner.post(page, {"deed": "reactivation"})
    cast.teammate.refresh_from_db()
    assert cast.teammate.is_active


def test_a_lost_device_is_reset_by_an_admin(cast: Any, owner: Visitor) -> None:
    TotpDevice.objects.create(user=cast.teammate, confirmed=True, name="totp")
    page = f"account/people/{cast.teammate.pk}"
    assert "Reset two-factor authentication" in owner.get(page)
    owner.post(page, {"deed": "factor-reset"})
    assert not TotpDevice.objects.filter(user=cast.teammate).exists()


def test_members_see_neither_people_nor_keys(cast: Any) -> None:
    member = Visitor(cast.teammate)
    page = member.get("account/you")
    assert "API keys" not in page
    for path in ("people", f"people/{cast.owner.pk}", "keys", "provider-keys", "organization"):
        member.get(f"account/{path}", 403)
        member.post(f"account/{path}", {"name": "x"}, 403)


def test_a_key_is_shown_once(cast: Any, owner: Visitor) -> None:
    assert "This field is required" in owner.post("account/keys", {"name": ""}, 422)
    page = owner.post("account/keys", {"name": "Plugin & co"}, 200)
    found = re.search(r'<code id="key"[^>]*>([^<]+)</code>', page)
    assert found
    assert owner.last["Cache-Control"] == "no-store"
    key = ApiKey.objects.get(organization=cast.organization)
    assert key.digest == digest(found[1])
    assert found[1] not in owner.get("account/keys")
    owner.post(f"account/keys/{key.pk}/deactivation")
    assert "deactivated" in owner.get("account/keys")
    owner.post(f"account/keys/{key.pk}/deletion")
    assert not ApiKey.objects.exists()


def test_a_key_has_what_was_chosen_and_is_replaced(cast: Any, owner: Visitor) -> None:
    day = timezone.localdate() + timedelta(days=30)
    wishes = {"name": "ERP", "mode": "test", "scopes": ["items:read", "jobs:read"], "expires_at": day.isoformat(),
              "xct_per_month": "50", "allowed_networks": "203.0.113.7\n10.0.0.0/8"}  # fmt: skip
    owner.post("account/keys", {**wishes, "allowed_networks": "nonsense"}, 422)
    owner.post("account/keys", {**wishes, "expires_at": "2020-01-01"}, 422)
    owner.post("account/keys", {**wishes, "scopes": ["everything"]}, 422)
    owner.post("account/keys", wishes, 200)
    key = ApiKey.objects.get()
    assert (key.mode, key.scopes, key.xct_per_month) == ("test", ["items:read", "jobs:read"], 50)
    assert key.allowed_networks == ["203.0.113.7/32", "10.0.0.0/8"]
    assert key.expires_at
    assert key.expires_at.date() == day
    page = owner.get(f"account/keys/{key.pk}")
    assert f'value="{day.isoformat()}"' in page
    owner.post(f"account/keys/{key.pk}", {**wishes, "name": "ERP 2", "allowed_networks": ""})
    before, before_end = key, key.expires_at
    key.refresh_from_db()
    assert (key.name, key.allowed_networks, key.expires_at) == ("ERP 2", [], before_end)
    page = owner.post(f"account/keys/{key.pk}/rotation", {"overlap": "1"}, 200)
    found = re.search(r'<code id="key"[^>]*>([^<]+)</code>', page)
    before.refresh_from_db()
    assert found
    assert before.replaced_by
    assert before.replaced_by.digest == digest(found[1])
    assert before.expires_at
    assert before.expires_at < timezone.now() + timedelta(hours=1, minutes=1)
    owner.post(f"account/keys/{key.pk}/rotation", {"overlap": "1"}, 409)
    assert "Replaced by the key" in owner.get(f"account/keys/{key.pk}")


def test_keys_and_endpoints_are_made_for_chosen_projects(cast: Any, owner: Visitor, settings: Any) -> None:
    assert "Projects</legend>" not in owner.get("account/keys")  # there is none to choose
    live, trial = make_project(cast.organization), make_project(cast.organization, is_test=True)
    foreign = make_project(cast.stranger.organization)
    assert str(live.pk) in owner.get("account/keys")
    wishes = {"name": "ERP", "scopes": ["items:read"], "project_ids": [str(live.pk)]}
    owner.post("account/keys", {**wishes, "project_ids": [str(foreign.pk)]}, 422)
    wrong = owner.post("account/keys", {**wishes, "project_ids": [str(trial.pk)]}, 422)
    assert "This is a test project, which only test keys" in wrong
    owner.post("account/keys", wishes, 200)
    key = ApiKey.objects.get()
    assert key.project_ids == [live.pk]
    page = owner.get(f"account/keys/{key.pk}")
    assert "Only in these projects:" in page
    assert live.name in page
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1:9"]
    assert str(trial.pk) not in owner.get("account/webhooks")
    owner.post("account/webhooks", {"url": "http://127.0.0.1:9/x", "project_ids": [str(live.pk)]}, 200)
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.project_ids == [live.pk]
    assert live.name in owner.get(f"account/webhooks/{endpoint.pk}")


def test_own_keys_of_providers_are_taken_and_never_shown(cast: Any, owner: Visitor) -> None:
    path = "account/provider-keys"
    assert "does not include using your own AI provider keys" in owner.get(path)
    assert "does not include" in owner.post(path, {"provider": "anthropic", "key": "sk-1"}, 422)
    Organization.objects.filter(pk=cast.organization.pk).update(byok_enabled=True)
    owner.post(path, {"provider": "anthropic", "key": "sk-secret"})
    owner.post(path, {"provider": "anthropic", "key": ""}, 422)
    owner.post(path, {"provider": "google", "key": "schlüssel"}, 422)
    owner.post(path, {"provider": "nobody", "key": "x"}, 400)
    page = owner.get(path)
    assert page.count("key saved") == 1
    assert "sk-secret" not in page
    assert cast.organization.own_keys.get().key == "sk-secret"
    owner.post(path, {"provider": "anthropic", "step": "remove"})
    assert not cast.organization.own_keys.exists()


def test_the_organizations_name_and_rule(cast: Any, owner: Visitor) -> None:
    owner.post("account/organization", {"name": "Corner & Sons", "enforce_2fa": "on"})
    assert "Corner &amp; Sons" in owner.get("account/organization")
    cast.organization.refresh_from_db()
    assert cast.organization.enforce_2fa
    assert "This field is required" in owner.post("account/organization", {"name": ""}, 422)


def test_ones_name_is_saved(cast: Any, owner: Visitor) -> None:
    owner.post("account/you", {"which": "name", "name-first_name": "Mira", "name-last_name": "Kostić"})
    assert "Mira Kostić" in owner.get("account/you")


def test_a_new_address_needs_the_password_and_waits_for_its_link(cast: Any, owner: Visitor) -> None:
    sent = {"which": "email", "email-email": "new@example.com", "email-current_password": "wrong"}
    refused = owner.post("account/you", sent, 422)
    assert "The current password is wrong." in refused
    assert "new@example.com" in refused
    assert 'id="id_email-current_password-error"' in refused
    assert '<label for="id_email-current_password">Current password</label>' in refused  # not "(optional)"
    assert "Enter your current password." in owner.post("account/you", {**sent, "email-current_password": ""}, 422)
    owner.post("account/you", {**sent, "email-current_password": PASSWORD})
    assert "We sent a link to new@example.com" in owner.get("account/you")
    cast.owner.refresh_from_db()
    assert (cast.owner.pending_email, cast.owner.email != "new@example.com") == ("new@example.com", True)


def test_a_new_password_keeps_this_browser_and_ends_the_others(cast: Any, owner: Visitor) -> None:
    other = Visitor(cast.owner)
    sent = {"which": "password", "password-password": "short", "password-current_password": PASSWORD}
    assert "too short" in owner.post("account/you", sent, 422)
    owner.post("account/you", {**sent, "password-password": GOOD})
    assert "Your password was changed" in owner.get(owner.last["Location"])
    other.get("/app/", 302)


def test_whoever_has_no_password_needs_a_fresh_sign_in(cast: Any) -> None:
    visitor = Visitor(cast.owner)  # as after Google: without a password
    page = visitor.get("account/you")
    assert "current_password" not in page
    Session.objects.filter(pk=visitor.session.pk).update(created_at=timezone.now() - timedelta(hours=1))
    refused = visitor.post("account/you", {"which": "password", "password-password": GOOD}, 422)
    assert "Please sign in again to confirm this." in refused
    Visitor(cast.owner).post("account/you", {"which": "password", "password-password": GOOD})


def test_sessions_are_ones_own_and_can_be_ended(cast: Any, owner: Visitor) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    other, third = Visitor(cast.owner, user_agent=agent), Visitor(cast.owner)
    theirs = Visitor(cast.teammate)
    page = owner.get("account/safety")
    assert "Firefox, Linux" in page
    assert page.count('<span class="state approved">this browser') == 1
    assert str(theirs.session.pk) not in page
    owner.post(f"account/sessions/{theirs.session.pk}/end", status=404)  # a colleague's is not one's own
    owner.post(f"account/sessions/{other.session.pk}/end")
    other.get("/app/", 302)
    third.get("/app/")
    owner.post("account/sessions/others/end")
    third.get("/app/", 302)
    theirs.get("/app/")
    assert "All other sessions were signed out." in owner.get(owner.last["Location"])
    owner.post(f"account/sessions/{owner.session.pk}/end")
    assert owner.last["Location"].startswith("/app/sign-in")


def test_a_second_factor_is_set_up_and_turned_off(cast: Any, owner: Visitor) -> None:
    page = owner.post("account/safety/second-factor", {"method": "totp"}, 200)
    secret = page.partition('<code id="secret">')[2].partition("<")[0]
    assert "data:image/svg+xml" in page
    sent = {"method": "totp", "secret": secret, "code": "000000"}
    assert secret in owner.post("account/safety/second-factor", sent, 422)
    device = TotpDevice.objects.get(user=cast.owner)
    device.throttle_reset()
    codes = owner.post("account/safety/second-factor", {**sent, "code": pyotp.TOTP(secret).now()}, 200)
    backup = re.findall(r"<li><code>([^<]+)</code>", codes)
    assert len(backup) == 10
    assert "10 backup codes are left" in plain(owner.get("account/safety"))
    assert "already set up" in owner.post("account/safety/second-factor", {"method": "totp"}, 422)
    assert "This code is wrong or has expired. Check it, or request a new one." in owner.post(
        "account/safety", {"code": "zzz", "deed": "off"}, 422
    )
    fresh = owner.post("account/safety", {"code": backup[0], "deed": "codes"}, 200)
    assert backup[1] not in fresh
    owner.post("account/safety", {"code": re.findall(r"<li><code>([^<]+)</code>", fresh)[0], "deed": "off"})
    assert "Two-factor authentication is off." in owner.get(owner.last["Location"])


def test_a_code_by_mail(cast: Any, owner: Visitor) -> None:
    owner.post("account/safety/second-factor", {"method": "email"}, 200)
    refused = owner.post("account/safety/second-factor/mail", status=422)
    assert "Codes are sent by email only" in refused


def test_staff_confirm_a_device_by_their_password(cast: Any) -> None:
    cast.staff.set_password(PASSWORD)
    cast.staff.save()
    visitor = Visitor(cast.staff)
    Session.objects.filter(pk=visitor.session.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert "Send your password" in visitor.post("account/safety/second-factor", {"method": "totp"}, 422)
    visitor.post("account/safety/second-factor", {"method": "totp", "password": PASSWORD}, 200)


def test_support_changes_nothing_here(cast: Any) -> None:
    token = impersonation.start(user=cast.owner, by=cast.staff, reason="Ticket 7")
    visitor = Visitor()
    visitor.post("support-session", {"token": token})
    for path in ("people", f"people/{cast.teammate.pk}", "keys", "you", "safety", "organization"):
        visitor.get(f"account/{path}")
        visitor.post(f"account/{path}", {"name": "x", "deed": "admin", "which": "name"}, 403)
    visitor.post("account/safety/second-factor", {"method": "totp"}, 403)
    visitor.post("account/sessions/others/end", status=403)


def test_people_of_others_are_not_there(cast: Any, owner: Visitor) -> None:
    theirs = make_user()
    owner.get(f"account/people/{theirs.pk}", 404)
    owner.post(f"account/people/{theirs.pk}", {"deed": "deactivation"}, 404)


def test_a_limit_to_a_project_that_is_gone_stays_when_a_person_is_saved(cast: Any, owner: Visitor) -> None:
    """It was in no choice of the form, and none means all."""
    trashed, gone, other = (make_project(cast.organization, name=name) for name in ("Winter", "Spring", "Summer"))
    limit = sorted((trashed.pk, gone.pk))
    User.objects.filter(pk=cast.teammate.pk).update(project_ids=limit)
    trashed.deleted_at = timezone.now()
    trashed.save()
    gone.delete()
    path = f"account/people/{cast.teammate.pk}"
    page = owner.get(path)
    ticked = re.findall(r'name="project_ids" value="([0-9a-f-]+)"[^>]* checked', page)
    assert sorted(ticked) == [str(pk) for pk in limit]
    assert "in the trash" in page
    assert "a deleted project" in page
    sent = {"deed": "membership", "role": "reviewer", "languages": ["fr"], "project_ids": ticked}
    owner.post(path, sent)
    person = User.objects.get(pk=cast.teammate.pk)
    assert (person.project_ids, person.languages) == (limit, ["fr"])
    owner.post(path, {**sent, "project_ids": [*ticked, str(other.pk)]})
    assert User.objects.get(pk=cast.teammate.pk).project_ids == sorted((*limit, other.pk))


def test_an_invitation_of_a_colleague_says_what_to_do(cast: Any, owner: Visitor) -> None:
    sent = {"email": cast.teammate.email, "role": "member"}
    assert "This person is already in your organization." in owner.post("account/people", sent, 422)
    User.objects.filter(pk=cast.teammate.pk).update(is_active=False)
    assert "Reactivate them instead" in owner.post("account/people", sent, 422)


def test_who_may_not_add_a_project_is_not_led_to_one(cast: Any) -> None:
    project = make_project(cast.organization)
    User.objects.filter(pk=cast.teammate.pk).update(project_ids=[project.pk])
    visitor = Visitor(User.objects.get(pk=cast.teammate.pk))
    visitor.get("projects/new", 403)
    assert "projects/new" not in visitor.get("")
    project.deleted_at = timezone.now()
    project.save()
    assert "projects/new" not in visitor.get("")
