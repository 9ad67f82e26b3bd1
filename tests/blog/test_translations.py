"""Posts in further languages: written in one job, each charged once, stale by field, and a person's words left alone."""

from __future__ import annotations

from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Notification
from billing.models import Hold, UsageRecord, Wallet
from blog import products
from blog.models import BlogPost
from blog.translations import job as translations
from projects.models import GlossaryTerm, Project
from scribe.jobs.worker import work
from scribe.models import Job
from tests.factories import make_item, make_organization, make_project
from tests.fakes.anthropic import Anthropic
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

ENGLISH = {
    "title": "Keeping drinks cold",
    "excerpt": "Steel bottles keep drinks cold for 12 hours.",
    "content": '<h2>Why steel</h2><p>Steel bottles keep drinks cold for 12 hours. Look at <a href="https://shop.example.com/p/1">this one</a>.</p>',
}
GERMAN = {
    "title": "Getränke kühl halten",
    "excerpt": "Flaschen aus Stahl halten Getränke 12 Stunden lang kühl.",
    "content": '<h2>Warum Stahl</h2><p>Flaschen aus Stahl halten Getränke 12 Stunden lang kühl. Sehen Sie sich <a href="https://shop.example.com/p/1">diese hier</a> an.</p>',
}
SERBIAN = "<h2>Зашто челик</h2><p>Боце од челика чувају пиће хладним 12 сати. Код је {name}.</p>"


@pytest.fixture
def anthropic(settings: Any) -> Any:
    with Anthropic() as fake:
        settings.ANTHROPIC_BASE_URL = fake.url
        settings.ANTHROPIC_API_KEY = "key"
        settings.DEFAULT_AI_PROVIDER = "anthropic"
        fake.translations = {("de", ENGLISH[field]): GERMAN[field] for field in ENGLISH} | {("de", "steel"): "Stahl"}
        yield fake


def path(post: Any, tail: str = "") -> str:
    return f"projects/{post.project_id}/blog-posts/{post.pk}{tail}"


def checks(post: dict[str, Any]) -> dict[str, Any]:
    return {row["id"]: row for row in post["generation_metadata"]["checks"]}


def test_a_post_is_translated_checked_and_charged_once(api: Any, cast: Any, make_post: Any, anthropic: Any) -> None:
    owner, post = api.as_(cast.owner), make_post(**ENGLISH, language="en", tags=["steel"])
    term = {"targets": {"de": {"text": "Stahlflasche"}}}
    GlossaryTerm.objects.create(organization=cast.organization, text="steel bottle", language="en", **term)
    before = Wallet.objects.get(organization=cast.organization).available

    quote = owner.post(path(post, "/translations/estimate"), {"languages": ["de"]})
    assert not post.translations.exists()
    begun = owner.post(path(post, "/translations"), {"languages": ["de"]}, status=202)
    assert begun["per_language"][0]["way"] == "translation"
    assert Decimal(quote["xct_max"]) == Decimal(begun["xct_max"]) == Hold.objects.get(job_id=begun["job_id"]).amount
    again = owner.post(path(post, "/translations"), {"languages": ["de"]}, status=202)
    assert (again["job_id"], again["skipped"]) == (None, [{"language": "de", "reason": "post_is_busy"}])
    run_jobs()
    work(begun["job_id"])  # delivered twice

    [link] = owner.get(path(post))["translations"]
    made = owner.get(f"projects/{post.project_id}/blog-posts/{link['id']}")
    assert {field: made[field] for field in GERMAN} == GERMAN, made["last_error"]
    assert (made["status"], made["language"], made["original_id"]) == ("draft", "de", str(post.pk))
    assert (made["slug"], made["outdated_fields"], made["edited_at"]) == ("getraenke-kuehl-halten", [], None)
    assert made["structured_data"]["inLanguage"] == "de"
    assert checks(made)["translation"]["passed"] is True
    assert checks(made)["glossary"]["counts"] == {"named": 1, "used": 0}
    record = UsageRecord.objects.get(job_id=begun["job_id"], outcome="ok")
    wallet = Wallet.objects.get(organization=cast.organization)
    assert before - wallet.available == record.xct == Decimal(made["analytics"]["xct_used"]) > 0
    assert wallet.held == 0
    assert owner.get(f"jobs/{begun['job_id']}")["status"] == "completed"

    rows = f"projects/{post.project_id}/blog-posts"
    assert [row["id"] for row in owner.get(f"{rows}?language=de")] == [link["id"]]
    assert [row["id"] for row in owner.get(f"{rows}?original_id={post.pk}")] == [link["id"]]
    assert [row["language"] for row in owner.get(f"{rows}?language=de_DE")] == ["de"]
    owner.get(f"{rows}?language=xx", status=400)
    assert owner.get(path(post, "/translations")) == [link]


@pytest.mark.thorough
def test_only_what_moved_is_written_again_and_no_edit_of_a_person(
    api: Any, cast: Any, make_post: Any, anthropic: Any
) -> None:
    owner, post = api.as_(cast.owner), make_post(**ENGLISH, language="en")
    owner.post(path(post, "/translations"), {"languages": ["de"]}, status=202)
    run_jobs()
    made = post.translations.get()
    fresh = owner.post(path(post, "/translations"), status=202)
    assert (fresh["job_id"], fresh["skipped"]) == (None, [{"language": "de", "reason": "up_to_date"}])

    owner.patch(path(post), {"title": "Drinks that stay cold"})
    anthropic.translations["de", "Drinks that stay cold"] = "Getränke, die kühl bleiben"
    assert owner.get(path(made))["outdated_fields"] == ["title"]
    owner.post(path(post, "/translations"), status=202)
    run_jobs()
    asked = anthropic.seen[-1]
    assert set(asked.schema["properties"]) == {"name"}
    changed = owner.get(path(made))
    assert (changed["title"], changed["content"]) == ("Getränke, die kühl bleiben", GERMAN["content"])
    assert changed["outdated_fields"] == []

    owner.patch(path(made), {"title": "Kühle Getränke"})
    owner.patch(path(post), {"title": "Cold drinks"})
    left = owner.post(path(post, "/translations"), status=202)
    assert left["skipped"] == [{"language": "de", "reason": "edited"}]
    assert owner.get(path(made))["edited_at"]
    anthropic.translations["de", "Cold drinks"] = "Kalte Getränke"
    assert owner.post(path(made, "/regenerate"), status=202)["status"] == "generating"
    run_jobs()
    assert owner.get(path(made))["title"] == "Kalte Getränke"
    assert owner.get(path(made))["edited_at"] is None


def test_an_original_that_is_edited_meanwhile_leaves_the_translation_stale(
    api: Any, cast: Any, make_post: Any, anthropic: Any
) -> None:
    owner, post = api.as_(cast.owner), make_post(**ENGLISH, language="en")

    def edit() -> None:
        BlogPost.objects.filter(pk=post.pk).update(title="Another title")
        connection.close()

    def answering(body: Any) -> Any:
        thread = Thread(target=edit)  # while the model answers
        thread.start()
        thread.join(60)
        return body

    anthropic.reshape = answering
    owner.post(path(post, "/translations"), {"languages": ["de"]}, status=202)
    run_jobs()
    [link] = owner.get(path(post, "/translations"))
    assert (link["status"], link["title"], link["outdated_fields"]) == ("draft", GERMAN["title"], ["title"])


@pytest.mark.parametrize("fault", ["number", "link", "same"])
def test_a_translation_that_departs_from_its_original_is_flagged(
    api: Any, cast: Any, make_post: Any, anthropic: Any, fault: str
) -> None:
    wrong = {
        "number": GERMAN["content"].replace("12", "21"),
        "link": GERMAN["content"].replace("https://shop.example.com/p/1", "https://evil.example/x"),
        "same": ENGLISH["content"],
    }[fault]
    anthropic.translations["de", ENGLISH["content"]] = wrong
    owner, post = api.as_(cast.owner), make_post(**ENGLISH, language="en")
    owner.post(path(post, "/translations"), {"languages": ["de"]}, status=202)
    run_jobs()
    made = owner.get(path(post.translations.get()))
    assert made["analytics"]["flagged"] is True
    assert checks(made)["translation"]["passed"] is False
    assert "evil.example" not in made["content"]


def test_serbian_is_read_letter_by_letter_at_no_cost(api: Any, cast: Any, make_post: Any, anthropic: Any) -> None:
    post = make_post(title="Хладно пиће", content=SERBIAN, language="sr", seo_meta={"title": "Пиће"}, tags=["челик"])
    owner = api.as_(cast.owner)
    begun = owner.post(path(post, "/translations"), {"languages": ["sr-Latn"]}, status=202)
    assert Decimal(begun["xct_max"]) == 0
    assert begun["per_language"][0]["way"] == "letters"
    run_jobs()
    made = owner.get(path(post.translations.get()))
    assert made["title"] == "Hladno piće"
    assert made["content"] == "<h2>Zašto čelik</h2><p>Boce od čelika čuvaju piće hladnim 12 sati. Kod je {name}.</p>"
    assert (made["slug"], made["tags"], made["seo_meta"]) == ("hladno-pice", ["čelik"], {"title": "Piće"})
    assert not anthropic.seen
    assert not UsageRecord.objects.exists()


def test_a_new_post_is_written_with_its_translations_in_one_job(
    api: Any, cast: Any, project: Any, anthropic: Any
) -> None:
    owner = api.as_(cast.owner)
    body = {"topic": "Bottles", "source_item_ids": [str(make_item(project).pk)], "languages": ["en", "de", "fr"]}
    made = owner.post(f"projects/{project.pk}/blog-posts", body, status=201)
    assert [row["language"] for row in made["translations"]] == ["de", "fr"]
    anthropic.choose = lambda seen: "garbled" if "into French (" in seen.system else None
    run_jobs()
    [job] = Job.objects.filter(job_type="blog_generation")
    assert job.status == "completed_with_errors", job.error
    assert Notification.objects.get().title.endswith("is ready")
    assert job.result["languages"] == {"de": "generated", "fr": "failed"}
    post = owner.get(f"projects/{project.pk}/blog-posts/{made['id']}")
    assert (post["status"], [row["status"] for row in post["translations"]]) == ("draft", ["draft", "failed"])
    charged = sum(record.xct for record in UsageRecord.objects.filter(job_id=job.pk))
    assert charged == sum(row.xct_used for row in BlogPost.objects.all()) > 0
    assert Wallet.objects.get(organization=cast.organization).held == 0
    owner.delete(f"projects/{project.pk}/blog-posts/{made['id']}", status=409)


@pytest.mark.parametrize("way", ["translation", "native"])
def test_what_a_post_is_about_is_read_once_for_all_its_languages(
    api: Any, cast: Any, project: Any, monkeypatch: Any, way: str
) -> None:
    facts_of, read = products.facts_of, []

    def counted(item: Any) -> Any:
        read.append(item)
        return facts_of(item)

    monkeypatch.setattr(products, "facts_of", counted)
    Project.objects.filter(pk=project.pk).update(settings={"language_way": way})
    body = {"topic": "Bottles", "source_item_ids": [str(make_item(project).pk)]}
    counts = []
    for languages in (["de"], ["de", "fr", "it"]):
        read.clear()
        api.as_(cast.owner).post(f"projects/{project.pk}/blog-posts/estimate", {**body, "languages": languages})
        counts.append(len(read))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_a_job_that_ends_early_releases_its_posts(
    api: Any, cast: Any, make_post: Any, anthropic: Any, end: str
) -> None:
    owner, post = api.as_(cast.owner), make_post(**ENGLISH, language="en")
    begun = owner.post(path(post, "/translations"), {"languages": ["de"]}, status=202)
    if end == "failed":
        anthropic.default = "401"
        run_jobs()
    else:
        owner.post(f"jobs/{begun['job_id']}/cancel")
        run_jobs()
    [link] = owner.get(path(post, "/translations"))
    assert link["status"] == ("failed" if end == "failed" else "draft")
    post.refresh_from_db()
    assert post.status == "draft"
    assert Wallet.objects.get(organization=cast.organization).held == 0
    anthropic.default = "ok"
    owner.post(path(post, "/translations"), status=202)
    run_jobs()
    assert owner.get(path(post, "/translations"))[0]["title"] == GERMAN["title"]


def test_the_built_in_writer_writes_each_language_from_the_facts(api: Any, cast: Any, project: Any) -> None:
    owner = api.as_(cast.owner)
    body = {"topic": "Bottles", "source_item_ids": [str(make_item(project).pk)], "languages": ["de"]}
    made = owner.post(f"projects/{project.pk}/blog-posts", body, status=201)
    run_jobs()
    [link] = owner.get(f"projects/{project.pk}/blog-posts/{made['id']}")["translations"]
    german = owner.get(f"projects/{project.pk}/blog-posts/{link['id']}")
    assert (german["status"], german["generation_metadata"]["way"]) == ("draft", "native")
    assert german["analytics"]["words"] > 20  # a preview of the facts
    assert checks(german)["language"]["passed"] is True


def test_bad_wishes_are_refused(api: Any, cast: Any, make_post: Any, anthropic: Any) -> None:
    owner, post = api.as_(cast.owner), make_post(**ENGLISH, language="en")
    for languages, code in (
        (["xx"], "unknown_language"),
        ([], "required"),
        (["en"], "main_language"),
        ("de", ""),
        ([7] * 40, ""),
    ):
        problem = owner.post(path(post, "/translations"), {"languages": languages}, status=400)
        assert not code or problem["errors"][0]["code"] == code
    owner.post(path(post, "/translations"), {"languages": ["de"], "redo": "perhaps"}, status=400)
    owner.post(f"projects/{post.project_id}/blog-posts", {"topic": "x", "languages": ["xx"]}, status=400)
    empty = make_post(content="", title="Empty")
    assert owner.post(path(empty, "/translations"), {"languages": ["de"]}, status=409)["code"] == "post_is_empty"
    german = make_post(**GERMAN, language="de", original=post)
    wrong = owner.post(path(german, "/translations"), {"languages": ["fr"]}, status=409)
    assert wrong["code"] == "post_is_translation"
    api.as_(cast.stranger).post(path(post, "/translations"), {"languages": ["de"]}, status=404)
    other = make_project(make_organization())
    owner.post(f"projects/{other.pk}/blog-posts/{post.pk}/translations", {"languages": ["de"]}, status=404)
    assert not Job.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_post(**GERMAN, language="de", original=post)


def test_too_little_xct_leaves_no_translation(cast: Any, make_post: Any, anthropic: Any) -> None:
    from billing import holds
    from billing.errors import InsufficientXCT

    post = make_post(**ENGLISH, language="en")
    free = Wallet.objects.get(organization=cast.organization).available
    holds.place(organization=cast.organization, amount=free, key="all")
    with pytest.raises(InsufficientXCT):
        translations.translate(post=post, by=None, languages=["de"])
    assert not post.translations.exists()
