"""Every route: the apps' own lists under `/api/v1/`, the documents, the workbench, the admin."""

from typing import Any

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

from scribe.api import files, health, metrics
from scribe.api.document import schema
from scribe.api.routes import Segmented

api: list[Any] = [
    *files.urlpatterns,
    path("", include("accounts.api.urls")),
    path("", include("webhooks.api.urls")),
    path("", include("billing.api.urls")),
    path("", include("integrations.api.urls")),
    path("", include("projects.api.urls")),
    path("", include("blog.api.urls")),
    path("", include("studio.api.urls")),
]

urlpatterns = [
    *health.urlpatterns,
    *metrics.urlpatterns,
    Segmented("api/v1/", api),
    path("api/v1/schema", schema, name="schema"),
    path("api/v1/schema-3.1", schema, {"version": "3.1"}, name="schema-3.1"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/redoc", SpectacularRedocView.as_view(url_name="schema"), name="redoc"),
    path("", RedirectView.as_view(url="/app/")),
    path("app", RedirectView.as_view(url="/app/", query_string=True)),
    path("app/", include("workbench.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "scribe.api.problems.bad_request"
handler403 = "scribe.api.problems.permission_denied"
handler404 = "scribe.api.problems.page_not_found"
handler500 = "scribe.api.problems.server_error"
