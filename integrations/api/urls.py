"""The routes of integrations, grouped by noun."""

from django.urls import path

from integrations.api.views.blog_connections import BlogConnectionViewSet
from integrations.api.views.connections import StoreConnectionViewSet
from integrations.api.views.outreach import OutreachViewSet
from integrations.api.views.shopify import ShopifyViewSet, ShopifyWebhookViewSet

connections = [
    path("store-connections", StoreConnectionViewSet.as_view({"get": "list", "post": "create"})),
    path("store-connections/guard-plugin", StoreConnectionViewSet.as_view({"get": "guard"})),
    path(
        "store-connections/<str:connection_id>",
        StoreConnectionViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path("store-connections/<str:connection_id>/test", StoreConnectionViewSet.as_view({"post": "test"})),
]

blog_connections = [
    path("blog-connections", BlogConnectionViewSet.as_view({"get": "list", "post": "create"})),
    path("blog-connections/shopify/<str:connection_id>/blogs", BlogConnectionViewSet.as_view({"get": "shopify_blogs"})),
    path(
        "blog-connections/<str:connection_id>",
        BlogConnectionViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path("blog-connections/<str:connection_id>/test", BlogConnectionViewSet.as_view({"post": "test"})),
    path("blog-connections/<str:connection_id>/categories", BlogConnectionViewSet.as_view({"get": "categories"})),
]

shopify = [
    path("shopify/install-url", ShopifyViewSet.as_view({"get": "install_url"})),
    path("shopify/connect", ShopifyViewSet.as_view({"get": "connect"})),
    path("shopify/app", ShopifyViewSet.as_view({"get": "app"})),
    path("shopify/callback", ShopifyViewSet.as_view({"get": "callback"})),
    path("shopify/finalize", ShopifyViewSet.as_view({"post": "finalize"})),
    path("shopify/webhooks/uninstalled", ShopifyWebhookViewSet.as_view({"post": "uninstalled"})),
    path("shopify/webhooks/customers/data_request", ShopifyWebhookViewSet.as_view({"post": "data_request"})),
    path("shopify/webhooks/customers/redact", ShopifyWebhookViewSet.as_view({"post": "customers_redact"})),
    path("shopify/webhooks/shop/redact", ShopifyWebhookViewSet.as_view({"post": "shop_redact"})),
    path("shopify/webhooks", ShopifyWebhookViewSet.as_view({"post": "compliance"})),
]

outreach = [
    path("outreach/track/open/<str:prospect_id>.png", OutreachViewSet.as_view({"get": "open"})),
    path("outreach/track/click/<str:prospect_id>", OutreachViewSet.as_view({"get": "click"})),
]

urlpatterns = [*connections, *blog_connections, *shopify, *outreach]
