"""Tag `webhooks`: endpoints for a customer's programs, what was delivered to them, and the log of events."""

from functools import partial

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample
from rest_framework.request import Request
from rest_framework.response import Response

from scribe import outbox
from scribe.api import idempotency
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array, link_next, short_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet
from scribe.models import Event
from scribe.outbox.types import TYPES
from webhooks import endpoints, log, replays
from webhooks.api import serializers as shapes
from webhooks.models import EventDelivery, WebhookEndpoint

reads = partial(operation, who=ADMINS, scope="webhooks:read")
writes = partial(operation, who=ADMINS, scope="webhooks:write")
DISABLED = "Returns 409 `endpoint_disabled` while the endpoint is disabled."
ITEM_APPROVED = {
    "id": "019ac0de-7b1e-7f10-8c50-1f2a5c3d4e5f",
    "type": "item.approved",
    "timestamp": "2026-11-26T09:30:00.125000Z",
    "is_test": False,
    "data": {
        "object": "item",
        "id": "019ac0dd-0a6b-7c22-9d0e-5b6c7d8e9f00",
        "sequence": 48213,
        "version": 48213,
        "project_id": "019ac0dc-11aa-7b33-8e1f-0a1b2c3d4e5f",
    },
}


class EndpointViewSet(ScribeViewSet):
    tag = "webhooks"
    whole_actions = frozenset({"rotate_secret", "ping", "replay"})

    def one(self, endpoint_id: str) -> WebhookEndpoint:
        return self.row(WebhookEndpoint.objects.select_related("organization"), endpoint_id)

    @reads(
        summary="List webhook endpoints",
        responses={200: ListOf(shapes.EndpointReply)},
    )
    def list(self, request: Request) -> HttpResponse:
        """The organization's endpoints, the newest first."""
        rows = WebhookEndpoint.objects.visible_to(self.principal).order_by("-created_at", "-pk")
        return bare_array(request, rows, shapes.EndpointReply.of)

    @writes(
        summary="Add a webhook endpoint",
        description="Events are sent according to Standard Webhooks 1.0. Returns the signing secret; it is shown "
        "only this once. An organization can have up to ten endpoints (409 `too_many_endpoints`).",
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

    @reads(
        summary="Get a webhook endpoint",
        responses={200: shapes.EndpointReply},
    )
    def retrieve(self, request: Request, endpoint_id: str) -> Response:
        return Response(shapes.EndpointReply.of(self.one(endpoint_id)))

    @writes(
        summary="Change a webhook endpoint",
        description="`is_active` enables or disables the endpoint. Use replay to send the events it missed while it "
        "was disabled.",
        request=shapes.EndpointPatch,
        responses={200: shapes.EndpointReply},
        examples=[OpenApiExample("Enable again", request_only=True, value={"is_active": True})],
    )
    def partial_update(self, request: Request, endpoint_id: str) -> Response:
        changed = endpoints.update(endpoint=self.one(endpoint_id), by=self.principal, **self.body(shapes.EndpointPatch))
        return Response(shapes.EndpointReply.of(changed))

    @writes(summary="Delete a webhook endpoint", responses={204: None})
    def destroy(self, request: Request, endpoint_id: str) -> Response:
        """Its deliveries go with it; the events stay."""
        endpoints.delete(endpoint=self.one(endpoint_id), by=self.principal)
        return Response(status=204)

    @writes(
        summary="Rotate an endpoint's secret",
        description="Returns the new signing secret; it is shown only this once. During the overlap, each event is "
        "signed with both secrets.",
        request=shapes.SecretRotation,
        responses={200: shapes.EndpointWithSecret},
        examples=[OpenApiExample("Two days", request_only=True, value={"overlap_hours": 48})],
    )
    def rotate_secret(self, request: Request, endpoint_id: str) -> Response:
        endpoint = self.one(endpoint_id)
        return _with_secret(endpoints.rotate(endpoint=endpoint, by=self.principal, **self.body(shapes.SecretRotation)))

    @writes(
        summary="Send a test",
        description="Sends a `ping` event, whatever event types the endpoint gets. The delivery shows the reply. "
        f"{DISABLED}",
        responses={202: shapes.PingReply},
        errors=(409,),
    )
    def ping(self, request: Request, endpoint_id: str) -> Response:
        return Response({"event_id": str(endpoints.ping(endpoint=self.one(endpoint_id)))}, status=202)

    @writes(
        summary="Replay a span of time",
        description="Sends the events of a period that the endpoint has not received: failed deliveries, and events "
        f"from when it was disabled or did not exist yet. Events are kept for {outbox.DAYS_KEPT} days. {DISABLED}",
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
    response = Response({**shapes.EndpointReply.of(endpoint), "secret": endpoint.secret}, status=status)
    response.secret_fields = ("secret",)  # type: ignore[attr-defined]
    return response


class DeliveryViewSet(ScribeViewSet):
    tag = "webhooks"
    whole_actions = frozenset({"replay_delivery"})

    def one(self, delivery_id: str) -> EventDelivery:
        return self.row(EventDelivery.objects.select_related("event", "endpoint"), delivery_id)

    @reads(
        summary="List deliveries",
        description="Deliveries with their attempts, newest first. `after` is the ID of the last delivery you have "
        "seen.",
        parameters=[shapes.DeliveriesQuery],
        responses={200: shapes.DeliveryReply(many=True)},
    )
    def deliveries(self, request: Request) -> Response:
        asked = self.query(shapes.DeliveriesQuery)
        rows = EventDelivery.objects.visible_to(self.principal).select_related("event")
        if "endpoint_id" in asked:
            rows = rows.filter(endpoint=self.row(WebhookEndpoint.objects, asked["endpoint_id"]))
        if "event_id" in asked:
            rows = rows.filter(event=self.row(Event.objects, asked["event_id"]))
        if "state" in asked:
            rows = rows.filter(state=asked["state"])
        if "after" in asked:
            rows = rows.filter(pk__lt=self.one(asked["after"]).pk)
        return Response([shapes.DeliveryReply.of(row) for row in rows.order_by("-pk")[: asked["limit"]]])

    @reads(
        summary="Get a delivery",
        responses={200: shapes.DeliveryReply},
    )
    def retrieve_delivery(self, request: Request, delivery_id: str) -> Response:
        return Response(shapes.DeliveryReply.of(self.one(delivery_id)))

    @writes(
        summary="Replay a delivery",
        description=f"Sends the event to the endpoint again with the same ID, with up to eight attempts. {DISABLED}",
        responses={202: shapes.DeliveryReply},
        errors=(409,),
    )
    def replay_delivery(self, request: Request, delivery_id: str) -> Response:
        return Response(shapes.DeliveryReply.of(replays.one(self.one(delivery_id))), status=202)


class EventViewSet(ScribeViewSet):
    tag = "events"

    @operation(
        scope="events:read",
        summary="Read the log of events",
        description="The organization's events after the cursor `after`, in the order in which they happened. "
        f"New events are always added at the end. Events are kept for {outbox.DAYS_KEPT} days; an older cursor "
        "returns 410 `cursor_gone`.",
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
            reader=self.principal,
            after=asked.get("after"),
            types=asked.get("types", ()),
            limit=limit + 1,
        )
        page = found[:limit]
        last = str(page[-1].pk) if page else None
        has_more = len(found) > limit
        return Response(
            {"events": [log.reply_of(event) for event in page], "next_after": last, "has_more": has_more},
            headers={"Link": link_next(request, limit=limit, after=last)} if has_more else {},
        )

    @operation(
        scope="events:read",
        summary="List event types",
        responses={200: ListOf(shapes.EventTypeReply)},
    )
    def types(self, request: Request) -> HttpResponse:
        rows = [{"name": row.name, "object": row.subject, "summary": row.summary} for row in TYPES.values()]
        return short_array(request, rows)
