"""Calls whose worker died in the middle of them: their cost is recorded, and charged to nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from billing import allowance
from billing.models import UsageRecord, Wallet
from blog import alt_texts, image_jobs
from blog.models import BlogImage, BlogPost
from blog.writing import job as writing
from projects.generation import job as generation
from projects.models import GenerationItem
from scribe.jobs import worker
from scribe.jobs.registry import kinds
from scribe.jobs.run import Run
from scribe.models import Job
from studio.profiles import job as builder
from tests import factories
from tests.blog import pictures
from tests.helpers import run_jobs
from tests.projects.generation.conftest import make_items


def kill_its_worker(job: Job) -> None:
    """Leave the job as a worker leaves it that was killed at its call: the lease runs out, and nobody gives it back."""
    claimed = worker.claim(job.pk)
    assert claimed is not None
    lease = Run(claimed, kinds[claimed.job_type]).lease_id
    GenerationItem.objects.filter(job=job, position=0).update(taken_by=lease, called_by=lease)
    GenerationItem.objects.filter(job=job, position=1).update(taken_by=lease)  # in hand, not begun
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def starts(cast: Any, project: Any, openai: Any, settings: Any) -> dict[str, Any]:
    Wallet.objects.filter(organization=cast.organization).update(topup_balance=1000)
    make_items(project, 3)
    whose = {"organization": cast.organization, "project": project}
    post = BlogPost.objects.create(**whose, title="Cold", topic="Cold", content="<p>Steel keeps it cold.</p>", slug="c")

    def alt_text() -> Job:
        from blog.post_images import add

        image = add(post=post, data=pictures.picture(), source=BlogImage.Source.UPLOAD)
        return alt_texts.suggest(image=image, post=post, by=cast.owner)

    def article() -> Job:
        job = writing.create(project=project, by=cast.owner, items=[], topic="Bottles").job
        assert job is not None
        return job

    return {
        "items": lambda: generation.start(project=project, by=cast.owner, request={}),
        "post": article,
        "image": lambda: image_jobs.by_model(post=post, by=cast.owner, prompt="A bottle"),
        "alt text": alt_text,
        "profile": lambda: builder.start(
            organization=cast.organization, by=cast.owner, template_id="fashion", request={"brand_name": "Nordlicht"}
        ),
    }


@pytest.mark.parametrize("what", ["items", "post", "image", "alt text", "profile"])
def test_a_killed_call_is_recorded_with_its_cost_and_charged_to_nobody(what: str, starts: Any, cast: Any) -> None:
    job = starts[what]()
    kill_its_worker(job)
    run_jobs()
    job.refresh_from_db()
    assert job.status == "completed", (job.status, job.error, job.result)
    [killed] = UsageRecord.objects.filter(outcome="killed")
    assert (killed.xct, killed.job_id) == (0, job.pk)
    assert killed.cost_usd > 0
    assert UsageRecord.objects.filter(outcome="ok", xct__gt=0).exists()
    wallet = Wallet.objects.select_related("plan").get(organization=cast.organization)
    assert allowance.used_today(wallet).usd == 0, "it is our fault, and uses nothing of the allowance"


def test_a_lease_that_was_given_back_killed_no_call(starts: Any) -> None:
    job = starts["post"]()
    claimed = worker.claim(job.pk)
    assert claimed is not None
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    run_jobs()
    assert not UsageRecord.objects.filter(outcome="killed").exists()


def test_calls_that_were_recorded_as_lost_are_not_recorded_as_killed(starts: Any, openai: Any) -> None:
    openai.default = "401"  # stops the job: the rows stay pending until the rest is given up
    starts["items"]()
    run_jobs()
    assert not GenerationItem.objects.exclude(called_by=None).filter(state="pending").exists()
    assert not UsageRecord.objects.filter(outcome="killed").exists()


def test_no_worker_without_items_is_blamed(cast: Any) -> None:
    project = factories.make_project(cast.organization)
    factories.make_item(project)
    job = generation.start(project=project, by=cast.owner, request={"ai_provider": "offline"})
    kill_its_worker(job)
    run_jobs()
    assert not UsageRecord.objects.filter(outcome="killed").exists()
