"""JSON schemas in the subset that every provider takes, and reading the answers back."""

import json

import orjson

from scribe.types import Json

_DROPPED = frozenset(
    [
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "default",
        "title",
        "examples",
        "$schema",
    ]
)


#: A text in a schema.
TEXT: Json = {"type": "string"}


def an_object(**properties: Json) -> Json:
    """The schema of an object that has these properties and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def strict(schema: Json) -> Json:
    """`schema` as the strict modes demand it: all properties required, no others allowed, no limits (we check them)."""
    out = {key: value for key, value in schema.items() if key not in _DROPPED}
    if "properties" in out:
        out["properties"] = {name: strict(child) for name, child in out["properties"].items()}
        out["required"] = list(out["properties"])
        out["additionalProperties"] = False
    if isinstance(out.get("items"), dict):
        out["items"] = strict(out["items"])
    if "anyOf" in out:
        out["anyOf"] = [strict(option) for option in out["anyOf"]]
    return out


def instruction(schema: Json) -> str:
    """The schema in words, for servers that only promise valid JSON or not even that."""
    return (
        "Answer with one JSON object and nothing else: no code fence, no remark. "
        "It has exactly the properties of this JSON schema:\n" + orjson.dumps(strict(schema)).decode()
    )


def read(text: str, schema: Json) -> Json | None:
    """The JSON object in an answer, or None.

    Small models put a fence or a remark around the object. These are removed if the rest fits `schema`.
    """
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        start = text.find("{")
        if start < 0:
            return None
        try:
            found, end = json.JSONDecoder(strict=False).raw_decode(text[start:])
        except (ValueError, RecursionError):
            return None
        rest = text[start + end :].lstrip()
        if rest[:1] in tuple('}],:"') or faults(
            found, strict(schema)
        ):  # cut off but still valid JSON by chance, or incomplete
            return None
    return found if isinstance(found, dict) else None


def faults(data: object, schema: Json, pointer: str = "#") -> list[str]:
    """One line for each place where `data` breaks `schema`; [] when it fits. Knows the portable subset only."""
    if "anyOf" in schema:
        options = [faults(data, option, pointer) for option in schema["anyOf"]]
        return [] if any(not option for option in options) else min(options, key=len)
    out: list[str] = []
    kind = schema.get("type")
    if kind and not _is(data, kind):
        return [f"{pointer} is not of type {kind}"]
    if "enum" in schema and data not in schema["enum"]:
        out.append(f"{pointer} is none of {', '.join(map(str, schema['enum']))}")
    if isinstance(data, dict):
        out += [f"{pointer}/{name} is missing" for name in schema.get("required", []) if name not in data]
        for name, child in schema.get("properties", {}).items():
            if name in data:
                out += faults(data[name], child, f"{pointer}/{name}")
    if isinstance(data, list) and isinstance(schema.get("items"), dict):
        for index, value in enumerate(data):
            out += faults(value, schema["items"], f"{pointer}/{index}")
    return out


def _is(data: object, kind: str | list[str]) -> bool:
    kinds = [kind] if isinstance(kind, str) else kind
    python = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    for name in kinds:
        if name in ("number", "integer"):
            whole = isinstance(data, int) or (isinstance(data, float) and data.is_integer())
            if not isinstance(data, bool) and (whole if name == "integer" else isinstance(data, int | float)):
                return True
        elif isinstance(data, python[name]):
            return True
    return False
