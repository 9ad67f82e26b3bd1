"""Names are looked up outside of transactions: a resolver may take many seconds, in which rows stay locked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from integrations.models import BlogConnection
from scribe.http import addresses
from tests.factories import make_woocommerce_connection
from webhooks import endpoints

HOST = "https://erp.example.com"
BODIES: dict[str, dict[str, Any]] = {
    "webhooks/endpoints": {"url": f"{HOST}/x"},
    "store-connections": {"name": "Shop", "platform": "woocommerce", "base_url": HOST, "media_base_url": f"{HOST}/m"},
    "blog-connections": {"name": "Blog", "site_url": HOST, "username": "u", "app_password": "p"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", BODIES)
def test_a_name_is_looked_up_before_the_transaction(
    cast: Any, api: Any, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside: list[bool] = []

    def look_up(host: str, port: int) -> list[str]:
        outside.append(all(block._from_testcase for block in connection.atomic_blocks))
        return ["93.184.215.14"]

    rows = {
        "webhooks/endpoints": endpoints.create(organization=cast.organization, by=cast.owner, url=f"{HOST}/y"),
        "store-connections": make_woocommerce_connection(cast.organization, HOST),
        "blog-connections": BlogConnection.objects.create(
            organization=cast.organization, name="Blog", site_url=HOST, username="u"
        ),
    }
    monkeypatch.setattr(addresses, "look_up", look_up)
    caller = api.as_(cast.owner).with_(Idempotency_Key="once")
    made = [caller.post(path, BODIES[path], status=201) for _ in range(2)]
    assert made[0]["id"] == made[1]["id"]  # the answer was kept all the same
    assert caller.last.headers["Idempotent-Replayed"] == "true"
    body = {name: value for name, value in BODIES[path].items() if name != "platform"}
    caller.patch(f"{path}/{rows[path].pk}", body)
    assert len(outside) >= 2
    assert all(outside)
