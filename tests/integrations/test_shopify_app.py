"""The Shopify app: installs from both sides, states that work once, and webhooks that count once."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from integrations import connections
from integrations.models import ShopifyGrant, ShopifyInstall, ShopifyState, StoreConnection, WebhookDelivery
from integrations.shopify import installs, oauth, tokens
from integrations.shopify.signatures import body_is_signed, query_is_signed
from integrations.stores.errors import StorePermanentError
from integrations.tasks import welcome_shop
from scribe.models import Job
from tests.factories import make_organization, make_project, make_user
from tests.fakes.shopify import KEY, SECRET, FakeShopify
from tests.proof.ordering import in_order

pytestmark = pytest.mark.django_db
SHOP = "demo.myshopify.com"


@pytest.fixture
def shop(settings):
    settings.SHOPIFY_API_KEY, settings.SHOPIFY_API_SECRET = KEY, SECRET
    settings.SHOPIFY_APP_HANDLE = "xc-scribe"
    settings.FRONTEND_URL = "https://app.example.com"
    with FakeShopify() as fake:
        settings.SHOPIFY_SHOP_URL = fake.url + "/{shop}"
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def owner(api, cast):
    return api.as_(cast.owner)


def authorize(owner, purpose="store"):
    """The state of a fresh authorization."""
    url = owner.get("shopify/connect", shop="demo", connection_type=purpose)["url"]
    return parse_qs(urlsplit(url).query)


def callback(api, fake, status=302, **query):
    query = {"shop": SHOP, "timestamp": str(int(time.time())), "host": "YWRtaW4", **query}
    answer = api.get(f"shopify/callback?{fake.signed(**query)}", status=status)
    return answer if status != 302 else parse_qs(urlsplit(api.last["Location"]).query)


def approved(api, owner, shop, purpose="store"):
    """What the front end is given once the shop's owner has approved: the body of `finalize`."""
    state = authorize(owner, purpose)["state"][0]
    found = callback(api, shop, code=shop.code(SHOP), state=state)
    return {name: found[name][0] for name in ("shop", "code", "install")}


def connected(api, owner, shop, purpose="store"):
    made = owner.post("shopify/finalize", approved(api, owner, shop, purpose))
    return StoreConnection.objects.get(pk=made["id"])


def deliver(api, shop, path="uninstalled", body=None, status=200, secret_ok=True, **headers):
    raw = json.dumps(body or {"myshopify_domain": SHOP}).encode()
    sent = {
        "X-Shopify-Hmac-Sha256": shop.signature(raw) if secret_ok else "bm9wZQ==",
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": headers.pop("webhook_id", f"w-{time.time()}"),
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    url = "/api/v1/shopify/webhooks" + (f"/{path}" if path else "")
    response = api.client.post(url, data=raw, content_type="application/json", headers=sent)
    assert response.status_code == status, response.content
    return response.json()


# --- signatures


def test_the_published_vectors_hold():
    pairs = {"code": "0907a61c0c8d55e99db179b68161bc00", "shop": "some-shop.myshopify.com", "timestamp": "1337178173"}
    good = "4712bf92ffc2917d15a2f5a273e39f0116667419aa4b6ac0b3baaf26fa3c4d20"
    assert query_is_signed([*pairs.items(), ("hmac", good)], "hush")
    assert not query_is_signed([*pairs.items(), ("hmac", good)], "other")
    assert not query_is_signed([*{**pairs, "shop": "evil.myshopify.com"}.items(), ("hmac", good)], "hush")
    assert not query_is_signed(list(pairs.items()), "hush")
    assert body_is_signed(b'{"id":1}', "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=", "hush")
    assert not body_is_signed(b'{"id":2}', "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=", "hush")


# --- our side


def test_the_addresses_ask_for_the_scopes_that_are_used(owner, shop):
    assert owner.get("shopify/install-url") == {"url": "https://apps.shopify.com/xc-scribe"}
    query = authorize(owner)
    assert query["scope"] == ["read_products,write_products"]
    assert query["client_id"] == [KEY]
    assert query["redirect_uri"][0].endswith("/api/v1/shopify/callback")
    assert authorize(owner, "blog")["scope"] == ["read_content,write_content"]


def test_without_an_app_it_is_not_configured(owner, settings):
    settings.SHOPIFY_API_KEY = settings.SHOPIFY_APP_HANDLE = settings.SHOPIFY_API_SECRET = ""
    assert owner.get("shopify/install-url", status=503)["code"] == "shopify_not_configured"
    assert owner.get("shopify/connect", status=503, shop="demo")["code"] == "shopify_not_configured"


@pytest.mark.parametrize("name", ["evil.com", "demo.myshopify.com.evil.com", "", "a b"])
def test_another_address_is_no_shop(owner, shop, name):
    owner.get("shopify/connect", status=400, shop=name)


def test_members_do_not_connect(api, cast, shop):
    assert api.as_(cast.teammate).get("shopify/connect", status=403, shop="demo")["code"] == "admin_required"


def test_an_approval_waits_for_the_person_who_began(api, cast, owner, shop):
    """A stranger's link, approved, put one's shop into the stranger's organization."""
    body = approved(api, owner, shop)
    pending = StoreConnection.objects.get()
    assert (pending.status, pending.access_token) == ("pending", "")
    assert shop.requests == []  # the code is not exchanged yet
    colleague = make_user(cast.organization, role="admin")
    api.post("shopify/finalize", body, status=401)
    for other in (cast.stranger, colleague):
        assert api.as_(other).post("shopify/finalize", body, status=403)["code"] == "install_of_another"
    assert shop.requests == []
    made = owner.post("shopify/finalize", body)
    assert (made["id"], made["status"], made["has_credentials"]) == (str(pending.pk), "active", True)
    assert owner.post("shopify/finalize", body, status=409)["code"] == "install_claimed"
    assert StoreConnection.objects.count() == 1


def test_an_approval_lasts_an_hour_and_a_pending_connection_does_nothing(api, cast, owner, shop):
    body = approved(api, owner, shop)
    pending = StoreConnection.objects.get()
    assert owner.post(f"store-connections/{pending.pk}/test")["success"] is False
    project = make_project(cast.organization, platform="shopify", store_connection=pending)
    owner.post(f"projects/{project.pk}/import/execute", {}, status=409)
    ShopifyInstall.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert owner.post("shopify/finalize", body, status=400)["code"] == "invalid_install"


def test_an_approval_leaves_a_working_connection_alone_until_it_is_finished(api, owner, shop):
    made = connected(api, owner, shop)
    approved(api, owner, shop)
    made.refresh_from_db()
    assert (made.status, bool(made.access_token)) == ("active", True)


def test_a_shop_that_is_down_lets_the_same_call_succeed_later(api, owner, shop):
    body = approved(api, owner, shop)
    shop.fail(503)
    assert owner.post("shopify/finalize", body, status=502)["party"] == "store"
    assert owner.post("shopify/finalize", body)["status"] == "active"


def test_a_deployment_may_keep_connecting_in_the_callback(api, owner, shop, settings):
    settings.SHOPIFY_CALLBACK_CONNECTS = True
    found = callback(api, shop, code=shop.code(SHOP), state=authorize(owner)["state"][0])
    assert found["status"] == ["connected"]
    assert StoreConnection.objects.get(pk=found["connection_id"][0]).status == "active"
    found = callback(api, shop, code="never-given", state=authorize(owner)["state"][0])
    assert (found["status"], found["reason"]) == (["error"], ["store_credentials_refused"])


def test_a_finished_install_is_an_active_connection(api, owner, shop):
    made = connected(api, owner, shop)
    assert (made.status, made.base_url, made.platform) == ("active", f"https://{SHOP}", "shopify")
    shown = owner.get(f"store-connections/{made.pk}")
    assert (shown["has_credentials"], shown["shop"], shown["connection_type"]) == (True, SHOP, "store")
    assert made.access_token not in str(shown)
    assert owner.post(f"store-connections/{made.pk}/test")["store_name"] == "Demo Apparel"


def test_a_state_works_once(api, owner, shop):
    state = authorize(owner)["state"][0]
    callback(api, shop, code=shop.code(SHOP), state=state)
    problem = callback(api, shop, status=400, code=shop.code(SHOP), state=state)
    assert problem["code"] == "invalid_state"
    assert StoreConnection.objects.count() == 1


def test_a_state_is_for_its_shop_and_its_time(api, owner, shop):
    state = authorize(owner)["state"][0]
    assert callback(api, shop, status=400, code="x", state=state, shop="other.myshopify.com")["code"] == "invalid_state"
    ShopifyState.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert callback(api, shop, status=400, code="x", state=state)["code"] == "invalid_state"
    assert callback(api, shop, status=400, code="x", state="guessed")["code"] == "invalid_state"
    assert shop.requests == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"hmac": "0" * 64}, "invalid_signature"),
        ({"shop": "evil.myshopify.com"}, "invalid_signature"),
        ({"extra": "1"}, "invalid_signature"),
    ],
)
def test_a_tampered_callback_is_refused_before_any_exchange(api, owner, shop, change, code):
    state = authorize(owner)["state"][0]
    query = parse_qs(shop.signed(shop=SHOP, code=shop.code(SHOP), state=state, timestamp=str(int(time.time()))))
    found = {**{k: v[0] for k, v in query.items()}, **change}
    problem = api.get("shopify/callback", status=400, **found)
    assert problem["code"] == code
    assert shop.requests == []
    assert ShopifyState.objects.get().used_at is None


def test_an_old_callback_is_refused(api, owner, shop):
    state = authorize(owner)["state"][0]
    old = str(int(time.time()) - 700)
    assert callback(api, shop, status=400, code="x", state=state, timestamp=old)["code"] == "stale_request"


def test_a_refused_code_and_missing_scopes_are_told(api, owner, shop):
    state = authorize(owner)["state"][0]
    found = callback(api, shop, code="never-given", state=state)
    body = {name: found[name][0] for name in ("shop", "code", "install")}
    assert owner.post("shopify/finalize", body, status=400)["code"] == "store_credentials_refused"
    shop.scopes = "read_products"
    assert owner.post("shopify/finalize", approved(api, owner, shop), status=502)["code"] == "missing_scopes"
    assert StoreConnection.objects.get().status == "pending"
    found = callback(api, shop, code="never-given")
    assert (found["status"], found["reason"]) == (["error"], ["store_credentials_refused"])


def test_a_shop_that_returns_keeps_its_connection(api, owner, shop):
    first = connected(api, owner, shop)
    deliver(api, shop)
    again = connected(api, owner, shop)
    assert again.pk == first.pk
    assert again.status == "active"
    assert again.access_token


def test_a_blog_connection_is_refused_for_products(api, cast, owner, shop):
    shop.scopes = "read_content,write_content"
    made = connected(api, owner, shop, "blog")
    project = make_project(cast.organization, platform="shopify", store_connection=made)
    assert owner.get(f"projects/{project.pk}/import/filters", status=409)["code"] == "connection_for_blog_only"
    assert owner.post(f"projects/{project.pk}/import/execute", {}, status=409)["code"] == "connection_for_blog_only"
    assert owner.post(f"projects/{project.pk}/sync", {}, status=409)["code"] == "connection_for_blog_only"


def test_a_new_shop_is_greeted_once(api, owner, shop):
    made = connected(api, owner, shop)
    welcome_shop(str(made.pk))
    welcome_shop(str(made.pk))
    made.refresh_from_db()
    assert made.name == "Demo Apparel"
    [(topic, address)] = shop.webhooks
    assert topic == "APP_UNINSTALLED"
    assert address.endswith("/api/v1/shopify/webhooks/uninstalled")


# --- Shopify's side


def test_an_install_from_shopify_is_kept_and_claimed_once(api, owner, cast, shop):
    found = callback(api, shop, code=(code := shop.code(SHOP)))
    assert found["shop"] == [SHOP]
    assert found["code"] == [code]
    assert not StoreConnection.objects.exists()
    body = {"shop": SHOP, "code": code, "install": found["install"][0]}
    api.post("shopify/finalize", body, status=401)
    assert owner.post("shopify/finalize", {**body, "install": "guessed"}, status=400)["code"] == "invalid_install"
    assert owner.post("shopify/finalize", {**body, "code": "other"}, status=400)["code"] == "invalid_install"
    assert (
        owner.post("shopify/finalize", {**body, "shop": "other.myshopify.com"}, status=400)["code"] == "invalid_install"
    )
    made = owner.post("shopify/finalize", body)
    assert (made["status"], made["has_credentials"], made["shop"]) == ("active", True, SHOP)
    assert api.as_(cast.stranger).post("shopify/finalize", body, status=409)["code"] == "install_claimed"
    assert ShopifyInstall.objects.get().access_token == ""
    assert StoreConnection.objects.count() == 1


def test_an_old_install_cannot_be_claimed(api, owner, shop):
    found = callback(api, shop, code=(code := shop.code(SHOP)))
    ShopifyInstall.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    body = {"shop": SHOP, "code": code, "install": found["install"][0]}
    assert owner.post("shopify/finalize", body, status=400)["code"] == "invalid_install"


def test_the_apps_address_goes_straight_on(api, shop):
    query = shop.signed(shop=SHOP, timestamp=str(int(time.time())))
    api.get(f"shopify/app?{query}", status=302)
    url = urlsplit(api.last["Location"])
    assert url.path.endswith("/admin/oauth/authorize")
    state = parse_qs(url.query)["state"][0]
    found = callback(api, shop, code=shop.code(SHOP), state=state)
    assert "install" in found
    api.get(f"shopify/app?shop={SHOP}&timestamp=1&hmac=x", status=400)


# --- tokens that expire


def test_a_token_is_renewed_before_it_expires(api, owner, shop):
    shop.expiring = True
    made = connected(api, owner, shop)
    old = made.access_token
    grant = ShopifyGrant.objects.get()
    assert grant.expires_at is not None
    ShopifyGrant.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    made = StoreConnection.objects.select_related("grant").get()
    store = connections.open_store(made)
    assert store.test().store_name == "Demo Apparel"
    fresh = StoreConnection.objects.get().access_token
    assert fresh != old
    assert ShopifyGrant.objects.get().refresh_token != grant.refresh_token


def test_a_token_that_cannot_be_renewed_any_more_fails_the_call_that_needs_it(api, owner, shop):
    """Opening the store raised it, where nobody expected an error: a 500, or a job that failed on our side."""
    shop.expiring = True
    made = connected(api, owner, shop)
    shop.refresh_tokens.clear()
    ShopifyGrant.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    store = connections.open_store(StoreConnection.objects.select_related("grant").get(pk=made.pk))
    shop.tokens.clear()
    with pytest.raises(StorePermanentError):
        store.test()


def test_a_token_that_died_early_is_renewed_in_mid_call(api, owner, shop):
    shop.expiring = True
    made = StoreConnection.objects.select_related("grant").get(pk=connected(api, owner, shop).pk)
    shop.tokens.clear()
    assert connections.open_store(made).test().store_name == "Demo Apparel"
    assert StoreConnection.objects.get().access_token in shop.tokens


def test_a_renewal_does_not_revive_a_disconnected_shop(api, owner, shop):
    from integrations.shopify.oauth import Tokens

    shop.expiring = True
    connected(api, owner, shop)
    grant = ShopifyGrant.objects.get()
    deliver(api, shop)
    tokens.store(grant, Tokens("shpat_late", ()), expected=grant.expires_at)
    assert StoreConnection.objects.get().access_token == ""


def test_a_renewal_of_a_connection_that_is_deleted_meanwhile_changes_nothing(api, owner, shop):
    from integrations.shopify.oauth import Tokens

    shop.expiring = True
    made = StoreConnection.objects.select_related("grant").get(pk=connected(api, owner, shop).pk)
    grant = made.grant
    StoreConnection.objects.all().delete()
    tokens.store(grant, Tokens("shpat_late", ()), expected=grant.expires_at)
    assert tokens.renew(made) == made.access_token
    assert not ShopifyGrant.objects.exists()


# --- webhooks


def test_an_uninstall_closes_the_connection_and_its_jobs(api, cast, owner, shop):
    made = connected(api, owner, shop)
    project = make_project(cast.organization, platform="shopify", store_connection=made)
    job = Job.objects.create(job_type="sync", organization=cast.organization, project=project)
    deliver(api, shop)
    made.refresh_from_db()
    assert (made.status, made.access_token) == ("inactive", "")
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert owner.post(f"projects/{project.pk}/sync", {}, status=409)["code"] == "connection_inactive"


def test_a_bad_signature_is_401_and_changes_nothing(api, owner, shop):
    made = connected(api, owner, shop)
    for path in ("uninstalled", "shop/redact", "customers/redact", "customers/data_request", ""):
        deliver(api, shop, path, status=401, secret_ok=False)
    made.refresh_from_db()
    assert made.status == "active"
    assert not WebhookDelivery.objects.exists()


def test_a_delivery_counts_once(api, owner, shop):
    connected(api, owner, shop)
    deliver(api, shop, webhook_id="one")
    connected(api, owner, shop)
    deliver(api, shop, webhook_id="one")
    assert StoreConnection.objects.get().status == "active"
    assert WebhookDelivery.objects.count() == 1


def test_an_uninstall_older_than_the_install_says_nothing(api, owner, shop):
    connected(api, owner, shop)
    old = (timezone.now() - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    deliver(api, shop, X_Shopify_Triggered_At=old)
    assert StoreConnection.objects.get().status == "active"


@pytest.mark.parametrize(
    "when",
    ["2026-02-30T00:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "12345-01-01", "soon", "²"],
)
def test_a_webhook_of_an_impossible_time_is_refused_and_changes_nothing(api, owner, shop, when):
    """It was an internal error, or was taken for now."""
    connected(api, owner, shop)
    assert deliver(api, shop, status=400, X_Shopify_Triggered_At=when)["code"] == "invalid_time"
    assert StoreConnection.objects.get().status == "active"
    assert not WebhookDelivery.objects.exists()


def test_a_webhooks_time_without_a_zone_is_in_utc(api, owner, shop):
    connected(api, owner, shop)
    deliver(api, shop, X_Shopify_Triggered_At=f"{timezone.now() - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}")
    assert StoreConnection.objects.get().status == "active"


@pytest.mark.parametrize("stamp", ["²", "9" * 5000, "1e9", "-1"])
def test_a_callback_of_an_impossible_time_is_refused(api, owner, shop, stamp):
    state = authorize(owner)
    assert callback(api, shop, status=400, state=state, timestamp=stamp)["code"] == "stale_request"


@pytest.mark.parametrize("lifetime", ["soon", 10**30, -1, 1e300, True])
def test_a_token_whose_lifetime_is_no_number_counts_as_lasting(api, owner, shop, lifetime):
    shop.expiring, shop.lifetime = True, lifetime
    assert connected(api, owner, shop).status == "active"


def test_redact_erases_credentials_unless_installed_again(api, owner, shop):
    connected(api, owner, shop)
    deliver(api, shop)
    connected(api, owner, shop)
    deliver(api, shop, "shop/redact", {"shop_id": 1, "shop_domain": SHOP})
    assert StoreConnection.objects.get().access_token
    deliver(api, shop)
    deliver(api, shop, "shop/redact", {"shop_id": 1, "shop_domain": SHOP})
    row = StoreConnection.objects.select_related("grant").get()
    assert (row.access_token, row.grant.refresh_token) == ("", "")


def test_redact_spares_an_install_that_came_before_the_word_of_the_last_uninstall(api, owner, shop):
    connected(api, owner, shop)
    uninstalled = timezone.now() - timedelta(hours=1)
    deliver(api, shop, X_Shopify_Triggered_At=uninstalled.isoformat())
    deliver(api, shop, "shop/redact", {"shop_id": 1, "shop_domain": SHOP})
    row = StoreConnection.objects.get()
    assert (row.status, bool(row.access_token)) == ("active", True)


def by_hand(cast, **fields):
    row = StoreConnection.objects.create(
        organization=cast.organization, name="Demo", platform="shopify", base_url=f"https://{SHOP}", access_token="t"
    )
    StoreConnection.objects.filter(pk=row.pk).update(**fields)
    return row


@pytest.mark.parametrize("path", ["uninstalled", "shop/redact"])
def test_a_token_set_by_hand_after_an_uninstall_stays(api, cast, shop, path):
    uninstalled = timezone.now() - timedelta(hours=1)
    days = timedelta(hours=48 if path == "shop/redact" else 0)
    before = uninstalled - timedelta(days=1)
    old = by_hand(cast, updated_at=before)
    new, working = by_hand(cast), by_hand(cast, updated_at=before, last_connected_at=timezone.now())
    deliver(api, shop, path, {"shop_domain": SHOP}, X_Shopify_Triggered_At=(uninstalled + days).isoformat())
    assert [StoreConnection.objects.get(pk=row.pk).access_token for row in (old, new, working)] == ["", "t", "t"]


def test_redact_without_an_uninstall_erases_too(api, owner, shop):
    connected(api, owner, shop)
    deliver(api, shop, "", {"shop_domain": SHOP}, X_Shopify_Topic="shop/redact")
    assert StoreConnection.objects.get().access_token == ""


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact"])
def test_nothing_of_a_shops_customers_is_kept(api, shop, topic):
    body = {"shop_domain": SHOP, "customer": {"id": 1, "email": "jon@example.com"}}
    assert deliver(api, shop, topic, body)["outcome"] == "no customer data is held"
    assert deliver(api, shop, "", body, X_Shopify_Topic=topic)["received"]
    assert "jon@example.com" not in str(list(WebhookDelivery.objects.values()))


def test_an_unknown_topic_is_acknowledged(api, shop):
    assert deliver(api, shop, "", X_Shopify_Topic="orders/paid")["outcome"] == "unknown topic"


def test_without_a_secret_webhooks_are_not_configured(api, shop, settings):
    settings.SHOPIFY_API_SECRET = ""
    deliver(api, shop, status=503)


def test_bad_deliveries_are_limited_and_good_ones_are_not(api, shop, settings):
    settings.RATE_LIMIT_FACTOR = 1
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "bad_webhook": (3, 60), "public": (3, 60)}
    for _ in range(6):
        deliver(api, shop, "", X_Shopify_Topic="orders/paid")
    for _ in range(3):
        deliver(api, shop, status=401, secret_ok=False)
    deliver(api, shop, status=429, secret_ok=False)


# --- two at once


def connect(organization, token):
    granted = oauth.Tokens(token, oauth.SCOPES["store"])
    return installs.connect(organization=organization.pk, by=None, shop=SHOP, purpose="store", tokens=granted)


def wait_for_finalization(organization, code):
    state = ShopifyState(shop=SHOP, organization=organization, user=None)
    return installs.await_finalization(state=state, code=code)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("meet", [connect, wait_for_finalization], ids=lambda meet: meet.__name__)
def test_two_callbacks_at_once_make_one_connection_of_a_new_shop(meet):
    organization = make_organization()
    first, second = in_order(lambda: meet(organization, "one"), lambda: meet(organization, "two"))
    assert not isinstance(first, Exception)
    assert not isinstance(second, Exception)
    grant = ShopifyGrant.objects.select_related("connection").get()
    assert StoreConnection.objects.get() == grant.connection
    assert grant.connection.access_token == ("two" if meet is connect else "")


def test_the_leave_to_translate_is_asked_for_only_by_who_uses_it(api, owner, shop):
    """And again by whoever has it, since a grant without it would take it back."""

    def asked(**query):
        url = owner.get("shopify/connect", shop="demo", **query)["url"]
        return set(parse_qs(urlsplit(url).query)["scope"][0].split(","))

    more = {"read_translations", "write_translations", "read_locales"}
    assert asked() == {"read_products", "write_products"}
    assert asked(translations="true") == {"read_products", "write_products"} | more
    assert asked(connection_type="blog") == {"read_content", "write_content"}
    assert asked(connection_type="blog", translations="true") == {"read_content", "write_content"} | more
    shop.scopes = ",".join(sorted(asked(translations="true")))
    owner.post("shopify/finalize", approved(api, owner, shop))
    assert asked() >= more
