"""Background work of the integrations."""

from celery import shared_task
from django.conf import settings

from integrations import connections
from integrations.models import StoreConnection
from integrations.shopify import documents
from integrations.shopify.client import ShopifyStore
from integrations.stores.errors import StorePermanentError, StoreTransientError
from scribe.logs import get_logger

log = get_logger(__name__)

UNINSTALLED = "/api/v1/shopify/webhooks/uninstalled"


@shared_task(queue="sync", autoretry_for=(StoreTransientError,), retry_backoff=5, max_retries=6)
def welcome_shop(connection_id: str) -> None:
    """Learn a new shop's name and subscribe to its uninstall. Repeatable: Shopify refuses a second subscription."""
    connection = StoreConnection.objects.filter(pk=connection_id).select_related("grant").first()
    if connection is None or not connection.access_token:
        return
    store = connections.open_store(connection)
    if not isinstance(store, ShopifyStore):
        return
    try:
        info = store.test()
        store.http.ask(documents.WEBHOOK, {"topic": "APP_UNINSTALLED", "uri": f"{settings.PUBLIC_URL}{UNINSTALLED}"})
    except StorePermanentError as error:
        log.warning("new shop not greeted", connection_id=connection_id, error=error.message)
        return
    first = connection.base_url.removeprefix("https://").removesuffix(".myshopify.com")
    if info.store_name:  # keeps a name that somebody has set meanwhile
        StoreConnection.objects.filter(pk=connection.pk, name=first).update(name=info.store_name)
