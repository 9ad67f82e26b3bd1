"""Work that was quoted as free because the organization's own key pays is done by that key, or by none."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import ApiKey, Organization
from billing.models import UsageRecord
from blog import alt_texts, post_images
from blog.models import BlogPost
from blog.writing import job as posts
from projects.plugin import generations
from studio.profiles import job as profiles
from tests.blog import pictures
from tests.factories import make_own_key, make_project
from tests.fakes.anthropic import Anthropic
from tests.helpers import run_jobs
from tests.projects.generation.conftest import make_items


@pytest.fixture
def anthropic(settings: Any) -> Any:
    with Anthropic() as fake:
        settings.ANTHROPIC_BASE_URL, settings.ANTHROPIC_API_KEY = fake.url, "of-the-platform"
        settings.DEFAULT_AI_PROVIDER = "anthropic"
        yield fake


@pytest.fixture
def own(cast: Any) -> Organization:
    organization = Organization.objects.get(pk=cast.organization.pk)
    organization.byok_enabled = True
    organization.save()
    make_own_key(organization, "anthropic", "of-the-customer")
    return organization


def items(caller: Any, cast: Any) -> None:
    project = make_project(cast.organization)
    make_items(project, 2)
    caller.post(f"projects/{project.pk}/generate", {}, status=202)


def post(caller: Any, cast: Any) -> None:
    project = make_project(Organization.objects.get(pk=cast.organization.pk))
    posts.create(project=project, by=cast.owner, topic="Socks", items=[], ai_settings={})


def plugin(caller: Any, cast: Any) -> None:
    organization = Organization.objects.get(pk=cast.organization.pk)
    key = ApiKey.objects.create(organization=organization, name="Shop", prefix="xcs_test", digest="d" * 64)
    generations.start_description(key=key, source="woocommerce", request={"product_title": "Wool socks"})


def profile(caller: Any, cast: Any) -> None:
    organization = Organization.objects.get(pk=cast.organization.pk)
    profiles.start(organization=organization, by=cast.owner, template_id="fashion", request={"brand_name": "Nord"})


def alt_text(caller: Any, cast: Any) -> None:
    project = make_project(Organization.objects.get(pk=cast.organization.pk))
    row = BlogPost.objects.create(organization=project.organization, project=project, topic="Bottles", slug="bottles")
    image = post_images.add(post=row, data=pictures.picture(), source="upload", product_name="Bottle")
    alt_texts.suggest(image=image, post=row, by=cast.owner)


CALLERS = [items, post, plugin, profile, alt_text]


@pytest.mark.parametrize("start", CALLERS, ids=lambda start: start.__name__)
def test_a_key_that_was_removed_meanwhile_is_not_replaced_by_ours(
    start: Any, api: Any, cast: Any, own: Organization, anthropic: Any
) -> None:
    start(api.as_(cast.owner), cast)
    own.own_keys.all().delete()
    [job] = run_jobs()
    assert (job.status, job.error_code) == ("failed", "provider_not_configured")
    assert anthropic.seen == []
    assert not UsageRecord.objects.exists()


@pytest.mark.parametrize("start", CALLERS, ids=lambda start: start.__name__)
def test_usage_records_whose_key_was_used(start: Any, api: Any, cast: Any, own: Organization, anthropic: Any) -> None:
    keys = []
    answer = anthropic.answer

    async def watched(request: Any) -> Any:
        keys.append(request.headers.get("authorization"))
        return await answer(request)

    anthropic.answer = watched
    start(api.as_(cast.owner), cast)
    run_jobs()
    assert set(keys) == {"Bearer of-the-customer"}
    assert set(UsageRecord.objects.values_list("byok", "xct", "cost_usd")) == {(True, 0, 0)}


def test_a_key_that_comes_after_the_quote_is_not_used(api: Any, cast: Any, anthropic: Any) -> None:
    """The hold was taken for the platform's key: that one works, and is charged."""
    items(api.as_(cast.owner), cast)
    organization = Organization.objects.get(pk=cast.organization.pk)
    organization.byok_enabled = True
    organization.save()
    make_own_key(organization, "anthropic", "of-the-customer")
    run_jobs()
    assert not UsageRecord.objects.filter(byok=True).exists()
    assert all(row.xct > 0 and row.cost_usd > 0 for row in UsageRecord.objects.filter(outcome="ok"))
