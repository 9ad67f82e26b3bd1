"""The admin page of what payment providers sent. An event changes by admin actions only."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.decorators import display

from billing import models as rows
from billing import provider_events
from scribe.admin import ReadOnlyAdmin, StaffAction
from scribe.backoffice.secrets import shown_fields

EVENT_COLORS = {
    "received": "info", "applied": "success", "ignored": "default", "waiting": "warning", "for_staff": "danger", "failed": "danger",
}  # fmt: skip


@admin.register(rows.ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin):
    list_display = [
        "event_type",
        "provider",
        "shown_status",
        "expected",
        "received",
        "outcome",
        "organization_id",
        "created_at",
    ]
    list_filter = ["status", "provider", "event_type", "live_mode"]
    search_fields = ["event_id", "event_type", "=organization_id", "outcome"]
    date_hierarchy = "created_at"
    readonly_fields = ["shown_payload"]
    linked_by = ("status__in",)
    staff_actions = (
        StaffAction(
            name="replay",
            label="Replay",
            icon="replay",
            bulk=True,
            explanation="The event is applied again. What it has already done it does not do twice.",
            run=lambda event, by, values: describe(provider_events.replay(event=event, by=by, reason=values["reason"])),
        ),
        StaffAction(
            name="accept",
            label="Accept the amount",
            icon="price_check",
            danger=True,
            explanation="What was received counts as the price, of renewals too, and grants what was ordered, from its order on at the earliest.",
            run=lambda event, by, values: describe(provider_events.accept(event=event, by=by, reason=values["reason"])),
            refusal=lambda event: "" if event.status == "for_staff" and event.received else "no amount is in question",
        ),
        StaffAction(
            name="count-now",
            label="Count from when it came",
            icon="event_available",
            danger=True,
            explanation="Its date is wrong: what it says has happened when the event came.",
            run=lambda event, by, values: describe(
                provider_events.count_now(event=event, by=by, reason=values["reason"])
            ),
            refusal=lambda event: "" if event.is_ahead else "it is not dated ahead",
        ),
        StaffAction(
            name="close",
            label="Close without effect",
            icon="cancel",
            danger=True,
            explanation="The event grants nothing: its money went back, or staff settled it by hand.",
            run=lambda event, by, values: provider_events.close(event=event, by=by, reason=values["reason"]),
            refusal=lambda event: "" if event.status in ("for_staff", "waiting") else f"it is {event.status}",
        ),
    )

    @display(description="Status", ordering="status", label=EVENT_COLORS)
    def shown_status(self, event: rows.ProviderEvent) -> tuple[str, str]:
        return event.status, event.get_status_display()

    @display(description="Payload")
    def shown_payload(self, event: rows.ProviderEvent) -> str:
        return pretty(event.payload)

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [*(name for name in shown_fields(rows.ProviderEvent) if name != "payload"), "shown_payload"]


def describe(event: rows.ProviderEvent | None) -> str:
    return f"{event.event_type}: {event.get_status_display()}. {event.outcome}" if event else "It is being applied."


def pretty(value: object) -> str:
    import json

    return format_html('<pre class="bo-pre">{}</pre>', json.dumps(value, indent=2, ensure_ascii=False))
