"""What a WordPress site's plugins take from us: SEO texts by Rank Math's own route, and languages."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.models import StoreConnection
from projects.models import ContentItem, Drift, SyncRecord
from tests.factories import make_project, make_woocommerce_connection
from tests.fakes.woocommerce import FakeWooCommerce
from tests.fakes.wordpress import PASSWORD, USER, FakeWordPress
from tests.helpers import run_jobs
from tests.projects.pushes import approve, imported, one, sync

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def project_of(cast: Any, settings: Any, site: Any, **fields: Any) -> Any:
    settings.OUTBOUND_ALLOWED_HOSTS = [site.hostport]
    connection = StoreConnection.objects.create(
        organization=cast.organization, name="Site", platform="wordpress", base_url=site.url, consumer_key=USER,
        consumer_secret=PASSWORD, status="active",
    )  # fmt: skip
    return make_project(cast.organization, platform="wordpress", store_connection=connection, **fields)


@pytest.mark.parametrize("kind", ["post", "page"])
def test_seo_texts_of_items_go_by_rank_maths_route(caller: Any, cast: Any, settings: Any, kind: str) -> None:
    """The route shows nothing: what we sent counts as what is there, and an undo says what it can't put back."""
    with FakeWordPress(rank_math=True) as site:
        project = project_of(cast, settings, site)
        [row] = imported(caller, project, site, kind=kind)
        approve(project, seo={"title": "Ours", "description": "All about it"})
        assert sync(caller, project).result["synced"] == 1
        assert site.seo[row["id"]] == {"rank_math_title": "Ours", "rank_math_description": "All about it"}
        [record] = SyncRecord.objects.all()
        assert (record.state, record.after["seo.title"]) == ("done", "Ours")

        site.seo.clear()
        item = ContentItem.objects.get()
        assert sync(caller, project, mode="all").result["unchanged"] == 1
        assert site.seo == {}  # nothing is sent twice
        caller.post(f"projects/{project.pk}/verify", {}, status=202)
        run_jobs()
        assert not Drift.objects.exists()

        approve(project, seo={"title": "Ours again", "description": "All about it"})
        assert sync(caller, project).result["synced"] == 1
        assert site.seo[row["id"]] == {"rank_math_title": "Ours again"}
        assert one(caller, project, item, verb="/undo")["success"]
        assert site.seo[row["id"]] == {"rank_math_title": "Ours"}
        answer = one(caller, project, item, verb="/undo")
        assert not answer["success"]
        record = SyncRecord.objects.order_by("-created_at")[0]
        assert (record.code, row["title"]["raw"] != f"New {row['id']}") == ("not_restored", True)
        assert {c["field"]: c["reason"] for c in record.conflicts} == dict.fromkeys(
            ("seo.title", "seo.description"),
            "Rank Math does not show what stood there before, so it can't be put back.",
        )


def test_a_text_goes_into_no_row_of_another_language(caller: Any, cast: Any, settings: Any) -> None:
    with FakeWooCommerce(plugin="polylang", codes=("de", "en")) as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        connection = make_woocommerce_connection(cast.organization, shop.url)
        project = make_project(cast.organization, store_connection=connection, settings={"language": "en"})
        [row] = imported(caller, project, shop)
        shop.speak(row, "de")
        name = row["name"]
        sync(caller, project)
        record = SyncRecord.objects.get()
        assert (record.state, record.code, row["name"]) == ("failed", "shop_language_other", name)
        assert "in English" in record.error_message
        shop.speak(row, "en")
        assert sync(caller, project).result["synced"] == 1
        shop.speak(row, "de")
        approve(project, name="Ours")
        assert sync(caller, project, force=True).result["synced"] == 1
