"""How the pages look in this browser: light, dark, or as the system is; and their language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect

from scribe.api.access import PUBLIC
from workbench import cookies
from workbench.pages import THEMES, Page, following

KEPT = timedelta(days=365)
#: Each choice: its field in the form, its cookie, and its values. Any other value is no choice of one's own.
CHOICES = (
    ("theme", cookies.THEME, THEMES),
    ("language", cookies.LANGUAGE, tuple(dict(settings.LANGUAGES))),
)


class Appearance(Page):
    who = PUBLIC
    support = True

    def post(self, request: Any) -> HttpResponse:
        response = HttpResponseRedirect(following(request, request.POST.get("next", "")))
        for field, name, known in CHOICES:
            if (chosen := request.POST.get(field)) is None:
                continue
            if chosen in known:
                cookies.write(response, name, chosen, lasts=KEPT)
            else:
                cookies.forget(response, name)
        return response
