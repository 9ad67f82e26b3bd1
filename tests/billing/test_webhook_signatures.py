"""Signatures: the published vectors, and what must be refused."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client, override_settings

from billing.models import ProviderEvent
from integrations.payments.dodo import webhooks as dodo_webhooks
from integrations.payments.errors import BadSignature, NoSecret
from integrations.payments.paddle import webhooks as paddle_webhooks
from scribe.written import moment
from tests.fakes import dodo, paddle

VECTORS = json.loads((Path(__file__).parent / "data" / "signatures.json").read_text())["vectors"]
PADDLE = [v for v in VECTORS if v["scheme"] == "paddle"]
STANDARD = [v for v in VECTORS if v["scheme"] == "standard-webhooks"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def named(vector):
    return vector["name"]


@pytest.mark.parametrize("vector", PADDLE, ids=named)
def test_paddle_vectors(vector):
    def verify():
        paddle_webhooks.verify(
            vector["body"].encode(),
            {"Paddle-Signature": vector["header_value"]},
            vector["secret"],
            now=vector["timestamp"],
        )

    if vector["valid"]:
        verify()
    else:
        with pytest.raises(BadSignature):
            verify()


@pytest.mark.parametrize("vector", STANDARD, ids=named)
def test_standard_webhook_vectors(vector, monkeypatch):
    import standardwebhooks.webhooks as library

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(vector["verify_at"], tz)

    monkeypatch.setattr(library, "datetime", Clock)

    def verify():
        dodo_webhooks.verify(vector["body"].encode(), vector["headers"], vector["secret"])

    if vector["valid"]:
        verify()
    else:
        with pytest.raises(BadSignature):
            verify()


@pytest.mark.parametrize("seconds", [-301, 301])
def test_paddle_signatures_are_too_old_or_too_new_after_300_seconds(seconds):
    body = b"{}"
    header = {"Paddle-Signature": paddle.signature(body, at=time.time() + seconds)}
    with pytest.raises(BadSignature):
        paddle_webhooks.verify(body, header, paddle.SECRET)


@pytest.mark.parametrize(
    "header", ["", "ts=1", "h1=abc", "ts=abc;h1=abc", "ts=1;h1=č", "ts=-1;h1=x", "ts=1;h1", ";;;", "ts=1=2;h1=a=b"]
)
def test_malformed_paddle_headers_are_refused(header):
    with pytest.raises(BadSignature):
        paddle_webhooks.verify(b"{}", {"Paddle-Signature": header}, paddle.SECRET)


def test_a_rotated_secret_still_counts():
    body = b"{}"
    header = {"Paddle-Signature": paddle.signature(body)}
    paddle_webhooks.verify(body, header, f"pdl_new,{paddle.SECRET}")
    raw, headers = dodo.webhook("payment.succeeded", {}, at=NOW, event_id="msg_1")
    dodo_webhooks.verify(raw, headers, f"whsec_bmV3LW5ldy1uZXctbmV3,{dodo.SECRET}")


def test_no_secret_verifies_nothing():
    empty = paddle.signature(b"{}", secret="")
    for secrets in ("", " , "):
        with pytest.raises(NoSecret):
            paddle_webhooks.verify(b"{}", {"Paddle-Signature": empty}, secrets)
        with pytest.raises(NoSecret):
            dodo_webhooks.verify(b"{}", {}, secrets)


def post(provider, body, headers):
    return Client(raise_request_exception=False).post(
        f"/api/v1/webhooks/{provider}", data=body, content_type="application/json", headers=headers
    )


@pytest.mark.parametrize(("provider", "fake"), [("paddle", paddle), ("dodo", dodo)])
def test_the_door_stores_what_is_signed_and_refuses_the_rest(db, provider, fake):
    body, headers = fake.webhook("customer.created", {"id": "x"}, at=NOW, event_id=f"{provider}_evt")
    with override_settings(PADDLE_WEBHOOK_SECRET=paddle.SECRET, DODO_WEBHOOK_SECRET=dodo.SECRET):
        for _ in range(3):
            assert post(provider, body, headers).status_code == 200
        refused = post(provider, body + b" ", headers)
        assert (refused.status_code, refused["Content-Type"]) == (401, "application/problem+json")
        assert post(provider, body, {}).status_code == 401
    assert post(provider, body, headers).status_code == 503  # no secret configured
    assert ProviderEvent.objects.count() == 1
    stored = ProviderEvent.objects.get()
    assert (stored.event_type, stored.status) == ("customer.created", "received")


@override_settings(PADDLE_WEBHOOK_SECRET=paddle.SECRET)
def test_a_signed_body_that_is_no_event_is_400_and_a_huge_one_413(db):
    for body in (b"not json", b"[]", b'{"data": {}}', b'{"event_id": "e", "event_type": "t", "data": {}}'):
        assert post("paddle", body, {"Paddle-Signature": paddle.signature(body)}).status_code == 400
    huge = b'{"a": "' + b"x" * 1_100_000 + b'"}'
    assert post("paddle", huge, {"Paddle-Signature": paddle.signature(huge)}).status_code == 413


def test_a_time_that_no_year_holds_is_none():
    assert moment("9999-12-31T23:59:59-23:59") is moment("0001-01-01T00:00:00+14:00") is None
    assert moment("2026-01-01T02:00:00.1234567+02:00") == NOW.replace(microsecond=123456)


def test_bad_signatures_are_limited_and_good_ones_are_not(db, settings):
    settings.PADDLE_WEBHOOK_SECRET = paddle.SECRET  # a decorator would be undone first, and come back with the rest
    settings.RATE_LIMIT_FACTOR = 1
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "bad_webhook": (3, 600), "public": (3, 600)}
    statuses = [post("paddle", b"{}", {}).status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    for n in range(6):
        body, headers = paddle.webhook("customer.created", {"id": "x"}, at=NOW, event_id=f"evt_{n}")
        assert post("paddle", body, headers).status_code == 200
