"""Pushing texts in further languages into the shop's own translations, conflicts and undos included, on every platform."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from integrations.models import StoreConnection
from integrations.stores.types import ShopLanguage
from projects.api.views.sync import render_item, render_sync, render_undo
from projects.models import ContentItem, SyncRecord
from projects.sync import pipeline, shop_languages
from projects.sync.push import PushReconciler
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_project
from tests.helpers import run_jobs
from tests.projects.pushes import sync
from tests.shop_languages import MAGENTO, SHOPIFY, SHOPS

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.each_value("shop")]

WPML, WORDPRESS = SHOPS[3], SHOPS[4]
CODES = ("de", "sr", "he", "pt-BR", "fr")
THEIRS = "<p>Vom Händler</p>"


@pytest.fixture(params=SHOPS, ids=lambda shop: shop.name)
def shop(request):
    return request.param


@pytest.fixture
def fake(shop, settings):
    with shop.open(settings) as fake:
        yield fake


@pytest.fixture
def project(cast, shop, fake):
    connection = StoreConnection.objects.create(
        organization=cast.organization,
        name="Shop",
        platform=shop.platform,
        base_url=fake.url,
        status="active",
        **shop.secrets,
    )
    return make_project(
        cast.organization, platform=shop.platform, store_connection=connection, settings={"language": "en"}
    )


@pytest.fixture
def caller(api, cast):
    return api.as_(cast.owner)


def test_what_a_shops_languages_are_here_costs_few_statements(
    shop: Any, project: Any, django_assert_max_num_queries: Any
) -> None:
    """Each of the more than a hundred that we know asked for the project's settings, terms and rules."""
    spoken = [ShopLanguage(code, code, primary=code == "en", published=True) for code in ("en", *CODES)]
    with django_assert_max_num_queries(20):
        found = shop_languages.languages_of(spoken, project.store_connection, project)
    assert {"de", "fr", "he"} <= found.keys()


def content(shop: Any, code: str, number: int = 0) -> dict[str, Any]:
    texts = {
        "name": f"Name {code} {number}",
        "short_description": f"<p>Short {code} {number}</p>",
        "description": f"<p>Text {code} {number}: 2,4 kg</p>",
        "seo": {"title": f"SEO {code} {number}", "description": f"SEO text {code} {number}"},
    }
    return {key: text for key, text in texts.items() if key in {field.split(".")[0] for field in shop.fields}}


def flat(shop: Any, code: str, number: int = 0) -> dict[str, str]:
    found = content(shop, code, number)
    seo = found.pop("seo", {})
    return {**found, **{f"seo.{key}": text for key, text in seo.items()}}


def items(shop, fake, project, count=1, codes=CODES, status="approved"):
    """Products of the shop, and their texts in these languages: `[(row of the fake, item, {code: text})]`."""
    made = []
    for number in range(count):
        row = shop.product(fake)
        ref = shop.ref(row)
        item = make_item(project, external_id=ref.external_id, item_type=ref.item_type, status="pending")
        texts = {
            code: make_language_text(item, code, status=status, generated_content=content(shop, code, number))
            for code in codes
        }
        made.append((row, item, texts))
    fake.writes.clear()
    return made


def shown(shop, fake, row, code):
    return {field: shop.shown(fake, row, shop.codes[code], field) for field in shop.fields}


def undone(caller, job, **body):
    answer = caller.post(f"jobs/{job.pk}/undo", body, status=202)
    run_jobs()
    return Job.objects.get(pk=answer["job_id"])


@pytest.mark.thorough
def test_a_hundred_and_thirty_texts_go_out_and_come_back(caller, project, shop, fake):
    """130 texts, 30 of them the merchant's own in the shop: 100 are written and 30 are conflicts. He changes three of ours, and
    the undo puts 97 back and lists these three. The main language's texts are what they were, all along."""
    made = items(shop, fake, project, 26)
    before = [copy.deepcopy(shop.main(row)) for row, _, _ in made]
    everything = [(row, number, code) for number, (row, _, _) in enumerate(made) for code in CODES]
    theirs, ours = everything[::4][:30], [one for one in everything if one not in everything[::4][:30]]
    for row, _, code in theirs:
        shop.edit(fake, row, shop.codes[code], "description", THEIRS)

    job = sync(caller, project, languages=list(CODES))
    assert job.status == "completed_with_errors", job.error
    counts = {key: job.result[key] for key in ("synced", "failed", "conflicts")}
    assert counts == {"synced": 100, "failed": 30, "conflicts": 30}
    assert {code: sum(one.values()) for code, one in job.result["languages"].items()}.keys() == set(CODES)
    for row, number, code in ours:
        assert shown(shop, fake, row, code) == flat(shop, code, number)
    for row, _, code in theirs:
        assert shown(shop, fake, row, code) == dict.fromkeys(shop.fields, "") | {"description": THEIRS}
    for entry in render_sync(job).data["failed_items"]:
        (clash,) = entry["conflicts"]
        assert (clash["field"], clash["imported"], clash["store"]) == ("description", None, THEIRS)
        assert clash["generated"].startswith(f"<p>Text {entry['language']} ")
    assert ContentItem.rows.filter(status="synced").count() == 100
    assert ContentItem.objects.filter(status="synced").count() == 0

    changed = ours[::40]
    assert len(changed) == 3
    for row, _, code in changed:
        shop.edit(fake, row, shop.codes[code], "description", THEIRS)
    back = undone(caller, job)
    assert (back.result["undone"], back.result["failed"], back.result["conflicts"]) == (97, 3, 3)
    empty = dict.fromkeys(shop.fields, "")
    for row, _, code in ours:
        expected = empty | ({"name": row["name"]} if shop is MAGENTO else {})  # a view keeps a name of its own
        expected |= {"description": THEIRS} if any(row is one and code == other for one, _, other in changed) else {}
        assert shown(shop, fake, row, code) == expected
    listed = render_undo(back).data["failed_items"]
    assert {(entry["language"], entry["code"]) for entry in listed} == {(code, "store_changed") for *_, code in changed}
    assert all(entry["conflicts"][0]["store"] == THEIRS and "description" not in entry["restored"] for entry in listed)
    assert [shop.main(row) for row, _, _ in made] == before


def test_a_second_push_writes_nothing_and_a_third_after_the_undo_writes_again(caller, project, shop, fake):
    ((row, _, texts),) = items(shop, fake, project, codes=("de",))
    assert sync(caller, project, languages=["de"]).result["synced"] == 1
    fake.writes.clear()
    again = sync(caller, project, languages=["de"], mode="all")
    assert (again.result["unchanged"], dict(fake.writes)) == (1, {})
    first = Job.objects.order_by("created_at").first()
    assert undone(caller, first).result["undone"] == 1
    texts["de"].refresh_from_db()
    assert texts["de"].status == "approved"
    assert sync(caller, project, languages=["de_DE"]).result["synced"] == 1
    assert shown(shop, fake, row, "de") == flat(shop, "de")


def test_a_focus_keyword_is_written_where_the_shop_has_a_place_and_else_named(caller, project, shop, fake):
    ((row, _, texts),) = items(shop, fake, project, codes=("de",))
    seo = {**content(shop, "de").get("seo", {}), "focus_keyword": "wollpullover"}
    ContentItem.rows.filter(pk=texts["de"].pk).update(generated_content={**content(shop, "de"), "seo": seo})
    assert sync(caller, project, languages=["de"]).result["synced"] == 1
    record = SyncRecord.objects.get(item=texts["de"])
    if shop.platform == "woocommerce":
        translated = int(row["translations"][shop.codes["de"]])
        assert fake.meta(translated, "_yoast_wpseo_focuskw") == "wollpullover"
    written = {"magento2": "tags", "woocommerce": "seo.focus_keyword"}.get(shop.platform)  # Magento: its meta keywords
    assert "wollpullover" in record.after[written] if written else "seo.focus_keyword" in record.skipped


def test_force_writes_over_the_merchants_words_and_the_undo_gives_them_back(caller, project, shop, fake):
    ((row, _, _),) = items(shop, fake, project, codes=("fr",))
    shop.edit(fake, row, shop.codes["fr"], "description", THEIRS)
    assert sync(caller, project, languages=["fr"]).result["conflicts"] == 1
    job = sync(caller, project, languages=["fr"], force=True)
    assert job.result["synced"] == 1
    assert shown(shop, fake, row, "fr")["description"] == flat(shop, "fr")["description"]
    assert undone(caller, job).result["undone"] == 1
    assert shown(shop, fake, row, "fr")["description"] == THEIRS
    # His words have been put back, and are no more ours than before.
    assert sync(caller, project, languages=["fr"]).result["conflicts"] == 1


@pytest.mark.thorough
def test_a_lost_answer_is_looked_for_and_nothing_is_written_twice(caller, project, shop, fake):
    ((row, _, _),) = items(shop, fake, project, codes=("de",))
    fake.drop_after(lambda request: request.method in ("POST", "PUT") and _writes(request))
    assert sync(caller, project, languages=["de"]).result["synced"] == 1
    assert shown(shop, fake, row, "de") == flat(shop, "de")
    assert set(fake.writes.values()) == {1}


def _writes(request):
    return b"mutation" in request.body if request.path.endswith("graphql.json") else True


def test_an_edit_between_the_look_and_the_write_is_a_conflict(caller, project, shop, fake, monkeypatch):
    """The batch waited, so it is looked at again before it is written."""
    monkeypatch.setattr(pipeline, "FRESH_SECONDS", -1.0)
    ((row, _, _),) = items(shop, fake, project, codes=("de",))
    decide, edits = PushReconciler.prepare, iter([True])

    def edited_then(*args: Any) -> Any:
        made = decide(*args)
        if next(edits, False):
            shop.edit(fake, row, shop.codes["de"], "description", THEIRS)
            if shop is MAGENTO:
                fake.edit(row)
        return made

    monkeypatch.setattr(PushReconciler, "prepare", edited_then)
    job = sync(caller, project, languages=["de"])
    assert (job.result.get("synced", 0), job.result["conflicts"]) == (0, 1)
    assert shown(shop, fake, row, "de")["description"] == THEIRS


def test_the_main_language_goes_first_and_only_where_it_is_named(caller, project, shop, fake):
    ((row, item, _),) = items(shop, fake, project, codes=("de",))
    ContentItem.objects.filter(pk=item.pk).update(
        status="approved",
        generated_content={"name": "Main"},
        source_data={"name": shop.main(row).get("name") or _name(row)},
    )
    untouched = copy.deepcopy(shop.main(row))
    assert sync(caller, project, languages=["de"]).result["synced"] == 1
    assert shop.main(row) == untouched
    ContentItem.rows.filter(language="de").update(status="approved", generated_content={"name": "Neu"})
    order = []
    fake.on_write = order.append
    assert sync(caller, project, languages=["de", "en"]).result["synced"] == 2
    assert len(order) == 2
    key = shop.ref(row).external_id
    assert order[0] == key
    assert order[1] != key


def _name(row):
    title = row["title"]
    return title if isinstance(title, str) else title["raw"]


@pytest.mark.thorough
def test_one_item_and_one_text_can_be_pushed_and_undone_by_themselves(caller, project, shop, fake):
    ((row, item, texts),) = items(shop, fake, project, codes=("de", "fr"))
    ContentItem.rows.filter(pk=texts["fr"].pk).update(status="generated")

    def one(pk, verb="", **body):
        answer = caller.post(f"projects/{project.pk}/sync/{pk}{verb}", body, status=202)
        run_jobs()
        return render_item(Job.objects.get(pk=answer["job_id"])).data

    assert one(texts["de"].pk)["success"] is True
    assert shown(shop, fake, row, "de") == flat(shop, "de")
    assert caller.post(f"projects/{project.pk}/sync/{texts['fr'].pk}", status=409)["code"] == "not_approved"
    assert (
        caller.post(f"projects/{project.pk}/sync/{item.pk}", {"languages": ["fr"]}, status=409)["code"]
        == "not_approved"
    )
    history = caller.get(f"projects/{project.pk}/sync/{texts['de'].pk}/history")["history"]
    assert {change["field"] for change in history[0]["changes"]} == set(shop.fields)
    assert one(texts["de"].pk, "/undo")["success"] is True
    ContentItem.rows.filter(pk=texts["fr"].pk).update(status="approved")
    reply = one(item.pk, languages=["de", "fr"])
    assert (reply["success"], [text["language"] for text in reply["texts"]]) == (True, ["de", "fr"])


def test_a_language_that_the_shop_lacks_is_said_and_the_others_go_on(caller, project, shop, fake):
    items(shop, fake, project, codes=("de", "pl"))
    job = sync(caller, project, languages=["pl", "de"])
    assert (job.status, job.result["synced"], job.result["failed"]) == ("completed_with_errors", 1, 1)
    assert "the language Polish" in render_sync(job).data["languages"]["pl"]["refused"]
    assert render_sync(job).data["failed_items"][0]["code"] == "shop_language_missing"
    alone = sync(caller, project, languages=["pl"])
    assert (alone.status, "the language Polish" in alone.error) == ("failed", True)
    project.store_connection.refresh_from_db()
    assert project.store_connection.status == "active"  # nothing is wrong with it


def test_the_shops_languages_are_listed_with_ours(caller, project, shop, fake):
    shop.product(fake)
    listed = {row["code"]: row for row in caller.get(f"projects/{project.pk}/sync/languages")["languages"]}
    assert {code: listed[shop.codes[code]]["language"] for code in ("de", "he", "fr")} == {
        c: c for c in ("de", "he", "fr")
    }
    assert (
        caller.post(f"projects/{project.pk}/sync", {"languages": ["Klingon"]}, status=400)["errors"][0]["code"]
        == "unknown_language"
    )
    assert caller.post(f"projects/{project.pk}/sync", {"languages": []}, status=400)


# --- what only one platform has


@pytest.mark.parametrize("shop", [SHOPIFY], ids=["shopify"])
class TestShopify:
    def test_two_of_ours_share_a_slot_until_the_merchant_chooses(self, caller, project, shop, fake):
        ((row, _, _),) = items(shop, fake, project, codes=("sr", "sr-Latn"))
        job = sync(caller, project, languages=["sr", "sr-Latn"])
        assert (job.status, job.result["failed"]) == ("failed", 2)
        assert "Serbian (Cyrillic) and Serbian (Latin)" in job.error
        path = f"store-connections/{project.store_connection_id}"
        assert caller.patch(path, {"languages": {"sr-Latn": ["sr"]}})["languages"] == {"sr-Latn": ["sr"]}
        listed = caller.get(f"projects/{project.pk}/sync/languages")["languages"]
        assert next(one for one in listed if one["code"] == "sr")["language"] == "sr-Latn"
        job = sync(caller, project, languages=["sr", "sr-Latn"])
        assert (job.result["synced"], job.result["failed"]) == (1, 1)
        assert shown(shop, fake, row, "sr") == flat(shop, "sr-Latn")
        for wrong in ({"sr": []}, {"": ["sr"]}, {"sr": "sr"}, {"sr": [""]}):
            caller.patch(path, {"languages": wrong}, status=400)

    def test_an_empty_source_is_filled_first_and_then_translated(self, caller, project, shop, fake):
        """Shopify keeps no translation of a text that the main language lacks: the same sync brings both."""
        ((row, item, _),) = items(shop, fake, project, codes=("de",))
        fake.edit(row, seo={"title": None, "description": None})
        shop_texts = {"name": row["title"], "description": row["descriptionHtml"]}
        main = {"seo": {"title": "English SEO", "description": "English text"}}
        ContentItem.objects.filter(pk=item.pk).update(status="approved", generated_content=main, source_data=shop_texts)
        assert sync(caller, project, languages=["en", "de"]).result["synced"] == 2
        assert shown(shop, fake, row, "de") == flat(shop, "de")

    def test_without_the_scopes_the_main_language_works_and_the_reason_is_given(self, caller, project, shop, fake):
        ((row, item, _),) = items(shop, fake, project, codes=("de",))
        ContentItem.objects.filter(pk=item.pk).update(
            status="approved", generated_content={"name": "Main"}, source_data={"name": row["title"]}
        )
        fake.scopes = "read_products,write_products"
        job = sync(caller, project, languages=["en", "de"])
        assert (job.status, job.result["synced"], job.result["failed"]) == ("completed_with_errors", 1, 1)
        assert "write_translations" in job.result["languages"]["de"]["refused"]
        assert caller.get(f"projects/{project.pk}/sync/languages")["reason"]
        fake.scopes += ",read_translations,read_locales"  # it may look, and not write
        job = sync(caller, project, languages=["de"])
        assert (job.status, job.result["failed"]) == ("failed", 1)
        assert SyncRecord.objects.filter(state="writing").count() == 0

    def test_a_source_that_moves_during_the_write_is_taken_up_again(self, caller, project, shop, fake):
        ((row, _, _),) = items(shop, fake, project, codes=("de",))
        moves = iter([True])
        fake.before_register = lambda gid: fake.edit(row, title="Moved") if next(moves, False) else None
        assert sync(caller, project, languages=["de"]).result["synced"] == 1
        assert shown(shop, fake, row, "de") == flat(shop, "de")


@pytest.mark.parametrize("shop", [WPML], ids=["wpml"])
def test_an_item_without_a_version_in_that_language_is_refused_by_name(caller, project, shop, fake):
    made = items(shop, fake, project, 2, codes=("de",))
    german = made[0][0]["translations"].pop("de")
    count = len(fake.products)
    job = sync(caller, project, languages=["de"])
    assert (job.result["synced"], job.result["failed"]) == (1, 1)
    (failed,) = render_sync(job).data["failed_items"]
    assert (failed["code"], failed["external_id"]) == ("not_writable", str(made[0][0]["id"]))
    assert "no de version" in failed["reason"]
    assert len(fake.products) == count
    assert fake.products[int(german)]["name"] == ""
