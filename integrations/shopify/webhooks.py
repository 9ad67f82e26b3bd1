"""Shopify's webhooks: the uninstall, and the three that privacy law requires.

https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance. A delivery counts once; the order is free.
"""

import hashlib
from datetime import datetime, timedelta

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from integrations.models import ShopifyGrant, ShopifyInstall, StoreConnection, WebhookDelivery
from integrations.shopify.signatures import body_is_signed, shop_domain
from integrations.stores.platforms import SHOPIFY
from scribe import audit, jobs, sizes
from scribe.errors import InvalidInput, NotAuthenticated, NotConfigured
from scribe.logs import get_logger
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json
from scribe.written import moment

log = get_logger(__name__)

UNINSTALLED = "app/uninstalled"
DATA_REQUEST = "customers/data_request"
CUSTOMERS_REDACT = "customers/redact"
SHOP_REDACT = "shop/redact"
REDACTED_AFTER = timedelta(hours=48)


def check_signed(body: bytes, signature: str) -> None:
    """Raise unless the raw body was signed with the app's secret."""
    if not settings.SHOPIFY_API_SECRET:
        raise NotConfigured(_("The Shopify app is not set up here."), code="shopify_not_configured")
    if not body_is_signed(body, signature, settings.SHOPIFY_API_SECRET):
        raise NotAuthenticated(_("The webhook was not signed by Shopify."), code="invalid_signature")


@transaction.atomic
def receive(*, topic: str, body: bytes, webhook_id: str, shop: str, triggered_at: str) -> WebhookDelivery:
    """Record a delivery and act on it, in one transaction. A repeated delivery changes nothing.

    A missing time means now. An invalid one raises InvalidInput `invalid_time`: if it meant now, too, an old uninstall
    could end a newer install.
    """
    payload = _payload(body)
    shop = shop_domain(shop or str(payload.get("shop_domain") or payload.get("myshopify_domain") or ""))
    when = moment(triggered_at) if triggered_at else timezone.now()
    if when is None:
        raise InvalidInput(_("X-Shopify-Triggered-At is not a time."), code="invalid_time")
    delivery, new = WebhookDelivery.objects.get_or_create(
        source="shopify",
        external_id=webhook_id or hashlib.sha256(topic.encode() + b"\n" + body).hexdigest(),
        defaults={"topic": topic[:100], "subject": shop, "triggered_at": when},
    )
    if new:
        delivery.outcome = _handle(topic, shop, when)
        delivery.handled_at = timezone.now()
        delivery.save(update_fields=["outcome", "handled_at"])
        log.info("shopify webhook", topic=topic, shop=shop, outcome=delivery.outcome)
    return delivery


def _payload(body: bytes) -> Json:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) and not sizes.deeper_than(found) else {}


def _handle(topic: str, shop: str, when: datetime) -> str:
    if topic == UNINSTALLED:
        return uninstall(shop=shop, when=when)
    if topic == SHOP_REDACT:
        return redact(shop=shop, when=when)
    if topic in (DATA_REQUEST, CUSTOMERS_REDACT):
        return "no customer data is held"
    return "unknown topic"


def _connections(shop: str, uninstalled: datetime) -> QuerySet[StoreConnection]:
    """All organizations' connections to a shop, locked: those by the app, and those made by hand that were neither
    changed nor working after the app was uninstalled."""
    made_by_hand = Q(grant=None, platform=SHOPIFY.id, base_url=f"https://{shop}", updated_at__lt=uninstalled)
    made_by_hand &= Q(last_connected_at=None) | Q(last_connected_at__lt=uninstalled)
    rows = StoreConnection.objects.filter(Q(grant__shop=shop) | made_by_hand)
    return StoreConnection.objects.select_for_update().filter(pk__in=rows.values("pk")).select_related(None)


def uninstall(*, shop: str, when: datetime) -> str:
    """Disconnect a shop that removed the app: its tokens are dead. Ignores an uninstall before the current install."""
    if not shop:
        return "no shop named"
    count = 0
    for connection in _connections(shop, when):
        grants = ShopifyGrant.objects.filter(connection=connection)
        earlier = Q(uninstalled_at=None) | Q(uninstalled_at__lt=when)
        grants.filter(earlier).update(uninstalled_at=when)  # also of an install before the current one: see `redact`
        if grants.filter(installed_at__gt=when).exists():
            continue
        disconnect(connection, status=StoreConnection.Status.INACTIVE, action="store_connection.shopify_uninstalled")
        grants.update(refresh_token="", expires_at=None)
        count += 1
    ShopifyInstall.objects.filter(shop=shop, claimed_at=None, created_at__lt=when).delete()
    return f"{count} connections made inactive"


def redact(*, shop: str, when: datetime) -> str:
    """Erase the shop's credentials. Shopify asks for it REDACTED_AFTER an uninstall. A shop that has installed the app
    again keeps them."""
    if not shop:
        return "no shop named"
    back = ShopifyGrant.objects.filter(shop=shop, uninstalled_at__lt=F("installed_at")).values_list(
        "connection_id", flat=True
    )
    count = 0
    for connection in _connections(shop, when - REDACTED_AFTER).exclude(pk__in=list(back)):
        disconnect(connection, status=StoreConnection.Status.INACTIVE, action="store_connection.shopify_redacted")
        ShopifyGrant.objects.filter(connection=connection).update(refresh_token="", expires_at=None, scopes="")
        count += 1
    ShopifyInstall.objects.filter(shop=shop, created_at__lt=when).delete()
    return f"{count} connections erased"


def disconnect(connection: StoreConnection, *, status: str, action: str) -> None:
    """Delete the secrets and cancel the jobs that need them."""
    connection.access_token = connection.access_token_secret = ""
    connection.consumer_key = connection.consumer_secret = ""
    connection.status = status
    connection.save()
    working = Job.objects.active().filter(project__store_connection=connection, job_type__in=["sync", "import"])
    jobs.cancel_all(working)
    audit.record(action=action, target=connection)
