"""Admin pages: the log of events, endpoints, and deliveries with their attempts. Secrets are never among the fields."""

from django.contrib import admin
from django.utils.html import format_html_join

from scribe.admin import ReadOnlyAdmin, StaffAction
from scribe.models import Event
from webhooks import endpoints, replays
from webhooks.models import EventDelivery, WebhookEndpoint


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["type", "object_id", "organization", "version", "position", "created_at"]
    list_filter = ["type"]
    search_fields = ["=id", "=object_id", "organization__name"]
    ordering = ["-id"]


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyAdmin):
    list_display = ["url", "organization", "disabled_reason", "failures", "failing_since", "delivered_at", "created_at"]
    list_filter = ["disabled_reason"]
    search_fields = ["=id", "url", "organization__name"]
    fields = [
        "id",
        "organization",
        "url",
        "description",
        "types",
        "disabled_at",
        "disabled_reason",
        "failures",
        "failing_since",
        "paused_until",
        "pace",
        "quick_answers",
        "delivered_at",
        "created_at",
    ]
    staff_actions = (
        StaffAction(
            name="disable",
            label="Disable endpoint",
            icon="block",
            danger=True,
            bulk=True,
            explanation="It gets no more events until it is enabled again.",
            run=lambda endpoint, by, values: endpoints.disable(
                endpoint=endpoint, reason=endpoints.Reason.SWITCHED_OFF, by=by
            ),
            refusal=lambda endpoint: "" if endpoint.is_active else "it is disabled",
        ),
        StaffAction(
            name="enable",
            label="Enable endpoint",
            icon="play_arrow",
            bulk=True,
            explanation="It gets new events again. What it missed comes by a replay.",
            run=lambda endpoint, by, values: endpoints.enable(endpoint=endpoint, by=by),
            refusal=lambda endpoint: "it is enabled" if endpoint.is_active else "",
        ),
    )


@admin.register(EventDelivery)
class EventDeliveryAdmin(ReadOnlyAdmin):
    list_display = ["event", "endpoint", "organization", "state", "attempts", "next_at", "delivered_at"]
    list_filter = ["state"]
    search_fields = ["=id", "=event__id", "=event__object_id", "=endpoint__id"]
    fields = [
        "id",
        "organization",
        "endpoint",
        "event",
        "state",
        "attempts",
        "next_at",
        "delivered_at",
        "created_at",
        "attempts_made",
    ]
    readonly_fields = ["attempts_made"]
    staff_actions = (
        StaffAction(
            name="replay",
            label="Send again",
            icon="replay",
            bulk=True,
            audit_action="event_delivery.replayed",
            explanation="The event is sent once more, with the same id.",
            run=lambda delivery, by, values: replays.one(delivery),
            refusal=lambda delivery: "" if delivery.endpoint.is_active else "its endpoint is disabled",
            state=lambda delivery: {"state": delivery.state},
        ),
    )

    @admin.display(description="Attempts made")
    def attempts_made(self, delivery: EventDelivery) -> str:
        rows = (
            (made.get("at"), made.get("status") or "–", made.get("error") or made.get("answer") or "")
            for made in delivery.log
        )
        return format_html_join("", "<p>{} · {} · {}</p>", rows) or "–"
