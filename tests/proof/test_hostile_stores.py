"""Stores that answer with anything: every job comes to its end, the queues are empty, and nothing is held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from billing.models import Hold
from blog import tasks
from blog.models import BlogPost, Publication
from blog.publishing import publication as publications
from blog.publishing.targets import PublicationTarget
from integrations.models import BlogConnection, StoreConnection
from integrations.stores import platforms
from projects.models import ContentItem, DataSource, Project
from projects.sync import job as sync_job
from scribe import jobs
from scribe.models import Job
from tests import factories
from tests.fakes.hostile import Hostile
from tests.helpers import run_jobs

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a job would wait for is judged, but not slept through."""
    for module in ("store_import", "sync"):
        monkeypatch.setattr(f"projects.{module}.job.pausing", lambda run: lambda seconds: run.check())


def connected(cast: Any, platform: str, url: str) -> Project:
    connection = StoreConnection.objects.create(
        organization=cast.organization,
        name="Hostile",
        platform=platform,
        base_url=url,
        status="active",
        **dict.fromkeys(platforms.get(platform).credential_fields, "secret"),
    )
    return factories.make_project(cast.organization, platform=platform, store_connection=connection)


@pytest.mark.parametrize("platform", platforms.ids())
@pytest.mark.parametrize("seed", range(4))
def test_an_import_from_a_hostile_store_ends(cast: Any, platform: str, seed: int) -> None:
    with Hostile(seed) as store:
        project = connected(cast, platform, store.url)
        source = DataSource.objects.create(
            organization=cast.organization,
            project=project,
            type=DataSource.Type.STORE,
            name="Hostile",
            config={"connection_id": str(project.store_connection_id)},
            status=DataSource.Status.PROCESSING,
        )
        jobs.create(
            job_type=Job.Type.IMPORT,
            organization=cast.organization,
            project=project,
            payload={"filters": {}, "source_id": str(source.pk)},
        )
        run_jobs()
        at_rest(store)
    source.refresh_from_db()
    assert source.status in (DataSource.Status.READY, DataSource.Status.ERROR)


@pytest.mark.parametrize("platform", platforms.ids())
def test_a_sync_into_a_hostile_store_ends(cast: Any, platform: str) -> None:
    with Hostile(7) as store:
        project = connected(cast, platform, store.url)
        ContentItem.objects.bulk_create(
            ContentItem(
                organization=cast.organization,
                project=project,
                external_id=str(number),
                source_data={"id": number, "sku": f"S-{number}", "name": "Bottle"},
                generated_content={"description": "<p>A bottle.</p>"},
                status="approved",
            )
            for number in range(1, 4)
        )
        sync_job.start(project=project, by=cast.owner, mode="pending")
        run_jobs()
        at_rest(store)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(6))
def test_publishing_to_a_hostile_blog_ends(cast: Any, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The post is published or failed; an attempt in doubt is given up when its time is over."""
    project = factories.make_project(cast.organization)
    fields = {"organization": cast.organization, "project": project, "title": "Tea", "content": "<p>About tea.</p>"}
    with Hostile(seed) as site:
        blog = BlogConnection.objects.create(
            organization=cast.organization, name="Blog", site_url=site.url, username="admin", app_password="pass word"
        )
        post = BlogPost.objects.create(slug="tea", **fields)
        publications.publish(post=post, by=cast.owner, target=PublicationTarget(blog_connection=blog))
        for _ in range(12):
            run_jobs()
            Publication.objects.filter(sent_at__isnull=False).update(sent_at=timezone.now() - timedelta(hours=1))
            tasks.reconcile_publications()
            if not Publication.objects.filter(state__in=Publication.OPEN).exists():
                break
        at_rest(site)
    post.refresh_from_db()
    assert post.status in (BlogPost.Status.PUBLISHED, BlogPost.Status.FAILED)


def at_rest(store: Hostile) -> None:
    assert store.asked
    assert not Job.objects.active().exists()
    ends = list(Job.objects.values_list("status", "error_code", "error"))
    assert not {code for _, code, _ in ends} & {"internal_error", "given_up"}, ends  # the store's fault, and said so
    assert not Hold.objects.open().exists()
