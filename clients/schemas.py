"""Write the clients' types from the OpenAPI document: `python clients/schemas.py openapi.json`.

Every schema becomes a TypedDict in `python/src/xcscribe/schemas.py` and a type in `typescript/src/schemas.ts`. Both files
are made at each build and not kept.
"""

from __future__ import annotations

import json
import re
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PYTHON = HERE / "python" / "src" / "xcscribe" / "schemas.py"
TYPESCRIPT = HERE / "typescript" / "src" / "schemas.ts"
IN_PYTHON = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None", "any": "Any"}
IN_TYPESCRIPT = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
    "any": "unknown",
}


class Writer(ABC):
    """How one language writes a type."""

    simple: dict[str, str]

    def name(self, text: str) -> str:
        return re.sub(r"\W+", "_", text).strip("_")

    def type_of(self, schema: dict[str, Any]) -> str:
        if "$ref" in schema:
            found = [self.name(schema["$ref"].rsplit("/", 1)[1])]
        elif part := next((key for key in ("oneOf", "anyOf", "allOf") if key in schema), ""):
            found = [self.type_of(each) for each in schema[part]] or [self.simple["any"]]
        elif "enum" in schema:
            found = [self.literals(schema["enum"])]
        elif isinstance(schema.get("type"), list):
            found = [self.type_of({**schema, "type": one, "nullable": False}) for one in schema["type"]]
        elif schema.get("type") == "array":
            found = [self.list_of(self.type_of(schema.get("items", {})))]
        elif schema.get("type") == "object":
            inner = schema.get("additionalProperties")
            found = [self.map_of(self.type_of(inner) if isinstance(inner, dict) else self.simple["any"])]
        else:
            found = [self.simple.get(schema.get("type", ""), self.simple["any"])]
        if schema.get("nullable"):
            found.append(self.simple["null"])
        return " | ".join(dict.fromkeys(found))

    @abstractmethod
    def literals(self, values: list[Any]) -> str: ...

    @abstractmethod
    def list_of(self, inner: str) -> str: ...

    @abstractmethod
    def map_of(self, inner: str) -> str: ...


class InPython(Writer):
    simple = IN_PYTHON

    def literals(self, values: list[Any]) -> str:
        return f"Literal[{', '.join(map(repr, values))}]"

    def list_of(self, inner: str) -> str:
        return f"list[{inner}]"

    def map_of(self, inner: str) -> str:
        return f"dict[str, {inner}]"

    def whole(self, schemas: dict[str, Any]) -> str:
        lines = ['"""The shapes of requests and replies, from the OpenAPI document. Made by a program."""', ""]
        lines += ["from typing import Any, Literal, NotRequired, TypeAlias, TypedDict", ""]
        aliases = []
        for name, schema in sorted(schemas.items()):
            if schema.get("type") != "object" or "properties" not in schema:
                aliases.append(f"{self.name(name)}: TypeAlias = {self.type_of(schema)!r}")
                continue
            required = set(schema.get("required", []))
            lines.append(f"{self.name(name)} = TypedDict(\n    {self.name(name)!r},\n    {{")
            for field, inner in schema["properties"].items():
                kind = self.type_of(inner)
                lines.append(f"        {field!r}: {(kind if field in required else f'NotRequired[{kind}]')!r},")
            lines.append("    },\n)")
        return "\n".join([*lines[:4], *aliases, "", *lines[4:]]) + "\n"


class InTypeScript(Writer):
    simple = IN_TYPESCRIPT

    def literals(self, values: list[Any]) -> str:
        return " | ".join(map(json.dumps, values))

    def list_of(self, inner: str) -> str:
        return f"Array<{inner}>"

    def map_of(self, inner: str) -> str:
        return f"Record<string, {inner}>"

    def whole(self, schemas: dict[str, Any]) -> str:
        lines = ["/** The shapes of requests and replies, from the OpenAPI document. Made by a program. */", ""]
        for name, schema in sorted(schemas.items()):
            if schema.get("type") != "object" or "properties" not in schema:
                lines.append(f"export type {self.name(name)} = {self.type_of(schema)};")
                continue
            required = set(schema.get("required", []))
            lines.append(f"export interface {self.name(name)} {{")
            for field, inner in schema["properties"].items():
                mark = "" if field in required else "?"
                lines.append(f"  {json.dumps(field)}{mark}: {self.type_of(inner)};")
            lines.append("}")
        return "\n".join(lines) + "\n"


def write(document: dict[str, Any], python: Path = PYTHON, typescript: Path = TYPESCRIPT) -> None:
    schemas = document["components"]["schemas"]
    python.write_text(InPython().whole(schemas), encoding="utf-8")
    typescript.write_text(InTypeScript().whole(schemas), encoding="utf-8")


if __name__ == "__main__":
    write(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
