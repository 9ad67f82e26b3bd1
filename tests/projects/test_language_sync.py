"""Texts in further languages go into the shop's own translations: with conflicts, undo and counts as for the main language."""

from __future__ import annotations

import copy

import pytest

from integrations.models import StoreConnection
from integrations.stores.errors import Unsupported
from integrations.stores.types import ShopLanguage
from projects.models import ContentItem, SyncRecord
from projects.sync.shop_languages import matching
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_project
from tests.helpers import run_jobs
from tests.projects.pushes import one, sync
from tests.shop_languages import SHOPS

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = {"sr": "Вунени џемпер", "he": "סוודר צמר"}
ITEMS = 65  # of which each has two texts: 130
EDITED, LATER = 15, (2, 1)


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


@pytest.mark.slow
@pytest.mark.parametrize(
    "shop", [shop for shop in SHOPS if shop.name != "wordpress"], ids=lambda shop: shop.name, indirect=True
)
def test_a_hundred_and_thirty_texts_with_thirty_edited_before_and_three_after(caller, project, shop, fake):
    rows = stocked(project, shop, fake, ITEMS)
    before = [copy.deepcopy(shop.main(row)) for row, _ in rows]
    for row, _ in rows[:EDITED]:
        for code in NAMES:
            shop.edit(fake, row, shop.codes[code], "description", "<p>Merchant</p>")
    jobs = {code: sync(caller, project, language=code) for code in NAMES}
    counts = [(job.progress_total, job.result["synced"], job.result["conflicts"]) for job in jobs.values()]
    assert counts == [(ITEMS, ITEMS - EDITED, EDITED)] * 2, [job.error for job in jobs.values()]
    for number, (row, texts) in enumerate(rows):
        for code, text in texts.items():
            wanted = "<p>Merchant</p>" if number < EDITED else content(code, number)["description"]
            assert shop.shown(fake, row, shop.codes[code], "description") == wanted
            text.refresh_from_db()
            assert text.status == ("approved" if number < EDITED else "synced")
    assert [shop.main(row) for row, _ in rows] == before
    assert set(ContentItem.objects.values_list("status", flat=True)) == {"approved"}
    for code, count in zip(NAMES, LATER, strict=True):
        for row, _ in rows[-count:]:
            shop.edit(fake, row, shop.codes[code], "description", "<p>Later</p>")
    undone = 0
    for job, count in zip(jobs.values(), LATER, strict=True):
        answer = caller.post(f"jobs/{job.pk}/undo", {}, 202)
        run_jobs()
        again = Job.objects.get(pk=answer["job_id"])
        assert (again.result["undone"], again.result["failed"]) == (ITEMS - EDITED - count, count)
        undone += again.result["undone"]
    assert undone == 97
    changed = SyncRecord.objects.filter(kind="undo", code="store_changed")
    assert {clash["field"] for record in changed for clash in record.conflicts} == {"description"}
    assert changed.count() == 3
    assert [shop.main(row) for row, _ in rows] == before


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
    french = make_language_text(
        ContentItem.objects.get(), "fr", status="approved", generated_content={"name": "Pull en laine"}
    )
    answer = one(caller, project, french)
    assert not answer["success"]
    assert "fr" in answer["message"]
    ContentItem.rows.get(pk=french.pk, status="approved")


def test_the_merchant_chooses_where_a_shop_has_one_place_for_two(cast):
    shop = [ShopLanguage("en", primary=True), ShopLanguage("sr"), ShopLanguage("de")]
    made = make_project(cast.organization, platform="shopify", settings={"languages": ["sr", "sr-Latn"]})
    with pytest.raises(Unsupported, match=r"settings\.sync\.languages"):
        matching(made, shop, "sr")
    made.settings["sync"] = {"languages": {"sr": "sr-Latn"}}
    assert matching(made, shop, "sr-Latn") == [shop[1]]
    for none in ("sr", "en", "fr"):
        with pytest.raises(Unsupported, match="no translations"):
            matching(made, shop, none)
