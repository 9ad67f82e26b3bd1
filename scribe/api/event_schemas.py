"""The webhooks of the OpenAPI 3.1 document: what a receiver gets for each type of event. OpenAPI 3.0 has no place for them."""

from rest_framework.request import Request

from scribe.api.deprecations import EVENT_VERSION
from scribe.outbox.types import TYPES, EventType
from scribe.types import Json, JsonValue

_ID = {"type": "string", "format": "uuid"}
_COUNTERS = {"type": "object", "additionalProperties": {"type": "integer"}}
_NAMES = {"type": "array", "items": {"type": "string"}}
# Fields of `data` that are no plain text.
FORMS: dict[str, Json] = {
    "project_id": {"type": ["string", "null"], "format": "uuid"},
    "job_id": _ID,
    "counters": _COUNTERS,
    "fields": _NAMES,
    "percent": {"type": "integer"},
    "expires_at": {"type": "string", "format": "date-time"},
}
HEADERS = {
    "webhook-id": ("string", "The event's ID: the same for every attempt, and in `GET /events`."),
    "webhook-timestamp": ("string", "The time of this attempt, in seconds since 1970."),
    "webhook-signature": ("string", "Signatures by Standard Webhooks 1.0, separated by spaces: `v1,…`."),
}


def add(result: Json, generator: object, request: Request, public: bool) -> Json:
    """Add the webhooks to the document, and make its nullable free values valid in 3.1."""
    for row in TYPES.values():
        name = "Event" + "".join(word.title() for word in row.name.replace(".", "_").split("_"))
        result["components"]["schemas"][name] = _schema(row)
        result.setdefault("webhooks", {})[row.name] = {"post": _operation(row, name)}
    _collapse(result)
    return result


def _operation(row: EventType, schema: str) -> Json:
    return {
        "operationId": f"on_{row.name.replace('.', '_')}",
        "summary": row.summary,
        "tags": ["webhooks"],
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": kind}}
            for name, (kind, text) in HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        },
        "responses": {
            "2XX": {"description": "Received. Any other reply counts as a failure, and the event is sent again."},
            "410": {"description": "Gone: the endpoint is disabled."},
        },
    }


def _schema(row: EventType) -> Json:
    more = {name: {**FORMS.get(name, {"type": "string"}), "description": text} for name, text in row.fields.items()}
    data = {
        "object": {"const": row.subject},
        "id": {**_ID, "description": f"The {row.subject.replace('_', ' ')}'s id."},
        "sequence": {
            "type": "integer",
            "description": "Increases with each event of this object. The highest is the newest.",
        },
        "version": {"type": "integer", "deprecated": True, "description": EVENT_VERSION.sentence()},
        **more,
    }
    return {
        "type": "object",
        "description": row.summary,
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": row.name},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "data": {"type": "object", "required": list(data), "properties": data},
        },
    }


def _collapse(node: JsonValue) -> None:
    """Let a free value or null be just a free value: `oneOf` of both matches null twice, and so refuses it."""
    if isinstance(node, list):
        for each in node:
            _collapse(each)
    elif isinstance(node, dict):
        choices = node.get("oneOf")
        if isinstance(choices, list) and {} in choices and {"type": "null"} in choices:
            del node["oneOf"]
        for each in node.values():
            _collapse(each)
