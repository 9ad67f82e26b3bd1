"""A small business' last month, for the pictures: customers, payments, calls of models, jobs, an invoice, a request."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from accounts.models import Organization
from billing import corrections
from billing.models import Invoice, Payment, UsageRecord
from scribe.models import Job
from studio import requests
from tests import factories

SHOPS = ("Alpine Outfitters", "Kneževa knjižara", "Bohne & Blatt", "Casa Verde", "Lumière Papeterie", "Northwind Tools")


def make() -> SimpleNamespace:
    """What the staff of the test work on."""
    chance = random.Random(7)
    now = timezone.now()
    staff = factories.make_user(
        factories.make_organization("Platform"), email="ana@xcscribe.example", is_super_admin=True
    )
    staff.set_password(factories.PASSWORD)
    staff.save()
    shops = [factories.make_organization(name) for name in SHOPS]
    for number, shop in enumerate(shops):
        Organization.objects.filter(pk=shop.pk).update(created_at=now - timedelta(days=4 * number + 1))
        factories.make_user(shop, email=f"owner{number}@{shop.slug}.example", first_name="Mira", last_name="Novak")
    shop = shops[0]
    corrections.topup(organization=shop, amount=Decimal(500), by=staff)
    for day in range(28):
        at = now - timedelta(days=day)
        for provider, model, price in (("anthropic", "claude-sonnet", 4), ("openai", "gpt-mini", 1)):
            UsageRecord.objects.create(
                organization=chance.choice(shops), provider=provider, model=model, tier="standard", outcome="ok",
                input_tokens=40_000, output_tokens=22_000, xct=Decimal(chance.randint(20, 90)),
                cost_usd=Decimal(chance.randint(20, 120) * price) / 100, key=f"{provider}{day}", created_at=at,
            )  # fmt: skip
        if day % 3 == 0:
            Payment.objects.create(
                organization=chance.choice(shops), provider="paddle", external_id=f"txn_{day}", kind="first", status="succeeded",
                amount_minor=chance.choice((2900, 9900, 1500)), currency="EUR", paid_at=at, xct=Decimal(1000),
            )  # fmt: skip
        for status in ["completed"] * chance.randint(2, 9) + ["failed"] * (day % 5 == 0):
            Job.objects.create(
                organization=shop, job_type="generation", status=status, created_at=at, completed_at=at, settled_at=at
            )
    author = shop.users.first()
    return SimpleNamespace(
        staff=staff,
        shop=shop,
        author=author,
        invoice=invoice(shop),
        request=requests.submit(by=author, description="We need product texts in Serbian and German for 4,000 bicycles, with our own glossary.", budget_range="1,000–3,000 €"),
        job=Job.objects.create(organization=shop, job_type="sync", due_at=now + timedelta(days=1), progress_total=480, progress_current=112),
    )  # fmt: skip


def invoice(shop: Any) -> Invoice:
    day = timezone.localdate()
    party = {"name": "XC Scribe d.o.o.", "address": "Knez Mihailova 1", "city": "Beograd", "pib": "100000008"}
    return Invoice.objects.create(
        organization=shop, year=day.year, sequence=1, number=f"{day.year}-00001", invoice_type="topup", description="Top-up: 500 XCT",
        quantity=1, xct_amount=Decimal(500), eur_amount=Decimal("15.00"), rate=Decimal("117.2000"), rate_date=day, rate_source="nbs",
        amount=Decimal("1758.00"), seller=party, buyer={"name": shop.name, "address": "Glavna 5", "city": "Novi Sad"}, issued_on=day,
        due_date=day + timedelta(days=8), reference="97 12 2026-00001",
    )  # fmt: skip
