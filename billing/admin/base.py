"""What admin pages of an organization's money share."""

from __future__ import annotations

from typing import Any

from unfold.decorators import display

from scribe.admin import ReadOnlyAdmin, link


class BillingRowAdmin(ReadOnlyAdmin):
    """Rows of one organization: searched by its name, linked from its page."""

    list_select_related = ["organization"]
    search_fields = ["organization__name"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "organization__id__exact" or super().lookup_allowed(lookup, value, request)

    @display(description="Organization", ordering="organization__name")
    def of(self, row: Any) -> str:
        return link(row.organization)
