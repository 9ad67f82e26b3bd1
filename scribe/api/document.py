"""The OpenAPI documents over HTTP. Each is built once per process, since that takes seconds.

The document is OpenAPI 3.0.3, which generators of clients read best. The same in 3.1 has the webhooks as well.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.settings import patched_settings

RENDERERS: dict[str, Any] = {"json": OpenApiJsonRenderer, "yaml": OpenApiYamlRenderer}
VERSIONS: dict[str, dict[str, Any]] = {
    "3.0": {},
    "3.1": {
        "OAS_VERSION": "3.1.0",
        "POSTPROCESSING_HOOKS": [
            *settings.SPECTACULAR_SETTINGS["POSTPROCESSING_HOOKS"],
            "scribe.api.event_schemas.add",
        ],
    },
}
# The generator reads settings that all threads share.
_building = threading.Lock()


def generate(version: str) -> dict[str, Any]:
    """The document in OpenAPI `version`, "3.0" or "3.1"."""
    with _building, patched_settings(VERSIONS[version]):  # type: ignore[no-untyped-call]
        found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


@lru_cache(maxsize=4)
def document(version: str, form: str) -> bytes:
    rendered: bytes = RENDERERS[form]().render(generate(version), renderer_context={})
    return rendered


def schema(request: HttpRequest, version: str = "3.0") -> HttpResponse:
    """YAML, or JSON with `?format=json`."""
    form = "json" if request.GET.get("format") == "json" else "yaml"
    media_type = "application/vnd.oai.openapi+json" if form == "json" else "application/vnd.oai.openapi"
    return HttpResponse(document(version, form), content_type=f"{media_type}; charset=utf-8")
