"""Names are looked up outside of transactions: a resolver may take many seconds, in which rows stay locked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from blog.models import BlogPost
from integrations import blog_connections
from integrations.models import BlogConnection, StoreConnection
from integrations.stores.posts import Blog
from scribe.http import addresses
from tests.factories import make_project, make_woocommerce_connection
from webhooks import endpoints

#: When a post is published that is scheduled here.
LATER = "2090-01-01T00:00:00Z"
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


@pytest.mark.django_db
def test_a_shop_is_asked_for_its_blogs_before_the_transaction(
    cast: Any, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repeatable request to schedule a post was one transaction, with a call of up to ten seconds in it."""
    asked: list[bool] = []

    def blogs(connection_: Any) -> list[Blog]:
        asked.append(all(block._from_testcase for block in connection.atomic_blocks))
        return [Blog("7", "News", "news")]

    monkeypatch.setattr(blog_connections, "blogs", blogs)
    shop = StoreConnection.objects.create(
        organization=cast.organization, name="S", platform="shopify", base_url=HOST, access_token="t", status="active"
    )
    caller = api.as_(cast.owner).with_(Idempotency_Key="once")
    for is_test in (False, True):
        project = make_project(cast.organization, is_test=is_test)
        post = BlogPost.objects.create(
            organization=cast.organization, project=project, title="Cold", topic="Cold", content="<p>Cold.</p>"
        )
        path = f"projects/{project.pk}/blog-posts/{post.pk}/schedule"
        body = {"store_connection_id": str(shop.pk), "scheduled_at": LATER}
        if is_test:  # it reaches nobody, whoever asks
            assert caller.post(path, body, status=409)["code"] == "test_project"
        else:
            made = [caller.post(path, body) for _ in range(2)]
            assert made[0] == made[1]
            assert made[0]["status"] == "scheduled"
    assert asked == [True]
