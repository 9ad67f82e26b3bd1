"""Write the clients' types from the OpenAPI document: `python clients/schemas.py openapi.json`.

Every schema becomes a TypedDict in `python/src/xcscribe/schemas.py` and a type in `typescript/src/schemas.ts`. Both files
are made at each build and not kept.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any
from urllib.parse import unquote

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


Schema = dict[str, Any]


class Writer(ABC):
    """How one language writes the types of a document's `schemas`."""

    simple: dict[str, str]
    reserved: frozenset[str]  # words that no type may be named by

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self.schemas = schemas
        self.names = self._names()

    def _names(self) -> dict[str, str]:
        """A name for each schema. Where two become the same, the one that is written so keeps it."""
        names: dict[str, str] = {}
        taken = set(self.reserved)
        plain = {each: re.sub(r"\W+", "_", each).strip("_") for each in self.schemas}
        for each in sorted(self.schemas, key=lambda each: (plain[each] != each, each)):
            first = f"_{plain[each]}" if not plain[each] or plain[each][0].isdigit() else plain[each]
            number, name = 1, first
            while name in taken:
                number += 1
                name = f"{first}_{number}"
            taken.add(name)
            names[each] = name
        return names

    def type_of(self, schema: Schema) -> str:
        if "$ref" in schema:
            found = [self.names[_target(schema)]]
        elif part := next((key for key in ("oneOf", "anyOf") if key in schema), ""):
            found = [self.type_of(each) for each in schema[part]] or [self.simple["any"]]
        elif "allOf" in schema:
            every = dict.fromkeys(self.type_of(each) for each in [*schema["allOf"], _own(schema)] if each)
            said = [kind for kind in every if kind != self.simple["any"]]
            found = [self.all_of(said) if len(said) > 1 else "".join(said) or self.simple["any"]]
        elif "enum" in schema or "const" in schema:
            found = [self.literals(schema["enum"] if "enum" in schema else [schema["const"]])]
        elif isinstance(schema.get("type"), list):
            found = [self.type_of({**schema, "type": one, "nullable": False}) for one in schema["type"]]
        elif schema.get("type") == "array":
            found = [self.list_of(self.type_of(schema.get("items", {})))]
        elif schema.get("type") == "object" or "properties" in schema or "additionalProperties" in schema:
            inner = schema.get("additionalProperties")
            found = [self.map_of(self.type_of(inner) if isinstance(inner, dict) else self.simple["any"])]
        else:
            found = [self.simple.get(schema.get("type", ""), self.simple["any"])]
        if schema.get("nullable"):
            found.append(self.simple["null"])
        return " | ".join(dict.fromkeys(found))

    def shape_of(self, schema: Schema, seen: frozenset[str] = frozenset()) -> Schema | None:
        """The `properties` of an object and the `required` ones, its own and those of all that it is made of. None for what is
        no such object."""
        if "$ref" in schema:
            name = _target(schema)
            return None if name in seen else self.shape_of(self.schemas[name], seen | {name})
        if "allOf" not in schema:
            is_object = "properties" in schema and schema.get("type", "object") == "object"
            return {"properties": schema["properties"], "required": schema.get("required", [])} if is_object else None
        shape: Schema = {"properties": {}, "required": list(schema.get("required", []))}
        for part in (*schema["allOf"], _own(schema)):
            if not part.keys() & {"$ref", "allOf", "oneOf", "anyOf", "enum", "type", "properties"}:
                shape["required"] += part.get("required", [])
                continue
            if (inner := self.shape_of(part, seen)) is None:
                return None
            shape["properties"] |= inner["properties"]
            shape["required"] += inner["required"]
        return shape if shape["properties"] else None

    @abstractmethod
    def literals(self, values: list[Any]) -> str: ...

    @abstractmethod
    def list_of(self, inner: str) -> str: ...

    @abstractmethod
    def map_of(self, inner: str) -> str: ...

    @abstractmethod
    def all_of(self, parts: list[str]) -> str:
        """A type that is each of `parts`, which are two or more."""

    @abstractmethod
    def whole(self) -> str:
        """The file with all types."""


def _target(schema: Schema) -> str:
    """The name of the schema that a `$ref` points to."""
    return unquote(schema["$ref"].rsplit("/", 1)[1]).replace("~1", "/").replace("~0", "~")


def _own(schema: Schema) -> Schema:
    """What a schema with `allOf` says beside it."""
    return {
        key: schema[key]
        for key in ("type", "properties", "additionalProperties")
        if "properties" in schema and key in schema
    }


class InPython(Writer):
    simple = IN_PYTHON
    reserved = frozenset(
        [
            *keyword.kwlist,
            *["Any", "Literal", "NotRequired", "TypeAlias", "TypedDict", "bool", "dict", "float", "int", "list", "str"],
        ]
    )

    def literals(self, values: list[Any]) -> str:
        return f"Literal[{', '.join(map(repr, values))}]"

    def list_of(self, inner: str) -> str:
        return f"list[{inner}]"

    def map_of(self, inner: str) -> str:
        return f"dict[str, {inner}]"

    def all_of(self, parts: list[str]) -> str:
        return self.map_of(self.simple["any"])  # Python has no type that is several

    def whole(self) -> str:
        lines = ['"""The shapes of requests and replies, from the OpenAPI document. Made by a program."""', ""]
        lines += ["from typing import Any, Literal, NotRequired, TypeAlias, TypedDict", ""]
        aliases = []
        for schema_name, schema in sorted(self.schemas.items()):
            name = self.names[schema_name]
            if (shape := self.shape_of(schema)) is None or "$ref" in schema:
                aliases.append(f"{name}: TypeAlias = {self.type_of(schema)!r}")
                continue
            required = set(shape["required"])
            lines.append(f"{name} = TypedDict(\n    {name!r},\n    {{")
            for field, inner in shape["properties"].items():
                kind = self.type_of(inner)
                lines.append(f"        {field!r}: {(kind if field in required else f'NotRequired[{kind}]')!r},")
            lines.append("    },\n)")
        return "\n".join([*lines[:4], *aliases, "", *lines[4:]]) + "\n"


class InTypeScript(Writer):
    simple = IN_TYPESCRIPT
    reserved = frozenset(
        [
            "Array",
            "Record",
            "any",
            "as",
            "bigint",
            "boolean",
            "break",
            "case",
            "catch",
            "class",
            "const",
            "continue",
            "debugger",
            "default",
            "delete",
            "do",
            "else",
            "enum",
            "export",
            "extends",
            "false",
            "finally",
            "for",
            "function",
            "if",
            "import",
            "in",
            "instanceof",
            "never",
            "new",
            "null",
            "number",
            "object",
            "return",
            "string",
            "super",
            "switch",
            "symbol",
            "this",
            "throw",
            "true",
            "try",
            "typeof",
            "undefined",
            "unknown",
            "var",
            "void",
            "while",
            "with",
            "yield",
        ]
    )

    def literals(self, values: list[Any]) -> str:
        return " | ".join(map(json.dumps, values))

    def list_of(self, inner: str) -> str:
        return f"Array<{inner}>"

    def map_of(self, inner: str) -> str:
        return f"Record<string, {inner}>"

    def all_of(self, parts: list[str]) -> str:
        return " & ".join(f"({part})" for part in parts)

    def whole(self) -> str:
        lines = ["/** The shapes of requests and replies, from the OpenAPI document. Made by a program. */", ""]
        for schema_name, schema in sorted(self.schemas.items()):
            name = self.names[schema_name]
            if (shape := self.shape_of(schema)) is None or "$ref" in schema:
                lines.append(f"export type {name} = {self.type_of(schema)};")
                continue
            required = set(shape["required"])
            lines.append(f"export interface {name} {{")
            for field, inner in shape["properties"].items():
                mark = "" if field in required else "?"
                lines.append(f"  {json.dumps(field)}{mark}: {self.type_of(inner)};")
            lines.append("}")
        return "\n".join(lines) + "\n"


def write(document: dict[str, Any], python: Path = PYTHON, typescript: Path = TYPESCRIPT) -> None:
    schemas = document["components"]["schemas"]
    python.write_text(InPython(schemas).whole(), encoding="utf-8")
    typescript.write_text(InTypeScript(schemas).whole(), encoding="utf-8")


if __name__ == "__main__":
    write(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
