"""Our clients and jobs against a real WordPress: what it says about itself, and texts there and back."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from integrations.models import StoreConnection
from integrations.stores.errors import NotAuthorized
from integrations.stores.posts import PostChange, PostDraft
from integrations.stores.types import Credentials, Push, Ref
from integrations.stores.wordpress.client import WordPressStore
from integrations.stores.wordpress.publisher import WordPressPublisher
from projects.models import ContentItem
from scribe.models import Job
from tests.factories import make_project
from tests.helpers import run_jobs
from tests.real_wordpress.site import RealWordPress, missing

LACKING = missing()
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.random_order(disabled=True),  # else the site is installed anew whenever the permalinks change
    pytest.mark.skipif(bool(LACKING), reason=f"no real WordPress here: {LACKING}"),
]
TRICKY = '<p>Čaša &amp; "quotes" — 5 × 3 &lt; 20</p>\n<!-- wp:paragraph --><p>Back\\slash, emoji 🍵 and <strong>bold</strong></p><!-- /wp:paragraph -->'


@pytest.fixture(scope="module", params=["/%postname%/", ""], ids=["pretty-permalinks", "plain-permalinks"])
def real(request):
    with RealWordPress(permalinks=request.param) as site:
        yield site


@pytest.fixture
def credentials(real, settings):
    settings.OUTBOUND_ALLOWED_HOSTS = [real.url.removeprefix("http://")]
    return Credentials(real.url, consumer_key=real.user, consumer_secret=real.password)


@pytest.fixture
def publisher(credentials):
    return WordPressPublisher(credentials)


def test_the_connection_test_learns_the_name(credentials):
    assert WordPressStore(credentials).test().store_name == "Real Site"
    assert WordPressPublisher(credentials).test().store_name == "Real Site"


def test_a_wrong_password_is_refused_in_words(credentials):
    wrong = Credentials(credentials.base_url, consumer_key="editor", consumer_secret="not it")
    with pytest.raises(NotAuthorized, match="application password"):
        WordPressStore(wrong).test()


def test_posts_are_made_found_and_changed(publisher):
    draft = PostDraft(title='Tea & "cups"', content=TRICKY, excerpt="Short", slug="tea-and-cups", tags=("tea", "Green"))
    made = publisher.create_post(draft)
    assert (made.status, made.slug, made.content, made.title) == ("publish", "tea-and-cups", TRICKY, 'Tea & "cups"')
    assert publisher.find_post("tea-and-cups").id == made.id
    assert publisher.find_post("nothing-here") is None
    changed = publisher.update_post(made.id, draft, PostChange({"title": "Later"}, status="draft"), made)
    assert (changed.status, changed.title) == ("draft", "Later")
    assert publisher.find_post("tea-and-cups").id == made.id
    assert publisher.set_status(made.id, "publish").status == "publish"


def test_categories_are_listed(publisher):
    assert [c.slug for c in publisher.categories()] == ["uncategorized"]


def test_media_is_uploaded_with_its_alt_text(publisher):
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "JPEG")
    media = publisher.upload_media(
        filename="čaša zelena.jpg", content=picture.getvalue(), content_type="image/jpeg", alt="A cup"
    )
    assert media.url.endswith(".jpg")
    held = publisher.site.get(f"/wp/v2/media/{media.id}", context="edit")
    assert held["alt_text"] == "A cup"
    made = publisher.create_post(PostDraft(title="With picture", content="<p>x</p>", featured_media_id=media.id))
    assert publisher.site.get(f"/wp/v2/posts/{made.id}", context="edit")["featured_media"] == media.id


def test_many_writes_go_in_one_call_and_each_has_its_result(credentials, publisher):
    ids = [publisher.create_post(PostDraft(title=f"Batch {n}", content="<p>old</p>")).id for n in range(3)]
    store = WordPressStore(credentials)
    refs = [Ref(pk, "post") for pk in ids]
    held = store.fetch_texts(refs)
    publisher.site.call("DELETE", f"/wp/v2/posts/{ids[1]}", {"force": "true"})
    before = store.http.calls
    done = store.push([Push(ref, {"description": TRICKY}, held[ref]) for ref in refs])
    assert store.http.calls - before == 1
    assert [d.error is None for d in done] == [True, False, True]
    assert store.fetch_texts([refs[0]])[refs[0]].texts["description"] == TRICKY


def test_posts_and_pages_are_imported_pushed_and_put_back_identical(api, cast, credentials, publisher):
    connection = StoreConnection.objects.create(
        organization=cast.organization,
        name="Blog",
        platform="wordpress",
        base_url=credentials.base_url,
        consumer_key=credentials.consumer_key,
        consumer_secret=credentials.consumer_secret,
        status="active",
    )
    project = make_project(cast.organization, platform="wordpress", store_connection=connection)
    caller = api.as_(cast.owner)
    post = publisher.create_post(PostDraft(title="To import", content=TRICKY, excerpt="Before", tags=("tea",)))
    filters = caller.get(f"projects/{project.pk}/import/filters")["filters"]
    assert {o["id"] for o in filters["item_types"]} == {"post", "page"}
    count = caller.post(f"projects/{project.pk}/import/preview", {"filters": {}})["count"]
    caller.post(f"projects/{project.pk}/import/execute", {"filters": {}}, status=202)
    run_jobs()
    assert ContentItem.objects.count() == count
    kinds = set(ContentItem.objects.values_list("item_type", flat=True))
    assert kinds == {"post", "page"}
    item = ContentItem.objects.get(external_id=post.id)
    assert (item.source_data["description"], item.source_data["tags"]) == (TRICKY, ["tea"])
    new = {"name": "Pushed č", "description": TRICKY + "\n<p>New</p>", "short_description": "After", "tags": ["cups"]}
    ContentItem.objects.filter(pk=item.pk).update(generated_content=new, status="approved")
    page = ContentItem.objects.filter(item_type="page").order_by("pk").first()
    ContentItem.objects.filter(pk=page.pk).update(generated_content={"name": "A page"}, status="approved")
    started = caller.post(f"projects/{project.pk}/sync", {}, status=202)
    run_jobs()
    assert Job.objects.get(pk=started["job_id"]).result["synced"] == 2
    store = WordPressStore(credentials)
    ref = Ref(post.id, "post")
    texts = store.fetch_texts([ref])[ref].texts
    assert {k: texts[k] for k in new} == {**new, "tags": texts["tags"]}
    assert sorted(texts["tags"]) == ["cups", "tea"]
    undo = caller.post(f"jobs/{started['job_id']}/undo", {}, status=202)
    run_jobs()
    assert Job.objects.get(pk=undo["job_id"]).result["undone"] == 2
    back = store.fetch_texts([ref])[ref].texts
    assert (back["name"], back["description"], back["short_description"], back["tags"]) == (
        "To import",
        TRICKY,
        "Before",
        ["tea"],
    )
