"""How the pages look in this browser: light, dark, or as the system is; and the language in which they speak to the person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from accounts import users
from scribe.api.access import PUBLIC
from workbench import cookies, speech
from workbench.pages import THEMES, Page, following

#: Each choice: its field in the form, its cookie, and its values. Any other value is no choice of one's own.
CHOICES = (
    ("theme", cookies.THEME, THEMES),
    ("language", cookies.LANGUAGE, speech.KNOWN),
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
                cookies.write(response, name, chosen, lasts=speech.KEPT)
            else:
                cookies.forget(response, name)
        language, user = request.POST.get("language"), request.user
        if language is not None and user is not None and not user.impersonated:
            users.choose_language(user=user, language=language if language in speech.KNOWN else "")
        return response
