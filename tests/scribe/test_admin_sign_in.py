"""Who gets into the admin, and how."""

from __future__ import annotations

import re
from urllib.parse import quote

import pyotp
import pytest
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import passwords, second_factor, sessions, users
from accounts.models import BackupCode, TotpDevice
from scribe.api.admin_sessions import kept_key
from scribe.models import AuditEntry
from tests.factories import PASSWORD, make_user
from tests.scribe.admin_browser import staff_client

pytestmark = pytest.mark.django_db

LOGIN, INDEX = "/admin/login/", "/admin/"


@pytest.fixture
def staff(cast):
    cast.staff.set_password(PASSWORD)
    cast.staff.save()
    return cast.staff


def make_colleague(staff):
    return make_user(staff.organization, role="admin", is_super_admin=True)


def sign_in(client: Client, email: str, password: str = PASSWORD, code: str = ""):
    return client.post(LOGIN, {"username": email, "password": password, "code": code, "next": INDEX})


def enrol(user) -> pyotp.TOTP:
    totp = pyotp.TOTP(second_factor.set_up(user=user, method="totp").secret)
    device = TOTPDevice.objects.get(user=user)
    device.confirmed = True
    device.save()
    return totp


def test_without_signing_in_every_page_leads_to_the_door(staff):
    reply = Client().get("/admin/accounts/user/")
    assert (reply.status_code, reply["Location"]) == (302, "/admin/login/?next=/admin/accounts/user/")


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_an_address_elsewhere_leads_to_the_dashboard(staff, there):
    """It ended at a page that does not exist."""
    code = enrol(staff).now()
    sent = {"username": staff.email, "password": PASSWORD, "code": code, "next": there}
    reply = Client().post(f"{LOGIN}?next={quote(there)}", sent)
    assert (reply.status_code, reply["Location"]) == (302, INDEX)


@pytest.mark.parametrize("query", ["?next=//evil.example/", "?next=https://evil.example/", "?next=", ""])
def test_signing_out_ends_at_a_page_of_ours(staff, query):
    """It ended at a 405."""
    client = staff_client(staff)
    reply = client.post(f"/admin/logout/{query}", follow=True)
    assert reply.status_code == 200
    assert all(url.startswith("/admin/") for url, _ in reply.redirect_chain)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("who", ["owner", "teammate", "stranger"])
def test_customers_are_not_let_in(cast, who):
    user = getattr(cast, who)
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    assert "wrong" in sign_in(client, user.email).content.decode()
    assert staff_client(user).get(INDEX).status_code == 302  # not even with a session and a device


def test_staff_with_a_device_need_its_code(staff):
    totp = enrol(staff)
    client = Client()
    assert b"wrong" in sign_in(client, staff.email).content
    assert b"wrong" in sign_in(client, staff.email, code="000000").content
    assert client.get(INDEX).status_code == 302
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert sign_in(client, staff.email, code=totp.now()).status_code == 302
    assert client.get(INDEX).status_code == 200


def test_a_code_works_once(staff):
    totp = enrol(staff)
    code = totp.now()
    assert sign_in(Client(), staff.email, code=code).status_code == 302
    assert b"wrong" in sign_in(Client(), staff.email, code=code).content


def test_staff_without_a_device_reach_nothing_but_the_set_up(staff):
    client = Client()
    sign_in(client, staff.email)
    assert client.get("/admin/accounts/user/").status_code == 302
    reply = client.get("/admin/accounts/user/", follow=True)
    assert reply.redirect_chain[-1][0] == reverse("admin:second_factor")


def test_setting_up_on_the_admins_own_page(staff):
    client, place = Client(), reverse("admin:second_factor")
    sign_in(client, staff.email)
    secret, proof = begin_set_up(client)
    wrong = client.post(place, {"proof": proof, "code": "000000"}).content.decode()
    assert secret in wrong  # the same secret, so the app that scanned it stays right
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    done = client.post(place, {"proof": proof, "code": pyotp.TOTP(secret).now()}).content.decode()
    codes = re.findall(r"<li>([a-z2-7]{5}-[a-z2-7]{5})</li>", done)
    assert len(codes) == 10
    assert client.get(INDEX).status_code == 200
    assert second_factor.method_of(second_factor.device_of(staff)) == "totp"  # the device of /auth/2fa
    again = client.get(reverse("admin:second_factor"))
    assert again.status_code == 302  # nothing is shown twice


def begin_set_up(client, password=PASSWORD):
    """The secret, and the proof of the password that the page carries on."""
    page = client.post(reverse("admin:second_factor"), {"password": password}).content.decode()
    secret, proof = re.search(r'id="secret">([A-Z2-7]+)<', page), re.search(r'name="proof" value="([^"]+)"', page)
    return (secret.group(1), proof.group(1)) if secret and proof else (None, None)


def copy_of(client: Client) -> Client:
    """The browser of somebody who has stolen the cookie."""
    thief = Client(REMOTE_ADDR="203.0.113.66")
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    return thief


def test_a_stolen_cookie_does_not_enrol_the_thiefs_device(staff):
    client, place = Client(), reverse("admin:second_factor")
    sign_in(client, staff.email)
    thief = copy_of(client)
    assert b'id="secret"' not in thief.get(place).content
    assert begin_set_up(thief, "a guess") == (None, None)
    secret, proof = begin_set_up(client)
    # Not while the owner is at it either, nor with a made-up proof: the owner's secret is not shown again.
    for body in ({}, {"code": "000000"}, {"proof": "made:up", "code": pyotp.TOTP(secret).now()}):
        assert secret.encode() not in thief.post(place, body).content
    assert not TotpDevice.objects.filter(confirmed=True).exists()
    client.post(place, {"proof": proof, "code": pyotp.TOTP(secret).now()})
    assert client.get(INDEX).status_code == 200
    assert thief.get(INDEX).status_code == 302  # the enrolment did not verify the copy as well


def test_a_proof_dies_with_the_sessions(staff):
    client, place = Client(), reverse("admin:second_factor")
    sign_in(client, staff.email)
    secret, proof = begin_set_up(client)
    sessions.end_all(user=staff, because="admin")
    sign_in(client, staff.email)
    client.post(place, {"proof": proof, "code": pyotp.TOTP(secret).now()})
    assert not TotpDevice.objects.filter(confirmed=True).exists()


@pytest.mark.parametrize("deed", ["end sessions", "reset second factor", "deactivate", "logout-all", "new password"])
def test_whatever_ends_sessions_ends_those_of_browsers(staff, api, deed):
    colleague = make_colleague(staff)
    client = staff_client(staff)
    assert client.get(INDEX).status_code == 200
    if deed == "end sessions":
        users.sign_out(user=staff, by=colleague)
    elif deed == "reset second factor":
        second_factor.reset(user=staff, by=colleague)
    elif deed == "deactivate":
        users.deactivate(user=staff, by=colleague)
    elif deed == "logout-all":
        api.as_(staff).post("auth/logout-all")
    else:
        passwords.change(user=staff, password="another long sentence")
    assert client.get(INDEX).status_code == 302
    place = client.get(reverse("admin:second_factor"))
    assert (place.status_code, place["Location"]) == (302, reverse("admin:login"))


def test_the_table_of_sessions_holds_no_cookie(staff):
    from django.contrib.sessions.models import Session

    client = Client()
    enrolled = enrol(staff)
    sign_in(client, staff.email, code=enrolled.now())
    assert client.get(INDEX).status_code == 200
    row = Session.objects.get()
    cookie = client.cookies["sessionid"].value
    assert cookie not in (row.session_key, row.session_data)
    assert row.session_key == kept_key(cookie)
    reader = Client()
    reader.cookies["sessionid"] = row.session_key
    assert reader.get(INDEX).status_code == 302
    client.post("/admin/logout/")
    assert not Session.objects.filter(session_key=kept_key(cookie)).exists()


def test_a_backup_code_opens_once(staff):
    enrol(staff)
    code = second_factor._renew_codes(staff)[0]
    assert sign_in(Client(), staff.email, code=code).status_code == 302
    assert b"wrong" in sign_in(Client(), staff.email, code=code).content
    assert BackupCode.objects.filter(user=staff).count() == 9


def test_otp_can_be_switched_off_but_a_device_is_still_asked_for(staff, settings):
    settings.ADMIN_REQUIRE_OTP = False
    client = Client()
    sign_in(client, staff.email)
    assert client.get(INDEX).status_code == 200
    enrol(staff)
    assert b"wrong" in sign_in(Client(), staff.email).content


def test_guessing_is_locked_out(staff):
    client = Client()
    for _ in range(5):
        assert b"wrong" in sign_in(client, staff.email, "not the password").content
    assert b"Too many failed attempts" in sign_in(client, staff.email).content


def test_the_answer_does_not_tell_whether_an_address_is_staff(staff, cast):
    pages = [
        sign_in(Client(), email, "not the password").content.decode() for email in (staff.email, "nobody@example.com")
    ]
    said = [re.findall(r"The e-mail address[^<]*", page) for page in pages]
    assert said[0] == said[1] != []


def test_a_reset_second_factor_closes_open_sessions(staff, cast):
    client = staff_client(staff)
    assert client.get(INDEX).status_code == 200
    second_factor.reset(user=staff, by=make_colleague(staff))
    assert client.get(INDEX).status_code == 302


def test_the_last_of_the_staff_is_reset_at_the_server(staff):
    enrol(staff)
    second_factor.reset(user=staff, by=None)
    assert second_factor.device_of(staff) is None
    entry = AuditEntry.objects.get(action="user.two_factor_reset")
    assert (entry.actor_label, entry.target_id) == ("system", str(staff.pk))


def test_signing_in_is_in_the_audit_log(staff):
    totp = enrol(staff)
    sign_in(Client(), staff.email, code=totp.now())
    entry = AuditEntry.objects.get(action="staff.signed_in")
    assert (entry.actor_id, entry.after["second_factor"]) == (staff.pk, True)


def test_changing_ones_password_in_the_admin_goes_by_our_rules(staff):
    client = staff_client(staff)
    fields = {
        "old_password": PASSWORD,
        "new_password1": "another long sentence",
        "new_password2": "another long sentence",
    }
    assert client.post(reverse("admin:password_change"), fields).status_code == 302
    staff.refresh_from_db()
    assert staff.check_password("another long sentence")
    assert AuditEntry.objects.filter(action__startswith="user.password").count() == 1
