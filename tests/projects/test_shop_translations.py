"""The translations that a shop has already are the merchant's: read by an import, not paid for, never written over."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.models import StoreConnection
from integrations.stores.magento.translations import MagentoTranslations
from projects import languages, shop_texts, staleness, summaries
from projects.generation import memory, parts
from projects.generation.translation import Sources
from projects.models import ContentItem
from projects.writing_settings import for_checking
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_project
from tests.helpers import run_jobs
from tests.projects.pushes import one
from tests.shop_languages import MAGENTO, SHOPIFY, SHOPS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_value("shop")]
OURS = {"name": "Unser Name", "description": "<p>Unser Text.</p>"}


@pytest.fixture(params=[shop for shop in SHOPS if shop.name != "wordpress"], ids=lambda shop: shop.name)
def shop(request: Any) -> Any:
    return request.param


@pytest.fixture
def fake(shop: Any, settings: Any) -> Any:
    with shop.open(settings) as fake:
        yield fake


@pytest.fixture
def project(cast: Any, shop: Any, fake: Any) -> Any:
    connection = StoreConnection.objects.create(
        organization=cast.organization, name="Corner", platform=shop.platform, base_url=fake.url, status="active",
        **shop.secrets,
    )  # fmt: skip
    # Only the languages that the test is about are the project's.
    return make_project(
        cast.organization,
        platform=shop.platform,
        store_connection=connection,
        settings={"language": "en", "languages": ["de"]},
    )


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def imported(caller: Any, project: Any) -> Job:
    started = caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    job = Job.objects.get(pk=started["job_id"])
    assert job.status == "completed", job.error
    return job


def item_of(project: Any, shop: Any, row: Any) -> ContentItem:
    return ContentItem.objects.get(project=project, external_id=shop.ref(row).external_id)


def approve(item: ContentItem, **content: Any) -> None:
    content = content or {"name": "Our name", "description": "<p>Our text.</p>"}
    type(item).rows.filter(pk=item.pk).update(
        generated_content=content, status="approved", confidence_score=0.9,
        generation_metadata={"settings": {"language": "en"}},
    )  # fmt: skip


def translated(shop: Any, fake: Any, *fields: str) -> Any:
    row = shop.product(fake)
    for field in fields:
        shop.edit(fake, row, shop.codes["de"], field, f"Sein {field}")
    return row


@pytest.mark.thorough
def test_they_are_read_and_pushing_over_them_is_a_conflict(caller: Any, project: Any, shop: Any, fake: Any) -> None:
    row = translated(shop, fake, "name", "description")
    bare = shop.product(fake)
    job = imported(caller, project)
    item = item_of(project, shop, row)
    text = ContentItem.rows.get(main=item, language="de")
    assert text.view_data["name"] == "Sein name"
    assert (text.status, text.generated_content) == ("pending", {})
    if "translations" not in job.result:
        assert job.result["shop_translations"]["de"] == 1
        assert not ContentItem.rows.filter(main=item_of(project, shop, bare), language="de").exists()
    ContentItem.rows.filter(pk=text.pk).update(
        generated_content=OURS, status="approved", made_from={"name": "Our name", "description": "<p>Our text.</p>"},
        generation_metadata={"way": "translation"},
    )  # fmt: skip
    clash = one(caller, project, text, 409)
    assert {found["field"] for found in clash["conflicts"]} == {"name", "description"}
    assert {"field": "name", "imported": "Sein name", "store": "Sein name", "generated": "Unser Name"} in clash[
        "conflicts"
    ]
    assert shop.shown(fake, row, shop.codes["de"], "name") == "Sein name"
    # The merchant chooses ours for the name, and keeps his description.
    caller.patch(f"projects/{project.pk}/items/{text.pk}", {"decisions": {"description": "kept"}})
    ContentItem.rows.filter(pk=text.pk).update(status="approved")
    assert one(caller, project, text, force=True)["success"]
    assert shop.shown(fake, row, shop.codes["de"], "name") == "Unser Name"
    assert shop.shown(fake, row, shop.codes["de"], "description") == "Sein description"
    imported(caller, project)
    text.refresh_from_db()
    assert text.view_data["name"] == "Sein name"  # ours does not become his by being read
    assert one(caller, project, text, verb="/undo")["success"]
    assert shop.shown(fake, row, shop.codes["de"], "name") == "Sein name"


@pytest.mark.thorough
def test_a_copy_of_the_original_counts_as_no_text_at_the_push_too(
    caller: Any, project: Any, shop: Any, fake: Any
) -> None:
    """As language plugins leave it when they duplicate a product. It was missing when it was paid for."""
    row = shop.product(fake)
    imported(caller, project)
    item = item_of(project, shop, row)
    for field in ("name", "description"):
        shop.edit(fake, row, shop.codes["de"], field, item.source_data[field])
    imported(caller, project)
    approve(item)
    text, _new = ContentItem.rows.get_or_create(
        main=item, language="de",
        defaults={"organization": item.organization, "project": project, "external_id": item.external_id},
    )  # fmt: skip
    assert not {"name", "description"} & shop_texts.own(text).keys()
    ContentItem.rows.filter(pk=text.pk).update(
        generated_content=OURS, status="approved", source_data=item.source_data, made_from={"name": "Our name"},
        generation_metadata={"way": "translation"},
    )  # fmt: skip
    assert one(caller, project, text)["success"]
    assert shop.shown(fake, row, shop.codes["de"], "name") == "Unser Name"
    shop.edit(fake, row, shop.codes["de"], "name", item.source_data["name"])  # put there over ours, it is his
    ContentItem.rows.filter(pk=text.pk).update(status="approved", generated_content={**OURS, "name": "Neu"})
    assert [clash["field"] for clash in one(caller, project, text, 409)["conflicts"]] == ["name"]


@pytest.mark.thorough
@pytest.mark.parametrize("shop", [MAGENTO], indirect=True, ids=["magento"])
def test_what_an_undo_of_ours_left_in_a_view_is_no_translation_of_the_merchants(
    caller: Any, cast: Any, project: Any, shop: Any, fake: Any
) -> None:
    row = shop.product(fake)
    imported(caller, project)
    item = item_of(project, shop, row)
    approve(item)
    text = make_language_text(
        item, "de", generated_content=OURS, status="approved", made_from={"name": "Our name"},
        generation_metadata={"way": "translation"},
    )  # fmt: skip
    assert one(caller, project, item, languages=["en", "de"])["success"]
    [job] = Job.objects.filter(job_type="sync")
    caller.post(f"jobs/{job.pk}/undo", {}, status=202)
    run_jobs()
    assert shop.shown(fake, row, "de", "name") == f"Product {row['id']}"  # a name can't follow the default again
    ContentItem.objects.filter(pk=item.pk).update(status="approved")
    assert one(caller, project, item)["success"]  # the default moves on
    other = make_project(
        cast.organization, platform=shop.platform, settings={"language": "en", "languages": ["de"]},
        store_connection=StoreConnection.objects.create(
            organization=cast.organization, name="Again", platform=shop.platform, base_url=fake.url, status="active",
            **shop.secrets,
        ),
    )  # fmt: skip
    imported(caller, other)
    found = ContentItem.rows.filter(main=item_of(other, shop, row), language="de").first()
    assert found is None or "name" not in shop_texts.own(found)
    # Nor does it stand in the way of the next push.
    ContentItem.rows.filter(pk=text.pk).update(status="approved")
    assert one(caller, project, text)["success"]
    assert shop.shown(fake, row, shop.codes["de"], "name") == "Unser Name"


def test_only_what_is_missing_is_written_and_paid(
    caller: Any, project: Any, shop: Any, fake: Any, settings: Any
) -> None:
    settings.OPENAI_API_KEY, settings.DEFAULT_AI_PROVIDER = "sk-test", "openai"
    whole, part, none = (
        translated(shop, fake, "name", "description"), translated(shop, fake, "description"), shop.product(fake)
    )  # fmt: skip
    imported(caller, project)
    for row in (whole, part, none):
        approve(item_of(project, shop, row))
    request = {"languages": ["de"]}
    _, planned = parts.plan_parts(project, request, selection="pending", item_ids=None)
    (found,) = planned
    assert set(found.items) == {item_of(project, shop, part), item_of(project, shop, none)}
    ((left, _),) = [one for one in found.left if one[1] == "translated_in_shop"]
    assert [item.pk for item in left] == [item_of(project, shop, whole).pk]
    everything = parts.plan_parts(project, {**request, "replace_existing": True}, selection="pending", item_ids=None)
    assert everything[1][0].items.count() == 3
    text = ContentItem.rows.get(main=item_of(project, shop, part), language="de")
    sources = Sources(found.settings, {"de": found.settings}, stale=False)
    task = sources.of([text])[text.pk]
    assert (task.asked(), set(task.made_from)) == ({"name"}, {"name"})
    text.generated_content, text.made_from = {"name": "Name"}, task.made_from
    text.generation_metadata = {"way": "translation"}
    text.save()
    assert staleness.outdated_fields(text) == ["description"]  # his is of the text that the shop shows
    redone = Sources(found.settings, {"de": found.settings}, stale=False, replaces=True)
    assert redone.of([text])[text.pk].asked() == {"name", "description"}


def test_the_memory_takes_from_them(caller: Any, project: Any, shop: Any, fake: Any) -> None:
    row = translated(shop, fake, "name")
    imported(caller, project)
    item = item_of(project, shop, row)
    settings = for_checking(project, "de")
    keys = memory.keys({"name": item.source_data["name"]}, "en", settings)
    assert memory.find_translations(project, "de", keys.values()) == {keys["name"]: "Sein name"}
    (pair,) = memory.candidates(project, "de")
    assert pair == (item.source_data["name"], "Sein name")
    assert memory.has_any(project, "de")
    shop.edit(fake, row, shop.codes["de"], "name", "Sein neuer")
    imported(caller, project)
    assert memory.find_translations(project, "de", keys.values()) == {keys["name"]: "Sein neuer"}


def outdated(caller: Any, item: ContentItem) -> list[str]:
    found: list[str] = caller.get(f"projects/{item.project_id}/items/{item.pk}")["languages"]["de"]["outdated_fields"]
    return found


@pytest.mark.thorough
def test_his_translation_is_outdated_once_its_original_changes(
    caller: Any, project: Any, shop: Any, fake: Any, settings: Any
) -> None:
    settings.OPENAI_API_KEY, settings.DEFAULT_AI_PROVIDER = "sk-test", "openai"
    row = translated(shop, fake, "name", "description")
    imported(caller, project)
    item = item_of(project, shop, row)
    before = item.source_data["name"]
    imported(caller, project)
    assert outdated(caller, item) == []
    edit_original(shop, fake, row, "Another name")
    imported(caller, project)
    assert outdated(caller, item) == ["name"]
    counted = summaries.counts_by_language(project, ["de"])["de"]
    assert (counted.merchant, counted.outdated, counted.missing) == (1, 1, 0)
    assert caller.get(f"projects/{project.pk}/items?language=de")[0]["outdated_fields"] == ["name"]
    # It is still his: neither what is missing nor what is outdated is written over it, unless he asks for that.
    approve(item, name="Another name")
    for selection in ("pending", "stale"):
        _, (part,) = parts.plan_parts(project, {"languages": ["de"]}, selection=selection, item_ids=None)
        assert [reason for items, reason in part.left if items.exists()] == ["translated_in_shop"]
        assert not part.items.exists()
    anew = {"languages": ["de"], "replace_existing": True}
    _, (part,) = parts.plan_parts(project, anew, selection="stale", item_ids=None)
    text = ContentItem.rows.get(main=item, language="de")
    assert part.items.get() == item
    task = Sources(part.settings, {"de": part.settings}, stale=True, replaces=True).of([text])[text.pk]
    assert set(task.made_from) == {"name"}
    # The memory keeps what he said of the original of then.
    keys = memory.keys({"name": before}, "en", part.settings)
    assert memory.find_translations(project, "de", keys.values()) == {keys["name"]: "Sein name"}
    assert not memory.find_translations(
        project, "de", memory.keys({"name": "Another name"}, "en", part.settings).values()
    )
    # Once he has translated it again, it is up to date.
    shop.edit(fake, row, shop.codes["de"], "name", "Sein anderer")
    imported(caller, project)
    assert outdated(caller, item) == []


def edit_original(shop: Any, fake: Any, row: Any, name: str) -> None:
    fake.edit(row, **{"title" if shop is SHOPIFY else "name": name})


@pytest.mark.thorough
def test_his_translation_is_outdated_once_another_original_is_approved_here(
    caller: Any, project: Any, shop: Any, fake: Any
) -> None:
    row = translated(shop, fake, "name", "description")
    imported(caller, project)
    item = item_of(project, shop, row)
    approve(item)
    ContentItem.objects.filter(pk=item.pk).update(status="generated")
    imported(caller, project)
    assert outdated(caller, item) == []  # the shop still shows what he translated
    path = f"projects/{project.pk}/items/{item.pk}"
    caller.patch(path, {"status": "approved"})
    assert outdated(caller, item) == ["description", "name"]
    caller.patch(path, {"status": "rejected"})
    assert outdated(caller, item) == []
    caller.patch(path, {"status": "approved"})
    assert one(caller, project, item)["success"]
    shop.edit(fake, row, shop.codes["de"], "name", "Sein neuer")
    imported(caller, project)
    assert outdated(caller, item) == ["description"]  # the new name translates what we pushed
    caller.patch(path, {"generated_content": {"name": "A third name"}})
    caller.patch(path, {"status": "approved", "override": True})
    assert outdated(caller, item) == ["description", "name"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "shop", [shop for shop in SHOPS if shop.name in ("shopify", "polylang", "wpml")], indirect=True
)  # Magento does not tell a copy in a view from the default's text
def test_a_copy_of_the_original_is_no_translation_once_that_changes(
    caller: Any, project: Any, shop: Any, fake: Any
) -> None:
    """It is what a language plugin left, in the words of then."""
    row = shop.product(fake)
    imported(caller, project)
    item = item_of(project, shop, row)
    shop.edit(fake, row, shop.codes["de"], "name", item.source_data["name"])
    shop.edit(fake, row, shop.codes["de"], "description", "Seine Beschreibung")
    imported(caller, project)
    edit_original(shop, fake, row, "Another name")
    imported(caller, project)
    text = ContentItem.rows.get(main=item, language="de")
    assert shop_texts.own(text).keys() & {"name", "description"} == {"description"}
    assert outdated(caller, item) == []
    approve(item, name="Another name", description=item.source_data["description"])
    assert not shop_texts.whole(project, "de").exists()
    ContentItem.rows.filter(pk=text.pk).update(
        generated_content={"name": "Unser Name"}, status="approved", made_from={"name": "Another name"},
        generation_metadata={"way": "translation"},
    )  # fmt: skip
    assert one(caller, project, text)["success"]
    assert shop.shown(fake, row, shop.codes["de"], "name") == "Unser Name"


@pytest.mark.thorough
def test_a_native_text_is_written_over_his_only_when_asked_for(caller: Any, project: Any, shop: Any, fake: Any) -> None:
    """The built-in writer translates nothing: it writes whole texts."""
    row, bare = translated(shop, fake, "name"), shop.product(fake)
    imported(caller, project)
    text = ContentItem.rows.get(main=item_of(project, shop, row), language="de")
    for asked, skipped in (({}, ["translated_in_shop"]), ({"replace_existing": True}, [])):
        ContentItem.rows.filter(project=project).exclude(pk=text.pk).filter(language="de").delete()
        started = caller.post(f"projects/{project.pk}/generate", {"languages": ["de"], **asked}, status=202)
        run_jobs()
        job = Job.objects.get(pk=started["job_id"])
        assert [one["reason"] for one in job.result.get("skipped_items", [])] == skipped
        text.refresh_from_db()
        assert bool(text.generated_content) == (not skipped)
        assert ContentItem.rows.get(main=item_of(project, shop, bare), language="de").generated_content
    origin = caller.get(f"projects/{project.pk}/items/{text.main_id}")["languages"]["de"]["origin"]
    assert origin == "ours"


def test_a_shop_that_does_not_let_them_be_read_says_so(cast: Any, api: Any, settings: Any) -> None:
    with SHOPIFY.open(settings) as fake:
        fake.scopes = fake.scopes.replace(",read_translations,write_translations,read_locales", "")
        connection = StoreConnection.objects.create(
            organization=cast.organization, name="Corner", platform="shopify", base_url=fake.url, status="active",
            **SHOPIFY.secrets,
        )  # fmt: skip
        settings_of = {"language": "en", "languages": ["de"]}
        project = make_project(cast.organization, platform="shopify", store_connection=connection, settings=settings_of)
        row = translated(SHOPIFY, fake, "name")
        job = imported(api.as_(cast.owner), project)
        assert "allow translations" in job.result["note"]
        assert item_of(project, SHOPIFY, row)
        assert not ContentItem.rows.exclude(language="").exists()


def test_an_import_that_was_cut_off_reads_the_translations_that_are_left(
    cast: Any, api: Any, settings: Any, monkeypatch: Any
) -> None:
    with MAGENTO.open(settings) as fake:
        connection = StoreConnection.objects.create(
            organization=cast.organization, name="Corner", platform="magento2", base_url=fake.url, status="active",
            **MAGENTO.secrets,
        )  # fmt: skip
        project = make_project(
            cast.organization, platform="magento2", store_connection=connection, settings={"language": "en"}
        )
        monkeypatch.setattr(MagentoTranslations, "read_size", 1)
        rows = [translated(MAGENTO, fake, "name") for _ in range(3)]
        keep, calls = languages.add, []

        def die_at_the_second(*rest: Any) -> None:
            calls.append(rest)
            if len(calls) == 2:
                raise SystemExit("killed")
            keep(*rest)

        monkeypatch.setattr(languages, "add", die_at_the_second)
        started = api.as_(cast.owner).post(f"projects/{project.pk}/import/execute", {}, status=202)
        with pytest.raises(SystemExit):
            run_jobs()
        monkeypatch.setattr(languages, "add", keep)
        Job.objects.update(lease_until=None)
        run_jobs()
        job = Job.objects.get(pk=started["job_id"])
        assert (job.status, job.result["shop_translations"]["de"]) == ("completed", 3), job.error
        found = ContentItem.rows.filter(language="de").values_list("view_data__name", "store_view")
        assert list(found) == [("Sein name", "de")] * len(rows)


def test_an_edit_of_a_text_that_the_shop_completes_lacks_nothing(caller: Any, cast: Any) -> None:
    project = make_project(cast.organization, settings={"language": "en"})
    original = {"name": "Knife", "description": "<p>Cuts bread.</p>", "bullet_points": ["Steel"]}
    item = make_item(project, status="approved", generated_content=original)
    text = make_language_text(
        item, "de", status="generated", view_data={"name": "Brotmesser"}, generation_metadata={"way": "translation"},
        generated_content={"description": "<p>Schneidet.</p>", "bullet_points": ["Stahl"]},
    )  # fmt: skip

    def faults(**content: Any) -> list[tuple[str, str]]:
        read = caller.patch(f"projects/{project.pk}/items/{text.pk}", {"generated_content": content})
        checks = read["generation_metadata"]["checks"]
        [check] = [check for check in checks if check["id"] == "translation"]
        return [(found["field"], found["code"]) for found in check["findings"] if found["code"].startswith("field_")]

    assert faults(description="<p>Schneidet Brot.</p>") == []
    assert faults(name="Messer") == []  # one that he had is ours from now on
    assert faults(bullet_points=None) == [("bullet_points", "field_missing")]


def test_a_category_lacks_nothing_that_categories_have_no_place_for(cast: Any) -> None:
    project = make_project(cast.organization, platform="woocommerce", settings={"language": "en", "languages": ["de"]})
    written = {"name": "Mugs", "description": "All our mugs", "short_description": "Mugs", "seo": {"title": "Mugs"}}
    facts = {"name": "Mugs", "description": "All mugs"}
    theirs = {"name": "Tassen", "description": "Alle Tassen"}
    found = []
    for kind in ("category", "product"):
        item = make_item(project, item_type=kind, source_data=facts, generated_content=written, status="approved")
        found.append(make_language_text(item, "de", view_data=theirs))
    assert list(shop_texts.whole(project, "de")) == found[:1]


def test_what_a_replacement_of_the_shops_translations_leaves_is_told_before(cast: Any, caller: Any) -> None:
    project = make_project(cast.organization, platform="woocommerce", settings={"language": "en", "languages": ["de"]})
    written = {"generated_content": {"name": "Mug"}, "status": "approved"}
    ours, theirs, waiting = make_item(project, **written), make_item(project, **written), make_item(project)
    make_language_text(ours, "de", generated_content={"name": "Tasse"}, status="generated")
    make_language_text(theirs, "de", view_data={"name": "Becher"})
    body = {"languages": ["de"], "replace_existing": True, "ai_provider": "offline", "language_way": "translation"}
    quote = caller.post(f"projects/{project.pk}/generate/estimate", body)["per_language"][0]
    assert (quote["skipped"], quote["left_out"]["already_generated"]) == (1, 1)
    assert waiting
