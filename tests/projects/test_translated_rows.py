"""A shop with Polylang: the rows of its further languages become texts of their products, in any order, once and for all."""

from __future__ import annotations

import pytest

from integrations.models import StoreConnection
from integrations.stores.woocommerce.client import WooCommerceStore
from integrations.stores.wordpress.client import WordPressStore
from projects.models import ContentItem, DataSource, SyncRecord
from scribe.models import Job
from tests.factories import make_language_text, make_project, make_woocommerce_connection
from tests.fakes import wordpress
from tests.fakes.woocommerce import FakeWooCommerce
from tests.helpers import run_jobs
from tests.projects.pushes import sync

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["polylang"])
def shop(request, settings, monkeypatch):
    monkeypatch.setattr(WooCommerceStore, "page_size", 2)
    with FakeWooCommerce(plugin=request.param) as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def project(cast, shop):
    connection = make_woocommerce_connection(cast.organization, shop.url)
    return make_project(cast.organization, store_connection=connection, settings={"language": "en"})


@pytest.fixture
def caller(api, cast):
    return api.as_(cast.owner)


def execute(caller, project):
    started = caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    job = Job.objects.get(pk=started["job_id"])
    assert job.status == "completed", job.error
    return job


def family(shop, name, ids):
    """A product in English, German and French with these ids, of which the English one may be missing (0)."""
    row = shop.add(id=ids[0] or 9000 + ids[1], name=f"{name} en", sku=name)
    rows = {"en": row}
    for code, pk in zip(("de", "fr"), ids[1:], strict=True):
        rows[code] = shop.translate(row, code, id=pk, name=f"{name} {code}", description=f"<p>{name} {code}</p>")
    if not ids[0]:
        del shop.products[row["id"]]
        del row["translations"]["en"]
    return rows


def shape(project):
    """Items and texts by name of their own row, each with the product that it is a text of."""
    rows = ContentItem.rows.filter(project=project).exclude(item_type="variant").select_related("main")
    return {
        (row.view_data or row.source_data)["name"]: (row.language, row.main.source_data["name"] if row.main else "")
        for row in rows
    }


@pytest.mark.thorough
def test_translations_become_texts_of_their_product(caller, project, shop):
    """Originals before, between and after their translations, pages apart; an original that is missing; imported three times,
    and after it came. A push then writes the translated product and nothing else."""
    families = {"Cup": (10, 20, 30), "Bottle": (21, 11, 31), "Tent": (32, 22, 12), "Lamp": (0, 13, 23)}
    rows = {name: family(shop, name, ids) for name, ids in families.items()}
    shop.add_variation(20, "Rot")
    joined = {f"{n} {c}": (c if c != "en" else "", f"{n} en" if c != "en" else "") for n in families for c in rows[n]}
    alone = {"Lamp de": ("", ""), "Lamp fr": ("", "")}
    expected = {**{name: row for name, row in joined.items() if name != "Lamp en"}, **alone}

    first = execute(caller, project)
    assert shape(project) == expected
    assert first.result["translations"] == {"joined": 6, "apart": 2}
    assert "2 translations stay items" in first.result["note"]
    assert DataSource.objects.get().item_count == 3 + 2 + 1  # with the variant, whose parent is the product itself
    assert ContentItem.objects.get(item_type="variant").parent.source_data["name"] == "Cup en"
    ids = set(ContentItem.rows.values_list("pk", "language"))

    again = execute(caller, project)
    assert (again.result["imported"], again.result["updated"], again.result["unchanged"]) == (0, 0, 12)
    shop.edit(rows["Cup"]["de"], description="<p>Neu</p>")
    third = execute(caller, project)
    assert (third.result["imported"], third.result["updated"]) == (0, 1)
    assert set(ContentItem.rows.values_list("pk", "language")) == ids
    text = ContentItem.rows.get(external_id="10", language="de")
    assert (text.view_data["description"], text.source_data["name"]) == ("<p>Neu</p>", "Cup en")

    lamp = shop.add(id=40, name="Lamp en", sku="Lamp")
    group = rows["Lamp"]["de"]["translations"]
    group["en"] = lamp["id"]
    lamp["translations"] = group
    fourth = execute(caller, project)
    assert fourth.result["translations"] == {"joined": 2, "apart": 0}
    assert shape(project) == joined

    ContentItem.rows.filter(language="de").update(
        generated_content={"description": "<p>Unser Text</p>"}, status="approved"
    )
    shop.writes.clear()
    job = sync(caller, project, languages=["de"])
    assert job.result["conflicts"] == 4  # his words, like any other
    assert not shop.writes
    job = sync(caller, project, languages=["de"], force=True)
    assert (job.status, job.result["synced"]) == ("completed", 4), job.result
    assert {shop.products[r["de"]["id"]]["description"].strip() for r in rows.values()} == {"<p>Unser Text</p>"}
    assert {shop.products[r["fr"]["id"]]["description"] for r in rows.values()} == {f"<p>{n} fr</p>" for n in rows}
    fifth = execute(caller, project)
    assert (fifth.result["imported"], fifth.result["updated"]) == (0, 0)
    assert shape(project) == joined


@pytest.mark.thorough
def test_items_imported_apart_are_joined_with_all_they_have(caller, project, shop):
    """From an import before the plugin told its languages. One was written in German, one in English, one is excluded, and
    one's product has a German text already."""
    shop.plugin = "polylang_free"
    codes, names = ("en", "de"), ("Cup", "Bottle", "Tent", "Lamp", "New")
    pairs = [{code: shop.add(name=f"{name} {code}", sku=name) for code in codes} for name in names]
    gone = shop.products.pop(pairs[4]["de"]["id"])
    execute(caller, project)
    assert len(shape(project)) == ContentItem.objects.count() == 9
    cup = pairs[0]
    item = {
        row["name"]: ContentItem.objects.get(external_id=str(row["id"]))
        for p in pairs
        for row in p.values()
        if row is not gone
    }
    for name, code in (("Cup de", "de"), ("Bottle de", "en"), ("Lamp en", "en"), ("New en", "en")):
        ContentItem.objects.filter(pk=item[name].pk).update(
            generated_content={"name": "Ours"},
            status="approved",
            confidence_score=90,
            generation_metadata={"settings": {"language": code}},
        )
    caller.patch(f"projects/{project.pk}/items/{item['Cup de'].pk}", {"generated_content": {"name": "Unsere"}})
    ContentItem.objects.filter(pk=item["Cup de"].pk).update(status="approved")
    synced = sync(caller, project, item_ids=[str(item["Cup de"].pk)])
    assert synced.result["synced"] == 1, synced.result
    caller.post(f"projects/{project.pk}/items/exclude", {"item_ids": [str(item["Tent de"].pk)]})
    make_language_text(item["Lamp en"], "de", generated_content={"name": "Lampe"}, status="approved")
    make_language_text(item["New en"], "de", generated_content={"name": "Neu"}, status="approved")

    shop.plugin, shop.products[gone["id"]] = "polylang", gone
    for pair in pairs:
        shop.link(shop.speak(pair["en"], "en"), "de", pair["de"])
    job = execute(caller, project)
    assert job.result["translations"] == {"joined": 1, "apart": 2}  # people left the excluded one out themselves
    assert job.result["imported"] == 0
    text = ContentItem.rows.get(pk=item["Cup de"].pk)
    assert (text.main_id, text.language, text.status) == (item["Cup en"].pk, "de", "synced")
    assert (text.generated_content["name"], text.view_data["name"]) == ("Unsere", "Cup de")
    assert text.versions.exists()
    assert caller.get(f"projects/{project.pk}/items/{text.pk}")["main_item_id"] == str(item["Cup en"].pk)
    assert ContentItem.objects.filter(pk__in=[item[f"{n} de"].pk for n in ("Bottle", "Tent", "Lamp")]).count() == 3

    record = SyncRecord.objects.get(item=text)
    caller.post(f"jobs/{record.job_id}/undo", {}, status=202)
    run_jobs()
    assert shop.products[cup["de"]["id"]]["name"] == "Cup de"
    assert shop.products[cup["en"]["id"]]["name"] == "Cup en"
    execute(caller, project)
    assert ContentItem.objects.count() == 8


def test_rows_that_stop_telling_their_language_stay_the_texts_that_they_are(caller, project, shop):
    """For one import, as when the shop's plugin is switched off for a while. What it changes meanwhile is taken over."""
    families = {"Cup": (10, 20, 30), "Bottle": (21, 11, 31)}
    rows = {name: family(shop, name, ids) for name, ids in families.items()}
    shop.add_variation(20, "Rot")
    execute(caller, project)
    joined, ids = shape(project), set(ContentItem.rows.values_list("pk", "language"))
    assert joined["Cup de"] == ("de", "Cup en")

    told = {pk: {key: row.pop(key) for key in ("lang", "translations")} for pk, row in shop.products.items()}
    shop.edit(rows["Cup"]["de"], description="<p>Neu</p>")
    silent = execute(caller, project)
    assert silent.result["imported"] == 0
    assert (shape(project), set(ContentItem.rows.values_list("pk", "language"))) == (joined, ids)
    text = ContentItem.rows.get(external_id="10", language="de")
    assert (text.view_data["description"], text.source_data["name"]) == ("<p>Neu</p>", "Cup en")

    for pk, row in shop.products.items():
        row.update(told[pk])
    again = execute(caller, project)
    assert (again.result["imported"], again.result["translations"]) == (0, {"joined": 0, "apart": 0})
    assert (shape(project), set(ContentItem.rows.values_list("pk", "language"))) == (joined, ids)


@pytest.mark.parametrize(("shop", "settings_of"), [("polylang_free", "en"), ("polylang", "fr")], indirect=["shop"])
def test_what_is_not_known_is_not_guessed(caller, project, shop, settings_of):
    """The free version tells nothing; and with a main language that is not the shop's, it isn't known which row is the item."""
    project.settings = {"language": settings_of}
    project.save()
    row = shop.add()
    shop.translate(row, "de")
    job = execute(caller, project)
    assert ContentItem.objects.count() == 2
    assert ContentItem.rows.count() == 2
    assert ("not the project's" in job.result.get("note", "")) == (settings_of == "fr")


def test_posts_of_polylang_pro(caller, cast, settings, monkeypatch):
    monkeypatch.setattr(WordPressStore, "page_size", 2)
    with wordpress.FakeWordPress(plugin="polylang") as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        connection = StoreConnection.objects.create(
            organization=cast.organization, name="Blog", platform="wordpress", base_url=fake.url, status="active",
            consumer_key=wordpress.USER, consumer_secret=wordpress.PASSWORD,
        )  # fmt: skip
        project = make_project(
            cast.organization, platform="wordpress", store_connection=connection, settings={"language": "en"}
        )
        row = fake.add()
        for code in ("de", "fr"):
            fake.translate(row, code)
        for _ in range(2):
            execute(caller, project)
            assert ContentItem.objects.get().external_id == str(row["id"])
            assert set(ContentItem.rows.values_list("language", flat=True)) == {"", "de", "fr"}
