"""A full organization, erased: the database dump and the file store hold nothing of it but what the invoice law keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from accounts import erasure
from accounts.models import Organization
from scribe import gdpr, storage
from tests.accounts.conftest import Mails, Person, add_member, enable_totp, register, run_tasks, verify
from tests.factories import make_item, make_project
from tests.helpers import Api, run_jobs

MARKS = {
    "person": "Вера-Новаковић",
    "surname": "Qvxnovak",
    "company": "Qvxflasa Trgovina",
    "street": "Qvxulica 17",
    "phone": "+381-77-qvx",
    "project": "Qvxkolekcija",
    "product": "Qvxboca",
    "tone": "Qvxton",
    "invited": "qvxguest@example.com",
    "own": "qvxowner@example.com",
    "teammate": "qvxmate@example.com",
    "pending": "qvxpending@example.com",
    "file": "qvxkatalog",
    "agent": "QvxBrowser/1.0",
    "address": "203.0.113.77",
    "words": "Qvxwords of the customer",
}


def dump() -> str:
    """Every row of every table as text, large or small, ours or not."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return "\n".join(found)


def where(text: str, mark: str) -> list[str]:
    return [line[:400] for line in text.splitlines() if mark.casefold() in line.casefold()]


def fill(owner: Person) -> None:
    """Something of everything that an organization leaves behind, most of it by the API."""
    owner.api.patch("users/me", {"last_name": MARKS["surname"], "phone_number": MARKS["phone"]})
    owner.api.patch(
        "organization",
        {"address": MARKS["street"], "settings": {"note": MARKS["company"]}, "billing_email": MARKS["own"]},
    )
    owner.api.patch(
        "organization/billing-details",
        {
            "billing_company_name": MARKS["company"],
            "billing_pib": "100049398",
            "billing_address": MARKS["street"],
            "billing_city": "Beograd",
            "billing_country": "RS",
        },
    )
    owner.api.post("organization/tones", {"name": MARKS["tone"], "system_prompt": MARKS["tone"]}, status=201)
    owner.api.post("api-keys", {"name": MARKS["company"]}, status=201)
    owner.api.post("invitations", {"email": MARKS["invited"]}, status=201)
    mate = add_member(owner, email_=MARKS["teammate"])
    enable_totp(mate)
    owner.api.patch("users/me", {"email": MARKS["pending"], "current_password": owner.password})
    Api({"User-Agent": MARKS["agent"]}).post("auth/login", {"email": owner.email, "password": owner.password})
    elsewhere = Api()
    elsewhere.client.defaults["REMOTE_ADDR"] = MARKS["address"]
    elsewhere.post("auth/login", {"email": owner.email, "password": owner.password})
    elsewhere.post("auth/login", {"email": owner.email, "password": "wrong"}, status=401)
    keyed = owner.api.with_(Idempotency_Key="once")
    keyed.post("organization/tones", {"name": MARKS["tone"] + " two"}, status=201)
    project = make_project(owner.row.organization, name=MARKS["project"])
    for number in range(5):
        make_item(project, source_data={"name": f"{MARKS['product']} {number}", "sku": f"S{number}"})
    fill_the_rest(owner)
    storage.save(owner.organization_id, "uploads", f"{MARKS['file']}.csv", MARKS["product"].encode())
    storage.save(owner.organization_id, "images", f"{MARKS['file']}.jpg", b"picture")
    owner.api.post("gdpr/export", status=202)
    run_jobs()


def fill_the_rest(owner: Person) -> None:
    """Words of the customer's own in the other apps."""
    words = MARKS["words"]
    owner.api.post("content-profiles", {"name": words, "custom_instructions": words}, status=201)
    owner.api.post("studio-requests", {"description": words, "budget_range": "1000"}, status=201)
    owner.api.post("blog-templates", {"name": words, "custom_instructions": words}, status=201)
    shop = {"name": words, "platform": "woocommerce", "base_url": "http://localhost:9"}
    owner.api.post("store-connections", {**shop, "consumer_key": "ck", "consumer_secret": "cs"}, status=201)
    site = {"name": words, "site_url": "http://localhost:9", "username": words, "app_password": "abcd efgh"}
    owner.api.post("blog-connections", site, status=201)
    owner.api.post("stock-photo-keys", {"provider": "pexels", "api_key": "planted-photo-key"}, status=201)


@pytest.fixture
def owner(mails: Mails) -> Person:
    person = register(MARKS["own"], first_name=MARKS["person"], company_name=MARKS["company"])
    return verify(person, mails)


def test_after_the_erasure_nothing_of_it_is_found(owner: Person, stranger: Person, mails: Mails) -> None:
    fill(owner)
    mails.all()
    run_tasks()
    before = dump()
    for name, mark in MARKS.items():
        if name not in ("file",):
            assert where(before, mark), f"the test plants {name}, and does not find it before the erasure"
    untouched = {r.model: r.rows(stranger.organization_id).count() for r in gdpr.kinds().values()}

    erasure.erase(Organization.objects.get(pk=owner.organization_id))

    after = dump()
    left = {name: where(after, mark) for name, mark in MARKS.items() if where(after, mark)}
    assert left == {}
    files = [p.as_posix() for p in settings.MEDIA_ROOT.rglob("*") if p.is_file()]
    assert not [f for f in files if owner.organization_id in f]
    assert {r.model: r.rows(stranger.organization_id).count() for r in gdpr.kinds().values()} == untouched


def test_the_shells_refer_to_nothing_but_themselves(owner: Person) -> None:
    """No model, registered or not, keeps a row that points at the erased organization, but the shells and the kept kinds."""
    fill(owner)
    organization = Organization.objects.get(pk=owner.organization_id)
    erasure.erase(organization)
    kept = {m for m, r in gdpr.kinds().items() if not r.deleted}
    for model in apps.get_models():
        if model in kept:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model is Organization:
                rows: Any = model._base_manager.filter(**{field.name: organization})
                assert not rows.exists(), model
