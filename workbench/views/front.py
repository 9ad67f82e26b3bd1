"""The front page at `/`: what this is, for whoever comes by. It knows nobody: cookies stay below `/app/`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views import View


class FrontPage(View):
    """In the language that the address or the browser names."""

    def get(self, request: HttpRequest) -> HttpResponse:
        named = request.GET.get("language", "")
        language = named if named in dict(settings.LANGUAGES) else get_language_from_request(request)
        with translation.override(language):
            response = render(request, "workbench/front.html")
        response.headers["Content-Language"] = language
        patch_vary_headers(response, ("Accept-Language",))
        return response


urlpatterns = [path("", FrontPage.as_view(), name="front")]
