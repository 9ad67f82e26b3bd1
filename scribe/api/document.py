"""The OpenAPI documents over HTTP. Each is built once per process, since that takes seconds.

The document is OpenAPI 3.0.3, which generators of clients read best. The same in 3.1 has the webhooks as well.
"""

import threading
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.settings import patched_settings

from scribe.types import Json

#: What `Accept` may name. The first is sent to those who take anything.
MEDIA_TYPES = (
    "application/vnd.oai.openapi", "application/yaml", "application/x-yaml", "text/yaml",
    "application/vnd.oai.openapi+json", "application/json",
)  # fmt: skip
RENDERERS: Json = {"json": OpenApiJsonRenderer, "yaml": OpenApiYamlRenderer}
VERSIONS: dict[str, Json] = {
    "3.0": {},
    "3.1": {
        "OAS_VERSION": "3.1.0",
        "POSTPROCESSING_HOOKS": [  # type: ignore[misc]  # a list of ours
            *settings.SPECTACULAR_SETTINGS["POSTPROCESSING_HOOKS"],
            "scribe.api.event_schemas.add",
        ],
    },
}
# The generator reads settings that all threads share.
_building = threading.Lock()


def generate(version: str) -> Json:
    """The document in OpenAPI `version`, "3.0" or "3.1"."""
    with _building, patched_settings(VERSIONS[version]):
        found: Json = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


@lru_cache(maxsize=4)
def document(version: str, form: str) -> bytes:
    rendered: bytes = RENDERERS[form]().render(generate(version), renderer_context={})
    return rendered


def schema(request: HttpRequest, version: str = "3.0") -> HttpResponse:
    """YAML; JSON for who asks for it, by `?format=json` or by `Accept`."""
    accepted = request.get_preferred_type(list(MEDIA_TYPES)) or ""
    form = "json" if "json" in (request.GET.get("format") or accepted) else "yaml"
    media_type = f"application/vnd.oai.openapi{'+json' if form == 'json' else ''}"
    reply = HttpResponse(document(version, form), content_type=f"{media_type}; charset=utf-8")
    patch_vary_headers(reply, ("Accept",))
    return reply
