"""Two at once, with real threads and real connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pyotp
import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import lockout, tokens
from accounts.models import ApiKey, BackupCode, Invitation, Organization, Session, SignInFailure, User
from scribe.jobs.models import Job
from tests.accounts.conftest import PASSWORD, Mails, Person, add_member, bearer, enable_totp, register, verify
from tests.helpers import Api, send_mail_by, waiting_sessions
from tests.live import wait

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            gate.wait(60)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def status_of(api: Api, method: str, path: str, body: Any = None) -> int:
    kind = {"content_type": "application/json"} if method != "delete" else {}
    data = {"data": body or {}} if method != "delete" else {}
    response = getattr(api.client, method)(f"/api/v1/{path}", headers=api.headers, **data, **kind)
    return int(response.status_code)


@pytest.fixture
def mails(transactional_db: Any, settings: Any) -> Mails:
    send_mail_by(settings, f"filemail://{settings.MAIL_DIR}")
    return Mails()


@pytest.fixture
def owner(mails: Mails) -> Person:
    return verify(register(), mails)


@pytest.mark.parametrize("_", range(3))
def test_two_admins_who_demote_each_other_leave_one(owner: Person, _: int) -> None:
    mira = add_member(owner, role="admin")
    demote = {"role": "member"}
    statuses = at_once(
        lambda: status_of(owner.api, "patch", f"users/{mira.id}", demote),
        lambda: status_of(mira.api, "patch", f"users/{owner.id}", demote),
    )
    assert User.objects.filter(role="admin", is_active=True).count() == 1
    assert Counter(statuses)[200] == 1
    assert set(statuses) <= {200, 401, 403, 409}


def test_two_admins_who_let_each_other_go_leave_one(owner: Person) -> None:
    mira = add_member(owner, role="admin")
    statuses = at_once(
        lambda: status_of(owner.api, "delete", f"users/{mira.id}"),
        lambda: status_of(mira.api, "delete", f"users/{owner.id}"),
    )
    assert User.objects.filter(role="admin", is_active=True).count() == 1
    assert Counter(statuses)[204] == 1


def test_one_address_registered_many_times_at_once_is_one_account(transactional_db: Any) -> None:
    body = {"email": "vera@example.com", "password": PASSWORD, "company_name": "Bottle Shop"}
    statuses = at_once(*[lambda: status_of(Api(), "post", "auth/register", body)] * 6)
    assert Counter(statuses) == {201: 1, 409: 5}
    assert (User.objects.count(), Organization.objects.count()) == (1, 1)


def test_companies_of_one_name_at_once_get_slugs_of_their_own(transactional_db: Any) -> None:
    def come(number: int) -> int:
        body = {"email": f"v{number}@example.com", "password": PASSWORD, "company_name": "Bottle Shop"}
        return status_of(Api(), "post", "auth/register", body)

    assert at_once(*[lambda n=n: come(n) for n in range(5)]) == [201] * 5
    assert Organization.objects.values("slug").distinct().count() == 5


def test_one_totp_code_used_at_once_signs_in_once(owner: Person) -> None:
    app, _ = enable_totp(owner)
    temps = [owner.sign_in()["temp_token"] for _ in range(4)]
    code = app.code()
    statuses = at_once(
        *[lambda t=t: status_of(Api(), "post", "auth/verify-2fa", {"temp_token": t, "code": code}) for t in temps]
    )
    assert Counter(statuses)[200] == 1, statuses
    assert set(statuses) <= {200, 400, 429}


def test_one_backup_code_used_at_once_signs_in_once(owner: Person) -> None:
    _, codes = enable_totp(owner)
    temps = [owner.sign_in()["temp_token"] for _ in range(4)]
    body = {"code": codes[0]}
    statuses = at_once(
        *[lambda t=t: status_of(Api(), "post", "auth/verify-2fa", {**body, "temp_token": t}) for t in temps]
    )
    assert Counter(statuses) == {200: 1, 400: 3}
    assert BackupCode.objects.count() == 9


def test_one_temp_token_opens_one_session(owner: Person) -> None:
    _, codes = enable_totp(owner)
    temp = owner.sign_in()["temp_token"]
    before = Session.objects.count()
    statuses = at_once(
        *[lambda c=c: status_of(Api(), "post", "auth/verify-2fa", {"temp_token": temp, "code": c}) for c in codes[:4]]
    )
    assert Counter(statuses) == {200: 1, 401: 3}
    assert Session.objects.count() == before + 1
    assert BackupCode.objects.count() == 9, "the codes that came too late are not used up"


def test_guesses_in_parallel_are_five_at_most(owner: Person) -> None:
    _, codes = enable_totp(owner)
    temp = owner.sign_in()["temp_token"]
    wrong = [f"wrong-{n:04}" for n in range(12)]
    statuses = at_once(
        *[lambda c=c: status_of(Api(), "post", "auth/verify-2fa", {"temp_token": temp, "code": c}) for c in wrong]
    )
    assert Counter(statuses) == {400: 5, 401: 7}
    assert status_of(Api(), "post", "auth/verify-2fa", {"temp_token": temp, "code": codes[0]}) == 401


def test_two_confirmations_leave_one_device_and_one_set_of_codes(owner: Person) -> None:
    secret = owner.api.post("auth/2fa/setup", {"method": "totp"})["secret"]
    body = {"code": pyotp.TOTP(secret).now()}
    statuses = at_once(*[lambda: status_of(owner.api, "post", "auth/2fa/confirm", body)] * 4)
    assert Counter(statuses)[200] == 1
    assert BackupCode.objects.count() == 10


def test_a_sign_in_that_is_ended_meanwhile_enrols_no_device(owner: Person) -> None:
    """The device was confirmed before the token was looked at, and its owner never saw the backup codes."""
    owner.api.patch("organization", {"enforce_2fa": True})
    temp = owner.sign_in()["temp_token"]
    secret = Api().post("auth/2fa/setup-with-temp", {"temp_token": temp, "method": "totp"})["secret"]
    body = {"temp_token": temp, "code": pyotp.TOTP(secret).now()}

    def confirm() -> int:
        try:
            return status_of(Api(), "post", "auth/2fa/confirm-with-temp", body)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=owner.id)
            waiting = pool.submit(confirm)
            wait(waiting_sessions)
            tokens.discard(user=owner.row)
        assert waiting.result(timeout=60) == 401
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert not BackupCode.objects.exists()


def test_passwords_guessed_in_parallel_are_all_counted(owner: Person) -> None:
    SignInFailure.objects.all().delete()
    body = {"email": owner.email, "password": "wrong"}
    statuses = at_once(*[lambda: status_of(Api(), "post", "auth/login", body)] * 12)
    assert Counter(statuses) == {401: 5, 429: 7}


def test_a_reset_link_used_at_once_works_once(owner: Person, mails: Mails) -> None:
    Api().post("auth/forgot-password", {"email": owner.email})
    token = mails.token(owner.email, "reset-password")
    passwords = [f"a new secret number {n}" for n in range(4)]
    statuses = at_once(
        *[
            lambda p=p: status_of(Api(), "post", "auth/reset-password", {"token": token, "new_password": p})
            for p in passwords
        ]
    )
    assert Counter(statuses) == {200: 1, 400: 3}
    owner.sign_in(password=passwords[statuses.index(200)])


def test_a_sign_in_with_the_old_password_does_not_outlive_its_change(owner: Person) -> None:
    """However the two fall, afterwards no session begun with the old password is live, but the caller's own."""
    mine = Session.objects.filter(user=owner.row, ended_at=None).latest("created_at")
    change = {"password": "another long secret", "current_password": owner.password}
    login = {"email": owner.email, "password": owner.password}

    statuses = at_once(
        lambda: status_of(owner.api, "patch", "users/me", change),
        *[lambda: status_of(Api(), "post", "auth/login", login)] * 3,
    )
    assert statuses[0] == 200
    assert set(statuses[1:]) <= {200, 401}
    assert list(Session.objects.filter(user=owner.row, ended_at=None)) == [mine]


def test_whoever_waits_for_a_failure_that_a_sign_in_forgets_counts_from_the_start(mails: Mails) -> None:
    SignInFailure.objects.create(key="k", failures=3, updated_at=timezone.now())

    def count() -> int:
        try:
            with transaction.atomic():
                return lockout._lock("k", timezone.now()).failures
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            failure = SignInFailure.objects.select_for_update().get(key="k")
            waiting = pool.submit(count)
            wait(waiting_sessions)
            failure.delete()
        assert waiting.result(timeout=60) == 0


def test_an_invitation_is_accepted_once_or_revoked(owner: Person, mails: Mails) -> None:
    invitation = owner.api.post("invitations", {"email": "mira@example.com"}, status=201)
    token = mails.token("mira@example.com", "accept-invitation")
    body = {"token": token, "password": PASSWORD, "first_name": "Mira", "last_name": "I"}
    accepted = at_once(
        *[lambda: status_of(Api(), "post", "invitations/accept", body)] * 3,
        lambda: status_of(owner.api, "post", f"invitations/{invitation['id']}/revoke"),
    )
    *accepts, revoke = accepted
    state = Invitation.objects.get().state
    if state == "accepted":
        assert Counter(accepts) == {201: 1, 409: 2}
        assert revoke == 409
    else:
        assert accepts == [409] * 3
        assert revoke == 200
    assert User.objects.filter(email="mira@example.com").count() == (state == "accepted")


def test_an_address_invited_at_once_has_one_invitation(owner: Person) -> None:
    body = {"email": "mira@example.com"}
    statuses = at_once(*[lambda: status_of(owner.api, "post", "invitations", body)] * 4)
    assert Counter(statuses) == {201: 1, 409: 3}


def test_two_export_requests_make_one_job(owner: Person) -> None:
    statuses = at_once(*[lambda: status_of(owner.api, "post", "gdpr/export")] * 4)
    assert Counter(statuses) == {202: 1, 409: 3}
    assert Job.objects.count() == 1


def test_two_refreshes_at_once_both_get_a_token(owner: Person) -> None:
    statuses = at_once(*[lambda: status_of(owner.api, "post", "auth/refresh")] * 4)
    assert statuses == [200] * 4


def test_a_key_made_twice_with_one_idempotency_key_is_one_key(owner: Person) -> None:
    api = owner.api.with_(Idempotency_Key="k-1")
    first = api.post("api-keys", {"name": "Shop"}, status=201)
    again = api.post("api-keys", {"name": "Shop"}, status=201)
    assert api.last["Idempotent-Replayed"] == "true"
    assert again["id"] == first["id"]
    assert "key" not in again
    assert ApiKey.objects.count() == 1
    bearer(owner.token).get("api-keys")


def test_two_rotations_of_one_key_make_one_new_key(owner: Person) -> None:
    key = owner.api.post("api-keys", {"name": "ERP"}, status=201)
    rotate = lambda: status_of(owner.api, "post", f"api-keys/{key['id']}/rotate")  # noqa: E731
    assert sorted(at_once(rotate, rotate)) == [201, 409]
    assert ApiKey.objects.count() == 2
