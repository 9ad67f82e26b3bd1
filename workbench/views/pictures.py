"""Pictures of other hosts, which pages of ours show."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from scribe.api.access import PUBLIC
from workbench import pictures
from workbench.pages import Page


class Picture(Page):
    """One picture. Its signed address is the right to it: a preview's frame sends no cookie, and shows many at once."""

    who = PUBLIC

    def enter(self, request: Any) -> None:
        request.user = None

    def get(self, request: Any) -> HttpResponse:
        return pictures.asked(request.GET)
