"""Texts in further languages go into the shop's own translations: with conflicts, undo and counts as for the main language."""

from __future__ import annotations

import pytest

from integrations.models import StoreConnection
from integrations.stores.errors import Unsupported
from integrations.stores.types import ShopLanguage
from projects.models import ContentItem
from projects.sync.shop_languages import into
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_project
from tests.helpers import run_jobs
from tests.projects.pushes import one
from tests.shop_languages import SHOPS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_value("shop")]

NAMES = {"sr": "Вунени џемпер", "he": "סוודר צמר"}


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
        name="Corner",
        platform=shop.platform,
        base_url=fake.url,
        status="active",
        **shop.secrets,
    )
    return make_project(cast.organization, platform=shop.platform, store_connection=connection)


@pytest.fixture
def caller(api, cast):
    return api.as_(cast.owner)


def stocked(project, shop, fake, count):
    """Rows of the shop, each with its item and an approved text in Serbian and in Hebrew."""
    rows = []
    for number in range(count):
        row = shop.product(fake)
        ref = shop.ref(row)
        main = make_item(
            project,
            external_id=ref.external_id,
            item_type=ref.item_type,
            status="approved",
            generated_content={"name": "M"},
        )
        texts = {
            code: make_language_text(main, code, status="approved", generated_content=content(code, number))
            for code in NAMES
        }
        rows.append((row, texts))
    return rows


def content(code, number):
    return {"name": f"{NAMES[code]} {number}", "description": f"<p>{NAMES[code]}, {number}.</p>"}


def test_one_text_is_pushed_and_taken_back_and_the_merchants_stays(caller, project, shop, fake):
    [(row, texts)] = stocked(project, shop, fake, 1)
    code = shop.codes["sr"]
    shop.edit(fake, row, code, "name", "Трговчево име")
    clash = one(caller, project, texts["sr"], 409)
    assert [found["field"] for found in clash["conflicts"]] == ["name"]
    assert shop.shown(fake, row, code, "name") == "Трговчево име"
    assert one(caller, project, texts["sr"], force=True)["success"]
    assert shop.shown(fake, row, code, "name") == content("sr", 0)["name"]
    assert one(caller, project, texts["sr"], verb="/undo")["success"]
    assert shop.shown(fake, row, code, "name") == "Трговчево име"
    path = f"projects/{project.pk}/sync/{texts['sr'].pk}/history"
    assert [entry["kind"] for entry in caller.get(path)["history"]] == ["undo", "push", "push"]
    # What the shop has no language for is said, and its own text is left alone.
    polish = make_language_text(
        ContentItem.objects.get(), "pl", status="approved", generated_content={"name": "Sweter"}
    )
    answer = one(caller, project, polish)
    assert not answer["success"]
    assert "Polish" in answer["message"]
    ContentItem.rows.get(pk=polish.pk, status="approved")


def test_the_merchant_chooses_where_a_shop_has_one_place_for_two(cast):
    shop = [ShopLanguage("en", primary=True), ShopLanguage("sr"), ShopLanguage("de")]
    made = make_project(cast.organization, platform="shopify", settings={"languages": ["sr", "sr-Latn"]})
    connection = StoreConnection(platform="shopify")
    with pytest.raises(Unsupported, match="one version, sr, for"):
        into("sr", shop, connection, made)
    connection.languages = {"sr-Latn": ["sr"]}
    assert into("sr-Latn", shop, connection, made) == [shop[1]]
    for none in ("sr", "fr"):
        with pytest.raises(Unsupported, match="The store does not have"):
            into(none, shop, connection, made)
    with pytest.raises(Unsupported, match="the store's main language"):
        into("en", shop, connection, made)
    connection.languages, made.settings = {}, {"languages": ["sr-Latn"]}  # without a rival there is nothing to choose
    assert into("sr-Latn", shop, connection, made) == [shop[1]]


def test_a_comparison_finds_what_was_done_to_the_translations_that_we_pushed(caller, project, shop, fake):
    (edited, texts), (_, others), (foreign, _) = stocked(project, shop, fake, 3)
    assert one(caller, project, texts["sr"])["success"]
    assert one(caller, project, texts["he"])["success"]
    assert one(caller, project, others["sr"])["success"]
    shop.edit(fake, edited, shop.codes["sr"], "name", "Трговчево име")
    shop.edit(fake, foreign, shop.codes["sr"], "name", "Туђе име")  # never ours

    def compared():
        caller.post(f"projects/{project.pk}/verify", {}, status=202)
        run_jobs()
        job = Job.objects.filter(job_type="verify").latest("created_at")
        assert job.status == "completed", job.error
        assert job.progress_current == job.progress_total
        rows = [row for row in caller.get(f"projects/{project.pk}/drift") if row["language"]]
        return job.result["languages"], rows

    counted, [row] = compared()
    assert counted == {"he": {"checked": 1, "drifted": 0}, "sr": {"checked": 2, "drifted": 1}}
    assert (row["item_id"], row["main_item_id"]) == (str(texts["sr"].pk), str(texts["sr"].main_id))
    expected = {"field": "name", "cause": "merchant", "expected": content("sr", 0)["name"], "store": "Трговчево име"}
    assert (row["language"], row["gone"], row["fields"]) == ("sr", False, [expected])
    assert not ContentItem.rows.exclude(outdated_fields=[]).exclude(language="").exists()
    shop.edit(fake, edited, shop.codes["sr"], "name", content("sr", 0)["name"])
    # A language that the shop takes for another one now is refused, and the others are compared all the same.
    StoreConnection.objects.filter(pk=project.store_connection_id).update(languages={"he": ["none"]})
    counted, rows = compared()
    assert counted["sr"] == {"checked": 2, "drifted": 0}
    assert "none" in counted["he"]["refused"]
    assert rows == []
