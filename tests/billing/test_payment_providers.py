"""A payment provider is a row: what else belongs to one is named here when it is missing."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from billing.models import Plan, TopupPack
from billing.models.subscription import PaymentProviderName
from integrations import payments
from integrations.payments.types import PaymentProvider
from tests.billing.sellers import SELLERS
from tests.billing.shop import open_shop
from tests.scribe.source import ROOT

each_provider = pytest.mark.parametrize("row", payments.PROVIDERS.values(), ids=lambda row: row.id)
#: Where sentences and comments name the providers.
LISTED = (".env.example", "docs/guides/operating.md", "docs/explanation/ledger.md")


@each_provider
def test_a_row_is_whole(row: payments.PaymentProviderRow) -> None:
    client = payments.provider(row.id)
    members = {*vars(PaymentProvider), *PaymentProvider.__annotations__}
    assert [name for name in members if not name.startswith("_") and not hasattr(client, name)] == []
    assert client.name == row.id
    assert row.id in PaymentProviderName.values
    for period in ("monthly", "yearly"):
        assert Plan._meta.get_field(f"{row.id}_{period}_{row.sold_as}_id")
    assert TopupPack._meta.get_field(f"{row.id}_{row.sold_as}_id")
    assert isinstance(row.price_ids, dict)
    for name in ("api_key", "api_url", "webhook_secret"):
        assert hasattr(settings, f"{row.id}_{name}".upper())


def test_every_provider_has_its_events_in_the_tests() -> None:
    assert set(SELLERS) == set(payments.PROVIDERS)


@each_provider
def test_its_events_arrive_and_unsigned_ones_are_refused(row: payments.PaymentProviderRow, db: None) -> None:
    with open_shop():
        reply = Client().post(f"/api/v1/webhooks/{row.id}", data=b"{}", content_type="application/json")
    assert reply.status_code == 401


@each_provider
@pytest.mark.parametrize("path", LISTED)
def test_sentences_about_the_providers_name_each(path: str, row: payments.PaymentProviderRow) -> None:
    assert row.id in (ROOT / path).read_text(encoding="utf-8").lower()
