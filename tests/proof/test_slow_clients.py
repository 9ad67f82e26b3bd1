"""Whoever sends slowly, reads slowly, or has us ask a slow store takes nothing from anybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests import factories
from tests.blog import pictures
from tests.fakes import dodo
from tests.live import Live

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def stack(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Live]:
    with django_db_blocker.unblock():
        live = Live(
            BODY_PACE_SECONDS="4",
            HEAD_SECONDS="4",
            STALL_SECONDS="4",
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
