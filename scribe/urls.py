"""Every route: the apps' own lists under `/api/v1/`, the documents, the workbench, the admin."""

from collections import defaultdict

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RegexPattern, ResolverMatch, RoutePattern
from django.utils.functional import cached_property
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

from scribe.api import error_codes, files, health, metrics, reference
from scribe.api.document import schema


def flat(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
    """The patterns of several lists, without the empty includes around them."""
    found: list[URLPattern] = []
    for pattern in patterns:
        found += [pattern] if isinstance(pattern, URLPattern) else flat(pattern.url_patterns)
    return found


class Segmented(URLResolver):
    """A resolver that tries only the patterns with the same first segment as the path, since trying all of them one by
    one is slow. Every pattern begins with a fixed segment (`projects/<str:project_id>` is under `projects`)."""

    def __init__(self, prefix: str, patterns: list[URLPattern | URLResolver]) -> None:
        super().__init__(RoutePattern(prefix), flat(patterns))

    @cached_property
    def groups(self) -> dict[str, URLResolver]:
        by_first: dict[str, list[URLPattern | URLResolver]] = defaultdict(list)
        for pattern in self.url_patterns:
            by_first[str(pattern.pattern).partition("/")[0]].append(pattern)
        return {first: URLResolver(RegexPattern(r""), patterns) for first, patterns in by_first.items()}

    def resolve(self, path: str) -> ResolverMatch:
        match = self.pattern.match(str(path))
        group = self.groups.get(str(match[0]).partition("/")[0]) if match else None
        if match is None or group is None:
            raise Resolver404({"path": path})
        return group.resolve(match[0])


api: list[URLPattern | URLResolver] = [
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
    path("llms.txt", reference.llms, name="llms"),
    path("api/reference.md", reference.page, name="reference"),
    path("api/guides/<slug:name>.md", reference.guide, name="guide"),
    path("api/errors", error_codes.page, name="errors"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/redoc", SpectacularRedocView.as_view(url_name="schema"), name="redoc"),
    path("", include("workbench.views.front")),
    path("app", RedirectView.as_view(url="/app/", query_string=True)),
    path("app/", include("workbench.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "scribe.api.problems.bad_request"
handler403 = "scribe.api.problems.permission_denied"
handler404 = "scribe.api.problems.page_not_found"
handler500 = "scribe.api.problems.server_error"
