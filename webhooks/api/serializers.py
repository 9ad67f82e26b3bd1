"""Tag `webhooks`: endpoints, deliveries, and the log of events."""

from rest_framework import serializers

from scribe import choices
from scribe.api.fields import Choice, FreeObject, UtcDateTime
from scribe.api.serializers import Reply, Request
from scribe.outbox.types import TYPES
from webhooks.models import EventDelivery

TYPE_HELP = "Event types from `GET /webhooks/event-types`. Empty or left out: all events."


class EventTypeReply(Reply):
    name = serializers.CharField()
    object = serializers.CharField(help_text="The kind of object that `data.id` names.")
    summary = serializers.CharField()


PROJECTS_HELP = "Only events about these projects and what is in them; empty for those of the whole organization."


class EndpointCreate(Request):
    url = serializers.CharField(max_length=2048, help_text="Must use https, a public host and port 443 or 8443.")
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    types = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=100, required=False, help_text=TYPE_HELP
    )
    project_ids = serializers.ListField(
        child=serializers.CharField(max_length=64),
        required=False,
        allow_empty=False,
        max_length=100,
        help_text="Only events about these projects and what is in them. Default: those of the whole organization.",
    )


class EndpointPatch(EndpointCreate):
    url = serializers.CharField(max_length=2048, required=False)
    project_ids = serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, max_length=100, help_text=PROJECTS_HELP
    )
    is_active = serializers.BooleanField(required=False)


class EndpointReply(Reply):
    id = serializers.CharField()
    url = serializers.CharField()
    description = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField(), help_text="Empty: all types.")
    project_ids = serializers.ListField(child=serializers.CharField(), help_text=PROJECTS_HELP)
    is_test = serializers.BooleanField(help_text="A test key added it: it gets the events of test work, and no others.")
    is_active = serializers.BooleanField()
    disabled_at = UtcDateTime(allow_null=True)
    disabled_reason = serializers.CharField(
        help_text="`gone` (the endpoint returned 410), `failing`, `switched_off`, or empty."
    )
    failing_since = UtcDateTime(allow_null=True, help_text="The time since which every attempt has failed.")
    delivered_at = UtcDateTime(allow_null=True, help_text="The last success.")
    old_secret_until = UtcDateTime(
        source="previous_until",
        allow_null=True,
        help_text="The time until which events are also signed with the previous secret.",
    )
    created_at = UtcDateTime()


class EndpointWithSecret(EndpointReply):
    secret = serializers.CharField(help_text="`whsec_…`, for verifying signatures. Shown only this once.")


class SecretRotation(Request):
    overlap_hours = serializers.IntegerField(
        min_value=0,
        max_value=168,
        default=24,
        help_text="How long events are also signed with the old secret, in hours.",
    )


class ReplayRequest(Request):
    since = UtcDateTime(help_text="From this time on.")
    until = UtcDateTime(required=False, help_text="The end of the period (exclusive). Default: now.")
    include_delivered = serializers.BooleanField(
        default=False, help_text="Also send events that were already delivered."
    )


class QueuedReply(Reply):
    queued = serializers.IntegerField(help_text="The number of deliveries that are sent again.")


class PingReply(Reply):
    event_id = serializers.CharField(help_text="The `webhook-id` of the test.")


class DeliveriesQuery(Request):
    endpoint_id = serializers.CharField(max_length=64, required=False)
    event_id = serializers.CharField(max_length=64, required=False)
    state = Choice(choices=EventDelivery.State.choices, required=False)
    after = serializers.CharField(max_length=64, required=False, help_text="The ID of the last delivery you have seen.")
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class AttemptReply(Reply):
    at = UtcDateTime()
    status = serializers.IntegerField(allow_null=True, help_text="`null` if there was no reply.")
    seconds = serializers.FloatField()
    error = serializers.CharField(required=False, help_text="Why there was no reply.")
    answer = serializers.CharField(required=False, help_text="The beginning of the error reply.")


class DeliveryReply(Reply):
    id = serializers.CharField()
    endpoint_id = serializers.CharField()
    event_id = serializers.CharField()
    type = serializers.CharField(source="event.type")
    state = Choice(choices=EventDelivery.State.choices)
    attempts = serializers.IntegerField(
        help_text="The number of attempts, of at most eight. A replay starts again from zero."
    )
    next_at = UtcDateTime(allow_null=True)
    delivered_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()
    log = AttemptReply(many=True, help_text="The last ten attempts.")


class EventsQuery(Request):
    after = serializers.CharField(max_length=64, required=False, help_text="The ID of the last event you have seen.")
    types = serializers.CharField(max_length=500, required=False, help_text="Comma-separated names.")
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)

    def validate_types(self, value: str) -> list[str]:
        names = [name for name in value.replace(" ", "").split(",") if name]
        if unknown := [name for name in names if name not in TYPES]:
            raise serializers.ValidationError([f"{name}: {choices.refusal(name, TYPES)}" for name in unknown])
        return names


class EventReply(Reply):
    id = serializers.CharField(help_text="The same as `webhook-id`.")
    type = Choice(choices=sorted(TYPES))
    timestamp = UtcDateTime(help_text="When it happened.")
    is_test = serializers.BooleanField(help_text="An event of test work. Live endpoints and keys don't get these.")
    data = FreeObject(help_text="`object`, `id`, `sequence`, and fields that depend on the event type.")  # type: ignore[assignment]


class EventsReply(Reply):
    events = EventReply(many=True)
    next_after = serializers.CharField(
        allow_null=True, help_text="The cursor for the next page; `null` if this page is empty."
    )
    has_more = serializers.BooleanField()
