"""The seeds of authenticator apps: encrypted at rest, under keys that rotate, those of before included."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import TotpDevice
from scribe import key_rotation
from tests.accounts.conftest import Person, enable_totp
from tests.helpers import Api, migration


def comes_in(person: Person, code: str) -> bool:
    temp = person.sign_in()["temp_token"]
    return bool(Api().post("auth/verify-2fa", {"temp_token": temp, "code": code})["access_token"])


def test_seeds_are_encrypted_at_rest_and_under_the_newest_key(owner: Person, settings: Any) -> None:
    app, _ = enable_totp(owner)
    seed = base64.b32decode(app.secret).hex()
    assert seed not in rows_of("otp_totp_totpdevice") + rows_of("accounts_totpdevice")
    new, old = Fernet.generate_key().decode(), settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [new, *old]
    assert key_rotation.rotate_all()["accounts.TotpDevice"] == 1
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert TotpDevice.objects.get().seed == seed
    app.rest()
    assert comes_in(owner, app.code())


def rows_of(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return str(cursor.fetchall())


def test_the_database_refuses_a_seed_in_clear(owner: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TOTPDevice.objects.create(user_id=owner.id, name="clear")


def test_devices_of_before_are_sealed_and_go_on_working(owner: Person) -> None:
    app, _ = enable_totp(owner)
    seed = base64.b32decode(app.secret).hex()
    sealing, closing = (migration("accounts", name) for name in ("0005_seal_seeds", "0006_seeds_stay_sealed"))
    with connection.schema_editor() as editor:
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.execute(closing.OPEN)
        sealing.open_again(apps, editor)
    assert seed in rows_of("otp_totp_totpdevice")
    with connection.schema_editor() as editor:
        sealing.seal(apps, editor)
        editor.execute(closing.CLOSE)
    assert seed not in rows_of("otp_totp_totpdevice") + rows_of("accounts_totpdevice")
    app.rest()
    assert comes_in(owner, app.code())
