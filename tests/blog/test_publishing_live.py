"""Publishing by the real stack: a hundred posts due at once, a worker killed while it publishes, a request that waits."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from blog.models import BlogPost, Publication
from integrations.models import BlogConnection
from tests.blog.sites import BlogSite
from tests.fakes.wordpress import PASSWORD, USER
from tests.live import logs_of, wait

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web", "worker-sync", "worker-default", "beat")


@pytest.fixture
def world(live: Any) -> Any:
    """A running stack, a site, an owner and a maker of posts."""
    from tests.factories import make_cast, make_project

    with BlogSite() as site:
        cast = make_cast()
        project = make_project(cast.organization)
        connection = BlogConnection.objects.create(
            organization=cast.organization, name="Blog", site_url=site.url, username=USER, app_password=PASSWORD
        )

        def make(number: int, **fields: Any) -> BlogPost:
            return BlogPost.objects.create(
                organization=cast.organization,
                project=project,
                title=f"Post {number}",
                content=f"<p>Text of post {number}.</p>",
                slug=f"post-{number}",
                **fields,
            )

        yield live, site, cast, connection, make


def published() -> int:
    return BlogPost.objects.filter(status="published").count()


def test_a_hundred_posts_due_at_once_are_out_within_a_minute(world: Any) -> None:
    live, site, _, connection, make = world
    due = timezone.now() + timedelta(seconds=8)
    for number in range(100):
        make(number, status="scheduled", scheduled_at=due, blog_connection=connection)
    try:
        wait(lambda: published() == 100, seconds=90, every=0.5)
    except AssertionError:
        raise AssertionError(f"{published()} published\n{logs_of(live)}") from None
    late = [(p.confirmed_at - due).total_seconds() for p in Publication.objects.all()]
    print(f"\n100 posts: the last {max(late):.1f} s after their time, the first {min(late):.1f} s")
    assert min(late) >= 0
    assert len(site.posts) == site.created == 100


def test_a_publish_request_waits_and_answers_200(world: Any) -> None:
    live, site, cast, connection, make = world
    post = make(1)
    path = f"projects/{post.project_id}/blog-posts/{post.pk}/publish"
    reply = live.call("POST", path, cast.owner, 200, json={"connection_id": str(connection.pk)}).json()
    assert reply["status"] == "published"
    live.call("PATCH", path.removesuffix("/publish"), cast.owner, json={"title": "Another title"})
    site.fail(403, {"code": "rest_cannot_publish", "message": "No"}, times=5, when=lambda r: r.method == "POST")
    problem = live.call("POST", path, cast.owner, 502, json={"connection_id": str(connection.pk)}).json()
    assert problem["code"] == "upstream_error"
    post.refresh_from_db()
    assert post.status == "failed"


def test_a_worker_killed_while_it_publishes_leaves_one_post_each(world: Any) -> None:
    live, site, cast, connection, make = world
    site.write_latency = 1.5  # the site accepts at the end of it; its answer meets a dead worker
    rows = [make(number) for number in range(4)]
    for post in rows:
        path = f"projects/{post.project_id}/blog-posts/{post.pk}/schedule"
        soon = (timezone.now() + timedelta(seconds=1)).isoformat()
        live.call("POST", path, cast.owner, json={"connection_id": str(connection.pk), "scheduled_at": soon})
    wait(lambda: Publication.objects.filter(state="sending").exists(), seconds=90)
    live.kill("worker-sync")
    site.write_latency = 0.0
    live.revive("worker-sync")
    wait(lambda: published() == 4, seconds=150, every=0.5)
    assert Counter(p["slug"] for p in site.posts.values()) == Counter(post.slug for post in rows)
