"""`Prefer`: a caller says how long an operation may wait for the job that it begins."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from billing.models import Wallet
from blog.models import BlogImage, BlogPost
from scribe.api.job_reply import JobReply
from scribe.models import Job
from tests import factories
from tests.documents import document
from tests.fakes.openai import OpenAI
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("wishes", "seconds", "applied"),
    [
        ("", 30, None),
        ("respond-async", 0, "respond-async"),
        ("Respond-Async", 0, "respond-async"),
        ("wait=0", 0, "wait=0"),
        ("wait=7", 7, "wait=7"),
        ('wait="7"', 7, "wait=7"),
        ("respond-async, wait=10", 10, "respond-async, wait=10"),
        ("return=minimal, wait=3; why=x, wait=9", 3, "wait=3"),
        ("respond-async, wait=100", 30, "respond-async"),
        ("wait=100", 30, None),
        ("wait=-1", 30, None),
        ("wait=soon, return=minimal", 30, None),
        ('note="a, respond-async"', 30, None),
    ],
)
def test_the_wait_is_as_short_as_the_caller_prefers(wishes: str, seconds: float, applied: str | None) -> None:
    reply = JobReply(SimpleNamespace(pk=uuid4()), render=lambda job: None, seconds=30)  # type: ignore[arg-type]
    reply.prefer(wishes)
    assert (reply.seconds, reply.get("Preference-Applied")) == (seconds, applied)


def test_an_order_that_does_not_wait_names_its_job(api: Any, cast: Any) -> None:
    project = factories.make_project(cast.organization)
    factories.make_item(project)
    caller = api.as_(cast.owner).with_(Prefer="respond-async", Idempotency_Key="once")
    begun = caller.post(f"projects/{project.pk}/generate", {}, status=202)
    assert (begun["status"], caller.last["Preference-Applied"]) == ("queued", "respond-async")
    run_jobs()
    assert caller.get(f"jobs/{begun['job_id']}")["status"] == "completed"
    again = api.as_(cast.owner).with_(Idempotency_Key="once")  # the same order, by a caller who would wait
    assert again.post(f"projects/{project.pk}/generate", {}, status=202)["job_id"] == begun["job_id"]
    assert Job.objects.count() == 1


def test_an_image_is_made_for_a_caller_who_does_not_wait(api: Any, cast: Any, settings: Any) -> None:
    """Who waits in vain has the job cancelled; who doesn't wait finds the image by the job's result."""
    post = BlogPost.objects.create(
        organization=cast.organization,
        project=factories.make_project(cast.organization),
        title="Bottles",
        slug="bottles",
    )
    caller = api.as_(cast.owner)
    path = f"projects/{post.project_id}/blog-posts/{post.pk}/images/ai-generate"
    with OpenAI() as fake:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = f"{fake.url}/v1", "key"
        begun = caller.with_(Prefer="respond-async").post(path, {"prompt": "A bottle"}, status=202)
        assert begun["status"] == "queued"
        run_jobs()
    job = caller.get(f"jobs/{begun['job_id']}")
    assert (job["status"], job["result"]["image_id"]) == ("completed", str(BlogImage.objects.get().pk))
    assert Decimal(job["result"]["xct_used"]) > Wallet.objects.get(organization=cast.organization).held == 0


def test_each_operation_that_takes_the_wish_may_answer_202() -> None:
    named = {
        "api/v1/projects/{project_id}/generate",
        "api/v1/projects/{project_id}/sync",
        "api/v1/plugin/generate-blog",
    }
    for path, item in document()["paths"].items():
        for operation in item.values():
            if any(one["name"] == "Prefer" for one in operation.get("parameters", [])):
                assert "202" in operation["responses"], path
                named.discard(path.strip("/"))
    assert not named
