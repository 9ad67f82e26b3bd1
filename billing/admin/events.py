"""The admin page of what payment providers sent. An event changes by admin actions only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from unfold.decorators import display

from billing import models as rows
from billing import provider_events
from scribe.admin import Deed, ReadOnlyAdmin
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
    deeds = (
        Deed(
            name="replay",
            label="Replay",
            icon="replay",
            bulk=True,
            audit_action="provider_event.replayed",
            explanation="The event is applied again. What it has already done it does not do twice.",
            run=lambda event, by, values: said(provider_events.replay(event=event, by=by, reason=values["reason"])),
        ),
        Deed(
            name="accept",
            label="Accept the amount",
            icon="price_check",
            danger=True,
            audit_action="provider_event.accepted",
            explanation="What was received counts as the price, of renewals too, and grants what was ordered.",
            run=lambda event, by, values: said(provider_events.accept(event=event, by=by, reason=values["reason"])),
            refusal=lambda event: "" if event.status == "for_staff" and event.expected else "no amount is in question",
        ),
        Deed(
            name="close",
            label="Close without effect",
            icon="cancel",
            danger=True,
            audit_action="provider_event.closed",
            explanation="The event grants nothing: its money went back, or staff settled it by hand.",
            run=lambda event, by, values: provider_events.close(event=event, by=by, reason=values["reason"]),
            refusal=lambda event: "" if event.status in ("for_staff", "waiting") else f"it is {event.status}",
        ),
    )

    @display(description="Status", ordering="status", label=EVENT_COLORS)
    def shown_status(self, event: rows.ProviderEvent) -> Any:
        return event.status, event.get_status_display()

    @display(description="Payload")
    def shown_payload(self, event: rows.ProviderEvent) -> str:
        return pretty(event.payload)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return [*(name for name in shown_fields(rows.ProviderEvent) if name != "payload"), "shown_payload"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "status__in" or super().lookup_allowed(lookup, value, request)


def said(event: Any) -> str:
    return f"{event.event_type}: {event.get_status_display()}. {event.outcome}" if event else "It is being applied."


def pretty(value: Any) -> str:
    import json

    return format_html('<pre class="bo-pre">{}</pre>', json.dumps(value, indent=2, ensure_ascii=False))
