"""TOTP, mailed codes, backup codes; and what admins may do about them."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.utils import timezone
from django_otp.plugins.otp_email.models import EmailDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import BackupCode, OneTimeToken, Session
from tests.accounts.conftest import PASSWORD, Mails, Person, Totp, add_member, bearer, enable_totp
from tests.helpers import Api


def rest(person: Person) -> None:
    """Waits after failures and between mails are over."""
    EmailDevice.objects.update(
        last_generated_timestamp=timezone.now() - timedelta(minutes=2),
        throttling_failure_count=0,
        throttling_failure_timestamp=None,
    )
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def verify(temp: str, code: str, status: int = 200) -> Any:
    return Api().post("auth/verify-2fa", {"temp_token": temp, "code": code}, status=status)


def enable_email(person: Person, mails: Mails) -> list[str]:
    setup = person.api.post("auth/2fa/setup", {"method": "email"})
    assert (setup["secret"], setup["otpauth_uri"]) == (None, None)
    codes: list[str] = person.api.post("auth/2fa/confirm", {"code": mails.code(person.email)})["backup_codes"]
    rest(person)
    return codes


def test_totp_set_up_confirm_and_sign_in(owner: Person, mails: Mails) -> None:
    setup = owner.api.post("auth/2fa/setup", {"method": "totp"})
    uri = pyotp.parse_uri(setup["otpauth_uri"])
    assert uri.secret == setup["secret"]
    assert uri.issuer == "XC Scribe"
    assert owner.sign_in()["access_token"], "it does not count before it is confirmed"
    app = Totp(setup["secret"])
    codes = owner.api.post("auth/2fa/confirm", {"code": app.code()})["backup_codes"]
    assert len(set(codes)) == 10
    me = owner.api.get("users/me")
    assert (me["two_factor_enabled"], me["two_factor_method"]) == (True, "totp")
    first = owner.sign_in()
    assert first["access_token"] is None
    assert (first["two_factor_required"], first["two_factor_method"]) == (True, "totp")
    done = verify(first["temp_token"], app.code())
    bearer(done["access_token"]).get("users/me")
    assert mails.last(owner.email, "turned on")


def test_a_code_works_once(owner: Person) -> None:
    app, _ = enable_totp(owner)
    code = app.code()
    verify(owner.sign_in()["temp_token"], code)
    verify(owner.sign_in()["temp_token"], code, 400)


def test_the_code_of_the_confirmation_does_not_sign_in(owner: Person) -> None:
    setup = owner.api.post("auth/2fa/setup", {"method": "totp"})
    code = pyotp.TOTP(setup["secret"]).now()
    owner.api.post("auth/2fa/confirm", {"code": code})
    verify(owner.sign_in()["temp_token"], code, 400)


def test_a_code_of_an_hour_ago_is_wrong(owner: Person) -> None:
    app, _ = enable_totp(owner)
    assert verify(owner.sign_in()["temp_token"], pyotp.TOTP(app.secret).at(int(time.time()) - 3600), 400)["code"] == (
        "invalid_code"
    )


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", " +12345", "١٢٣٤٥٦", "0x1234", None])
def test_a_code_of_another_shape_is_400(owner: Person, code: Any) -> None:
    enable_totp(owner)
    verify(owner.sign_in()["temp_token"], code, 400)


def test_a_temp_token_serves_once_and_lives_ten_minutes(owner: Person) -> None:
    app, codes = enable_totp(owner)
    temp = owner.sign_in()["temp_token"]
    verify(temp, app.code())
    assert verify(temp, codes[0], 401)["code"] == "invalid_temp_token"
    temp = owner.sign_in()["temp_token"]
    row = OneTimeToken.objects.get(purpose="second-factor", used_at=None)
    assert abs(row.expires_at - timezone.now() - timedelta(minutes=10)) < timedelta(seconds=30)
    OneTimeToken.objects.update(expires_at=timezone.now())
    verify(temp, codes[0], 401)


@pytest.mark.parametrize("temp", ["", "nonsense", "a:b:c"])
def test_a_made_up_temp_token_is_401(owner: Person, temp: str) -> None:
    enable_totp(owner)
    status = 401 if temp else 400
    verify(temp or " ", "123456", status)


def test_a_temp_token_of_another_step_is_401(owner: Person, mails: Mails) -> None:
    app, _ = enable_totp(owner)
    temp = owner.sign_in()["temp_token"]
    Api().post("auth/2fa/setup-with-temp", {"temp_token": temp, "method": "totp"}, status=401)
    Api().post("auth/2fa/confirm-with-temp", {"temp_token": temp, "code": app.code()}, status=401)
    Api().post("auth/forgot-password", {"email": owner.email})
    verify(mails.token(owner.email, "reset-password"), app.code(), 401)


def test_a_wrong_code_makes_the_device_wait_and_longer_each_time(owner: Person) -> None:
    app, _ = enable_totp(owner)
    temp = owner.sign_in()["temp_token"]
    verify(temp, "000000", 400)
    locked = verify(temp, app.code(), 429)  # the right code is not even looked at
    assert locked["code"] == "too_many_attempts"
    device = TOTPDevice.objects.get()
    assert device.throttling_failure_count == 1
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=1.1))
    verify(temp, "000000", 400)
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=1.1))
    verify(temp, "000000", 429)
    app.rest()
    verify(temp, app.code())


def test_five_wrong_codes_kill_the_temp_token(owner: Person) -> None:
    app, _ = enable_totp(owner)
    temp = owner.sign_in()["temp_token"]
    for _ in range(5):
        verify(temp, "000000", 400)
        rest(owner)
    app.rest()
    verify(temp, app.code(), 401)
    verify(owner.sign_in()["temp_token"], app.code())


def test_guessing_never_locks_the_owner_out_for_good(owner: Person) -> None:
    app, _ = enable_totp(owner)
    TOTPDevice.objects.update(
        throttling_failure_count=40, throttling_failure_timestamp=timezone.now() - timedelta(days=400)
    )
    TOTPDevice.objects.update(
        throttling_failure_count=12, throttling_failure_timestamp=timezone.now() - timedelta(hours=2)
    )
    verify(owner.sign_in()["temp_token"], "000000", 400)
    assert TOTPDevice.objects.get().throttling_failure_count <= 11
    app.rest()
    verify(owner.sign_in()["temp_token"], app.code())


def test_a_backup_code_works_once_however_it_is_typed(owner: Person) -> None:
    _, codes = enable_totp(owner)
    verify(owner.sign_in()["temp_token"], codes[0].upper())
    verify(owner.sign_in()["temp_token"], codes[0], 400)
    verify(owner.sign_in()["temp_token"], codes[1].replace("-", " "))
    assert BackupCode.objects.count() == 8


def test_backup_codes_are_kept_hashed(owner: Person) -> None:
    _, codes = enable_totp(owner)
    kept = " ".join(BackupCode.objects.values_list("digest", flat=True))
    assert all(code not in kept and code.replace("-", "") not in kept for code in codes)


def test_a_backup_code_of_another_user_is_wrong(owner: Person, stranger: Person) -> None:
    _, codes = enable_totp(owner)
    enable_totp(stranger)
    verify(stranger.sign_in()["temp_token"], codes[0], 400)


def test_backup_codes_are_replaced_against_a_code(owner: Person) -> None:
    app, old = enable_totp(owner)
    new = owner.api.post("auth/2fa/backup-codes", {"code": app.code()})["backup_codes"]
    assert not set(new) & set(old)
    verify(owner.sign_in()["temp_token"], old[0], 400)
    verify(owner.sign_in()["temp_token"], new[0])


def test_set_up_does_not_replace_a_confirmed_device(owner: Person) -> None:
    enable_totp(owner)
    assert owner.api.post("auth/2fa/setup", {"method": "email"}, status=409)["code"] == "two_factor_active"


def test_a_new_set_up_replaces_an_unconfirmed_one(owner: Person) -> None:
    first = Totp(owner.api.post("auth/2fa/setup", {"method": "totp"})["secret"])
    second = Totp(owner.api.post("auth/2fa/setup", {"method": "totp"})["secret"])
    owner.api.post("auth/2fa/confirm", {"code": first.code()}, status=400)
    second.rest()
    owner.api.post("auth/2fa/confirm", {"code": second.code()})
    assert TOTPDevice.objects.count() == 1


def test_confirm_without_set_up_is_409_and_an_unknown_method_400(owner: Person) -> None:
    owner.api.post("auth/2fa/confirm", {"code": "123456"}, status=409)
    owner.api.post("auth/2fa/setup", {"method": "sms"}, status=400)


def test_mailed_codes_set_up_and_sign_in(owner: Person, mails: Mails) -> None:
    enable_email(owner, mails)
    first = owner.sign_in()
    assert first["two_factor_method"] == "email"
    code = mails.code(owner.email)
    assert re.fullmatch(r"\d{6}", code)
    bearer(verify(first["temp_token"], code)["access_token"]).get("users/me")
    verify(owner.sign_in()["temp_token"], code, 400)


def test_a_mailed_code_lives_ten_minutes(owner: Person, mails: Mails) -> None:
    enable_email(owner, mails)
    temp = owner.sign_in()["temp_token"]
    device = EmailDevice.objects.get()
    assert abs(device.valid_until - timezone.now() - timedelta(minutes=10)) < timedelta(seconds=30)
    EmailDevice.objects.update(valid_until=timezone.now())
    verify(temp, mails.code(owner.email), 400)


def test_codes_are_mailed_at_most_once_a_minute(owner: Person, mails: Mails) -> None:
    enable_email(owner, mails)
    temp = owner.sign_in()["temp_token"]
    Api().post("auth/resend-2fa", {"temp_token": temp}, status=429)
    owner.api.post("auth/2fa/send-disable-code", status=429)
    sent = len([m for m in mails.to(owner.email) if "code" in m["Subject"]])
    again = owner.sign_in()  # no other mail, and the code that is under way serves
    assert len([m for m in mails.to(owner.email) if "code" in m["Subject"]]) == sent
    rest(owner)
    Api().post("auth/resend-2fa", {"temp_token": again["temp_token"]})
    assert len([m for m in mails.to(owner.email) if "code" in m["Subject"]]) == sent + 1
    verify(again["temp_token"], mails.code(owner.email))


def test_resend_is_for_the_email_method_only(owner: Person) -> None:
    enable_totp(owner)
    assert Api().post("auth/resend-2fa", {"temp_token": owner.sign_in()["temp_token"]}, status=409)["code"] == (
        "not_email_method"
    )
    owner.api.post("auth/2fa/send-disable-code", status=409)
    Api().post("auth/resend-2fa", {"temp_token": "nonsense"}, status=401)


def test_disable_needs_a_code(owner: Person, mails: Mails) -> None:
    app, codes = enable_totp(owner)
    owner.api.post("auth/2fa/disable", {"code": "000000"}, status=400)
    app.rest()
    owner.api.post("auth/2fa/disable", {"code": codes[0]})
    assert owner.sign_in()["access_token"]
    assert not TOTPDevice.objects.exists()
    assert not BackupCode.objects.exists()
    assert owner.api.get("users/me")["two_factor_method"] is None
    owner.api.post("auth/2fa/disable", {"code": app.code()}, status=409)
    assert mails.last(owner.email, "turned off")


def test_disable_by_a_mailed_code(owner: Person, mails: Mails) -> None:
    enable_email(owner, mails)
    owner.api.post("auth/2fa/send-disable-code")
    owner.api.post("auth/2fa/disable", {"code": mails.code(owner.email)})
    assert owner.sign_in()["access_token"]


def test_an_admins_reset_wipes_signs_out_and_demands_set_up(owner: Person, mails: Mails) -> None:
    mira = add_member(owner)
    enable_totp(mira)
    owner.api.post(f"users/{mira.id}/2fa/reset")
    mira.api.get("users/me", 401)
    reply = mira.sign_in()
    assert (reply["access_token"], reply["two_factor_setup_required"]) == (None, True)
    setup = Api().post("auth/2fa/setup-with-temp", {"temp_token": reply["temp_token"], "method": "totp"})
    body = {"temp_token": reply["temp_token"], "code": pyotp.TOTP(setup["secret"]).now()}
    done = Api().post("auth/2fa/confirm-with-temp", body)
    assert len(done["backup_codes"]) == 10
    bearer(done["access_token"]).get("users/me")
    assert mira.sign_in()["two_factor_required"] is True
    assert mails.last(mira.email, "reset")


def test_an_admins_disable_suspends_and_enable_resumes(owner: Person) -> None:
    mira = add_member(owner)
    app, _ = enable_totp(mira)
    owner.api.post(f"users/{mira.id}/2fa/disable")
    assert mira.sign_in()["access_token"]
    assert mira.api.get("users/me")["two_factor_enabled"] is False
    owner.api.post(f"users/{mira.id}/2fa/enable")
    temp = mira.sign_in()["temp_token"]
    verify(temp, app.code())


def test_nobody_suspends_or_resets_their_own(owner: Person) -> None:
    """An admin's token alone removed the admin's own second factor."""
    enable_totp(owner)
    for enforced in (False, True):
        owner.api.patch("organization", {"enforce_2fa": enforced})
        for deed in ("disable", "reset"):
            assert owner.api.post(f"users/{owner.id}/2fa/{deed}", status=409)["code"] == "own_second_factor"
    assert owner.sign_in()["two_factor_required"] is True


def test_a_suspended_device_does_not_satisfy_enforcement(owner: Person) -> None:
    mira = add_member(owner)
    enable_totp(mira)
    owner.api.post(f"users/{mira.id}/2fa/disable")
    owner.api.patch("organization", {"enforce_2fa": True})
    reply = mira.sign_in()
    assert (reply["access_token"], reply["two_factor_setup_required"]) == (None, True)
    setup = Api().post("auth/2fa/setup-with-temp", {"temp_token": reply["temp_token"], "method": "totp"})
    app = Totp(setup["secret"])
    body = {"temp_token": reply["temp_token"], "code": pyotp.TOTP(setup["secret"]).now()}
    done = Api().post("auth/2fa/confirm-with-temp", body)
    assert bearer(done["access_token"]).get("users/me")["two_factor_suspended"] is False
    assert TOTPDevice.objects.count() == 1, "the new device stands instead of the suspended one"
    app.rest()
    verify(mira.sign_in()["temp_token"], app.code())


def test_a_bearer_token_does_not_replace_a_suspended_device(owner: Person) -> None:
    mira = add_member(owner)
    enable_totp(mira)
    owner.api.post(f"users/{mira.id}/2fa/disable")
    mira.api.post("auth/2fa/setup", {"method": "totp"}, status=409)


def test_staff_confirm_who_they_are_before_they_enrol(cast: Any, api: Any) -> None:
    """A stolen token of staff without a device would enrol the thief's, which opens the back office."""
    cast.staff.set_password(PASSWORD)
    cast.staff.save()
    staff = api.as_(cast.staff)
    staff.post("auth/2fa/setup", {"method": "totp"})
    Session.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert staff.post("auth/2fa/setup", {"method": "totp"}, status=403)["code"] == "recent_sign_in_required"
    assert staff.post("auth/2fa/setup", {"method": "totp", "password": "x"}, status=403)["code"] == "wrong_password"
    staff.post("auth/2fa/setup", {"method": "totp", "password": PASSWORD})


def test_there_is_nothing_to_suspend_without_a_device(owner: Person) -> None:
    mira = add_member(owner)
    owner.api.post(f"users/{mira.id}/2fa/disable", status=409)
    owner.api.post(f"users/{mira.id}/2fa/enable", status=409)


def test_enforcement_concerns_every_user_at_the_next_sign_in(owner: Person) -> None:
    mira = add_member(owner)
    owner.api.patch("organization", {"enforce_2fa": True})
    mira.api.get("users/me")  # who is in stays in
    for person in (mira, owner):
        reply = person.sign_in()
        assert reply["access_token"] is None
        assert reply["two_factor_setup_required"] is True
    setup = Api().post("auth/2fa/setup-with-temp", {"temp_token": reply["temp_token"], "method": "totp"})
    wrong = {"temp_token": reply["temp_token"], "code": "000000"}
    Api().post("auth/2fa/confirm-with-temp", wrong, status=400)
    app = Totp(setup["secret"])
    app.rest()
    right = {"temp_token": reply["temp_token"], "code": app.code()}
    done = Api().post("auth/2fa/confirm-with-temp", right)
    bearer(done["access_token"]).get("users/me")
    Api().post("auth/2fa/confirm-with-temp", right, status=401)
    assert owner.api.post("auth/2fa/disable", {"code": app.code()}, status=403)["code"] == "two_factor_enforced"


def test_enforced_set_up_by_mailed_code(owner: Person, mails: Mails) -> None:
    owner.api.patch("organization", {"enforce_2fa": True})
    temp = owner.sign_in()["temp_token"]
    Api().post("auth/2fa/setup-with-temp", {"temp_token": temp, "method": "email"})
    done = Api().post("auth/2fa/confirm-with-temp", {"temp_token": temp, "code": mails.code(owner.email)})
    bearer(done["access_token"]).get("users/me")


def test_five_wrong_codes_kill_a_sign_in_that_sets_up(owner: Person) -> None:
    """Wrong codes at this step were not counted."""
    owner.api.patch("organization", {"enforce_2fa": True})
    temp = owner.sign_in()["temp_token"]
    setup = Api().post("auth/2fa/setup-with-temp", {"temp_token": temp, "method": "totp"})
    for _ in range(5):
        rest(owner)
        Api().post("auth/2fa/confirm-with-temp", {"temp_token": temp, "code": "000000"}, status=400)
    rest(owner)
    right = {"temp_token": temp, "code": Totp(setup["secret"]).code()}
    assert Api().post("auth/2fa/confirm-with-temp", right, status=401)["code"] == "invalid_temp_token"
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert not BackupCode.objects.exists()


def test_logout_all_ends_a_sign_in_under_way(owner: Person) -> None:
    app, _ = enable_totp(owner)
    temp = owner.sign_in()["temp_token"]
    owner.api.post("auth/logout-all")
    verify(temp, app.code(), 401)
