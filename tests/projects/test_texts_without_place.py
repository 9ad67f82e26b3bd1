"""Texts that a shop has no place for are not written unasked, and told with their price where settings ask for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from integrations.models import StoreConnection
from integrations.stores.wordpress.publisher import YOAST_META
from projects.generation import parts
from projects.generation.translation import Sources
from projects.models import ContentItem
from projects.writing_settings import resolve
from tests.factories import make_item, make_language_text, make_project, make_woocommerce_connection
from tests.fakes.shopify import TOKEN
from tests.fakes.woocommerce import FakeWooCommerce
from tests.fakes.wordpress import PASSWORD, USER, FakeWordPress
from tests.helpers import run_jobs
from tests.projects.pushes import approve
from tests.workbench.visiting import WISHES, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
SEO = ["seo.title", "seo.description", "seo.focus_keyword"]


@pytest.fixture
def shop(settings: Any) -> Any:
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        fake.seo = ""
        yield fake


@pytest.fixture
def project(cast: Any, shop: Any) -> Any:
    return make_project(cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url))


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def read(caller: Any, project: Any, shop: Any) -> None:
    shop.add(name="Steel bottle", description="<p>A bottle of steel.</p>")
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    project.refresh_from_db()


def estimate(caller: Any, project: Any, **body: Any) -> Any:
    return caller.post(f"projects/{project.pk}/generate/estimate", body)


def test_seo_texts_are_left_out_for_a_site_without_an_seo_plugin(caller: Any, project: Any, shop: Any) -> None:
    assert estimate(caller, project)["no_place"] == []  # the shop has told nothing yet
    read(caller, project, shop)
    [told] = estimate(caller, project)["no_place"]
    assert (told["texts"], told["written"], Decimal(told["xct_max"])) == (SEO, False, 0)
    assert "no SEO plugin" in told["reason"]
    caller.post(f"projects/{project.pk}/generate", {}, status=202)
    run_jobs()
    assert "seo" not in ContentItem.objects.get(project=project).generated_content
    shown = caller.get(f"store-connections/{project.store_connection_id}")
    assert shown["missing_places"] == dict.fromkeys(SEO, told["reason"])


def test_seo_texts_that_settings_ask_for_are_written_and_their_price_is_told(
    caller: Any, cast: Any, project: Any, shop: Any, settings: Any
) -> None:
    settings.OPENAI_API_KEY, settings.DEFAULT_AI_PROVIDER = "sk-test", "openai"
    read(caller, project, shop)
    without = Decimal(estimate(caller, project)["xct_max"])
    project.settings = {"generate_seo": True}
    project.save()
    quote = estimate(caller, project)
    [told] = quote["no_place"]
    assert told["written"]
    assert Decimal(told["xct_max"]) == Decimal(quote["xct_max"]) - without > 0
    page = Visitor(cast.owner).send(
        f"projects/{project.pk}/write/quote",
        {**WISHES, "ai_provider": "openai", "fields_wanted": ["generate_long", "generate_seo"]},
    )
    assert "The store has no field for these texts" in page
    assert "Focus keyphrase" in page
    plain = Visitor(cast.owner).send(f"projects/{project.pk}/write/quote", {**WISHES, "ai_provider": "openai"})
    assert "Not generated, because the store has no field for it" in plain


def test_a_site_with_an_seo_plugin_gets_its_texts(caller: Any, project: Any, shop: Any) -> None:
    shop.seo = "yoast"
    read(caller, project, shop)
    assert estimate(caller, project)["no_place"] == []
    assert resolve(project, {}).generate_seo
    shop.seo = ""  # it was switched off since: the next test of the connection finds out
    caller.post(f"store-connections/{project.store_connection_id}/test", {})
    project = type(project).objects.get(pk=project.pk)
    assert not resolve(project, {}).generate_seo
    project.settings = {"sync": {"seo_plugin": "rank_math"}}  # who says that it is there, is believed
    assert resolve(project, {}).generate_seo


def test_the_warnings_before_a_sync_name_them(caller: Any, cast: Any, project: Any, shop: Any) -> None:
    read(caller, project, shop)
    approve(project, seo={"title": "Bottle", "description": "", "focus_keyword": "bottle"})
    named = caller.get(f"projects/{project.pk}/sync/warnings")["no_place"]
    assert [(row["field"], row["items"]) for row in named] == [("seo.title", 1), ("seo.focus_keyword", 1)]
    page = Visitor(cast.owner).part(f"projects/{project.pk}/store/push/warnings")
    assert "no field for these texts" in page
    assert "SEO title" in page


@pytest.mark.parametrize("registered", [True, False])
def test_posts_of_a_site_that_registers_no_seo_rows(caller: Any, cast: Any, settings: Any, registered: bool) -> None:
    with FakeWordPress() as site:
        settings.OUTBOUND_ALLOWED_HOSTS = [site.hostport]
        site.meta_keys = tuple(YOAST_META.values()) if registered else ()
        connection = StoreConnection.objects.create(
            organization=cast.organization, name="Blog", platform="wordpress", base_url=site.url, status="active",
            consumer_key=USER, consumer_secret=PASSWORD,
        )  # fmt: skip
        project = make_project(cast.organization, platform="wordpress", store_connection=connection)
        site.add(kind="post", title="Tea", content="<p>Tea.</p>")
        caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
        run_jobs()
        project.store_connection.refresh_from_db()
        assert resolve(project, {}).generate_seo is registered


def test_shopify_has_no_short_description_unless_the_settings_name_a_place(cast: Any) -> None:
    connection = StoreConnection.objects.create(
        organization=cast.organization, name="Shop", platform="shopify", base_url="https://a.example", status="active",
        access_token=TOKEN,
    )  # fmt: skip
    project = make_project(cast.organization, platform="shopify", store_connection=connection)
    assert not resolve(project, {}).generate_short
    assert resolve(project, {"generate_short": True}).generate_short
    project.settings = {"sync": {"placement": {"short_description": "meta.custom.short"}}}
    assert resolve(project, {}).generate_short


def test_they_are_not_translated_either(cast: Any, project: Any, settings: Any) -> None:
    settings.OPENAI_API_KEY, settings.DEFAULT_AI_PROVIDER = "sk-test", "openai"
    StoreConnection.objects.update(missing_places=dict.fromkeys(SEO, "No plugin."))
    project.refresh_from_db()
    content = {"name": "Bottle", "seo": {"title": "Bottle", "description": "A bottle of steel."}}
    item = make_item(project, status="approved", generated_content=content)
    held = {"name": "Alt", "seo": {"title": "Alt"}}
    text = make_language_text(item, "de", generated_content=held, outdated_fields=["name"], status="approved")
    main, [part] = parts.plan_parts(project, {"languages": ["de"]}, selection="all", item_ids=None)
    task = Sources(main, {"de": part.settings}, stale=False).of([text])[text.pk]
    assert set(task.made_from) == {"name"}
    again = Sources(main, {"de": part.settings}, stale=True).of([text])[text.pk]
    assert again.kept == {"seo": {"title": "Alt"}}  # what was bought stays
