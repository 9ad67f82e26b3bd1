"""How long rows that pile up and are not needed for ever are kept, in every app (see docs/guides/operating.md)."""

from django.contrib.sessions.models import Session as BrowserSession
from django.db.models import Q

from accounts.models import Invitation, Notification, OneTimeToken
from billing.models import ProviderEvent
from integrations.models import ShopifyInstall, ShopifyState, WebhookDelivery
from scribe.retention import keep


def register() -> None:
    keep(WebhookDelivery, days=90, why="deduplication; stores repeat for two days")
    keep(ShopifyState, days=7, why="an authorization lives ten minutes")
    keep(ShopifyInstall, days=30, field="expires_at", only=Q(claimed_at=None), why="nobody claimed it")
    done = Q(status__in=(ProviderEvent.Status.APPLIED, ProviderEvent.Status.IGNORED))
    keep(ProviderEvent, days=400, only=done, why="disputes are raised within a year; payments and refunds stay")
    keep(Notification, days=365, why="read long ago")
    keep(OneTimeToken, days=30, field="expires_at", why="dead links")
    keep(Invitation, days=365, field="expires_at", only=~Q(state="pending"), why="who was invited, for a year")
    keep(BrowserSession, days=1, field="expire_date", why="staff sessions that ended")
