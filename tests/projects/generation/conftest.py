"""What the tests of generation share: a fake OpenAI behind settings, and a project with items."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests import factories
from tests.fakes.openai import OpenAI


@pytest.fixture
def openai(settings: Any) -> Any:
    with OpenAI() as fake:
        settings.OPENAI_BASE_URL = fake.url + "/v1"
        settings.OPENAI_API_KEY = "sk-test"
        settings.DEFAULT_AI_PROVIDER = "openai"
        yield fake


@pytest.fixture(autouse=True)
def committing(committed: Any) -> None:
    """The engine has threads with connections of their own: what it works on must be committed."""


@pytest.fixture
def project(cast: Any) -> Any:
    return factories.make_project(cast.organization)


def make_items(project: Any, count: int) -> list[Any]:
    return [factories.make_item(project, position=n) for n in range(count)]


def balance(organization: Any) -> Decimal:
    from billing.models import Wallet

    wallet = Wallet.objects.get(organization=organization)
    return Decimal(wallet.subscription_balance + wallet.topup_balance)


__all__ = ["balance", "make_items"]
