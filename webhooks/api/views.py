"""Tag `webhooks`: endpoints for a customer's programs, what was delivered to them, and the log of events."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample
from rest_framework.request import Request
from rest_framework.response import Response

from scribe import outbox
from scribe.api import idempotency
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array, short_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet
from scribe.models import Event
from scribe.outbox.types import TYPES
from webhooks import bodies, endpoints, log, replays
from webhooks.api import serializers as shapes
from webhooks.models import EventDelivery, WebhookEndpoint

DISABLED = "409 `endpoint_disabled` while the endpoint is disabled."
ITEM_APPROVED = {
    "id": "019ac0de-7b1e-7f10-8c50-1f2a5c3d4e5f",
    "type": "item.approved",
    "timestamp": "2026-11-26T09:30:00.125000Z",
    "data": {
        "object": "item",
        "id": "019ac0dd-0a6b-7c22-9d0e-5b6c7d8e9f00",
        "version": 48213,
        "project_id": "019ac0dc-11aa-7b33-8e1f-0a1b2c3d4e5f",
    },
}


class EndpointViewSet(ScribeViewSet):
    whole_actions = frozenset({"rotate_secret", "ping", "replay"})

    def one(self, endpoint_id: str) -> WebhookEndpoint:
        return self.row(WebhookEndpoint.objects.select_related("organization"), endpoint_id)

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:read",
        summary="List webhook endpoints",
        responses={200: ListOf(shapes.EndpointReply)},
        errors=(400,),
    )
    def list(self, request: Request) -> HttpResponse:
        """The organization's endpoints, the newest first."""
        rows = WebhookEndpoint.objects.visible_to(self.principal).order_by("-created_at", "-pk")
        return bare_array(request, rows, shapes.endpoint)

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:write",
        summary="Add a webhook endpoint",
        description="Events are sent to it by Standard Webhooks 1.0. The secret is in this answer and never again. An "
        "organization has at most ten endpoints (409 `too_many_endpoints`).",
        request=shapes.EndpointCreate,
        responses={201: shapes.EndpointWithSecret},
        errors=(400, 409),
        examples=[
            OpenApiExample(
                "Decisions only",
                request_only=True,
                value={"url": "https://erp.example.com/scribe", "types": ["item.approved", "item.rejected"]},
            )
        ],
    )
    def create(self, request: Request) -> Response:
        made = endpoints.create(
            organization=self.principal.organization,
            by=self.principal,
            last=lambda endpoint: idempotency.keep(_with_secret(endpoint, status=201)),
            **self.body(shapes.EndpointCreate),
        )
        return _with_secret(made, status=201)

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:read",
        summary="Get a webhook endpoint",
        responses={200: shapes.EndpointReply},
    )
    def retrieve(self, request: Request, endpoint_id: str) -> Response:
        return Response(shapes.endpoint(self.one(endpoint_id)))

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:write",
        summary="Change a webhook endpoint",
        description="`is_active` disables and enables it. What it missed while it was disabled comes by a replay.",
        request=shapes.EndpointPatch,
        responses={200: shapes.EndpointReply},
        errors=(400,),
        examples=[OpenApiExample("Enable again", request_only=True, value={"is_active": True})],
    )
    def partial_update(self, request: Request, endpoint_id: str) -> Response:
        changed = endpoints.update(endpoint=self.one(endpoint_id), by=self.principal, **self.body(shapes.EndpointPatch))
        return Response(shapes.endpoint(changed))

    @operation(
        tag="webhooks", who=ADMINS, scope="webhooks:write", summary="Delete a webhook endpoint", responses={204: None}
    )
    def destroy(self, request: Request, endpoint_id: str) -> Response:
        """Its deliveries go with it; the events stay."""
        endpoints.delete(endpoint=self.one(endpoint_id), by=self.principal)
        return Response(status=204)

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:write",
        summary="Rotate an endpoint's secret",
        description="The new secret is in this answer and never again. During the overlap both secrets sign each "
        "event.",
        request=shapes.SecretRotation,
        responses={200: shapes.EndpointWithSecret},
        errors=(400,),
        examples=[OpenApiExample("Two days", request_only=True, value={"overlap_hours": 48})],
    )
    def rotate_secret(self, request: Request, endpoint_id: str) -> Response:
        endpoint = self.one(endpoint_id)
        return _with_secret(endpoints.rotate(endpoint=endpoint, by=self.principal, **self.body(shapes.SecretRotation)))

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:write",
        summary="Send a test",
        description="A `ping`, whatever the endpoint's types; its delivery says what the receiver answered. "
        f"{DISABLED}",
        request=None,
        responses={202: shapes.PingReply},
        errors=(409,),
    )
    def ping(self, request: Request, endpoint_id: str) -> Response:
        return Response({"event_id": str(endpoints.ping(endpoint=self.one(endpoint_id)))}, status=202)

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:write",
        summary="Replay a span of time",
        description="Sends what the endpoint has not got: what failed, and what happened while it was disabled or not "
        f"yet there. Events are kept {outbox.DAYS_KEPT} days. {DISABLED}",
        request=shapes.ReplayRequest,
        responses={202: shapes.QueuedReply},
        errors=(400, 409),
        examples=[OpenApiExample("Since the outage", request_only=True, value={"since": "2026-11-26T08:00:00Z"})],
    )
    def replay(self, request: Request, endpoint_id: str) -> Response:
        endpoint = self.one(endpoint_id)
        body = self.body(shapes.ReplayRequest)
        queued = replays.span(
            endpoint=endpoint,
            since=body["since"],
            until=body.get("until"),
            delivered=body["include_delivered"],
        )
        return Response({"queued": queued}, status=202)


def _with_secret(endpoint: WebhookEndpoint, status: int = 200) -> Response:
    response = Response({**shapes.endpoint(endpoint), "secret": endpoint.secret}, status=status)
    response.secret_fields = ("secret",)  # type: ignore[attr-defined]
    return response


class DeliveryViewSet(ScribeViewSet):
    whole_actions = frozenset({"replay_delivery"})

    def one(self, delivery_id: str) -> EventDelivery:
        return self.row(EventDelivery.objects.select_related("event", "endpoint"), delivery_id)

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:read",
        summary="List deliveries",
        description="The newest first, with their attempts. `after` is the id of the last one seen.",
        parameters=[shapes.DeliveriesQuery],
        responses={200: shapes.DeliveryReply(many=True)},
    )
    def deliveries(self, request: Request) -> Response:
        asked = self.query(shapes.DeliveriesQuery)
        rows = EventDelivery.objects.visible_to(self.principal).select_related("event")
        if "endpoint_id" in asked:
            rows = rows.filter(endpoint=self.row(WebhookEndpoint.objects, asked["endpoint_id"]))  # type: ignore[arg-type]
        if "event_id" in asked:
            rows = rows.filter(event=self.row(Event.objects, asked["event_id"]))  # type: ignore[arg-type]
        if "state" in asked:
            rows = rows.filter(state=asked["state"])
        if "after" in asked:
            rows = rows.filter(pk__lt=self.one(asked["after"]).pk)
        return Response([shapes.delivery(row) for row in rows.order_by("-pk")[: asked["limit"]]])

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:read",
        summary="Get a delivery",
        responses={200: shapes.DeliveryReply},
    )
    def retrieve_delivery(self, request: Request, delivery_id: str) -> Response:
        return Response(shapes.delivery(self.one(delivery_id)))

    @operation(
        tag="webhooks",
        who=ADMINS,
        scope="webhooks:write",
        summary="Replay a delivery",
        description=f"Sends the event to the endpoint once more, with the same id, up to eight times. {DISABLED}",
        request=None,
        responses={202: shapes.DeliveryReply},
        errors=(409,),
    )
    def replay_delivery(self, request: Request, delivery_id: str) -> Response:
        return Response(shapes.delivery(replays.one(self.one(delivery_id))), status=202)


class EventViewSet(ScribeViewSet):
    @operation(
        tag="events",
        scope="events:read",
        summary="Read the log of events",
        description="All events of the organization in the order in which they became true, behind `after`. No event "
        f"is ever put before one that a reader has seen. Events are kept {outbox.DAYS_KEPT} days; a cursor that is "
        "older is 410 `cursor_gone`.",
        parameters=[shapes.EventsQuery],
        responses={200: shapes.EventsReply},
        errors=(410,),
        examples=[
            OpenApiExample(
                "One approval",
                response_only=True,
                value={"events": [ITEM_APPROVED], "next_after": ITEM_APPROVED["id"], "has_more": False},
            )
        ],
    )
    def since(self, request: Request) -> Response:
        asked = self.query(shapes.EventsQuery)
        limit = asked["limit"]
        found = log.page(
            organization=self.principal.organization_id,
            after=asked.get("after"),
            types=asked.get("types", ()),
            limit=limit + 1,
        )
        page = found[:limit]
        last = str(page[-1].pk) if page else None
        return Response(
            {"events": [bodies.shown(event) for event in page], "next_after": last, "has_more": len(found) > limit}
        )

    @operation(
        tag="events",
        scope="events:read",
        summary="List event types",
        responses={200: ListOf(shapes.EventTypeReply)},
        errors=(400,),
    )
    def types(self, request: Request) -> HttpResponse:
        rows = [{"name": row.name, "object": row.subject, "summary": row.summary} for row in TYPES.values()]
        return short_array(request, rows)
