"""Pages that visitors see through a page builder: told before, refused unless forced, and told after."""

from __future__ import annotations

from typing import Any

import pytest

from blog.publishing import changes
from blog.publishing import publication as publications
from blog.publishing.targets import PublicationTarget
from integrations.models import BlogConnection, StoreConnection
from integrations.stores.wordpress import builders
from projects.models import ContentItem, SyncRecord
from tests.blog.sites import BlogSite
from tests.factories import make_project, make_woocommerce_connection
from tests.fakes.woocommerce import FakeWooCommerce
from tests.fakes.wordpress import PASSWORD, USER, FakeWordPress
from tests.helpers import run_jobs
from tests.projects.pushes import approve, imported, sync
from tests.workbench.conftest import make_post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def test_a_page_of_elementor_is_refused_unless_forced(caller: Any, cast: Any, settings: Any) -> None:
    with FakeWordPress() as site:
        settings.OUTBOUND_ALLOWED_HOSTS = [site.hostport]
        connection = StoreConnection.objects.create(
            organization=cast.organization, name="Site", platform="wordpress", base_url=site.url, consumer_key=USER,
            consumer_secret=PASSWORD, status="active",
        )  # fmt: skip
        project = make_project(cast.organization, platform="wordpress", store_connection=connection)
        add = site.add

        def build(*args: Any, **fields: Any) -> Any:
            row = add(*args, **fields)
            site.elementor(row, "<h2>What visitors see</h2>")
            return row

        site.add = build
        [row] = imported(caller, project, site, kind="page")
        before = dict(row["content"])
        item = ContentItem.objects.get()
        assert item.source_data["raw"]["built_with"] == "Elementor"
        [warning] = caller.get(f"projects/{project.pk}/sync/warnings")["warnings"]
        assert (warning["field"], "Elementor" in warning["reason"]) == ("description", True)

        sync(caller, project)
        record = SyncRecord.objects.get()
        assert (record.state, record.code, row["content"]) == ("failed", "page_builder", before)
        assert "Elementor" in record.error_message
        sync(caller, project, force=True, mode="selected", item_ids=[str(item.pk)])
        record = SyncRecord.objects.order_by("-created_at")[0]
        assert (record.state, row["content"] != before) == ("done", True)
        assert "Elementor" in record.skipped["description"]


def test_a_product_of_elementor_is_known_by_its_meta_rows(caller: Any, cast: Any, settings: Any) -> None:
    with FakeWooCommerce() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        project = make_project(
            cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url)
        )
        meta = [{"id": 991, "key": "_elementor_edit_mode", "value": "builder"}]
        [row] = imported(caller, project, shop, meta_data=meta)
        before = row["description"]
        sync(caller, project)
        assert (SyncRecord.objects.get().code, row["description"]) == ("page_builder", before)


@pytest.mark.parametrize("off", [False, True])
def test_a_builder_that_the_guard_knows_is_told_before_the_push_as_after(
    caller: Any, cast: Any, settings: Any, off: bool
) -> None:
    """Switched off, Elementor leaves its meta rows, and visitors see the content: nothing is wrong then."""
    with FakeWooCommerce() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        shop.guarded, shop.elementor_off = True, off
        project = make_project(
            cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url)
        )
        meta = [{"id": 991, "key": "_elementor_edit_mode", "value": "builder"}]
        imported(caller, project, shop, meta_data=meta)
        warnings = caller.get(f"projects/{project.pk}/sync/warnings")["warnings"]
        sync(caller, project)
        record = SyncRecord.objects.get()
        assert (len(warnings), record.state, record.code) == ((0, "done", "") if off else (1, "failed", "page_builder"))


@pytest.mark.parametrize("off", [False, True])
def test_a_page_of_a_builder_that_is_off_is_written(caller: Any, cast: Any, settings: Any, off: bool) -> None:
    with FakeWordPress() as site:
        settings.OUTBOUND_ALLOWED_HOSTS = [site.hostport]
        site.guarded, site.elementor_off = True, off
        connection = StoreConnection.objects.create(
            organization=cast.organization, name="Site", platform="wordpress", base_url=site.url, consumer_key=USER,
            consumer_secret=PASSWORD, status="active",
        )  # fmt: skip
        project = make_project(cast.organization, platform="wordpress", store_connection=connection)
        row = site.add("page")
        site.elementor(row, "<h2>What visitors see</h2>")
        caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
        run_jobs()
        approve(project)
        warnings = caller.get(f"projects/{project.pk}/sync/warnings")["warnings"]
        sync(caller, project)
        assert (len(warnings), SyncRecord.objects.get().code) == ((0, "") if off else (1, "page_builder"))


def test_a_post_that_the_merchant_rebuilt_is_refused_unless_forced(caller: Any, cast: Any, settings: Any) -> None:
    with BlogSite() as site:
        settings.OUTBOUND_ALLOWED_HOSTS = [site.hostport]
        connection = BlogConnection.objects.create(
            organization=cast.organization, name="Blog", site_url=site.url, username=USER, app_password=PASSWORD
        )
        post = make_post(make_project(cast.organization))
        target = PublicationTarget(blog_connection=connection)
        publications.publish(post=post, by=None, target=target)
        run_jobs()
        [row] = [row for row in site.rows.values() if row["type"] == "post"]
        site.elementor(row, "<h2>What visitors see</h2>")
        path = f"projects/{post.project_id}/blog-posts/{post.pk}"
        caller.patch(path, {"content": "<p>Ours, new.</p>"})
        asked = {"connection_id": str(connection.pk)}
        assert caller.post(f"{path}/publish", asked, status=409)["code"] == "page_builder"
        post.refresh_from_db()
        publications.publish(post=post, by=None, target=target, wish=changes.Resolution(force=True))
        run_jobs()
        assert row["content"]["raw"].startswith("<p>Ours, new.</p>")
        assert "Elementor" in caller.get(path)["skipped_fields"]["content"]


@pytest.mark.parametrize(
    ("content", "meta", "name"),
    [
        ("[et_pb_section][et_pb_text]Words[/et_pb_text][/et_pb_section]", {}, "Divi"),
        ("[vc_row][vc_column_text]Words[/vc_column_text][/vc_row]", {}, "WPBakery"),
        ("<p>Words</p>", {"_fl_builder_enabled": 1}, "Beaver Builder"),
        ("<p>Words</p>", {"_bricks_editor_mode": "bricks"}, "Bricks"),
        ("<p>Words</p>", {"_elementor_edit_mode": ""}, ""),
        ("<p>Words</p>", {"_bricks_editor_mode": "wordpress"}, ""),
        ("<!-- wp:paragraph --><p>Words</p><!-- /wp:paragraph -->", {}, ""),
    ],
)
def test_builders_are_known_by_their_marks(content: str, meta: dict[str, Any], name: str) -> None:
    assert builders.name_of(content, meta=meta) == name
    assert builders.name_of("<p>x</p>", told={"builder": "Elementor"}) == "Elementor"
    assert builders.name_of("<p>x</p>", meta={"_elementor_edit_mode": "builder"}, told={"builder": ""}) == ""
