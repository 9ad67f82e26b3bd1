"""Tag `webhooks`: endpoints, deliveries, and the log of events."""

from __future__ import annotations

from rest_framework import serializers

from scribe.api.fields import FreeObject, UtcDateTime, utc
from scribe.api.serializers import Reply, Request
from scribe.outbox.types import TYPES
from scribe.types import Json
from webhooks.models import EventDelivery, WebhookEndpoint

TYPE_HELP = "Names of `GET /webhooks/event-types`; empty or left out: all."


class EventTypeReply(Reply):
    name = serializers.CharField()
    object = serializers.CharField(help_text="The kind of object that `data.id` names.")
    summary = serializers.CharField()


class EndpointCreate(Request):
    url = serializers.CharField(max_length=2048, help_text="https, a public host, port 443 or 8443.")
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    types = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=100, required=False, help_text=TYPE_HELP
    )


class EndpointPatch(Request):
    url = serializers.CharField(max_length=2048, required=False)
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    types = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=100, required=False, help_text=TYPE_HELP
    )
    is_active = serializers.BooleanField(required=False)


class EndpointReply(Reply):
    id = serializers.CharField()
    url = serializers.CharField()
    description = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField(), help_text="Empty: all types.")
    is_active = serializers.BooleanField()
    disabled_at = UtcDateTime(allow_null=True)
    disabled_reason = serializers.CharField(help_text="`gone` (it answered 410), `failing`, `switched_off`, or empty.")
    failing_since = UtcDateTime(allow_null=True, help_text="Since when no attempt has succeeded.")
    delivered_at = UtcDateTime(allow_null=True, help_text="The last success.")
    old_secret_until = UtcDateTime(allow_null=True, help_text="Until when the secret before the last rotation signs.")
    created_at = UtcDateTime()


def endpoint(row: WebhookEndpoint) -> Json:
    return {
        "id": str(row.pk),
        "url": row.url,
        "description": row.description,
        "types": row.types,
        "is_active": row.is_active,
        "disabled_at": utc(row.disabled_at),
        "disabled_reason": row.disabled_reason,
        "failing_since": utc(row.failing_since),
        "delivered_at": utc(row.delivered_at),
        "old_secret_until": utc(row.previous_until),
        "created_at": utc(row.created_at),
    }


class EndpointWithSecret(EndpointReply):
    secret = serializers.CharField(help_text="`whsec_…`, for verifying signatures. It is shown this once.")


class SecretRotation(Request):
    overlap_hours = serializers.IntegerField(
        min_value=0, max_value=168, default=24, help_text="How long the old secret signs as well."
    )


class ReplayRequest(Request):
    since = UtcDateTime(help_text="From this time on.")
    until = UtcDateTime(required=False, help_text="Before this time; left out: until now.")
    include_delivered = serializers.BooleanField(default=False, help_text="Also what the endpoint has got.")


class QueuedReply(Reply):
    queued = serializers.IntegerField(help_text="Deliveries that are sent again.")


class PingReply(Reply):
    event_id = serializers.CharField(help_text="The `webhook-id` of the test.")


class DeliveriesQuery(Request):
    endpoint_id = serializers.CharField(max_length=64, required=False)
    event_id = serializers.CharField(max_length=64, required=False)
    state = serializers.ChoiceField(choices=EventDelivery.State.choices, required=False)
    after = serializers.CharField(max_length=64, required=False, help_text="The id of the last delivery seen.")
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class AttemptReply(Reply):
    at = UtcDateTime()
    status = serializers.IntegerField(allow_null=True, help_text="Null when no answer came.")
    seconds = serializers.FloatField()
    error = serializers.CharField(required=False, help_text="Why no answer came.")
    answer = serializers.CharField(required=False, help_text="The beginning of a refusal.")


class DeliveryReply(Reply):
    id = serializers.CharField()
    endpoint_id = serializers.CharField()
    event_id = serializers.CharField()
    type = serializers.CharField()
    state = serializers.ChoiceField(choices=EventDelivery.State.choices)
    attempts = serializers.IntegerField(help_text="Of eight at most; a replay begins anew.")
    next_at = UtcDateTime(allow_null=True)
    delivered_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()
    log = AttemptReply(many=True, help_text="The last ten attempts.")


def delivery(row: EventDelivery) -> Json:
    return {
        "id": str(row.pk),
        "endpoint_id": str(row.endpoint_id),
        "event_id": str(row.event_id),
        "type": row.event.type,
        "state": row.state,
        "attempts": row.attempts,
        "next_at": utc(row.next_at),
        "delivered_at": utc(row.delivered_at),
        "created_at": utc(row.created_at),
        "log": row.log,
    }


class EventsQuery(Request):
    after = serializers.CharField(max_length=64, required=False, help_text="The id of the last event seen.")
    types = serializers.CharField(max_length=500, required=False, help_text="Comma-separated names.")
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)

    def validate_types(self, value: str) -> list[str]:
        names = [name for name in value.replace(" ", "").split(",") if name]
        if unknown := sorted(set(names) - set(TYPES)):
            raise serializers.ValidationError(f"There are no such events: {', '.join(unknown)}.")
        return names


class EventReply(Reply):
    id = serializers.CharField(help_text="The same as `webhook-id`.")
    type = serializers.ChoiceField(choices=sorted(TYPES))
    timestamp = UtcDateTime(help_text="When it happened.")
    data = FreeObject(help_text="`object`, `id`, `version`, and what the type adds.")  # type: ignore[assignment]


class EventsReply(Reply):
    events = EventReply(many=True)
    next_after = serializers.CharField(allow_null=True, help_text="For the next page; null when this one is empty.")
    has_more = serializers.BooleanField()
