"""Store connections: kept with their secrets hidden, tested live, never opened at another host."""

from __future__ import annotations

import pytest

from integrations import connections
from integrations.models import StoreConnection
from integrations.stores import platforms
from integrations.stores.errors import NotAuthorized
from scribe.http import addresses
from tests.factories import make_project
from tests.fakes.woocommerce import KEY, SECRET, FakeWooCommerce

pytestmark = pytest.mark.django_db
BODY = {
    "name": "Shop",
    "platform": "woocommerce",
    "base_url": "https://shop.example.com/wp-admin/",
    "consumer_key": "ck_very_secret",
    "consumer_secret": "cs_very_secret",
}


@pytest.fixture(autouse=True)
def resolver(monkeypatch):
    names = {
        "shop.example.com": ["93.184.216.34"],
        "inside.example.com": ["10.0.0.5"],
        "other.example.com": ["93.184.216.35"],
    }
    real = addresses.look_up
    monkeypatch.setattr(
        addresses, "look_up", lambda host, port: real(host, port) if host == "127.0.0.1" else names.get(host, [])
    )


@pytest.fixture
def shop(settings):
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


def test_a_connection_is_made_pending_and_shows_no_secret(api, cast):
    made = api.as_(cast.owner).post("store-connections", BODY, status=201)
    assert made["base_url"] == "https://shop.example.com"
    assert (made["status"], made["has_credentials"], made["project_count"]) == ("pending", True, 0)
    for text in (str(made), str(api.as_(cast.owner).get("store-connections"))):
        assert "very_secret" not in text
    row = StoreConnection.objects.get()
    assert row.consumer_secret == "cs_very_secret"


def test_secrets_are_encrypted_in_the_database(api, cast):
    api.as_(cast.owner).post("store-connections", BODY, status=201)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT consumer_key, consumer_secret FROM integrations_storeconnection")
        assert "very_secret" not in str(cursor.fetchone())


def test_members_look_and_admins_change(api, cast):
    made = api.as_(cast.owner).post("store-connections", BODY, status=201)
    path = f"store-connections/{made['id']}"
    member = api.as_(cast.teammate)
    assert len(member.get("store-connections")) == 1
    assert member.get(path)["name"] == "Shop"
    assert member.post("store-connections", BODY, status=403)["code"] == "admin_required"
    member.patch(path, {"name": "x"}, status=403)
    member.delete(path, status=403)


def test_a_stranger_finds_nothing(api, cast):
    made = api.as_(cast.owner).post("store-connections", BODY, status=201)
    path = f"store-connections/{made['id']}"
    stranger = api.as_(cast.stranger)
    assert stranger.get("store-connections") == []
    stranger.get(path, status=404)
    stranger.patch(path, {"name": "x"}, status=404)
    stranger.delete(path, status=404)
    stranger.post(path + "/test", status=404)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com",
        "https://10.0.0.1",
        "https://inside.example.com",
        "https://2130706433",
        "ftp://x.example.com",
        "https://u:p@shop.example.com",
    ],
)
def test_an_address_inside_is_refused(api, cast, url):
    problem = api.as_(cast.owner).post("store-connections", {**BODY, "base_url": url}, status=400)
    assert problem["errors"][0]["pointer"] == "#/base_url"
    made = api.as_(cast.owner).post("store-connections", BODY, status=201)
    api.as_(cast.owner).patch(f"store-connections/{made['id']}", {"base_url": url}, status=400)


def test_missing_and_unknown_input_is_named(api, cast):
    problem = api.as_(cast.owner).post("store-connections", {"platform": "etsy"}, status=400)
    assert {e["pointer"] for e in problem["errors"]} == {"#/name", "#/platform", "#/base_url"}


def test_another_host_erases_the_credentials(api, cast):
    owner = api.as_(cast.owner)
    path = f"store-connections/{owner.post('store-connections', BODY, status=201)['id']}"
    StoreConnection.objects.update(status="active")
    assert owner.patch(path, {"base_url": "https://shop.example.com/de"})["has_credentials"]
    moved = owner.patch(path, {"base_url": "https://other.example.com"})
    assert (moved["has_credentials"], moved["status"]) == (False, "pending")
    assert StoreConnection.objects.get().consumer_secret == ""
    back = owner.patch(path, {"base_url": "https://shop.example.com", "consumer_key": "a", "consumer_secret": "b"})
    assert back["has_credentials"]


def test_a_changed_host_never_receives_the_old_credentials(api, cast, shop, settings):
    with FakeWooCommerce() as thief:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport, thief.hostport]
        owner = api.as_(cast.owner)
        made = owner.post(
            "store-connections",
            {**BODY, "base_url": shop.url, "consumer_key": KEY, "consumer_secret": SECRET},
            status=201,
        )
        path = f"store-connections/{made['id']}"
        assert owner.post(path + "/test")["success"]
        owner.patch(path, {"base_url": thief.url})
        assert not owner.post(path + "/test")["success"]
        assert thief.requests == []


def test_a_redirect_takes_no_credentials_along(api, cast, shop, settings):
    with FakeWooCommerce() as thief:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport, thief.hostport]
        shop.fail(302, b"", times=9, Location=thief.url + "/wp-json/")
        owner = api.as_(cast.owner)
        made = owner.post(
            "store-connections",
            {**BODY, "base_url": shop.url, "consumer_key": KEY, "consumer_secret": SECRET},
            status=201,
        )
        answer = owner.post(f"store-connections/{made['id']}/test")
        assert not answer["success"]
        assert "redirect" in answer["message"]
        assert thief.requests == []


def test_a_live_test_learns_the_name_and_marks_the_connection(api, cast, shop):
    owner = api.as_(cast.owner)
    made = owner.post(
        "store-connections", {**BODY, "base_url": shop.url, "consumer_key": KEY, "consumer_secret": SECRET}, status=201
    )
    path = f"store-connections/{made['id']}"
    answer = api.as_(cast.teammate).post(path + "/test")
    assert answer == {
        "success": True,
        "message": "Connection successful.",
        "store_name": "Corner Shop",
        "media_base_url": f"{shop.url}/wp-content/uploads",
        "guarded": False,
    }
    assert owner.get(path)["status"] == "active"
    assert owner.get(path)["last_connected_at"].endswith("Z")
    shop.fail(401, {"code": "woocommerce_rest_authentication_error", "message": "x"}, times=5)
    assert "consumer key" in owner.post(path + "/test")["message"]
    assert owner.get(path)["status"] == "error"


def test_a_test_without_credentials_says_so(api, cast):
    owner = api.as_(cast.owner)
    made = owner.post("store-connections", {k: v for k, v in BODY.items() if not k.startswith("consumer")}, status=201)
    assert made["has_credentials"] is False
    answer = owner.post(f"store-connections/{made['id']}/test")
    assert answer["success"] is False
    assert "no credentials" in answer["message"]


def test_a_linked_connection_stays(api, cast):
    owner = api.as_(cast.owner)
    made = owner.post("store-connections", BODY, status=201)
    project = make_project(cast.organization, store_connection_id=made["id"])
    assert owner.get("store-connections")[0]["project_count"] == 1
    assert owner.delete(f"store-connections/{made['id']}", status=409)
    assert StoreConnection.objects.exists()
    project.delete()
    owner.delete(f"store-connections/{made['id']}", status=204)
    assert not StoreConnection.objects.exists()


def test_an_empty_secret_is_taken_away(api, cast):
    owner = api.as_(cast.owner)
    path = f"store-connections/{owner.post('store-connections', BODY, status=201)['id']}"
    assert owner.patch(path, {"consumer_secret": ""})["has_credentials"] is False
    assert owner.patch(path, {"status": "inactive"})["status"] == "inactive"
    owner.patch(path, {"status": "great"}, status=400)


def test_a_failed_call_does_not_switch_a_connection_on_again(api, cast):
    owner = api.as_(cast.owner)
    path = f"store-connections/{owner.post('store-connections', BODY, status=201)['id']}"
    known = StoreConnection.objects.get()
    owner.patch(path, {"status": "inactive"})
    connections.note_failure(known, NotAuthorized("Wrong key."))
    assert owner.get(path)["status"] == "inactive"


@pytest.mark.parametrize(
    "text", ["demo", "demo.myshopify.com", "https://admin.shopify.com/store/demo", "HTTPS://Demo.myshopify.com/admin"]
)
def test_a_shopify_address_becomes_the_shops_own(text, settings):
    assert platforms.SHOPIFY.client.address(text) == "https://demo.myshopify.com"


def test_a_shopify_address_elsewhere_is_refused_unless_the_deployment_says_so(settings):
    from scribe.errors import InvalidInput

    with pytest.raises(InvalidInput):
        platforms.SHOPIFY.client.address("https://shop.example.com")
    settings.SHOPIFY_SHOP_URL = "http://127.0.0.1:8765/{shop}"
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    assert (
        platforms.SHOPIFY.client.address("http://127.0.0.1:8765/demo.myshopify.com")
        == "http://127.0.0.1:8765/demo.myshopify.com"
    )
    row = StoreConnection(platform="shopify", base_url="https://demo.myshopify.com", access_token="t")
    assert connections.credentials_of(row).base_url == "http://127.0.0.1:8765/demo.myshopify.com"


def test_the_list_makes_as_many_queries_for_thirty_as_for_three(api, cast, django_assert_max_num_queries):
    def fill(n):
        for _ in range(n):
            StoreConnection.objects.create(
                organization=cast.organization, name="n", platform="woocommerce", base_url="https://x.example.com"
            )

    caller = api.as_(cast.owner)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fill(3)
    with CaptureQueriesContext(connection) as few:
        caller.get("store-connections")
    fill(27)
    with CaptureQueriesContext(connection) as many:
        assert len(caller.get("store-connections")) == 30
    assert len(many) == len(few)
