"""Publishing on a real WordPress: published, updated, scheduled, unpublished, with a featured image and a category."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from blog import post_images, tasks
from blog.models import BlogPost, Publication
from blog.publishing import drafts
from blog.publishing import publication as publications
from blog.publishing.targets import PublicationTarget
from integrations.models import BlogConnection
from integrations.stores.errors import StoreError
from integrations.stores.wordpress.publisher import WordPressPublisher
from scribe.jobs.worker import work
from tests.blog.pictures import picture
from tests.helpers import run_jobs
from tests.real_wordpress.site import RealWordPress, missing

LACKING = missing()
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.random_order(disabled=True),  # else the site is installed anew whenever the permalinks change
    pytest.mark.skipif(bool(LACKING), reason=f"no real WordPress here: {LACKING}"),
]


@pytest.fixture(scope="module", params=["/%postname%/", ""], ids=["pretty-permalinks", "plain-permalinks"])
def real(request: Any) -> Any:
    with RealWordPress(permalinks=request.param) as site:
        yield site


@pytest.fixture
def connection(cast: Any, real: Any, settings: Any) -> BlogConnection:
    settings.OUTBOUND_ALLOWED_HOSTS = [real.url.removeprefix("http://")]
    return BlogConnection.objects.create(
        organization=cast.organization, name="Blog", site_url=real.url, username=real.user, app_password=real.password
    )


@pytest.fixture
def publisher(connection: BlogConnection) -> WordPressPublisher:
    from integrations import blog_connections as connections

    return connections.open_publisher(connection)


def path(post: BlogPost, tail: str = "") -> str:
    return f"projects/{post.project_id}/blog-posts/{post.pk}{tail}"


def remote(publisher: WordPressPublisher, slug: str) -> list[dict[str, Any]]:
    found = publisher.site.get("/wp/v2/posts", slug=slug, status="publish,draft,future,private,pending", context="edit")
    return list(found)


def test_a_post_lives_its_life(api: Any, cast: Any, connection: Any, publisher: Any, make_post: Any) -> None:
    owner = api.as_(cast.owner)
    assert owner.post(f"blog-connections/{connection.pk}/test")["success"] is True
    category, _ = publisher.site.call("POST", "/wp/v2/categories", json={"name": f"Guides {connection.pk}"})
    names = [c["name"] for c in owner.get(f"blog-connections/{connection.pk}/categories")]
    assert f"Guides {connection.pk}" in names

    slug = f"steel-bottles-{str(connection.pk)[-6:]}"
    post = make_post(
        slug=slug, title="Čaša & “bottle”", excerpt="Short.", tags=["steel"], wp_category_ids=[category["id"]]
    )
    image = post_images.add(post=post, data=picture(1700, 900), source="upload", alt_text="A green bottle")
    inside = post_images.add(post=post, data=picture(900, 700, "PNG"), source="upload", alt_text="Inside")
    text = f'<p>Text č.</p><figure><img src="{inside.variants["jpeg"]["640"]}" alt="Inside"></figure>'
    owner.patch(path(post), {"featured_image_url": image.url, "content": text})

    owner.post(path(post, "/publish"), {"connection_id": str(connection.pk)}, status=202)
    run_jobs()
    shown = owner.get(path(post))
    assert shown["status"] == "published", shown["last_error"]
    [there] = remote(publisher, slug)
    assert there["id"] == shown["wp_post_id"]
    assert there["title"]["raw"] == "Čaša & “bottle”"
    assert there["categories"] == [category["id"]]
    assert there["status"] == "publish"
    assert "/wp-content/uploads/" in there["content"]["raw"]
    assert "/api/v1/files/" not in there["content"]["raw"]
    media = publisher.site.get(f"/wp/v2/media/{there['featured_media']}", context="edit")
    assert media["alt_text"] == "A green bottle"
    rendered = publisher.site.get(f"/wp/v2/posts/{there['id']}")["content"]["rendered"]
    assert "Text č." in rendered

    owner.patch(path(post), {"title": "Changed"})
    owner.post(path(post, "/publish"), {"connection_id": str(connection.pk)}, status=202)
    run_jobs()
    [again] = remote(publisher, slug)
    assert (again["id"], again["title"]["raw"]) == (there["id"], "Changed")
    assert again["featured_media"] == there["featured_media"], "uploaded once"

    owner.post(path(post, "/unpublish"), status=202)
    run_jobs()
    assert [p["status"] for p in remote(publisher, slug)] == ["draft"]
    assert owner.get(path(post))["status"] == "draft"

    soon = (timezone.now() + timedelta(hours=1)).isoformat()
    owner.post(path(post, "/schedule"), {"connection_id": str(connection.pk), "scheduled_at": soon})
    tasks.publish_due_posts()
    assert [p["status"] for p in remote(publisher, slug)] == ["draft"]
    BlogPost.objects.filter(pk=post.pk).update(scheduled_at=timezone.now() - timedelta(seconds=1))
    tasks.publish_due_posts()
    run_jobs()
    [due] = remote(publisher, slug)
    assert (due["id"], due["status"]) == (there["id"], "publish")
    assert owner.get(path(post))["status"] == "published"


def test_a_lost_answer_is_found_by_the_marker(connection: Any, publisher: Any, make_post: Any) -> None:
    """The site has the post under a slug that it chose itself, and we never heard of it."""
    slug = f"lost-{str(connection.pk)[-6:]}"
    publisher.site.call("POST", "/wp/v2/posts", json={"title": "Theirs", "slug": slug, "status": "publish"})
    post = make_post(slug=slug, title="Ours")
    publication = publications.publish(post=post, by=None, target=PublicationTarget(blog_connection=connection))
    body = {"title": "Ours", "content": f"{post.content}\n{drafts.comment(publication.marker)}", "slug": slug}
    made, _ = publisher.site.call("POST", "/wp/v2/posts", json={**body, "status": "publish"})
    assert made["slug"] == f"{slug}-2"
    Publication.objects.filter(pk=publication.pk).update(
        state="unknown", sent_at=timezone.now(), options={**publication.options, "before": "0"}
    )
    work(publication.job_id)
    post.refresh_from_db()
    assert (post.status, post.wp_post_id) == ("published", made["id"])
    found = publisher.site.get("/wp/v2/posts", search=publication.marker, status="publish,draft")
    assert [p["id"] for p in found] == [made["id"]]


def test_a_wrong_password_fails_the_post_at_once(connection: Any, make_post: Any) -> None:
    connection.app_password = "not it"
    connection.save()
    post = make_post(slug="never")
    publications.publish(post=post, by=None, target=PublicationTarget(blog_connection=connection))
    [job] = run_jobs()
    post.refresh_from_db()
    assert (job.status, post.status) == ("failed", "failed")
    assert "password" in post.last_error


SCRIPTED = (
    "<!-- wp:paragraph -->\n<p>His words: 5 < 6 & 7.</p>\n<!-- /wp:paragraph -->\n"
    "<!-- wp:html -->\n<script>for (let i = 0; i < 3 && i < 9; i++) { go(i); }</script>\n<!-- /wp:html -->"
)  # fmt: skip


def test_what_the_merchant_writes_in_wp_admin_stays(
    api: Any, cast: Any, real: Any, connection: Any, publisher: Any, make_post: Any
) -> None:
    owner, to = api.as_(cast.owner), {"connection_id": str(connection.pk)}
    slug = f"kept-words-{str(connection.pk)[-6:]}"
    post = make_post(slug=slug, title="Ours", tags=["steel", "ice"])
    owner.post(path(post, "/publish"), to, status=202)
    run_jobs()
    post.refresh_from_db()
    pk = post.wp_post_id

    def in_wordpress(code: str) -> str:
        return str(real.run_php(f"wp_set_current_user(get_user_by('login', '{real.user}')->ID); {code}"))

    in_wordpress(
        f"wp_update_post(wp_slash(['ID' => {pk}, 'post_title' => 'His title', 'post_content' => '{SCRIPTED}', "
        f"'post_name' => '{slug}-ranks'])); wp_set_post_tags({pk}, ['his tag'], true); "
        f"wp_set_post_categories({pk}, [wp_insert_term('His {pk}', 'category')['term_id']], true);"
    )
    owner.patch(
        path(post), {"title": "Ours, new", "content": "<p>Ours, new.</p>", "tags": ["steel", "summer"], "slug": "other"}
    )
    refused = owner.post(path(post, "/publish"), to, status=409)
    assert [(c["field"], c["theirs"], c["published"]) for c in refused["conflicts"]] == [
        ("title", "His title", "Ours"),
        ("content", SCRIPTED, post.content),
    ]
    assert in_wordpress(f"echo get_post({pk})->post_content;") == SCRIPTED

    owner.post(path(post, "/publish"), {**to, "force": True}, status=202)
    run_jobs()
    there = publisher.get_post(str(pk))
    assert (there.title, there.slug) == ("Ours, new", f"{slug}-ranks")
    assert set(publisher.tags_of(there)) == {"steel", "summer", "his tag"}
    assert f"His {pk}" in in_wordpress(f"echo implode(',', wp_get_post_categories({pk}, ['fields' => 'names']));")

    owner.post(path(post, "/publish/undo"), {}, status=202)
    run_jobs()
    assert in_wordpress(f"echo get_post({pk})->post_content;") == SCRIPTED
    there = publisher.get_post(str(pk))
    assert there.title == "His title"
    assert set(publisher.tags_of(there)) == {"steel", "ice", "his tag"}
    assert not owner.get(path(post))["skipped_fields"]


def test_switched_off_application_passwords_are_told(real: Any, connection: Any, publisher: Any) -> None:
    assert not publisher.site.takes_no_passwords
    real.add_plugin("no-passwords.php", "<?php add_filter('wp_is_application_passwords_available', '__return_false');")
    try:
        from integrations import blog_connections as connections

        with pytest.raises(StoreError) as caught:
            connections.open_publisher(connection).test()
        assert caught.value.code == "store_passwords_off"
    finally:
        real.add_plugin("no-passwords.php", "<?php")
