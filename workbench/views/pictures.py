"""Pictures of other hosts, which pages of ours show."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from scribe.api import rate_limits
from scribe.api.access import PUBLIC
from scribe.api.addresses import client_address, network_of
from workbench import pictures
from workbench.pages import Page


class Picture(Page):
    """One picture. Its signed address is the right to it: a preview's frame sends no cookie, and shows many at once."""

    who = PUBLIC
    rate_scope = "picture"

    def enter(self, request: Any) -> None:
        rate_limits.check(self.rate_scope, network_of(client_address(request)))
        request.user = None

    def get(self, request: Any) -> HttpResponse:
        return pictures.asked(request.GET)
