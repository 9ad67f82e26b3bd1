"""After an undo, a sync finds what it would have found before the push: what was a conflict then is one again, nothing
else. The same in every place that we write, on every platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from integrations.models import StoreConnection
from projects import staleness
from projects.models import ContentItem, SyncRecord
from tests.factories import make_item, make_language_text, make_project, make_woocommerce_connection
from tests.fakes import magento, shopify, woocommerce, wordpress
from tests.helpers import run_jobs
from tests.projects.pushes import imported, one, sync
from tests.shop_languages import SHOPS
from tests.sizes import some
from tests.stores import covering

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_value("place")]

Row = dict[str, Any]


@dataclass
class Place:
    """A kind of row in a fake, whose texts are read and edited as the merchant does. `add` makes an empty one."""

    name: str
    platform: str
    make: Callable[[], Any]
    secrets: dict[str, str]
    add: dict[str, Any]
    read: Callable[[Any, Row], dict[str, Any]]
    edit: Callable[[Any, Row, str, str], None]


WOO_META = {"seo.title": "_yoast_wpseo_title", "seo.description": "_yoast_wpseo_metadesc"}
MAGENTO_CODES = {
    "description": "description", "short_description": "short_description", "seo.title": "meta_title",
    "seo.description": "meta_description",
}  # fmt: skip
RANK_MATH = {"seo.title": "rank_math_title", "seo.description": "rank_math_description"}


def _woo_read(shop: Any, row: Row) -> dict[str, Any]:
    plain = {field: row[field] for field in ("name", "description", "short_description")}
    return plain | {field: shop.meta(row["id"], key) or "" for field, key in WOO_META.items()}


def _woo_edit(shop: Any, row: Row, field: str, text: str) -> None:
    if field in WOO_META:
        others = [one for one in row["meta_data"] if one["key"] != WOO_META[field]]
        shop.edit(row, meta_data=[*others, {"id": next(shop.ids), "key": WOO_META[field], "value": text}])
    else:
        shop.edit(row, **{field: text})


def _shopify_read(shop: Any, row: Row) -> dict[str, Any]:
    seo = {f"seo.{key}": text or "" for key, text in row["seo"].items()}
    return {"name": row["title"], "description": row["descriptionHtml"], **seo}


def _shopify_edit(shop: Any, row: Row, field: str, text: str) -> None:
    group, _, part = field.partition(".")
    if part:
        shop.edit(row, seo={**row["seo"], part: text})
    else:
        shop.edit(row, **{{"name": "title", "description": "descriptionHtml"}[group]: text})


def _magento_read(shop: Any, row: Row) -> dict[str, Any]:
    return {"name": row["name"]} | {field: shop.value(row, code) or "" for field, code in MAGENTO_CODES.items()}


def _magento_edit(shop: Any, row: Row, field: str, text: str) -> None:
    if field == "name":
        shop.edit(row, name=text)
        return
    code = MAGENTO_CODES[field]
    others = [one for one in row["custom_attributes"] if one["attribute_code"] != code]
    shop.edit(row, custom_attributes=[*others, {"attribute_code": code, "value": text}])


def _guarded_site() -> Any:
    site = wordpress.FakeWordPress(rank_math=True)
    site.guarded = True
    return site


def _site_read(site: Any, row: Row) -> dict[str, Any]:
    seo = site.seo.get(row["id"], {})
    return {"name": row["title"]["raw"], "description": row["content"]["raw"]} | {
        field: seo.get(key, "") for field, key in RANK_MATH.items()
    }


def _site_edit(site: Any, row: Row, field: str, text: str) -> None:
    if field in RANK_MATH:
        held = {**site.seo.get(row["id"], {}), RANK_MATH[field]: text}
        site.seo[row["id"]] = {key: value for key, value in held.items() if value}
    else:
        row[{"name": "title", "description": "content"}[field]] = {"raw": text}


SITE = {"consumer_key": wordpress.USER, "consumer_secret": wordpress.PASSWORD}
PLACES = covering([
    Place(
        "woocommerce", "woocommerce", woocommerce.FakeWooCommerce,
        {"consumer_key": woocommerce.KEY, "consumer_secret": woocommerce.SECRET},
        {"description": "", "short_description": ""}, _woo_read, _woo_edit,
    ),
    Place(
        "shopify", "shopify", shopify.FakeShopify, {"access_token": shopify.TOKEN}, {"descriptionHtml": ""},
        _shopify_read, _shopify_edit,
    ),
    Place(
        "magento", "magento2", magento.FakeMagento, {"access_token": magento.TOKEN}, {"custom": {"description": ""}},
        _magento_read, _magento_edit,
    ),
    Place("page", "wordpress", _guarded_site, SITE, {"kind": "page", "content": ""}, _site_read, _site_edit),
    Place("post", "wordpress", _guarded_site, SITE, {"kind": "post", "content": ""}, _site_read, _site_edit),
])  # fmt: skip


@pytest.fixture(params=PLACES, ids=lambda place: place.name)
def place(request: Any) -> Any:
    return request.param


@pytest.fixture
def shop(place: Any, settings: Any) -> Any:
    with place.make() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        settings.SHOPIFY_SHOP_URL = fake.url
        yield fake


@pytest.fixture
def project(cast: Any, shop: Any, place: Any) -> Any:
    connection = StoreConnection.objects.create(
        organization=cast.organization, name="Shop", platform=place.platform, base_url=shop.url, status="active",
        **place.secrets,
    )  # fmt: skip
    return make_project(cast.organization, platform=place.platform, store_connection=connection)


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def words(field: str, author: str) -> str:
    text = f"{author} {field.replace('.', ' ')}"
    return f"<p>{text}</p>" if field.endswith("description") and not field.startswith("seo") else text


def write(fields: Any, author: str, **more: Any) -> None:
    """Our approved text of these fields."""
    content: dict[str, Any] = {"seo": {}}
    for field in fields:
        group, _, part = field.partition(".")
        if part:
            content[group][part] = words(field, author)
        else:
            content[group] = words(field, author)
    ContentItem.objects.update(generated_content={**content, **more}, status="approved")


def read_again(caller: Any, project: Any) -> None:
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()


def conflicts(caller: Any, project: Any) -> dict[str, Any]:
    """The merchant's texts that a plain sync finds, by field."""
    job = sync(caller, project, mode="all")
    record = SyncRecord.objects.filter(job=job).first()
    return {} if record is None else {clash["field"]: clash["store"] for clash in record.conflicts}


NOTED = {
    "nothing": lambda item: None,
    "all": staleness.store_texts,
    "none of these fields": lambda item: {"name": item.source_data["name"]},
}
CASES = [(noted, read) for noted in NOTED for read in ("", "read between")]


@pytest.mark.thorough
@pytest.mark.parametrize("case", some(CASES, 2), ids=", ".join)
def test_what_force_wrote_over_is_a_conflict_again_after_its_undo(
    caller: Any, project: Any, place: Any, shop: Any, case: tuple[str, str]
) -> None:
    made_from, read_between = case
    [row] = imported(caller, project, shop, **place.add)
    item = ContentItem.objects.get()
    ContentItem.objects.update(made_from=NOTED[made_from](item))
    fields = list(place.read(shop, row))
    write(fields, "Ours")
    for field in fields:
        place.edit(shop, row, field, words(field, "His"))
    his = place.read(shop, row)
    assert conflicts(caller, project) == his
    assert one(caller, project, item, force=True)["success"]
    assert place.read(shop, row) == {field: words(field, "Ours") for field in fields}
    if read_between:
        read_again(caller, project)
    assert one(caller, project, item, verb="/undo")["success"]
    assert place.read(shop, row) == his
    for _ in range(2):
        assert conflicts(caller, project) == his
        assert place.read(shop, row) == his
        read_again(caller, project)


@pytest.mark.thorough
def test_of_two_forced_pushes_the_undo_of_one_leaves_a_conflict(
    caller: Any, project: Any, place: Any, shop: Any
) -> None:
    [row] = imported(caller, project, shop, **place.add)
    item = ContentItem.objects.get()
    fields = list(place.read(shop, row))
    seen = []
    for author in ("first", "second"):
        write(fields, f"Ours {author}")
        for field in fields:
            place.edit(shop, row, field, words(field, f"His {author}"))
        seen.append(place.read(shop, row))
        assert one(caller, project, item, force=True)["success"]
    assert one(caller, project, item, verb="/undo")["success"]
    assert conflicts(caller, project) == place.read(shop, row) == seen[1]
    assert one(caller, project, item, verb="/undo", status=409)["code"] == "store_changed"
    assert one(caller, project, item, verb="/undo", force=True)["success"]
    assert conflicts(caller, project) == place.read(shop, row) == seen[0]


@pytest.mark.thorough
def test_a_text_that_the_merchant_set_back_by_hand_stays_a_conflict(
    caller: Any, project: Any, place: Any, shop: Any
) -> None:
    """What stands there is what ours was made from, and yet he has written it over ours."""
    [row] = imported(caller, project, shop, **place.add)
    item = ContentItem.objects.get()
    ContentItem.objects.update(made_from=staleness.store_texts(item))
    before = place.read(shop, row)["name"]
    write(["name"], "Ours")
    assert conflicts(caller, project) == {}
    place.edit(shop, row, "name", before)
    write(["name"], "Ours again")
    assert conflicts(caller, project) == {"name": before}
    assert one(caller, project, item, force=True)["success"]
    assert one(caller, project, item, verb="/undo")["success"]
    assert conflicts(caller, project) == {"name": before}


def test_of_an_undo_that_leaves_a_text_all_stay_conflicts(caller: Any, project: Any, place: Any, shop: Any) -> None:
    [row] = imported(caller, project, shop, **place.add)
    item = ContentItem.objects.get()
    fields = list(place.read(shop, row))
    write(fields, "Ours")
    for field in fields:
        place.edit(shop, row, field, words(field, "His"))
    his = place.read(shop, row)
    assert one(caller, project, item, force=True)["success"]
    place.edit(shop, row, "name", "His newest")
    assert one(caller, project, item, verb="/undo", status=409)["code"] == "store_changed"
    assert place.read(shop, row) == his | {"name": "His newest"}
    assert conflicts(caller, project) == place.read(shop, row)


@pytest.mark.thorough
def test_what_was_free_before_a_push_is_free_after_its_undo(caller: Any, project: Any, place: Any, shop: Any) -> None:
    [row] = imported(caller, project, shop, **place.add)
    item = ContentItem.objects.get()
    fields = list(place.read(shop, row))
    for number, force in enumerate((False, True, False)):
        before = place.read(shop, row)
        for _ in range(2):
            write(fields, f"Ours {number}")
            assert one(caller, project, item, force=force)["success"]
            assert one(caller, project, item, verb="/undo")["success"]
            assert place.read(shop, row) == before
        assert conflicts(caller, project) == {}
        assert place.read(shop, row) == {field: words(field, f"Ours {number}") for field in fields}


def is_write(request: Any) -> bool:
    return request.method != "GET" and ("graphql" not in request.path or "mutation" in request.json["query"])


@pytest.mark.thorough
def test_an_undo_whose_answer_was_lost_leaves_a_conflict(caller: Any, project: Any, place: Any, shop: Any) -> None:
    [row] = imported(caller, project, shop, **place.add)
    item = ContentItem.objects.get()
    fields = list(place.read(shop, row))
    write(fields, "Ours")
    for field in fields:
        place.edit(shop, row, field, words(field, "His"))
    his = place.read(shop, row)
    assert one(caller, project, item, force=True)["success"]
    shop.drop_after(is_write)
    assert one(caller, project, item, verb="/undo")["success"]
    assert conflicts(caller, project) == place.read(shop, row) == his


def test_tags_that_an_undo_took_out_are_added_again_and_the_merchants_stay_out(
    caller: Any, cast: Any, settings: Any
) -> None:
    with woocommerce.FakeWooCommerce() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        connection = make_woocommerce_connection(cast.organization, shop.url)
        project = make_project(cast.organization, store_connection=connection)
        [row] = imported(caller, project, shop, tags=["wool", "sale"])
        item = ContentItem.objects.get()

        def names() -> list[str]:
            return [tag["name"] for tag in row["tags"]]

        write(["name"], "Ours", tags=["warm"])
        shop.edit(row, name="His", tags=[tag for tag in row["tags"] if tag["name"] != "sale"])
        assert one(caller, project, item, force=True)["success"]
        assert names() == ["wool", "warm"]
        assert one(caller, project, item, verb="/undo")["success"]
        assert (row["name"], names()) == ("His", ["wool"])
        assert conflicts(caller, project) == {"name": "His"}
        write([], "Ours", tags=["warm", "sale"])
        assert conflicts(caller, project) == {}
        assert names() == ["wool", "warm"]


@pytest.mark.thorough
@pytest.mark.parametrize("translated", SHOPS, ids=lambda shop: shop.name)
def test_a_translation_that_an_undo_put_back_is_a_conflict(
    caller: Any, cast: Any, settings: Any, translated: Any
) -> None:
    with translated.open(settings) as fake:
        connection = StoreConnection.objects.create(
            organization=cast.organization, name="Shop", platform=translated.platform, base_url=fake.url,
            status="active", **translated.secrets,
        )  # fmt: skip
        project = make_project(
            cast.organization, platform=translated.platform, store_connection=connection, settings={"language": "en"}
        )
        row = translated.product(fake)
        ref = translated.ref(row)
        main = make_item(project, external_id=ref.external_id, item_type=ref.item_type, status="pending")
        content = {"name": "Unseres", "description": "<p>Unseres</p>"}
        text = make_language_text(main, "de", status="approved", generated_content=content)
        code = translated.codes["de"]

        def found() -> list[str]:
            job = sync(caller, project, mode="all", languages=["de"])
            record = SyncRecord.objects.filter(job=job).first()
            return [] if record is None else sorted(clash["field"] for clash in record.conflicts)

        def shown() -> list[str]:
            return [translated.shown(fake, row, code, field) for field in content]

        for round_number in range(2):
            for field in content:
                translated.edit(fake, row, code, field, f"<p>Seines {round_number}</p>")
            his = shown()
            assert found() == ["description", "name"]
            assert one(caller, project, text, force=True)["success"]
            assert shown() == list(content.values())
            assert one(caller, project, text, verb="/undo")["success"]
            assert (found(), shown()) == (["description", "name"], his)
