"""Posts are written in jobs: held, charged once, grounded, and what they were when it fails."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from billing.models import Hold, UsageRecord, Wallet
from blog import post_images, templates
from blog.models import BlogImage, BlogPost, BlogTemplate
from blog.writing import job
from blog.writing.settings import settings_of
from projects.models import GlossaryTerm, LearnedRule
from scribe.models import Job
from tests.blog.pictures import picture
from tests.factories import make_item, make_organization, make_project
from tests.fakes.anthropic import Anthropic
from tests.fakes.server import Reply, Request, Server
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = {
    "outline": ["Why steel", "How to choose"],
    "title": "Steel bottles for long days",
    "excerpt": "What a steel bottle does for a long day out.",
    "introduction": "<p>Steel bottles are made for long days.</p>",
    "sections": [
        {
            "heading": "Why steel",
            "html": '<p>Look at the <a href="product:{id}">Trail Bottle</a>.</p><script>bad()</script>',
        },
        {"heading": "How to choose", "html": '<p>See <a href="https://evil.example/x">this</a>.</p>'},
    ],
    "conclusion": "<p>A steel bottle goes a long way.</p>",
    "tags": ["bottles", "outdoor"],
    "seo": {"title": "Steel bottles", "description": "Steel bottles for long days.", "focus_keyword": "steel bottles"},
    "image_alts": ["A green steel bottle"],
}


def path(project: Any, tail: str = "") -> str:
    return f"projects/{project.pk}/blog-posts{tail}"


class Pictures(Server):
    """A picture host on localhost."""

    async def answer(self, request: Request) -> Reply:
        if request.path.startswith("/good"):
            return Reply(200, picture(900, 600), {"content-type": "image/jpeg"})
        return Reply(404, b"gone") if request.path == "/gone" else Reply(200, b"<html>", {"content-type": "image/jpeg"})


def test_a_post_is_written_by_the_built_in_writer(api: Any, cast: Any, project: Any) -> None:
    item = make_item(
        project,
        source_data={**make_item(project).source_data, "raw": {"permalink": "https://shop.example.com/p/trail"}},
    )
    owner = api.as_(cast.owner)

    made = owner.post(path(project), {"topic": "Bottles for hikers", "source_item_ids": [str(item.pk)]}, status=201)

    assert made["status"] == "generating"
    assert made["product_links"] == {str(item.pk): "https://shop.example.com/p/trail"}
    job = owner.get(f"jobs/{made['job_id']}")
    assert job["job_type"] == "blog_generation"

    run_jobs()

    post = owner.get(path(project, f"/{made['id']}"))
    assert post["status"] == "draft"
    assert post["title"]
    assert "<h2>" in post["content"]
    assert "<h1" not in post["content"]
    assert 'href="https://shop.example.com/p/trail"' in post["content"]
    assert "product:" not in post["content"]
    assert post["slug"]
    assert post["seo_meta"]["title"]
    assert post["structured_data"]["@type"] == "BlogPosting"
    assert post["analytics"]["words"] > 20
    assert post["analytics"]["seo_score"] > 0
    assert Decimal(post["analytics"]["xct_used"]) == 0
    assert owner.get(f"jobs/{made['job_id']}")["status"] == "completed"


@pytest.mark.parametrize("language", ["de", "sr", "sr-Latn"])
def test_other_languages_are_written_and_scored(api: Any, cast: Any, project: Any, language: str) -> None:
    item = make_item(project)
    body = {"topic": "Flaschen", "source_item_ids": [str(item.pk)], "ai_settings": {"language": language}}
    made = api.as_(cast.owner).post(path(project), body, status=201)
    run_jobs()
    post = api.as_(cast.owner).get(path(project, f"/{made['id']}"))
    assert (post["status"], post["language"]) == ("draft", language)
    score = api.as_(cast.owner).get(path(project, f"/{made['id']}/seo-score"))
    assert score["readability"]["language_supported"] is True


class Scripted(Anthropic):
    """A model that answers with `article`."""

    article: dict[str, Any] | None = None

    def success(self, seen: Any, text: str, behaviour: Any) -> Reply:
        return super().success(seen, json.dumps(self.article) if self.article else text, behaviour)


@pytest.fixture
def anthropic(settings: Any) -> Any:
    with Scripted() as fake:
        settings.ANTHROPIC_BASE_URL = fake.url
        settings.ANTHROPIC_API_KEY = "key"
        settings.DEFAULT_AI_PROVIDER = "anthropic"
        yield fake


@pytest.fixture
def insisting(project: Any) -> Any:
    """The project of a merchant with a glossary and a rule that edits taught."""
    mine = {"organization": project.organization}
    word = {"en": {"text": "flask", "forbidden": ["thermos"], "note": "n" * 400}}
    GlossaryTerm.objects.create(text="bottle", language="en", targets=word, **mine)
    GlossaryTerm.objects.create(text="teapot", language="en", targets={"en": {"text": "kettle"}}, **mine)
    LearnedRule.objects.create(project=project, kind="avoid", term="premium", state="accepted", **mine)
    return project


@pytest.mark.thorough
@pytest.mark.parametrize("with_products", [True, False])
def test_a_post_heeds_the_glossary_and_what_edits_taught(
    api: Any, cast: Any, insisting: Any, anthropic: Any, with_products: bool
) -> None:
    anthropic.article = {**DRAFT, "introduction": "<p>A premium thermos is made for long days.</p>"}
    items = [str(make_item(insisting).pk)] if with_products else []
    owner = api.as_(cast.owner)
    made = owner.post(path(insisting), {"topic": "A bottle for hikers", "source_item_ids": items}, status=201)
    run_jobs()
    sent = anthropic.requests[0].json
    assert "- Never write “premium”." in str(sent["system"])
    assert "glossary, as a JSON list" in str(sent["messages"])
    assert "flask" in str(sent["messages"])
    assert "kettle" not in str(sent["messages"])
    post = owner.get(path(insisting, f"/{made['id']}"))
    failed = {row["id"]: row for row in post["generation_metadata"]["checks"] if row["passed"] is False}
    assert [finding["found"] for finding in failed["forbidden"]["findings"]] == ["premium"]
    assert "thermos" in {finding.get("found") for finding in failed["glossary"]["findings"]}
    assert post["analytics"]["flagged"] is True
    assert (post["generation_metadata"]["score"] is None) is not with_products
    assert "may not stand for" in str(anthropic.requests[1].json)  # the repair is told


def test_a_quote_counts_what_a_post_is_told(cast: Any, insisting: Any, anthropic: Any) -> None:
    def expected() -> int:
        found, _ = job.estimate(project=insisting, items=[], topic="A bottle for hikers")
        return found.input_tokens

    whole = expected()
    LearnedRule.objects.all().delete()
    without_rules = expected()
    GlossaryTerm.objects.all().delete()
    assert whole > without_rules > expected() + 50


def test_a_model_writes_links_only_to_our_products_and_is_charged_once(
    api: Any, cast: Any, project: Any, anthropic: Any
) -> None:
    item = make_item(
        project,
        source_data={"name": "Trail Bottle", "description": "Steel.", "raw": {"url": "https://shop.example.com/p/1"}},
    )
    data = {**DRAFT, "sections": [{**s, "html": s["html"].replace("{id}", str(item.pk))} for s in DRAFT["sections"]]}
    anthropic.article = data
    before = Wallet.objects.get(organization=cast.organization).available

    made = api.as_(cast.owner).post(path(project), {"topic": "Steel", "source_item_ids": [str(item.pk)]}, status=201)
    hold = Hold.objects.get(job_id=made["job_id"])
    assert hold.amount > 0
    run_jobs()

    post = BlogPost.objects.get(pk=made["id"])
    assert post.status == "draft", post.last_error
    assert '<a href="https://shop.example.com/p/1">Trail Bottle</a>' in post.content
    assert "evil.example" not in post.content
    assert "bad()" not in post.content
    record = UsageRecord.objects.get(job_id=made["job_id"], outcome="ok")
    wallet = Wallet.objects.get(organization=cast.organization)
    assert post.xct_used == record.xct > 0
    assert before - wallet.available == record.xct
    assert wallet.held == 0
    assert record.xct <= hold.amount


def test_too_little_xct_is_402_and_leaves_no_post(api: Any, cast: Any, project: Any, anthropic: Any) -> None:
    Hold.objects.all().delete()
    from billing import holds

    wallet = Wallet.objects.get(organization=cast.organization)
    holds.place(organization=cast.organization, amount=wallet.available, key="all")
    problem = api.as_(cast.owner).post(path(project), {"topic": "Steel"}, status=402)
    assert problem["code"] == "insufficient_xct"
    assert not BlogPost.objects.exists()
    assert not Job.objects.filter(job_type="blog_generation").exists()


def test_a_failing_model_costs_nothing_and_says_why(api: Any, cast: Any, project: Any, anthropic: Any) -> None:
    anthropic.default = "401"
    before = Wallet.objects.get(organization=cast.organization).available
    made = api.as_(cast.owner).post(path(project), {"topic": "Steel"}, status=201)
    run_jobs()
    post = api.as_(cast.owner).get(path(project, f"/{made['id']}"))
    assert post["status"] == "failed"
    assert post["last_error"]
    assert Wallet.objects.get(organization=cast.organization).available == before


def test_a_call_before_the_provider_failed_is_recorded(api: Any, cast: Any, project: Any, anthropic: Any) -> None:
    anthropic.script("garbled")
    anthropic.default = "401"
    api.as_(cast.owner).post(path(project), {"topic": "Steel"}, status=201)
    [job] = run_jobs()
    assert job.status == "failed"
    [record] = UsageRecord.objects.all()
    assert (record.outcome, record.xct) == ("error", 0)


def test_a_failed_regeneration_leaves_the_post_as_it_was(
    api: Any, cast: Any, project: Any, make_post: Any, anthropic: Any
) -> None:
    anthropic.default = "401"
    post = make_post(status="draft")
    again = api.as_(cast.owner).post(path(project, f"/{post.pk}/regenerate"), status=202)
    assert again["status"] == "generating"
    assert again["content"] == post.content
    api.as_(cast.owner).post(path(project, f"/{post.pk}/regenerate"), status=409)
    run_jobs()
    post.refresh_from_db()
    assert post.status == "draft"
    assert post.last_error


def test_chosen_images_come_along_and_dead_ones_are_named(api: Any, cast: Any, project: Any) -> None:
    with Pictures() as host:
        body = {
            "topic": "Bottles",
            "selected_images": [
                {"url": f"{host.url}/good1", "product_name": "Trail Bottle", "alt_text": "A bottle on a rock"},
                {"url": f"{host.url}/gone"},
                {"url": f"{host.url}/good2", "product_name": "City Bottle"},
                {"url": f"{host.url}/html"},
                {"url": "http://169.254.169.254/latest"},
            ],
        }
        made = api.as_(cast.owner).post(path(project), body, status=201)
        jobs = run_jobs()
    post = api.as_(cast.owner).get(path(project, f"/{made['id']}"))
    images = api.as_(cast.owner).get(path(project, f"/{made['id']}/images"))
    assert images[0]["alt_text"] == "A bottle on a rock"
    assert len(images) == 2
    assert images[1]["alt_text"], "an alternative text was written"
    assert post["featured_image_url"] == images[0]["url"]
    assert post["content"].count("<img") == 1
    assert [m["code"] for m in jobs[0].result["missing_images"]] == [
        "upstream_error",
        "image_type_not_supported",
        "address_not_allowed",
    ]


def test_images_that_are_described_or_deleted_while_a_model_writes_stay_so(
    api: Any, cast: Any, project: Any, make_post: Any, anthropic: Any
) -> None:
    post = make_post(status="draft", slug="", content="")
    gone, plain, described, _kept = (
        post_images.add(post=post, data=picture(900, 600 + n), source="upload", alt_text=alt)
        for n, alt in enumerate(["A bottle that goes", "", "", ""])
    )
    owner = api.as_(cast.owner)

    def change() -> None:
        owner.delete(path(project, f"/{post.pk}/images/{gone.pk}"))
        owner.delete(path(project, f"/{post.pk}/images/{plain.pk}"))
        owner.patch(path(project, f"/{post.pk}/images/{described.pk}"), {"alt_text": "In my own words"})
        connection.close()

    def answering(body: Any) -> Any:
        thread = Thread(target=change)
        thread.start()
        thread.join(60)
        return body

    anthropic.article = {**DRAFT, "image_alts": ["One", "Two", "Three", "Four"]}
    anthropic.reshape = answering
    owner.post(path(project, f"/{post.pk}/regenerate"), status=202)
    run_jobs()
    shown = owner.get(path(project, f"/{post.pk}"))
    images = owner.get(path(project, f"/{post.pk}/images"))
    assert (shown["status"], shown["featured_image_url"]) == ("draft", images[0]["url"])
    assert [image["alt_text"] for image in images] == ["In my own words", "Four"]
    assert shown["content"].count("<img") == 1
    assert not any(key in shown["content"] for image in (gone, plain) for key in image.keys)
    assert UsageRecord.objects.count() == 1


def test_writing_a_published_post_again_keeps_its_address(
    api: Any, cast: Any, project: Any, make_post: Any, anthropic: Any
) -> None:
    anthropic.article = DRAFT
    public, draft = make_post(status="published", wp_post_id=7), make_post(status="draft")
    for post in (public, draft):
        api.as_(cast.owner).post(path(project, f"/{post.pk}/regenerate"), status=202)
        run_jobs()
        post.refresh_from_db()
    assert (public.title, public.slug) == (DRAFT["title"], "keeping-drinks-cold")
    assert draft.slug == "steel-bottles-for-long-days"


def test_a_scheduled_post_that_is_written_again_waits_for_a_person(
    api: Any, cast: Any, project: Any, make_post: Any, anthropic: Any
) -> None:
    anthropic.article = DRAFT
    post = make_post(status="scheduled", scheduled_at=timezone.now() + timedelta(hours=1))
    owner = api.as_(cast.owner)
    owner.post(path(project, f"/{post.pk}/regenerate"), status=202)
    run_jobs()
    shown = owner.get(path(project, f"/{post.pk}"))
    assert (shown["title"], shown["status"], shown["scheduled_at"]) == (DRAFT["title"], "draft", None)
    assert shown["last_error"] == "The post was scheduled, but now it has a new text. Check it, then schedule it again."


@pytest.mark.parametrize("structure", [{"sections": 5}, {"sections": "Care"}, {"sections": {"heading": "Care"}}])
def test_a_template_whose_sections_are_no_list_is_refused_and_stops_no_post(
    api: Any, cast: Any, project: Any, structure: Any
) -> None:
    owner = api.as_(cast.owner)
    problem = owner.post("blog-templates", {"name": "Odd", "structure": structure}, status=400)
    assert problem["errors"][0]["pointer"] == "#/structure"
    kept = owner.post("blog-templates", {"name": "Odd", "is_default": True}, status=201)
    owner.patch(f"blog-templates/{kept['id']}", {"structure": structure}, status=400)
    BlogTemplate.objects.update(structure=structure)  # one that was kept before
    owner.post(path(project), {"topic": "Bottles"}, status=201)
    run_jobs()
    assert BlogPost.objects.get().status == "draft"


def test_a_killed_worker_writes_the_post_once(
    api: Any, cast: Any, project: Any, anthropic: Any, monkeypatch: Any
) -> None:
    """Killed just before it saves: the next worker starts over, and one post is charged once."""
    from blog.writing import post as writing
    from scribe.jobs.worker import work

    anthropic.article = DRAFT
    made = api.as_(cast.owner).post(path(project), {"topic": "Steel"}, status=201)

    class Killed(BaseException):
        pass

    def die(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(writing, "_save", die)
        with pytest.raises(Killed):
            work(made["job_id"])
    Job.objects.update(lease_until=None)
    run_jobs()

    post = BlogPost.objects.get(pk=made["id"])
    assert post.status == "draft"
    assert UsageRecord.objects.filter(job_id=made["job_id"], outcome="ok").count() == 1
    assert Wallet.objects.get(organization=cast.organization).held == 0


def test_the_default_template_steers_unless_another_is_named(api: Any, cast: Any, project: Any) -> None:
    owner = api.as_(cast.owner)
    sections = {"structure": {"sections": ["Materials", {"heading": "Care", "instructions": "Say how to wash it."}]}}
    default = owner.post("blog-templates", {"name": "Standard", "is_default": True, **sections}, status=201)
    other = owner.post("blog-templates", {"name": "Other"}, status=201)
    made = owner.post(path(project), {"topic": "Bottles", "source_item_ids": [str(make_item(project).pk)]}, status=201)
    assert made["template_id"] == default["id"]
    named = owner.post(path(project), {"topic": "Bottles", "template_id": other["id"]}, status=201)
    assert named["template_id"] == other["id"]
    run_jobs()
    assert "Materials" in owner.get(path(project, f"/{made['id']}"))["content"]


def test_bad_wishes_are_refused(api: Any, cast: Any, project: Any) -> None:
    owner = api.as_(cast.owner)
    foreign = make_item(make_project(make_organization()))
    owner.post(path(project), {}, status=400)
    owner.post(path(project), {"topic": "x", "post_type": "novel"}, status=400)
    owner.post(path(project), {"topic": "x", "ai_settings": {"ai_provider": "nobody"}}, status=400)
    owner.post(path(project), {"topic": "x", "ai_settings": {"language": 7}}, status=400)
    owner.post(path(project), {"topic": "x", "source_item_ids": [str(foreign.pk)]}, status=404)
    owner.post(path(project), {"topic": "x", "template_id": str(foreign.pk)}, status=404)
    owner.post(path(project), {"topic": "x", "store_connection_id": "nonsense"}, status=404)
    api.as_(cast.stranger).post(path(project), {"topic": "x"}, status=404)
    assert not BlogPost.objects.exists()
    assert not BlogImage.objects.exists()


def test_instructions_that_are_too_long_with_the_templates_are_refused(api: Any, cast: Any, project: Any) -> None:
    owner = api.as_(cast.owner)
    owner.post("blog-templates", {"name": "Long", "is_default": True, "custom_instructions": "t" * 5_000}, status=201)
    asked = {"topic": "Bottles", "ai_settings": {"custom_instructions": "o" * 3_000}}
    refused = owner.post(path(project), asked, status=400)
    assert (refused["code"], "8,001" in refused["detail"] or "8001" in refused["detail"]) == ("too_long", True)
    asked["ai_settings"] = {"custom_instructions": "o" * 2_999}
    made = BlogPost.objects.get(pk=owner.post(path(project), asked, status=201)["id"])
    assert settings_of(made).custom_instructions == "o" * 2_999 + "\n" + "t" * 5_000


def test_all_sections_of_a_template_are_asked_for() -> None:
    names = [f"{n} {'long ' * 50}".strip() for n in range(25)]
    assert templates.headings(BlogTemplate(structure={"sections": names})) == names
