"""Publishing again: what the merchant wrote on the site meanwhile stays, and is a conflict where we would write over it."""

from __future__ import annotations

from typing import Any

import pytest

from blog.api.views.publications import render
from blog.models import BlogPost, Publication, PublishedText
from blog.publishing import changes, undo
from blog.publishing import publication as publications
from blog.publishing.targets import PublicationTarget
from integrations.models import BlogConnection, StoreConnection
from integrations.stores import three_way
from integrations.stores.wordpress import rank_math
from scribe.errors import Conflict
from scribe.models import Job
from tests.blog.sites import BlogShop, BlogSite
from tests.fakes.shopify import TOKEN
from tests.fakes.wordpress import PASSWORD, USER
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = "<p>His.</p><script>if (i < 3 && j > 4) { go(); }</script><!-- wp:more --><!--more--><!-- /wp:more -->"


@pytest.fixture
def wordpress(settings: Any) -> Any:
    with BlogSite() as fake:
        yield fake


@pytest.fixture
def site(cast: Any, wordpress: Any) -> BlogConnection:
    return BlogConnection.objects.create(
        organization=cast.organization, name="Blog", site_url=wordpress.url, username=USER, app_password=PASSWORD
    )


@pytest.fixture
def target(site: Any) -> PublicationTarget:
    return PublicationTarget(blog_connection=site)


@pytest.fixture
def owner(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


@pytest.fixture
def post(make_post: Any, target: Any) -> BlogPost:
    """A post that is published, and its row on the site."""
    made = make_post(excerpt="Short", tags=["steel", "bottles"])
    publish(made, target)
    made.refresh_from_db()
    return made


def path(post: BlogPost, tail: str = "") -> str:
    return f"projects/{post.project_id}/blog-posts/{post.pk}{tail}"


def publish(post: BlogPost, target: PublicationTarget, **wish: Any) -> Job:
    """As the API does it, but for the look before the job."""
    found = BlogPost.objects.get(pk=post.pk)
    publications.publish(post=found, by=None, target=target, wish=changes.Resolution(**wish))
    return run_jobs()[-1]


def row_of(wordpress: Any) -> dict[str, Any]:
    [row] = [row for row in wordpress.rows.values() if row["type"] == "post"]
    return row


def names(wordpress: Any, row: dict[str, Any]) -> set[str]:
    return {wordpress.terms["tags"][pk]["name"] for pk in row["tags"]}


@pytest.mark.each_value("guarded")
@pytest.mark.parametrize("guarded", [True, False])
def test_what_the_merchant_wrote_is_a_conflict_with_three_texts(
    owner: Any, wordpress: Any, site: Any, post: BlogPost, guarded: bool
) -> None:
    wordpress.guarded = guarded
    row = row_of(wordpress)
    wordpress.edit(row, title="His title", content=SCRIPT)
    owner.patch(path(post), {"title": "Our new title", "content": "<p>Ours, new.</p>"})
    writes = dict(wordpress.writes)
    refused = owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=409)
    assert refused["code"] == "post_changed"
    assert refused["conflicts"] == [
        {"field": "title", "ours": "Our new title", "theirs": "His title", "published": "Keeping drinks cold"},
        {"field": "content", "ours": "<p>Ours, new.</p>", "theirs": SCRIPT, "published": post.content, "elements": ["<!-- wp:more -->", "script"]},
    ]  # fmt: skip
    assert wordpress.writes == writes
    assert owner.get(path(post))["status"] == "published"

    owner.post(path(post, "/publish"), {"connection_id": str(site.pk), "force": True}, status=202)
    run_jobs()
    assert row["title"]["raw"] == "Our new title"
    assert row["content"]["raw"].startswith("<p>Ours, new.</p>")
    assert "script" in owner.get(path(post))["skipped_fields"]["content"]
    again = owner.post(path(post, "/publish/undo"), {}, status=202)
    run_jobs()
    assert again["status"] == "publishing"
    assert (row["title"]["raw"], row["content"]["raw"]) == ("His title", SCRIPT)
    refused = owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=409)
    assert {clash["field"] for clash in refused["conflicts"]} == {"title", "content"}


def test_the_job_looks_again_right_before_it_writes(owner: Any, wordpress: Any, target: Any, post: BlogPost) -> None:
    row = row_of(wordpress)
    owner.patch(path(post), {"title": "Our new title"})
    wordpress.edit(row, title="His title")
    job = publish(post, target)
    assert (job.status, job.error_code) == ("failed", "post_changed")
    assert row["title"]["raw"] == "His title"
    shown = owner.get(path(post))
    assert (shown["status"], [clash["field"] for clash in shown["conflicts"]]) == ("published", ["title"])
    publish(post, target, chosen={"title": "ours"})
    assert row["title"]["raw"] == "Our new title"
    assert owner.get(path(post))["conflicts"] == []


@pytest.mark.each_value("guarded")
@pytest.mark.parametrize("guarded", [True, False])
def test_an_edit_between_the_look_and_the_write_is_seen_by_the_guard(
    owner: Any, wordpress: Any, target: Any, post: BlogPost, guarded: bool
) -> None:
    wordpress.guarded = guarded
    row = row_of(wordpress)
    owner.patch(path(post), {"title": "Our new title"})
    edited: list[bool] = []

    def edit_once(request: Any) -> None:
        if request.method == "POST" and request.path.endswith(f"/posts/{row['id']}") and not edited:
            edited.append(True)
            wordpress.edit(row, title="His title")

    wordpress.on_request = edit_once
    job = publish(post, target)
    assert edited
    assert (job.error_code, row["title"]["raw"]) == (
        ("post_changed", "His title") if guarded else ("", "Our new title")
    )


def test_only_what_changed_here_is_sent(owner: Any, wordpress: Any, site: Any, target: Any, post: BlogPost) -> None:
    row = row_of(wordpress)
    wordpress.edit(row, title="His title", content=SCRIPT)
    row["status"] = "publish"
    owner.patch(path(post), {"excerpt": "Our new excerpt"})
    wordpress.requests.clear()
    owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=202)
    run_jobs()
    assert (row["title"]["raw"], row["content"]["raw"], row["excerpt"]["raw"]) == (
        "His title", SCRIPT, "Our new excerpt",
    )  # fmt: skip
    [sent] = [r.json for r in wordpress.requests if r.method == "POST"]
    assert sent == {"excerpt": "Our new excerpt"}
    assert set(owner.get(path(post))["skipped_fields"]) == {"title", "content"}


def test_publishing_again_with_nothing_new_writes_nothing_and_overwrites_nothing(
    owner: Any, wordpress: Any, site: Any, target: Any, post: BlogPost
) -> None:
    writes = dict(wordpress.writes)
    assert publish(post, target).status == "completed"
    assert wordpress.writes == writes
    wordpress.edit(row_of(wordpress), content="<p>His.</p>")
    refused = owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=409)
    assert [clash["field"] for clash in refused["conflicts"]] == ["content"]
    assert row_of(wordpress)["content"]["raw"] == "<p>His.</p>"


def test_a_side_is_taken_for_each_field(owner: Any, wordpress: Any, site: Any, target: Any, post: BlogPost) -> None:
    row = row_of(wordpress)
    owner.patch(path(post), {"title": "Our new title", "content": "<p>Ours, new.</p>"})
    wordpress.edit(row, title="His title", content=SCRIPT)
    body = {"connection_id": str(site.pk), "resolve": {"title": "ours", "content": "theirs"}}
    owner.post(path(post, "/publish"), body, status=409)  # nobody was shown his title yet
    owner.post(path(post, "/publish"), body, status=202)
    run_jobs()
    assert (row["title"]["raw"], row["content"]["raw"]) == ("Our new title", SCRIPT)
    assert publish(post, target).status == "completed"
    assert row["content"]["raw"] == SCRIPT
    owner.patch(path(post), {"content": "<p>Later.</p>"})
    refused = owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=409)
    assert [clash["field"] for clash in refused["conflicts"]] == ["content"]
    for name, side in (("title", "mine"), ("titel", "ours")):
        body = {"connection_id": str(site.pk), "resolve": {name: side}, "force": True}
        [fault] = owner.post(path(post, "/publish"), body, status=400)["errors"]
        assert fault["pointer"] == f"#/resolve/{name}"


def test_our_side_is_taken_of_the_text_that_was_shown_alone(
    owner: Any, wordpress: Any, site: Any, target: Any, post: BlogPost
) -> None:
    row = row_of(wordpress)
    owner.patch(path(post), {"title": "Our new title"})
    wordpress.edit(row, title="His title")
    body = {"connection_id": str(site.pk), "resolve": {"title": "ours"}}
    owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=409)
    wordpress.edit(row, title="His second, which nobody has seen")
    refused = owner.post(path(post, "/publish"), body, status=409)
    assert refused["conflicts"][0]["theirs"] == "His second, which nobody has seen"
    owner.post(path(post, "/publish"), body, status=202)  # now it was shown
    wordpress.edit(row, title="His third, before the job looks")
    [job] = run_jobs()
    assert (job.error_code, row["title"]["raw"]) == ("post_changed", "His third, before the job looks")


def test_his_tags_categories_and_address_stay(
    owner: Any, wordpress: Any, site: Any, target: Any, make_post: Any
) -> None:
    ours, his = wordpress.term("categories", "Guides"), wordpress.term("categories", "Hand-picked")
    post = make_post(tags=["steel", "bottles"], wp_category_ids=[ours["id"]])
    publish(post, target)
    row = row_of(wordpress)
    row["tags"] = [*row["tags"], wordpress.term("tags", "Editor’s choice")["id"]]
    row["categories"] = [*row["categories"], his["id"]]
    row["slug"] = "an-address-that-ranks"
    owner.patch(
        path(post), {"tags": ["steel", "summer"], "wp_category_ids": [], "slug": "a-new-address", "title": "New"}
    )
    assert publish(post, target).status == "completed"
    assert names(wordpress, row) == {"steel", "summer", "Editor’s choice"}
    assert row["categories"] == [his["id"]]
    assert row["slug"] == "an-address-that-ranks"
    assert "created" in owner.get(path(post))["skipped_fields"]["slug"]
    # One of ours that he took out stays out.
    row["tags"] = [pk for pk in row["tags"] if wordpress.terms["tags"][pk]["name"] != "steel"]
    owner.patch(path(post), {"tags": ["steel", "summer", "ice"]})
    publish(post, target)
    assert names(wordpress, row) == {"summer", "ice", "Editor’s choice"}
    assert "steel" in owner.get(path(post))["skipped_fields"]["tags"]
    owner.post(path(post, "/publish/undo"), {}, status=202)
    run_jobs()
    assert names(wordpress, row) == {"summer", "Editor’s choice"}


def test_a_post_from_before_is_compared_with_what_we_would_send(
    owner: Any, wordpress: Any, site: Any, target: Any, post: BlogPost
) -> None:
    """Nothing was kept of what an older version published."""
    PublishedText.objects.all().delete()
    Publication.objects.update(wanted={}, before={})
    row = row_of(wordpress)
    assert publish(post, target).status == "completed"
    assert PublishedText.objects.get().held["title"] == "Keeping drinks cold"
    PublishedText.objects.all().delete()
    wordpress.edit(row, content=SCRIPT)
    owner.patch(path(post), {"title": "Our new title"})
    refused = owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=409)
    assert {clash["field"]: clash["published"] for clash in refused["conflicts"]} == {"title": None, "content": None}
    assert row["content"]["raw"] == SCRIPT


@pytest.mark.parametrize("edits", [True, False])
def test_a_lost_answer_of_an_update_takes_no_word(
    owner: Any, wordpress: Any, target: Any, post: BlogPost, edits: bool
) -> None:
    row = row_of(wordpress)
    owner.patch(path(post), {"title": "Our new title", "excerpt": "Our new excerpt"})
    wordpress.drop_after(lambda r: r.method == "POST" and r.path.endswith(f"/posts/{row['id']}"))
    seen: list[bool] = []

    def edit_after(request: Any) -> None:
        if seen and edits and row["title"]["raw"] == "Our new title":
            wordpress.edit(row, title="His title")
        if request.method == "POST" and request.path.endswith(f"/posts/{row['id']}"):
            seen.append(True)

    wordpress.on_request = edit_after
    job = publish(post, target)
    assert row["excerpt"]["raw"] == "Our new excerpt"
    assert len(seen) == 1
    assert row["title"]["raw"] == ("His title" if edits else "Our new title")
    assert (job.status, job.error_code) == (("failed", "post_changed") if edits else ("completed", ""))


def test_an_undo_leaves_what_was_edited_since_and_names_it(
    owner: Any, wordpress: Any, target: Any, post: BlogPost
) -> None:
    row = row_of(wordpress)
    before = row["content"]["raw"]
    owner.patch(path(post), {"title": "Our new title", "content": "<p>Ours, new.</p>"})
    publish(post, target)
    wordpress.edit(row, title="His title")
    owner.post(path(post, "/publish/undo"), {}, status=202)
    run_jobs()
    assert (row["title"]["raw"], row["content"]["raw"]) == ("His title", before)
    shown = owner.get(path(post))
    assert set(shown["skipped_fields"]) == {"title"}
    assert (shown["status"], shown["analytics"]["unpublished_changes"]) == ("published", True)

    # What went back is his alone from now on; what was left is refused with its texts, or put back by force.
    wordpress.edit(row, content=SCRIPT)
    owner.post(path(post, "/publish/undo"), {}, status=202)
    job = run_jobs()[-1]
    assert (job.status, job.error_code) == ("failed", "post_changed")
    assert [clash["field"] for clash in Publication.objects.get(job=job).conflicts] == ["title"]
    owner.post(path(post, "/publish/undo"), {"force": True}, status=202)
    assert run_jobs()[-1].status == "completed"
    assert (row["title"]["raw"], row["content"]["raw"]) == ("Keeping drinks cold", SCRIPT)
    assert owner.get(path(post))["skipped_fields"] == {}
    assert owner.post(path(post, "/publish/undo"), {"force": True}, status=409)["code"] == "nothing_to_undo"
    refused = owner.post(path(post, "/publish"), {"connection_id": str(target.blog_connection.pk)}, status=409)
    assert [clash["field"] for clash in refused["conflicts"]] == ["content"]


def test_our_tags_go_out_once_though_a_text_was_left(owner: Any, wordpress: Any, target: Any, post: BlogPost) -> None:
    row = row_of(wordpress)
    owner.patch(path(post), {"title": "Our new title", "tags": ["steel", "bottles", "ice"]})
    publish(post, target)
    wordpress.edit(row, title="His title")
    owner.post(path(post, "/publish/undo"), {}, status=202)
    run_jobs()
    assert names(wordpress, row) == {"steel", "bottles"}
    row["tags"] = [*row["tags"], wordpress.term("tags", "ice")["id"]]  # his by now
    owner.post(path(post, "/publish/undo"), {"force": True}, status=202)
    assert run_jobs()[-1].status == "completed"
    assert (row["title"]["raw"], names(wordpress, row)) == ("Keeping drinks cold", {"steel", "bottles", "ice"})


def test_a_publish_that_changed_nothing_takes_no_undo_away(
    owner: Any, wordpress: Any, target: Any, post: BlogPost
) -> None:
    row = row_of(wordpress)
    wordpress.edit(row, title="His title")
    owner.patch(path(post), {"title": "Our new title"})
    publish(post, target, force=True)
    assert publish(post, target).status == "completed"
    owner.post(path(post, "/publish/undo"), {}, status=202)
    assert run_jobs()[-1].status == "completed"
    assert row["title"]["raw"] == "His title"
    assert owner.post(path(post, "/publish/undo"), {}, status=409)["code"] == "nothing_to_undo"


def test_what_the_site_made_of_an_undo_is_no_edit_though_the_answer_was_lost(
    owner: Any, wordpress: Any, target: Any, post: BlogPost
) -> None:
    row = row_of(wordpress)
    wordpress.edit(row, content=SCRIPT + "<!-- 5 < 6 -->")
    owner.patch(path(post), {"title": "Our new title", "content": "<p>Ours, new.</p>"})
    publish(post, target, force=True)
    wordpress.abilities["unfiltered_html"] = False
    wordpress.drop_after(lambda r: r.method == "POST" and r.path.endswith(f"/posts/{row['id']}"))
    owner.post(path(post, "/publish/undo"), {}, status=202)
    [job] = run_jobs()[-1:]
    assert (job.status, job.error_code) == ("completed", "")
    assert "<script>" not in row["content"]["raw"]
    assert owner.get(path(post))["skipped_fields"]["content"] == "The site did not accept the previous text unchanged."


def test_a_first_publish_is_unpublished_and_not_undone(owner: Any, post: BlogPost) -> None:
    assert owner.post(path(post, "/publish/undo"), {}, status=409)["code"] == "nothing_to_undo"


@pytest.fixture
def ranked(wordpress: Any, make_post: Any, target: Any) -> BlogPost:
    """A published post on a site with Rank Math, whose own route shows nothing."""
    wordpress.rank_math = True
    made = make_post(seo_meta={"title": "Our SEO"})
    publish(made, target)
    made.refresh_from_db()
    assert made.metadata["skipped_fields"] == {}
    assert wordpress.seo[row_of(wordpress)["id"]] == {"rank_math_title": "Our SEO"}
    return made


HIS_SEO = {"rank_math_title": "His SEO", "rank_math_description": "His own"}
OUR_SEO = {"title": "Our SEO, new", "description": "All about it"}


def test_seo_texts_that_nobody_can_read_are_left_unless_forced_and_an_undo_says_so(
    owner: Any, wordpress: Any, target: Any, ranked: BlogPost
) -> None:
    row, fields = row_of(wordpress), ("seo_title", "seo_description")
    wordpress.seo[row["id"]] = dict(HIS_SEO)
    owner.patch(path(ranked), {"title": "Our new title", "seo_meta": OUR_SEO})
    publish(ranked, target)
    shown = owner.get(path(ranked))
    assert shown["skipped_fields"] == dict.fromkeys(fields, rank_math.UNSEEN)
    assert (wordpress.seo[row["id"]], row["title"]["raw"]) == (HIS_SEO, "Our new title")

    owner.patch(path(ranked), {"title": "Our third title"})
    publish(ranked, target, chosen={"seo_title": "ours"})
    assert wordpress.seo[row["id"]] == {**HIS_SEO, "rank_math_title": "Our SEO, new"}
    owner.post(path(ranked, "/publish/undo"), {}, status=202)
    assert run_jobs()[-1].status == "completed"
    assert row["title"]["raw"] == "Our new title"
    assert owner.get(path(ranked))["skipped_fields"] == {"seo_title": three_way.NOT_SHOWN}
    assert wordpress.seo[row["id"]] == {**HIS_SEO, "rank_math_title": "Our SEO, new"}


def test_an_undo_of_what_nobody_could_read_alone_is_refused_with_the_reason(
    owner: Any, wordpress: Any, target: Any, ranked: BlogPost
) -> None:
    owner.patch(path(ranked), {"seo_meta": {"title": "Our SEO, new"}})
    publish(ranked, target, force=True)
    owner.post(path(ranked, "/publish/undo"), {}, status=202)
    job = run_jobs()[-1]
    assert (job.status, job.error_code, job.error) == ("failed", "not_restored", three_way.NOT_SHOWN)
    assert owner.get(path(ranked))["status"] == "published"
    with pytest.raises(Conflict) as refused:  # a 502 would be sent again, and blame the site
        render(job)
    assert (refused.value.code, refused.value.detail) == ("not_restored", three_way.NOT_SHOWN)


@pytest.mark.each_value("with_title")
@pytest.mark.parametrize("with_title", [True, False])
def test_what_the_site_does_not_show_now_is_kept_for_another_undo(
    owner: Any, wordpress: Any, target: Any, ranked: BlogPost, with_title: bool
) -> None:
    row = row_of(wordpress)
    wordpress.guarded = True
    wordpress.seo[row["id"]] = dict(HIS_SEO)
    owner.patch(path(ranked), {"seo_meta": OUR_SEO, **({"title": "Our new title"} if with_title else {})})
    publish(ranked, target, force=True)
    forced = dict(wordpress.seo[row["id"]])

    wordpress.guarded = False
    for force in (False, True):
        owner.post(path(ranked, "/publish/undo"), {"force": force}, status=202)
        job = run_jobs()[-1]
        assert (row["title"]["raw"], wordpress.seo[row["id"]]) == ("Keeping drinks cold", forced)
        if with_title and not force:
            assert job.status == "completed"
            left = dict.fromkeys(("seo_title", "seo_description"), undo.NOT_SHOWN_NOW)
            assert owner.get(path(ranked))["skipped_fields"] == left
        else:
            assert (job.status, job.error_code, job.error) == ("failed", "not_restored", undo.NOT_SHOWN_NOW)

    wordpress.guarded = True
    owner.post(path(ranked, "/publish/undo"), {}, status=202)
    assert run_jobs()[-1].status == "completed"
    assert (owner.get(path(ranked))["skipped_fields"], wordpress.seo[row["id"]]) == ({}, HIS_SEO)
    assert owner.post(path(ranked, "/publish/undo"), {}, status=409)["code"] == "nothing_to_undo"
    asked = {"connection_id": str(target.blog_connection.pk)}
    refused = owner.post(path(ranked, "/publish"), asked, status=409)
    assert {clash["field"] for clash in refused["conflicts"]} == {"seo_title", "seo_description"}


def test_the_guard_has_rank_maths_texts_of_a_post_compared_and_put_back(
    owner: Any, wordpress: Any, target: Any, ranked: BlogPost
) -> None:
    row = row_of(wordpress)
    wordpress.guarded = True
    wordpress.seo[row["id"]] = dict(HIS_SEO)
    owner.patch(path(ranked), {"seo_meta": OUR_SEO})
    asked = {"connection_id": str(target.blog_connection.pk)}
    refused = owner.post(path(ranked, "/publish"), asked, status=409)
    assert {(c["field"], c["theirs"]) for c in refused["conflicts"]} == {
        ("seo_title", "His SEO"), ("seo_description", "His own"),
    }  # fmt: skip
    publish(ranked, target, force=True)
    assert wordpress.seo[row["id"]] == {"rank_math_title": "Our SEO, new", "rank_math_description": "All about it"}
    owner.post(path(ranked, "/publish/undo"), {}, status=202)
    assert run_jobs()[-1].status == "completed"
    assert (owner.get(path(ranked))["skipped_fields"], wordpress.seo[row["id"]]) == ({}, HIS_SEO)


@pytest.mark.each_value("guarded")
@pytest.mark.parametrize("guarded", [True, False])
def test_seo_texts_of_a_post_whose_creation_got_no_answer_arrive_or_are_told(
    owner: Any, wordpress: Any, target: Any, make_post: Any, guarded: bool
) -> None:
    """The post was there, and what was to follow by a write of its own was taken as written."""
    wordpress.rank_math, wordpress.guarded = True, guarded
    wordpress.drop_after(lambda r: r.method == "POST" and r.path.endswith("/posts"))
    made = make_post(seo_meta={"title": "Our SEO"})
    publish(made, target)
    row = row_of(wordpress)
    assert wordpress.seo.get(row["id"], {}) == ({"rank_math_title": "Our SEO"} if guarded else {})
    told = owner.get(path(made))["skipped_fields"]
    assert told == ({} if guarded else {"seo_title": rank_math.UNSEEN})


def test_articles_at_shopify_alike(owner: Any, cast: Any, settings: Any, make_post: Any) -> None:
    with BlogShop() as shop:
        settings.SHOPIFY_SHOP_URL = shop.url
        connection = StoreConnection.objects.create(
            organization=cast.organization, name="Shop", platform="shopify", base_url=shop.url, access_token=TOKEN,
            status="active",
        )  # fmt: skip
        target = PublicationTarget(store_connection=connection, external_blog_id="1")
        post = make_post(
            tags=["steel"],
            excerpt="Short",
            seo_meta={"title": "SEO"},
            featured_image_url="https://pictures.example/bottle.jpg",
        )
        publish(post, target)
        [article] = shop.articles.values()
        article["tags"] = [*article["tags"], "His tag"]
        article["handle"] = "his-handle"
        owner.patch(path(post), {"title": "Our new title", "tags": ["ice"]})
        assert publish(post, target).status == "completed"
        assert (article["title"], article["tags"], article["handle"]) == (
            "Our new title",
            ["His tag", "ice"],
            "his-handle",
        )
        assert article["summary"] == "<p>Short</p>"
        article.update(title="His title", body=SCRIPT)
        owner.patch(path(post), {"title": "Ours once more"})
        asked = {"store_connection_id": str(connection.pk)}
        refused = owner.post(path(post, "/publish"), asked, status=409)
        assert [(c["field"], c["theirs"], c["published"]) for c in refused["conflicts"]] == [
            ("title", "His title", "Our new title")
        ]
        assert article["title"] == "His title"
        owner.post(path(post, "/publish"), {**asked, "force": True}, status=202)
        run_jobs()
        assert (article["title"], article["body"].partition("\n<!-- xcs-")[0]) == ("Ours once more", post.content)
        owner.post(path(post, "/publish/undo"), {}, status=202)
        run_jobs()
        assert (article["title"], article["body"]) == ("His title", SCRIPT)


def test_an_unknown_side_is_refused(target: Any, post: BlogPost) -> None:
    with pytest.raises(Conflict):
        publications.undo(post=post, by=None)
