"""A project whose items are written, for the pages that show them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from blog.models import BlogImage, BlogPost
from integrations.ai import registry
from projects import comments, file_import, lifecycle, review
from projects.generation import job as generation
from projects.models import ContentItem, ItemVersion, LearnedRule
from scribe import jobs
from tests.factories import make_item
from tests.scribe.source import ROOT
from tests.workbench.routes import account_rows
from tests.workbench.visiting import Visitor

FILE = ROOT / "projects" / "sample" / "woocommerce_export.csv"
#: The project's house rule: a person reads every text about climbing before it is published.
RULES: dict[str, Any] = {"forbidden_words": ["climbing"]}
WISHES: dict[str, Any] = {
    "ai_provider": registry.BUILT_IN,
    "language": "en",
    "generate_bullet_points": True,
    "generate_tags": True,
    "structured_data_enabled": True,
}
CLEAN = {
    "name": "Trail Bottle",
    "short_description": "A steel bottle that keeps drinks cold for 12 hours.",
    "description": "<p>A green bottle of stainless steel. It holds 750 ml.</p>",
    "bullet_points": ["Stainless steel", "750 ml"],
    "attributes": {"Material": "stainless steel"},
    "tags": ["steel bottle"],
    "seo": {"title": "Trail Bottle, 750 ml", "description": "A steel bottle that keeps drinks cold for 12 hours."},
}


def make_post(project: Any, **fields: Any) -> BlogPost:
    """A draft with one image, whose files are not in storage."""
    values = {
        "title": "Keeping drinks cold",
        "content": "<p>Steel bottles keep drinks cold.</p>",
        "slug": "keeping-drinks-cold",
        **fields,
    }
    post = BlogPost.objects.create(organization=project.organization, project=project, **values)
    BlogImage.objects.create(
        organization=project.organization,
        post=post,
        s3_key="nowhere.png",
        source="upload",
        width=640,
        height=480,
        file_size=1,
        media_type="image/png",
        sha256="0" * 64,
    )
    return post


def write(item: ContentItem, by: Any, *, status: str = "", **texts: Any) -> ContentItem:
    """Give `item` a text, checked as an edit is."""
    review.update_item(item=item, by=by, content={**CLEAN, **texts})
    if status:
        ContentItem.objects.filter(pk=item.pk).update(status=status)
    item.refresh_from_db()
    return item


@pytest.fixture
def desk(cast: Any) -> SimpleNamespace:
    """The sample's items, and six that are written: four clean, and two flagged. `owner` is a visitor; `job` has ended."""
    project = lifecycle.create(organization=cast.organization, name="Sample", platform="woocommerce", by=cast.owner)
    lifecycle.update(project=project, changes={"settings": RULES})
    with FILE.open("rb") as file:
        source = file_import.upload(project=project, file=file, name=FILE.name, mapping=None, by=cast.owner)
    job = jobs.cancel(generation.start(project=project, by=cast.owner, request=WISHES))
    clean = [write(make_item(project), cast.owner) for _ in range(4)]
    flagged = write(make_item(project), cast.owner, status="flagged", short_description="Made for climbing.")
    unsupported = write(
        make_item(project), cast.owner, status="flagged", short_description="Comes with a 25-year warranty."
    )
    return SimpleNamespace(
        cast=cast,
        owner=Visitor(cast.owner),
        project=project,
        job=job,
        source=source,
        clean=clean,
        written=clean[0],
        flagged=flagged,
        unsupported=unsupported,
        post=make_post(project),
    )


@pytest.fixture
def ids(desk: Any) -> dict[str, Any]:
    """The rows that the routes name, of the owner's organization."""
    item = desk.written
    review.update_item(item=item, by=desk.cast.owner, content={"name": "Another name"})
    version = ItemVersion.objects.filter(item=item).first()
    assert version is not None
    return {
        "project_id": desk.project.pk,
        "source_id": desk.source.pk,
        "item_id": item.pk,
        "job_id": desk.job.pk,
        "version_id": version.pk,
        "rule_id": LearnedRule.objects.create(
            organization=desk.cast.organization, project=desk.project, kind="avoid", term="premium", state="proposed"
        ).pk,
        "comment_id": comments.add(item=item, by=desk.cast.owner, text="Mine").pk,
        **account_rows(desk.cast),
        "post_id": desk.post.pk,
        "image_id": desk.post.images.get().pk,
    }
