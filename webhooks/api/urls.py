"""Routes of the tag webhooks. `/webhooks/paddle` and `/webhooks/dodo` are billing's, and lead inwards."""

from django.urls import URLPattern, path

from webhooks.api.views import DeliveryViewSet, EndpointViewSet, EventViewSet

urlpatterns: list[URLPattern] = [
    path("events", EventViewSet.as_view({"get": "since"})),
    path("webhooks/event-types", EventViewSet.as_view({"get": "types"})),
    path("webhooks/endpoints", EndpointViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "webhooks/endpoints/<str:endpoint_id>",
        EndpointViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path("webhooks/endpoints/<str:endpoint_id>/rotate-secret", EndpointViewSet.as_view({"post": "rotate_secret"})),
    path("webhooks/endpoints/<str:endpoint_id>/ping", EndpointViewSet.as_view({"post": "ping"})),
    path("webhooks/endpoints/<str:endpoint_id>/replay", EndpointViewSet.as_view({"post": "replay"})),
    path("webhooks/deliveries", DeliveryViewSet.as_view({"get": "deliveries"})),
    path("webhooks/deliveries/<str:delivery_id>", DeliveryViewSet.as_view({"get": "retrieve_delivery"})),
    path("webhooks/deliveries/<str:delivery_id>/replay", DeliveryViewSet.as_view({"post": "replay_delivery"})),
]
