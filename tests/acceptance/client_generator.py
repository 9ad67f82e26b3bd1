"""Make a typed Python client from the OpenAPI document: `python -m tests.acceptance.client_generator openapi.json client.py`.

One TypedDict per schema, one method per operation. Needs nothing but `requests` at run time.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from pathlib import Path
from typing import Any

HEAD = '''"""XC Scribe's API. Made from its OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

import requests


class ApiError(Exception):
    """A problem reply: `status`, `code` and the whole `body`."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body.get("detail", ""))
        self.status, self.code, self.body = status, body.get("code", ""), body


class Client:
    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url, self.session = base_url.rstrip("/"), requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def _call(self, method: str, path: str, query: dict[str, Any], headers: dict[str, str | None], **body: Any) -> Any:
        response = self.session.request(
            method,
            self.base_url + path,
            params={name: value for name, value in query.items() if value is not None},
            headers={name: value for name, value in headers.items() if value is not None},
            timeout=130,
            **body,
        )
        if response.status_code >= 400:
            raise ApiError(response.status_code, response.json())
        if not response.content:
            return None
        return response.json() if "json" in response.headers.get("Content-Type", "") else response.content
'''
SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def python_name(text: str) -> str:
    name = re.sub(r"\W+", "_", text).strip("_")
    return f"{name}_" if keyword.iskeyword(name) or name in ("self", "None") else name


def type_of(schema: dict[str, Any]) -> str:
    """The annotation of a schema."""
    if "$ref" in schema:
        return python_name(schema["$ref"].rsplit("/", 1)[1])
    for name in ("oneOf", "anyOf", "allOf"):
        if name in schema:
            found = " | ".join(dict.fromkeys(type_of(part) for part in schema[name])) or "Any"
            return found + (" | None" if schema.get("nullable") else "")
    if "enum" in schema:
        return "Literal[" + ", ".join(repr(value) for value in schema["enum"]) + "]"
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(type_of({**schema, "type": one}) for one in kind)
    if kind == "array":
        found = f"list[{type_of(schema.get('items', {}))}]"
    elif kind == "object":
        inner = schema.get("additionalProperties")
        found = f"dict[str, {type_of(inner) if isinstance(inner, dict) else 'Any'}]"
    else:
        found = SIMPLE.get(kind or "", "Any")
    return found + (" | None" if schema.get("nullable") else "")


def typed_dict(name: str, schema: dict[str, Any]) -> str:
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{python_name(name)} = {type_of(schema)!r}\n"
    required = set(schema.get("required", []))
    fields = []
    for field, inner in schema["properties"].items():
        kind = type_of(inner)
        fields.append(
            f"    {field!r}: {kind!r}," if field in required else f"    {field!r}: {f'NotRequired[{kind}]'!r},"
        )
    body = "\n".join(fields)
    return f"{python_name(name)} = TypedDict({python_name(name)!r}, {{\n{body}\n}})\n"


def method(path: str, verb: str, operation: dict[str, Any]) -> str:
    names = {"path": [], "query": [], "header": []}
    for parameter in operation.get("parameters", []):
        if parameter["in"] in names:
            names[parameter["in"]].append((parameter["name"], type_of(parameter.get("schema", {}))))
    content = operation.get("requestBody", {}).get("content", {})
    arguments = [f"{python_name(name)}: {kind}" for name, kind in names["path"]]
    sends = ""
    if "multipart/form-data" in content:
        arguments += ["files: dict[str, Any]", "data: dict[str, Any] | None = None"]
        sends = ", files=files, data=data"
    elif "application/json" in content:
        arguments.append(f"body: {type_of(content['application/json']['schema'])} | None = None")
        sends = ", json=body if body is not None else {}"
    elif content:
        arguments.append("data: Any = None")
        sends = ", data=data"
    options = [f"{python_name(name)}: {kind} | None = None" for name, kind in names["query"] + names["header"]]
    if options:
        arguments += ["*", *options]
    url = re.sub(r"\{(\w+)\}", lambda match: "{" + python_name(match.group(1)) + "}", path)
    query = ", ".join(f"{name!r}: {python_name(name)}" for name, _ in names["query"])
    headers = ", ".join(f"{name!r}: {python_name(name)}" for name, _ in names["header"])
    said = " ".join((operation.get("summary") or "").split()).replace('"', "'")
    return (
        f"    def {python_name(operation['operationId'])}({', '.join(['self', *arguments])}) -> {reply(operation)}:\n"
        f'        """{said}"""\n'
        f"        return self._call({verb.upper()!r}, f{url!r}, {{{query}}}, {{{headers}}}{sends})\n"
    )


def reply(operation: dict[str, Any]) -> str:
    found = []
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            kinds = response.get("content", {})
            json_kind = kinds.get("application/json")
            found.append(type_of(json_kind["schema"]) if json_kind else "bytes" if kinds else "None")
    return " | ".join(dict.fromkeys(found)) or "None"


def generate(document: dict[str, Any]) -> str:
    """The source of the client's module."""
    methods = [
        method(path, verb, operation)
        for path, operations in document["paths"].items()
        for verb, operation in operations.items()
        if verb in ("get", "post", "put", "patch", "delete")
    ]
    schemas = [typed_dict(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return "\n".join([HEAD, *methods, "", *schemas])


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(generate(json.loads(Path(sys.argv[1]).read_text())))
