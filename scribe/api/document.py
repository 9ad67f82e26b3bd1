"""The OpenAPI document over HTTP. It is built once per process, since that takes seconds."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

RENDERERS: dict[str, Any] = {"json": OpenApiJsonRenderer, "yaml": OpenApiYamlRenderer}


@lru_cache(maxsize=2)
def document(form: str) -> bytes:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    rendered: bytes = RENDERERS[form]().render(schema, renderer_context={})
    return rendered


def schema(request: HttpRequest) -> HttpResponse:
    """YAML, or JSON with `?format=json`."""
    form = "json" if request.GET.get("format") == "json" else "yaml"
    media_type = "application/vnd.oai.openapi+json" if form == "json" else "application/vnd.oai.openapi"
    return HttpResponse(document(form), content_type=f"{media_type}; charset=utf-8")
