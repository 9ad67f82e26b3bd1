"""Our guard plugin in a real WordPress: posts, and products of a stand-in for WooCommerce, in every bad moment of a save."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
import requests

from integrations.stores.errors import GuardBusy, LostAnswer, StoreTransientError
from integrations.stores.posts import PostDraft
from integrations.stores.types import Credentials, Push, Ref
from integrations.stores.woocommerce.client import WooCommerceStore
from integrations.stores.wordpress import guard
from integrations.stores.wordpress.client import WordPressStore
from integrations.stores.wordpress.publisher import WordPressPublisher
from projects.models import ContentItem, SyncRecord
from tests.factories import make_project, make_woocommerce_connection
from tests.helpers import run_jobs
from tests.projects.pushes import sync
from tests.real_wordpress.site import HERE, RealWordPress, missing

LACKING = missing()
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(bool(LACKING), reason=f"no real WordPress here: {LACKING}"),
]
OLD = "<p>Theirs</p>"
CHANGED = "store_changed_meanwhile"
KEY = "_yoast_wpseo_metadesc"
MARK = "meta._xcscribe_ai"


@pytest.fixture(scope="module")
def installed():
    with RealWordPress() as site:
        site.add_plugins(guard.FOLDER)
        site.add_plugin("woocommerce.php", (HERE / "woocommerce.php").read_text())
        yield site


@pytest.fixture
def real(installed, settings):
    settings.OUTBOUND_ALLOWED_HOSTS = [installed.url.removeprefix("http://")]
    yield installed
    installed.add_plugin("trouble.php", "<?php")
    (installed.content / "object-cache.php").unlink(missing_ok=True)
    shutil.rmtree(installed.content / "lasting", ignore_errors=True)


@pytest.fixture
def credentials(real):
    return Credentials(real.url, consumer_key=real.user, consumer_secret=real.password)


@pytest.fixture
def blog(credentials):
    return WordPressStore(credentials)


@pytest.fixture
def shop(credentials):
    return WooCommerceStore(credentials)


@pytest.fixture
def posts(credentials):
    place = WordPressPublisher(credentials)
    return lambda count: [
        Ref(place.create_post(PostDraft(title=f"Post {n}", content=OLD, tags=("tea",))).id, "post")
        for n in range(count)
    ]


def products(real: Any, count: int) -> list[Ref]:
    row = f"['post_type' => 'product', 'post_status' => 'publish', 'post_title' => 'Cup', 'post_content' => '{OLD}']"
    made = real.run_php(f"echo json_encode(array_map(fn () => wp_insert_post({row}), range(1, {count})));")
    return [Ref(str(pk), "product") for pk in json.loads(made)]


def push(store: Any, held: Any, **texts: Any) -> list[str]:
    """The codes of the errors, "" for none, after a write of these texts to each of `held`."""
    done = store.push([Push(ref, texts or {"description": "<p>Ours</p>"}, there) for ref, there in held.items()])
    return [d.error.code if d.error else "" for d in done]


def texts_of(store: Any, refs: list[Ref]) -> list[Any]:
    now = store.fetch_texts(refs)
    return [now[ref].texts["description"] for ref in refs]


def cached(real: Any) -> None:
    shutil.copy(HERE / "object-cache.php", real.content / "object-cache.php")


def test_a_post_that_was_changed_since_it_was_read_is_refused(real, blog, posts):
    refs = posts(4)
    assert blog.test().guarded is True
    held = blog.fetch_texts(refs)
    assert blog.writes_are_conditional([Push(ref, {}, held[ref]) for ref in refs])
    real.run_php(f"wp_update_post(['ID' => {refs[1].external_id}, 'post_content' => 'Mine']);")
    real.run_php(f"wp_set_object_terms({refs[2].external_id}, 'mine', 'post_tag', true);")
    both = {"description": "<p>Ours</p>", "tags": ["cup"]}
    ordered = {ref: held[ref] for ref in refs}  # the site lists them as it likes
    assert push(blog, ordered, **both) == ["", CHANGED, CHANGED, ""]  # in one call
    now = blog.fetch_texts(refs)
    assert [now[ref].texts["description"] for ref in refs] == ["<p>Ours</p>", "Mine", OLD, "<p>Ours</p>"]
    assert sorted(now[refs[2]].texts["tags"]) == ["mine", "tea"]
    second = refs[1]
    assert push(blog, {second: held[second]}) == [CHANGED]  # and alone
    assert push(blog, {second: now[second]}) == [""]


def test_seo_texts_that_a_plugin_shows_to_no_program_are_read_written_and_put_back(real, blog, posts):
    [ref] = posts(1)
    his = 'His & "own" %sep% 5 < 6 <b>x</b>'
    real.run_php(f"update_post_meta({ref.external_id}, 'rank_math_title', wp_slash('{his}'));")
    assert "seo.title" not in blog.fetch_texts([ref])[ref].texts  # no SEO plugin is active: the rows are nobody's
    real.add_plugin("trouble.php", "<?php define('RANK_MATH_VERSION', '1.0');")
    held = blog.fetch_texts([ref])
    assert (held[ref].texts["seo.title"], held[ref].texts["seo.description"]) == (his, "")
    real.run_php(f"update_post_meta({ref.external_id}, 'rank_math_focus_keyword', 'mine');")
    ours = {"seo.title": "Ours", "seo.description": "All about it"}
    assert push(blog, held, **ours) == [CHANGED]
    assert push(blog, blog.fetch_texts([ref]), **ours) == [""]
    now = blog.fetch_texts([ref])
    assert {name: now[ref].texts[name] for name in ours} == ours
    assert push(blog, now, **{"seo.title": his, "seo.description": ""}) == [""]
    rows = real.run_php(f"echo json_encode(get_post_meta({ref.external_id}));")
    assert (json.loads(rows)["rank_math_title"], "rank_math_description" in json.loads(rows)) == ([his], False)
    seen = requests.get(f"{real.url}/wp-json/wp/v2/posts/{ref.external_id}", timeout=60).json()
    assert "rank_math_title" not in seen["meta"]  # visitors are shown no more than before


def test_the_mark_of_a_text_is_read_back_and_taken_away_and_visitors_are_not_shown_it(real, blog, posts):
    [ref] = posts(1)
    mark = json.dumps({"ai_disclosure": "ai-assisted", "ai_model": 'a "model"', "generated_at": "2026-11-30T09:02:10Z"})
    held = blog.fetch_texts([ref], [MARK])
    assert held[ref].texts[MARK] == ""
    assert push(blog, held, **{"description": "<p>Ours</p>", MARK: mark}) == [""]
    now = blog.fetch_texts([ref], [MARK])
    assert (now[ref].texts["description"], now[ref].texts[MARK]) == ("<p>Ours</p>", mark)
    shown = requests.get(f"{real.url}/?p={ref.external_id}", timeout=60).text
    assert "<p>Ours</p>" in shown
    assert "ai-assisted" not in shown
    seen = requests.get(f"{real.url}/wp-json/wp/v2/posts/{ref.external_id}", timeout=60).json()
    assert "_xcscribe_ai" not in seen["meta"]
    assert push(blog, now, **{"description": OLD, MARK: ""}) == [""]
    rows = json.loads(real.run_php(f"echo json_encode(get_post_meta({ref.external_id}));"))
    assert "_xcscribe_ai" not in rows


def test_an_attribute_of_a_post_outlives_wordpresss_filter(real, credentials):
    place = WordPressPublisher(credentials)
    text = '<p data-ai-disclosure="ai-assisted">Ours</p>'
    made = place.create_post(PostDraft(title="Marked", content=text))
    assert place.get_post(made.id).content == text
    editor = f"wp_set_current_user(0); echo wp_filter_post_kses(wp_slash('{text}'));"
    assert json.dumps(text)[1:-1] in real.run_php(editor)


def test_a_page_builder_that_is_switched_off_shows_nothing(real, blog, posts):
    [ref] = posts(1)
    real.run_php(f"update_post_meta({ref.external_id}, '_elementor_edit_mode', 'builder');")
    assert blog.fetch_texts([ref])[ref].built_with == ""
    real.add_plugin("trouble.php", "<?php define('ELEMENTOR_VERSION', '3');")
    assert blog.fetch_texts([ref])[ref].built_with == "Elementor"


def test_products_and_categories_are_guarded_through_a_whole_sync(api, cast, real, shop):
    refs = products(real, 3)
    caller = api.as_(cast.owner)
    connection = make_woocommerce_connection(cast.organization, real.url)
    connection.consumer_key, connection.consumer_secret = real.user, real.password
    connection.save()
    project = make_project(cast.organization, store_connection=connection)
    made = "wp_insert_term('Cups', 'product_cat', ['description' => 'Theirs'])['term_id']"
    refs.append(Ref(real.run_php(f"echo {made};"), "category"))
    for ref in refs:
        ContentItem.objects.create(
            organization=cast.organization,
            project=project,
            external_id=ref.external_id,
            item_type=ref.item_type,
            source_data={"name": "Cup" if ref.item_type == "product" else "Cups", "description": OLD},
            made_from={"name": "Cup", "description": OLD if ref.item_type == "product" else "Theirs"},
            generated_content={"name": "Cup", "description": "<p>Ours</p>"}
            | ({"name": "Cups"} if ref.item_type == "category" else {}),
            status="approved",
        )
    first, edited, meta, category = (ref.external_id for ref in refs)
    ContentItem.objects.filter(external_id=meta).update(
        generated_content={"name": "Cup", "description": "<p>Ours</p>", "seo": {"description": "Ours"}}
    )
    project.settings = {"sync": {"seo_plugin": "yoast"}}
    project.save()
    edits = f"""$wpdb = $GLOBALS['wpdb']; wp_update_post(['ID' => {edited}, 'post_content' => 'Mine']);
        update_post_meta({meta}, '{KEY}', 'Mine'); wp_update_term({category}, 'product_cat', ['description' => 'Mine']);"""
    real.add_plugin(  # a merchant's save while WordPress has our first write already
        "trouble.php",
        f"""<?php add_filter('rest_pre_dispatch', function ($found, $server, $request) {{
            if (substr($request->get_route(), -5) === 'batch' && @mkdir('{real.folder}/edited')) {{ {edits} }} return $found; }}, 10, 3);""",
    )
    job = sync(caller, project)
    told = {r.item.external_id: (r.state, [c["store"] for c in r.conflicts]) for r in SyncRecord.objects.all()}
    assert told == {
        first: ("done", []),
        edited: ("conflict", ["Mine"]),
        meta: ("conflict", ["Mine"]),
        category: ("conflict", ["Mine"]),
    }
    now = shop.fetch_texts(refs)
    assert [now[ref].texts["description"] for ref in refs] == ["<p>Ours</p>", "Mine", OLD, "Mine"]
    connection.refresh_from_db()
    assert connection.guarded is True
    caller.post(f"jobs/{job.pk}/undo", {}, status=202)
    run_jobs()
    assert texts_of(shop, refs[:1]) == [OLD]


INSIDE = {
    "a question": "rest_do_request(new WP_REST_Request('GET', '/wp/v2/types'))",
    "a save": "(function () { $r = new WP_REST_Request('POST', '/wp/v2/posts/OTHER'); $r->set_body_params(['title' => 'x']); rest_do_request($r); })()",
}
ONCE = "static $done = false; if ($done || !defined('REST_REQUEST')) return; $done = true;"


@pytest.mark.parametrize("inside", INSIDE)
def test_a_save_that_calls_the_api_itself_stays_one_save(real, blog, posts, inside):
    ref, other = posts(2)
    calls = INSIDE[inside].replace("OTHER", other.external_id)
    real.add_plugin("trouble.php", f"<?php add_action('save_post', function () {{ {ONCE} {calls}; }});")
    assert push(blog, blog.fetch_texts([ref])) == [""]
    assert texts_of(blog, [ref]) == ["<p>Ours</p>"]
    # and is dropped whole, though what was called inside it ended well
    dying = "add_action('rest_insert_post', function ($post) { if ($post->ID == %s) { $GLOBALS['wpdb']->close(); exit; } });"
    real.add_plugin(
        "trouble.php",
        f"<?php add_action('save_post', function () {{ {ONCE} {calls}; }}); {dying % ref.external_id}",
    )
    assert push(blog, blog.fetch_texts([ref]), description="<p>Second</p>") == [LostAnswer.code]
    real.add_plugin("trouble.php", "<?php")
    assert texts_of(blog, [ref]) == ["<p>Ours</p>"]


@pytest.mark.parametrize("kind", ["post", "product"])
def test_a_write_that_php_does_not_finish_leaves_nothing(real, blog, shop, posts, kind):
    [ref], store = (posts(1), blog) if kind == "post" else (products(real, 1), shop)
    held = store.fetch_texts([ref])
    # After the row is written. Another plugin's transaction at the end would commit what ours has done so far.
    real.add_plugin(
        "trouble.php",
        f"""<?php add_action('save_post', function ($id) {{ if ($id == {ref.external_id} && defined('REST_REQUEST')) exit; }});
        add_action('shutdown', function () {{ $GLOBALS['wpdb']->query('START TRANSACTION'); $GLOBALS['wpdb']->query('COMMIT'); }}, -99);""",
    )
    assert push(store, held) == [LostAnswer.code]
    real.add_plugin("trouble.php", "<?php")
    assert texts_of(store, [ref]) == [OLD]
    assert push(store, held) == [""]


def holding(real: Any, code: str = "", seconds: int = 30) -> Any:
    """Another of our own writes, under way for `seconds`, or until it is killed. Then `code` runs."""
    name = "'xcscribe_' . md5(DB_NAME . $GLOBALS['wpdb']->prefix)"
    lock = f'$GLOBALS[\'wpdb\']->get_var("SELECT GET_LOCK(\'" . ({name}) . "\', 1)"); echo "held\\n"; sleep({seconds}); {code}'
    process = real.in_background(lock)
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize("kind", ["post", "product"])
def test_a_row_is_read_again_once_the_lock_is_held(real, blog, shop, posts, kind):
    """WordPress has loaded it before, and writes a row whole: what changed meanwhile beside our texts would be lost."""
    [ref], store = (posts(1), blog) if kind == "post" else (products(real, 1), shop)
    held = store.fetch_texts([ref])
    other = holding(real, f"wp_update_post(['ID' => {ref.external_id}, 'comment_status' => 'closed']);", seconds=1)
    assert push(store, held) == [""]
    other.wait(60)
    assert real.run_php(f"echo get_post({ref.external_id})->comment_status;") == "closed"
    assert texts_of(store, [ref]) == ["<p>Ours</p>"]


def test_a_site_that_is_busy_is_told_apart_from_a_changed_row(real, blog, shop, posts):
    real.add_plugin("trouble.php", "<?php add_filter('xcscribe_seconds', fn () => 1);")
    refs, cups = posts(3), products(real, 3)
    held, cups_held = blog.fetch_texts(refs), shop.fetch_texts(cups)
    other = holding(real)
    try:
        assert push(blog, held) == [GuardBusy.code] * 3
        assert push(shop, cups_held) == [GuardBusy.code] * 3
        blog.http.tries = 1
        with pytest.raises(StoreTransientError) as alone:
            push(blog, {refs[0]: held[refs[0]]})
        assert (alone.value.status, alone.value.sent, alone.value.retry_after) == (503, False, 2)
    finally:
        other.kill()
        other.wait()
    assert push(blog, held) == [""] * 3  # the same writes
    assert push(shop, cups_held) == [""] * 3


def test_a_row_that_another_program_has_locked_is_busy(real, shop):
    real.add_plugin("trouble.php", "<?php add_filter('xcscribe_seconds', fn () => 1);")
    [ref] = products(real, 1)
    held = shop.fetch_texts([ref])
    locking = f"$w = $GLOBALS['wpdb']; $w->query('START TRANSACTION'); $w->query(\"SELECT * FROM $w->posts WHERE ID = {ref.external_id} FOR UPDATE\"); echo \"held\\n\"; sleep(30);"
    other = real.in_background(locking)
    try:
        assert other.stdout.readline() == "held\n"
        assert push(shop, held) == [GuardBusy.code]
    finally:
        other.kill()
        other.wait()
    assert push(shop, held) == [""]


def test_nothing_is_done_before_the_request_is_allowed(real):
    asked = real.folder / "asked"
    real.add_plugin(
        "trouble.php",
        f"<?php add_filter('query', function ($q) {{ if (strpos($q, 'GET_LOCK')) touch('{asked}'); return $q; }});",
    )
    body = {"update": [{"id": 1, guard.PARAM: {"keys": [], "state": "x"}}]}
    answer = requests.post(f"{real.url}/wp-json/wc/v3/products/categories/batch", json=body, timeout=30)
    assert answer.status_code == 401
    assert not asked.exists()
    auth = (real.user, real.password)
    requests.post(f"{real.url}/wp-json/wc/v3/products/categories/batch", json=body, timeout=30, auth=auth)
    assert asked.exists()


def test_a_taxonomy_that_the_shop_no_longer_knows_does_not_count(real, shop):
    [ref] = products(real, 1)
    listed = "['pa_gone' => ['name' => 'pa_gone', 'is_taxonomy' => 1], 'pa_colour' => ['name' => 'pa_colour', 'is_taxonomy' => 1]]"
    real.run_php(
        f"""register_taxonomy('pa_gone', 'product'); update_post_meta({ref.external_id}, '_product_attributes', {listed});
        wp_set_object_terms({ref.external_id}, 'Old', 'pa_gone'); wp_set_object_terms({ref.external_id}, 'Red', 'pa_colour');"""
    )
    held = shop.fetch_texts([ref])
    real.run_php(f"wp_set_object_terms({ref.external_id}, ['Red', 'Blue'], 'pa_colour');")
    assert push(shop, held) == [CHANGED]
    assert push(shop, shop.fetch_texts([ref])) == [""]


@pytest.mark.parametrize("kind", ["post", "product"])
def test_a_cache_that_outlives_requests_serves_no_old_row(real, blog, shop, posts, kind):
    cached(real)
    refs, store = (posts(2), blog) if kind == "post" else (products(real, 2), shop)
    texts_of(store, refs)  # in the cache by now
    one, two = (ref.external_id for ref in refs)
    behind = "$GLOBALS['wpdb']->update($GLOBALS['wpdb']->posts, ['post_content' => '%s'], ['ID' => %s]);"
    real.run_php(behind % ("Mine", one))
    held = store.fetch_texts(refs)
    assert [held[ref].texts["description"] for ref in refs] == ["Mine", OLD]
    # The cache gets old rows again between our look and our write: the text that we put back must be written all the same.
    stale = real.run_php(f"echo json_encode(get_post({two}));")
    assert OLD in json.loads(stale)["post_content"]
    real.run_php(behind % ("<p>Second</p>", two))
    held = store.fetch_texts(refs)
    real.run_php(f"$p = get_post({two}); $p->post_content = '{OLD}'; wp_cache_set({two}, $p, 'posts');")
    codes = push(store, {refs[1]: held[refs[1]]}, description=OLD)
    if codes == [CHANGED]:  # WooCommerce had loaded it from there, and is made to look again
        codes = push(store, store.fetch_texts(refs[1:]), description=OLD)
    assert codes == [""]
    assert real.run_php(f"echo $GLOBALS['wpdb']->get_var('SELECT post_content FROM wp_posts WHERE ID = {two}');") == OLD
    assert texts_of(store, refs) == ["Mine", OLD]


@pytest.mark.parametrize("kind", ["post", "product"])
def test_a_cache_keeps_nothing_of_a_save_that_was_killed(real, blog, shop, posts, kind):
    cached(real)
    [ref], store = (posts(1), blog) if kind == "post" else (products(real, 1), shop)
    held = store.fetch_texts([ref])
    # As a kill leaves it: the line to the database is cut, and nothing runs any more.
    dying = "get_post_meta($id); wc_get_product($id); $GLOBALS['wpdb']->close(); remove_all_actions('shutdown'); exit;"
    kill = f"if ($id == {ref.external_id} && defined('REST_REQUEST')) {{ {dying} }}"
    real.add_plugin("trouble.php", f"<?php add_action('save_post', function ($id) {{ {kill} }}, 99);")
    assert push(store, held) == [LostAnswer.code]
    real.add_plugin("trouble.php", "<?php")
    assert "Ours" in real.run_php(f"echo get_post({ref.external_id})->post_content;")  # what visitors see until we look
    assert texts_of(store, [ref]) == [OLD]
    assert OLD in real.run_php(f"echo get_post({ref.external_id})->post_content;")
    assert push(store, store.fetch_texts([ref])) == [""]
