"""A member of staff at the admin, without a browser: Django's test client with a session that has given its code."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import TotpDevice


def staff_client(staff: Any, *, verified: bool = True) -> Client:
    client = Client()
    client.force_login(staff)
    if verified:
        device, _ = TotpDevice.objects.get_or_create(user=staff, confirmed=True, defaults={"name": "totp"})
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
    return client


def list_url(model: Any, query: str = "") -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") + query


def row_url(row: Any) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def staff_action_url(name: str, *rows: Any) -> str:
    meta = rows[0]._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}")
    return f"{url}?ids={','.join(str(row.pk) for row in rows)}"
