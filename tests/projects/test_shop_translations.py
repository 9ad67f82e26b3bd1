"""The translations that a shop has already are the merchant's: read by an import, not paid for, never written over."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.models import StoreConnection
from integrations.stores.magento.translations import MagentoTranslations
from projects import languages, staleness
from projects.generation import memory, parts
from projects.generation.translation import Sources
from projects.models import ContentItem
from projects.writing_settings import for_checking
from scribe.models import Job
from tests.factories import make_project
from tests.helpers import run_jobs
from tests.projects.pushes import one
from tests.shop_languages import MAGENTO, SHOPIFY, SHOPS

pytestmark = pytest.mark.django_db(transaction=True)
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
    _, planned = parts.of(project, request, selection="pending", item_ids=None)
    (found,) = planned
    assert set(found.items) == {item_of(project, shop, part), item_of(project, shop, none)}
    ((left, _),) = [one for one in found.left if one[1] == "translated_in_shop"]
    assert [item.pk for item in left] == [item_of(project, shop, whole).pk]
    everything = parts.of(project, {**request, "replace_existing": True}, selection="pending", item_ids=None)
    assert everything[1][0].items.count() == 3
    text = ContentItem.rows.get(main=item_of(project, shop, part), language="de")
    sources = Sources(found.settings, {"de": found.settings}, stale=False)
    task = sources.of([text])[text.pk]
    assert (task.asked(), set(task.made_from)) == ({"name"}, {"name"})
    text.generated_content, text.made_from = {"name": "Name"}, task.made_from
    text.generation_metadata = {"way": "translation"}
    text.save()
    assert staleness.outdated(text) == []
    redone = Sources(found.settings, {"de": found.settings}, stale=False, replaces=True)
    assert redone.of([text])[text.pk].asked() == {"name", "description"}


def test_the_memory_takes_from_them(caller: Any, project: Any, shop: Any, fake: Any) -> None:
    row = translated(shop, fake, "name")
    imported(caller, project)
    item = item_of(project, shop, row)
    settings = for_checking(project, "de")
    keys = memory.keys({"name": item.source_data["name"]}, "en", settings)
    assert memory.known(project, "de", keys.values()) == {keys["name"]: "Sein name"}
    (pair,) = memory.candidates(project, "de")
    assert pair == (item.source_data["name"], "Sein name")
    assert memory.has_any(project, "de")
    shop.edit(fake, row, shop.codes["de"], "name", "Sein neuer")
    imported(caller, project)
    assert memory.known(project, "de", keys.values()) == {keys["name"]: "Sein neuer"}


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
