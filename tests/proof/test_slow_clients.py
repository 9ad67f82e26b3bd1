"""Whoever sends slowly, reads slowly, or has us ask a slow store takes nothing from anybody else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from accounts.models import Session
from billing.models import ProviderEvent
from scribe.models import Job
from tests import factories
from tests.blog import pictures
from tests.fakes import dodo
from tests.live import Live, wait
from tests.proof import crowd

# The time limit covers the start of the stack, which takes minutes on a machine that is busy with other tests.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def stack(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Live]:
    with django_db_blocker.unblock():
        live = Live(
            "web",
            BODY_PACE_SECONDS="4",
            HEAD_SECONDS="4",
            STALL_SECONDS="4",
            TRUSTED_PROXIES="127.0.0.1",
            PAYMENT_PROVIDER="dodo",
            DODO_API_KEY=dodo.KEY,
            DODO_WEBHOOK_SECRET=dodo.SECRET,
            DODO_PRODUCT_IDS=json.dumps({"starter": "pdt_1"}),
        )
        live.start()
        connection.close()
    yield live
    live.stop()


@pytest.fixture
def live(stack: Live, committed: Any) -> Live:
    return stack


@pytest.fixture
def owner(committed: Any) -> Any:
    return factories.make_user()


def test_a_bystander_is_answered_during_all_of_it(live: Live, owner: Any) -> None:
    path, token = crowd.large_list(owner), factories.token_of(owner)
    bystander = factories.make_user()
    factories.make_project(bystander.organization, name="Mine")
    with ExitStack() as open_links:  # a failure leaves no crowd behind for the tests that follow
        store = open_links.enter_context(crowd.Silence())
        senders = crowd.idle_senders(live, 100)
        open_links.callback(crowd.close, senders)
        readers = crowd.stalled_readers(live, path, token, 100)
        open_links.callback(crowd.close, readers)
        askers = crowd.ask_silent_stores(live, store.url, 100)
        open_links.callback(crowd.close, askers)
        for _ in range(5):
            assert live.call("GET", "/health").json()["status"] == "ok"
            assert [row["name"] for row in live.call("GET", "projects", bystander).json()] == ["Mine"]
        told = Counter(crowd.status_of(sender) for sender in senders)
        assert told == {408: 100}
        asked = Counter(crowd.status_of(asker) for asker in askers)
        assert set(asked) == {200, 429}, asked  # 200: the store did not answer
        assert asked[429] > 50
        # Those who read nothing are cut off, and what was made for them is given back.
        wait(lambda: all(len(crowd.rest_of(reader)) < 8_000_000 for reader in readers), seconds=180)
        assert len(live.call("GET", path, owner).json()) == 32


def test_a_head_that_never_ends_is_closed(live: Live) -> None:
    for link in crowd.endless_heads(live, 20):
        assert crowd.rest_of(link) == b""


def test_a_refused_body_says_why_and_ends_its_connection(live: Live) -> None:
    [sender] = crowd.idle_senders(live, 1)
    head, _, body = crowd.rest_of(sender).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in head
    assert json.loads(body)["code"] == "request_timeout"


def test_a_header_with_underscores_does_not_speak_for_the_proxy(live: Live, owner: Any) -> None:
    """Django knows both spellings by one name."""
    owner.set_password(factories.PASSWORD)
    owner.save()
    said = {"X-Forwarded-For": "198.51.100.1", "X_Forwarded_For": "203.0.113.66", "x_forwarded-for": "203.0.113.67"}
    body = {"email": owner.email, "password": factories.PASSWORD}
    live.call("POST", "auth/login", json=body, headers=said)
    assert Session.objects.filter(user=owner).latest("created_at").address == "198.51.100.1"


def chunks(data: bytes, size: int = 700) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def test_a_chunked_body_counts_as_what_it_says(live: Live, owner: Any) -> None:
    project = factories.make_project(owner.organization)
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"ai_provider": "no-such-provider"}).encode()
    refused = live.call(
        "POST", f"projects/{project.pk}/generate", owner, status=400, data=chunks(body, 9), headers=headers
    )
    assert "no-such-provider" in refused.text
    assert not Job.objects.exists()
    made = live.call(
        "POST", "projects", owner, 201, data=chunks(b'{"name": "Chunked", "platform": "shopify"}', 5), headers=headers
    )
    assert made.json()["name"] == "Chunked"


def test_a_signed_webhook_in_chunks_is_taken(live: Live) -> None:
    raw, headers = dodo.webhook("payment.succeeded", dodo.payment("pay_1"), at=datetime.now(UTC), event_id="evt_1")
    live.call("POST", "webhooks/dodo", data=chunks(raw), headers={**headers, "Content-Type": "application/json"})
    assert ProviderEvent.objects.filter(event_id="evt_1").exists()


def test_a_chunked_body_beyond_the_limit_is_refused_while_it_comes(live: Live, owner: Any) -> None:
    endless = (b" " * 65536 for _ in range(1000))
    reply = live.call("POST", "projects", owner, 413, data=endless, headers={"Content-Type": "application/json"})
    assert reply.json()["code"] == "body_too_large"


def test_a_picture_of_fourteen_megabytes_passes(live: Live, owner: Any) -> None:
    from blog.models import BlogPost

    project = factories.make_project(owner.organization)
    post = BlogPost.objects.create(organization=owner.organization, project=project, title="A bottle")
    data = pictures.noise(2400, 2000)
    assert 14_000_000 < len(data) < 15_000_000
    made = live.call(
        "POST",
        f"projects/{project.pk}/blog-posts/{post.pk}/images/upload",
        owner,
        201,
        files={"file": ("photo.png", data, "image/png")},
    )
    assert made.json()["source"] == "upload"
