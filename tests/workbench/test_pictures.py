"""The door for pictures of other hosts: what it fetches, how often, for whom, and for how long."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fakes.pictures import PictureHost
from tests.workbench.visiting import Visitor
from workbench import pictures

ORGANIZATION = "01a228cf-956b-779f-86e5-919082ee6cf6"


@pytest.fixture
def host(settings: Any, db: None) -> Any:
    with PictureHost() as host:
        settings.OUTBOUND_ALLOWED_HOSTS = [urlsplit(host.url).netloc]
        yield host


def test_a_failure_is_not_fetched_again_for_a_minute(host: Any) -> None:
    nobody, address = Visitor(), pictures.address(f"{host.url}/a.txt", ORGANIZATION)
    for _ in range(3):
        assert "<svg" in nobody.get(address)
        assert nobody.last["Cache-Control"] == "private, max-age=60"
    assert len(host.requests) == 1


def test_an_address_is_the_same_for_a_day_and_ends_within_two(host: Any, monkeypatch: Any) -> None:
    nobody, noon = Visitor(), 20_000 * pictures.DAY + pictures.DAY / 2
    monkeypatch.setattr(pictures.time, "time", lambda: noon)
    address = pictures.address(f"{host.url}/a.jpg", ORGANIZATION)
    monkeypatch.setattr(pictures.time, "time", lambda: noon + pictures.DAY / 2 - 1)
    assert pictures.address(f"{host.url}/a.jpg", ORGANIZATION) == address
    monkeypatch.setattr(pictures.time, "time", lambda: noon + pictures.DAY)
    nobody.get(address)
    monkeypatch.setattr(pictures.time, "time", lambda: noon + 2 * pictures.DAY)
    nobody.get(address, 404)
    until = str(20_002 * pictures.DAY)
    nobody.get(address.replace(until, str(20_009 * pictures.DAY)), 404)  # not signed by us


def test_a_network_gets_so_many_pictures_a_minute(host: Any, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "picture": (3, 60)}
    settings.RATE_LIMIT_FACTOR = 1
    address = pictures.address(f"{host.url}/a.jpg", ORGANIZATION)
    seen = []
    for peer in ("192.0.2.1",) * 4 + ("192.0.2.2",):
        visitor = Visitor()
        visitor.last = visitor.client.get(address, REMOTE_ADDR=peer)
        seen.append(visitor.last.status_code)
    assert seen == [200, 200, 200, 429, 200]
    assert len(host.requests) == 1
