"""Admin pages of the integrations. Secrets are never among the fields."""

from django.conf import settings
from django.contrib import admin

from integrations.models import Prospect, ShopifyGrant, ShopifyInstall, StoreConnection, WebhookDelivery
from scribe.admin import ReadOnlyAdmin, StaffAdmin


@admin.register(StoreConnection)
class StoreConnectionAdmin(ReadOnlyAdmin):
    list_display = ["name", "platform", "base_url", "status", "organization", "last_connected_at", "created_at"]
    list_filter = ["platform", "status"]
    search_fields = ["name", "base_url", "organization__name"]
    fields = [
        "id",
        "organization",
        "name",
        "platform",
        "base_url",
        "media_base_url",
        "status",
        "provenance",
        "guarded",
        "last_connected_at",
        "created_at",
        "updated_at",
    ]


@admin.register(ShopifyGrant)
class ShopifyGrantAdmin(ReadOnlyAdmin):
    list_display = ["shop", "purpose", "organization", "installed_at", "uninstalled_at"]
    list_filter = ["purpose"]
    search_fields = ["shop", "organization__name"]
    fields = [
        "id",
        "organization",
        "connection",
        "shop",
        "purpose",
        "scopes",
        "expires_at",
        "installed_at",
        "uninstalled_at",
    ]


@admin.register(ShopifyInstall)
class ShopifyInstallAdmin(ReadOnlyAdmin):
    list_display = ["shop", "created_at", "expires_at", "claimed_at", "organization"]
    search_fields = ["shop"]
    fields = ["id", "shop", "scopes", "created_at", "expires_at", "claimed_at", "organization"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = ["topic", "subject", "external_id", "triggered_at", "handled_at", "outcome"]
    list_filter = ["source", "topic"]
    search_fields = ["external_id", "subject"]


@admin.register(Prospect)
class ProspectAdmin(StaffAdmin):
    personal = frozenset({"name", "email", "website", "notes", "last_clicked_url"})
    list_display = [
        "name",
        "email",
        "website",
        "open_count",
        "click_count",
        "last_opened_at",
        "last_clicked_at",
        "created_at",
    ]
    search_fields = ["name", "email", "website", "notes"]
    list_filter = ["created_at"]
    fields = [
        "name",
        "email",
        "website",
        "notes",
        "open_count",
        "click_count",
        "first_opened_at",
        "last_opened_at",
        "last_clicked_at",
        "last_clicked_url",
        "pixel_url",
    ]
    readonly_fields = [
        "open_count",
        "click_count",
        "first_opened_at",
        "last_opened_at",
        "last_clicked_at",
        "last_clicked_url",
        "pixel_url",
    ]

    @admin.display(description="Pixel for the mail")
    def pixel_url(self, prospect: Prospect) -> str:
        return f"{settings.PUBLIC_URL}/api/v1/outreach/track/open/{prospect.pk}.png"
