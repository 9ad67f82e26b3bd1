"""No secret appears in any reply, log line, admin page, mail that stays, or export: known ones are planted and searched."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import MailMessage, Organization
from tests.accounts.conftest import Mails, Person, enable_totp, register, verify
from tests.factories import make_organization, make_user
from tests.helpers import Api, run_jobs

OWN_KEYS = {
    "anthropic_api_key": "sk-ant-planted-secret",
    "deepseek_api_key": "ds-planted-secret",
    "google_api_key": "g-planted-secret",
}
NEW_PASSWORD = "planted new password"

PLACES = [
    *("users", "users/me", "users/me/email-preferences", "organization", "organization/billing-details"),
    *("organization/tones", "api-keys", "invitations", "notifications", "notifications/unread-count", "gdpr/status"),
    *("projects", "billing/balance", "system/tones", "jobs"),
]


@pytest.fixture
def owner(mails: Mails) -> Person:
    """One whose registration and mails hold secrets, too."""
    return verify(register(first_name="Vera", last_name="Novak"), mails)


@pytest.fixture
def planted(owner: Person, mails: Mails) -> dict[str, str]:
    """Every kind of secret that the flows of accounts bring forth."""
    Organization.objects.filter(pk=owner.organization_id).update(byok_enabled=True)
    owner.api.patch("organization/api-keys", OWN_KEYS)
    key = owner.api.post("api-keys", {"name": "Shop"}, status=201)["key"]
    app, codes = enable_totp(owner)
    temp = owner.sign_in()["temp_token"]
    owner.api.post("invitations", {"email": "guest@example.com"}, status=201)
    invitation = mails.token("guest@example.com", "accept-invitation")
    Api().get("invitations/validate", token=invitation)
    Api().post("auth/forgot-password", {"email": owner.email})
    reset = mails.token(owner.email, "reset-password")
    verification = mails.token(owner.email, "verify-email")
    Api().get("auth/verify-email", 400, token=verification)
    owner.api.patch("users/me", {"password": NEW_PASSWORD, "current_password": owner.password})
    owner.api.patch("users/me", {"password": "x", "current_password": "a planted wrong guess"}, status=403)
    return {
        **OWN_KEYS,
        "API key": key,
        "TOTP secret": app.secret,
        "TOTP key": base64.b32decode(app.secret).hex(),
        "backup code": codes[3],
        "temp token": temp,
        "invitation token": invitation,
        "reset token": reset,
        "verification token": verification,
        "password": owner.password,
        "new password": NEW_PASSWORD,
        "guess": "a planted wrong guess",
        "password hash": owner.row.password,
        "access token": owner.token,
    }


def found_in(text: str, planted: dict[str, str]) -> list[str]:
    return [name for name, secret in planted.items() if secret in text]


def test_no_reply_holds_one(owner: Person, planted: dict[str, str]) -> None:
    for path in PLACES:
        response = owner.api.client.get(f"/api/v1/{path}", headers=owner.api.headers)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code in (200, 404), path
        assert found_in(body.decode() + str(response.headers), planted) == [], path


def test_no_log_line_holds_one(caplog: pytest.LogCaptureFixture, request: Any) -> None:
    caplog.set_level("DEBUG")
    planted = request.getfixturevalue("planted")
    written = "\n".join(str(vars(record)) for record in caplog.records)
    assert "/api/v1/auth/verify-email" in written, "the requests were logged"
    assert found_in(written, planted) == []


@pytest.mark.thorough
def test_no_admin_page_shows_one(planted: dict[str, str], settings: Any) -> None:
    settings.ADMIN_REQUIRE_OTP = False
    staff = make_user(make_organization("Platform"), is_super_admin=True)
    client = Client(raise_request_exception=True)
    client.force_login(staff)
    seen = 0
    for model, page in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        shown = [reverse(f"admin:{name}_changelist")]
        shown += [reverse(f"admin:{name}_change", args=[row.pk]) for row in model._base_manager.order_by("-pk")[:3]]
        for url in shown:
            response = client.get(url)
            if response.status_code in (302, 403):
                continue
            body = response.content.decode()
            assert found_in(body, planted) == [], (url, type(page))
            seen += 1
    assert seen > 10


def test_no_export_holds_one(owner: Person, planted: dict[str, str]) -> None:
    owner.api.post("gdpr/export", status=202)
    (job,) = run_jobs(job_type="gdpr_export")
    path = job.result["download_url"].partition("testserver")[2]
    archive = zipfile.ZipFile(io.BytesIO(owner.api.get(path)))
    whole = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert owner.email in whole
    assert found_in(whole, planted) == []


def test_the_database_keeps_none_in_clear_but_the_authenticator_key(planted: dict[str, str]) -> None:
    """django-otp computes codes from the key, so that one it must keep as it is."""
    rows = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    allowed = {"password hash", "TOTP key"}
    assert set(found_in("\n".join(rows), planted)) <= allowed


def test_a_sent_mail_keeps_no_text(planted: dict[str, str], mails: Mails) -> None:
    mails.all()
    assert not MailMessage.objects.exclude(text="", html="").exists()
