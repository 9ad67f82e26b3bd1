"""The WordPress client and publisher against a site in memory."""

from __future__ import annotations

import pytest

from integrations.stores import texts
from integrations.stores.errors import LostAnswer, Missing, NotAStore, NotAuthorized, Rejected, StorePermanentError
from integrations.stores.posts import PostChange, PostDraft
from integrations.stores.types import Credentials, Placement, Push, Ref
from integrations.stores.wordpress.client import WordPressStore
from integrations.stores.wordpress.publisher import WordPressPublisher
from tests.fakes.wordpress import FIREWALL, PASSWORD, USER, FakeWordPress, error


@pytest.fixture(params=[False, True], ids=["pretty", "plain"])
def site(request, settings):
    with FakeWordPress(plain=request.param) as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


def keys(site, password=PASSWORD):
    return Credentials(site.url, consumer_key=USER, consumer_secret=password)


def client(site, **places):
    return WordPressStore(keys(site), placement=Placement(places), pause=lambda s: None)


def publisher(site):
    return WordPressPublisher(keys(site), pause=lambda s: None)


def pushed(store, row, **texts):
    ref = Ref(str(row["id"]), row["type"])
    return store.push([Push(ref, {k.replace("__", "."): v for k, v in texts.items()}, store.fetch_texts([ref])[ref])])[
        0
    ]


def test_the_connection_test_learns_the_name(site):
    assert client(site).test().store_name == "Notes"


def test_a_wrong_password_and_missing_rights_are_told_apart(site):
    with pytest.raises(NotAuthorized, match="application password"):
        WordPressStore(keys(site, "wrong"), pause=lambda s: None).test()
    site.abilities["publish_posts"] = False
    with pytest.raises(Rejected, match="publish_posts"):
        publisher(site).test()


@pytest.mark.parametrize("status", [401, 403])
def test_good_credentials_pass_where_the_index_is_hidden(site, status):
    site.hides_index = status
    store = client(site)
    assert store.test().store_name == "127.0.0.1"
    assert store.http.calls <= 3
    with pytest.raises(NotAuthorized, match="application password"):
        WordPressStore(keys(site, "wrong"), pause=lambda s: None).test()


def test_names_are_text_and_not_html(site):
    site.name = "Tom & Jerry"
    row = site.add(tags=["Küche & Bad"])
    row["categories"] = [site.term("categories", "Haus & Garten <innen>")["id"]]
    store = client(site)
    assert store.test().store_name == "Tom & Jerry"
    found = store.filters()
    assert "Haus & Garten <innen>" in [o.title for o in found["categories"]]
    assert [o.title for o in found["tags"]] == ["Küche & Bad"]
    item = store.page({"item_types": ["post"]}, None).items[0]
    assert (item.data["tags"], item.data["categories"]) == (["Küche & Bad"], ["Haus & Garten <innen>"])
    done = pushed(store, row, tags=["Küche & Bad", "Flur & Keller"])
    assert done.texts["tags"] == ["Küche & Bad", "Flur & Keller"]
    assert len(site.terms["tags"]) == 2


CART = '<!-- wp:woocommerce/cart --><div class="wp-block-woocommerce-cart"><p>Your cart</p></div><!-- /wp:woocommerce/cart -->'


@pytest.mark.parametrize(
    "content",
    [
        CART,
        "<!-- wp:shortcode -->[woocommerce_my_account]<!-- /wp:shortcode -->",
        '<!-- wp:woocommerce/classic-shortcode {"shortcode":"checkout"} /-->',
        "[woocommerce_checkout]",
        '<!-- wp:acme/form {"id":1} /-->',
        '[contact-form-7 id="12" title="Ask us"]',
    ],
)
def test_a_sites_own_pages_are_left_out_and_never_written(site, content):
    row = site.add("page", title="Cart", content=content)
    store = client(site)
    [item] = store.page({"item_types": ["page"]}, None).items
    assert item.left_out
    ref = Ref(str(row["id"]), "page")
    assert store.fetch_texts([ref])[ref].refused


@pytest.mark.parametrize(
    "content",
    ["", "<p>About us [1]</p>", "<!-- wp:paragraph --><p>About us</p><!-- /wp:paragraph -->[contact-form id=1]"],
)
def test_pages_with_words_of_their_own_are_content(site, content):
    site.add("page", content=content)
    assert client(site).page({"item_types": ["page"]}, None).items[0].left_out == ""


def test_items_are_counted_though_a_notice_ate_the_headers(site):
    for _ in range(3):
        site.add()
    site.drops_totals = True
    assert client(site).count({"item_types": ["post"]}) == 3


def test_a_header_that_counts_nonsense_is_passed_over(site):
    site.add()
    for total in ("9" * 5000, "²", "-1"):
        site.fail(200, [{"id": 1}], when=lambda r: "posts" in r.target, x_wp_total=total)
        assert client(site).count({"item_types": ["post"]}) == 1


@pytest.mark.parametrize("odd", [None, 5, "text", [None, "x", {"a": 1}, [1], True, 10**30, -1], {"a": 1}, [[]]])
def test_ids_of_an_odd_kind_cost_no_page(site, odd):
    row = site.add()
    found = {**row, "tags": odd, "categories": odd, "featured_media": odd, "parent": odd}
    site.fail(200, [found], when=lambda r: "posts" in r.target)
    page = client(site).page({"item_types": ["post"]}, None)
    assert [item.external_id for item in page.items] == [str(row["id"])]


def test_the_same_page_again_and_again_is_not_walked_to_its_end(site):
    rows = [site.add() for _ in range(100)]
    site.fail(200, rows, times=99, when=lambda r: "posts" in r.target, x_wp_totalpages="99999")
    with pytest.raises(StorePermanentError, match="same rows"):
        list(client(site).pages({"item_types": ["post"]}))


def test_another_site_is_not_taken_for_a_wordpress(site):
    site.fail(200, b"<html>shop</html>", times=20)
    with pytest.raises(NotAStore):
        client(site).test()


def test_posts_and_pages_come_with_their_terms(site):
    site.media[77] = {"id": 77, "source_url": "https://x.example/a.jpg"}
    site.add(tags=["tea", "cups"], featured_media=77)
    site.add("page", title="About us")
    site.add(status="draft")
    store = client(site)
    items = [i for page in store.pages({}) for i in page.items]
    assert [i.item_type for i in items] == ["post", "post", "page"]
    assert items[0].data["tags"] == ["tea", "cups"]
    assert items[0].data["categories"] == ["Uncategorized"]
    assert items[0].data["images"] == ["https://x.example/a.jpg"]
    assert items[2].data["name"] == "About us"
    assert store.count({}) == 3
    assert store.count({"item_types": ["page"]}) == 1
    assert store.count({"statuses": ["draft"]}) == 1
    assert set(store.filters()) == store.filter_keys()


HIDDEN = {
    "route removed": error(404, "rest_no_route", "No route was found matching the URL and request method."),
    "refused": error(403, "rest_user_cannot_view", "Sorry, you are not allowed to list users."),
    "firewall": FIREWALL,
}


@pytest.mark.parametrize("hides_me", [False, True])
@pytest.mark.parametrize("answer", HIDDEN.values(), ids=HIDDEN)
def test_a_site_that_hides_its_users_still_has_filters(site, answer, hides_me):
    site.hidden_users, site.hides_me = answer, hides_me and answer.status == 404
    site.term("categories", "Tea")
    store = client(site)
    found = store.filters()
    assert [o.title for o in found["categories"]] == ["Uncategorized", "Tea"]
    assert [o.title for o in found["authors"]] == ([] if site.hides_me else ["Ed Itor"])
    assert "did not return its users" in store.unavailable()["authors"]
    assert store.test().store_name == "Notes"
    assert publisher(site).test().store_name == "Notes"
    with pytest.raises(NotAuthorized, match="application password"):
        WordPressStore(keys(site, "wrong"), pause=lambda s: None).test()


def test_acfs_and_registered_fields_become_facts(site):
    site.meta_keys = ("origin",)
    site.add(
        "post",
        acf={"wash": "Cold only", "vegan": True, "gallery": [{"ID": 1}]},
        meta={"origin": "Peru", "footnotes": "x"},
    )
    site.add("page", acf=[])
    store = client(site)
    assert [(one.key, one.example) for one in store.custom_fields()] == [
        ("origin", "Peru"), ("vegan", "yes"), ("wash", "Cold only"),
    ]  # fmt: skip
    store.place(Placement(facts={"wash": "Care", "origin": "Origin", "gallery": "Gallery"}))
    [post] = [item for page in store.pages({"item_types": ["post"]}) for item in page.items]
    assert post.data["raw"]["custom_fields"] == {"Care": "Cold only", "Origin": "Peru"}


def test_a_filter_by_category_leaves_pages_out(site):
    site.add()
    site.add("page")
    [page] = client(site).pages({"categories": ["1"]})
    assert [i.item_type for i in page.items] == ["post"]


def test_texts_and_tags_are_written(site):
    row = site.add(tags=["tea"])
    done = pushed(client(site), row, name="New", description="<p>n</p>", tags=["tea", "green"], seo__title="T")
    assert done.texts == {"name": "New", "description": "<p>n</p>", "tags": ["tea", "green"]}
    assert "can't be changed here" in done.skipped["seo.title"]
    assert row["slug"] == f"post-{row['id']}"


def test_seo_goes_where_the_site_offers_a_field(site):
    site.meta_keys = ("_yoast_wpseo_title",)
    row = site.add()
    done = pushed(client(site), row, seo__title="T", seo__description="D")
    assert row["meta"] == {"_yoast_wpseo_title": "T"}
    assert set(done.skipped) == {"seo.description"}


@pytest.mark.parametrize("batches", [True, False])
def test_each_of_many_has_its_own_result(site, batches):
    site.batches = batches
    rows = [site.add() for _ in range(30)]
    store = client(site)
    refs = [Ref(str(r["id"]), "post") for r in rows]
    held = store.fetch_texts(refs)
    del site.rows[rows[1]["id"]]
    texts = [{"name": "refused" if n == 2 else "fine"} for n in range(30)]
    before = store.http.calls
    done = store.push([Push(ref, t, held[ref]) for ref, t in zip(refs, texts, strict=True)])
    assert store.http.calls - before == (2 if batches else 31)
    assert isinstance(done[1].error, Missing)
    assert isinstance(done[2].error, Rejected)
    assert sum(d.error is None for d in done) == 28
    assert set(site.writes.values()) == {1}


def test_an_article_is_made_once_and_found_again(site):
    poster = publisher(site)
    draft = PostDraft(title="Hello", content="<p>x</p>", slug="hello", tags=("tea",), category_ids=(1,))
    site.drop_after(lambda r: r.method == "POST" and b"Hello" in r.body)
    with pytest.raises(LostAnswer):
        poster.create_post(draft)
    found = poster.find_post("hello")
    assert found is not None
    assert sum(r["title"]["raw"] == "Hello" for r in site.rows.values()) == 1
    assert poster.update_post(found.id, draft, PostChange({"title": "Later"}), found).title == "Later"
    assert poster.set_status(found.id, "draft").status == "draft"


def test_pictures_are_uploaded_with_alt_text(site):
    media = publisher(site).upload_media(filename="ćup.png", content=b"png", content_type="image/png", alt="A cup")
    assert media.url.endswith("/cup.png")
    assert site.media[media.id]["alt_text"] == "A cup"
    with pytest.raises(Exception, match=r"upload|overloaded"):
        publisher(site).upload_media(filename="x.exe", content=b"MZ", content_type="application/x-msdownload")


def test_rank_math_takes_seo_by_its_own_route(site):
    site.rank_math = True
    made = publisher(site).create_post(PostDraft(title="T", content="x", seo_title="S", focus_keyword="k"))
    assert made.skipped == {}
    assert site.seo[int(made.id)] == {"rank_math_title": "S", "rank_math_focus_keyword": "k"}


def test_categories_are_listed_with_parents(site):
    parent = site.term("categories", "Tea")
    site.term("categories", "Green", parent=parent["id"])
    found = publisher(site).categories()
    assert [(c.name, c.parent) for c in found][-1] == ("Green", parent["id"])


@pytest.mark.parametrize("batches", [True, False])
def test_tags_that_were_made_are_deleted_when_nobody_uses_them(site, batches):
    site.batches = batches
    row = site.add("post", tags=["old"])
    store = client(site)
    ref = Ref(str(row["id"]), "post")
    names = ["old", "fresh", "draft's", "trash's", "published", "described"]
    store.push([Push(ref, {"tags": names}, store.fetch_texts([ref])[ref])])
    made = {pk: name for name, pk in store.made_tags.items()}
    assert set(made.values()) == set(names) - {"old"}
    store.push([Push(ref, {"tags": ["old"]}, store.fetch_texts([ref])[ref])])
    for status, name in (("draft", "draft's"), ("trash", "trash's"), ("publish", "published")):
        site.add("post", status=status, tags=[name])
    next(t for t in site.terms["tags"].values() if t["name"] == "described")["description"] = "All about it"
    store.drop_tags(made)
    assert {t["name"] for t in site.terms["tags"].values()} == set(names) - {"fresh"}


HARD = "For children < 3 and > 5, <7 & >9"


def test_an_authors_titles_and_excerpts_keep_what_stands_between_angle_brackets(site):
    """WordPress filters the texts of users without `unfiltered_html`, and takes `< 3 and >` for an element."""
    site.abilities["unfiltered_html"] = False
    made = publisher(site).create_post(PostDraft(title=HARD, content="<p>x</p>", excerpt=HARD))
    row = site.rows[int(made.id)]
    assert texts.reading(row["title"]["raw"]) == texts.reading(row["excerpt"]["raw"]) == HARD


def test_yoasts_fields_and_alt_texts_keep_them_too(site):
    site.meta_keys = ("_yoast_wpseo_title",)
    made = publisher(site).create_post(PostDraft(title="T", content="x", seo_title=HARD))
    assert made.skipped == {}
    assert texts.reading(site.rows[int(made.id)]["meta"]["_yoast_wpseo_title"]) == HARD
    done = pushed(client(site), row := site.add(), seo__title=HARD)
    assert texts.same("seo.title", done.texts["seo.title"], HARD)
    assert row["meta"]["_yoast_wpseo_title"] == "For children &lt; 3 and &gt; 5, &lt;7 &amp; &gt;9"
    media = publisher(site).upload_media(filename="a.png", content=b"png", content_type="image/png", alt=HARD)
    assert texts.reading(site.media[media.id]["alt_text"]) == HARD


def test_uploads_of_a_post_with_many_pictures_are_all_looked_for(site):
    library = publisher(site).library
    ids = [library.upload_media(filename=f"{n}.png", content=b"x", content_type="image/png").id for n in range(130)]
    assert library.media_there(ids) == set(ids)
    site.remove_media(ids[120])
    assert library.media_there(ids) == set(ids) - {ids[120]}
