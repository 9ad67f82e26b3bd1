"""How the pages look in this browser: light, dark, or as the system is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from scribe.api.access import PUBLIC
from workbench import cookies
from workbench.pages import THEMES, Page, following

KEPT = timedelta(days=365)


class Appearance(Page):
    who = PUBLIC
    support = True

    def post(self, request: Any) -> HttpResponse:
        response = HttpResponseRedirect(following(request, request.POST.get("next", "")))
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            cookies.write(response, cookies.THEME, theme, lasts=KEPT)
        else:
            cookies.forget(response, cookies.THEME)
        return response
