"""Types of the OpenAPI document's schemas: a TypedDict each in Python, an interface each in TypeScript."""

from __future__ import annotations

import json
import keyword
import re
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

WIDTH = 120
IN_PYTHON = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "any": "Any",
    "file": "File",
}
IN_TYPESCRIPT = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
    "any": "unknown",
    "file": "Blob",
}
#: Types that are text, with what stands in it.
TEXTS = {
    "DateTime": "A date and time by RFC 3339, as 2026-11-30T10:00:00Z.",
    "Date": "A date, as 2026-11-30.",
    "Decimal": 'A decimal number as text, as "12.5000": no digit is lost.',
    "Xct": "An amount of XCT, a decimal number as text.",
}
FORMATS = {"date-time": "DateTime", "date": "Date", "decimal": "Decimal", "xct": "Xct"}


Schema = dict[str, Any]


class Writer(ABC):
    """How one language writes the types of a document's `schemas`."""

    simple: dict[str, str]
    reserved: frozenset[str]  # words that no type may be named by
    prefix = ""  # before the name of each type

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
            found = [self.prefix + self.names[target(schema)]]
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
            kind = "file" if schema.get("format") == "binary" else schema.get("type", "")
            text = FORMATS.get(schema.get("format", "")) if kind == "string" else None
            found = [self.prefix + text if text else self.simple.get(kind, self.simple["any"])]
        if schema.get("nullable"):
            found.append(self.simple["null"])
        return " | ".join(dict.fromkeys(found))

    def shape_of(self, schema: Schema, seen: frozenset[str] = frozenset()) -> Schema | None:
        """The `properties` of an object and the `required` ones, its own and those of all that it is made of. None for what is
        no such object."""
        if "$ref" in schema:
            name = target(schema)
            return None if name in seen else self.shape_of(self.schemas[name], seen | {name})
        if "allOf" not in schema:
            is_object = "properties" in schema and schema.get("type", "object") == "object"
            if not is_object:
                return None
            properties = {name: in_xct(name, inner) for name, inner in schema["properties"].items()}
            return {"properties": properties, "required": schema.get("required", [])}
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


def target(schema: Schema) -> str:
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
            *["Any", "File", "Literal", "NotRequired", "TypeAlias", "TypedDict"],
            *["bool", "dict", "float", "int", "list", "str", *TEXTS],
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
        aliases, shapes = [], []
        for schema_name, schema in sorted(self.schemas.items()):
            name = self.names[schema_name]
            if (shape := self.shape_of(schema)) is None or "$ref" in schema:
                aliases.append(f"{name}: TypeAlias = {self.type_of(schema)!r}")
            else:
                shapes += ["", "", *self._shape(name, schema.get("description", ""), shape)]
        head = ['"""The shapes of requests and replies. Made of the OpenAPI document by `make clients`."""', ""]
        head += ["from __future__ import annotations", ""]
        head += ["from typing import Any, Literal, NotRequired, TypeAlias, TypedDict", ""]
        head += ["from xcscribe.core import File", ""]
        texts = [line for name, about in TEXTS.items() for line in (f"{name}: TypeAlias = str", *docstring(about, ""))]
        return "\n".join([*head, *texts, *aliases, *shapes]) + "\n"

    def _shape(self, name: str, about: str, shape: Schema) -> Iterator[str]:
        fields = {
            field: (self._required(inner, required=field in shape["required"]), about_field(inner))
            for field, inner in shape["properties"].items()
        }
        if any(not field.isidentifier() or field in self.taken for field in fields):
            yield f"{name} = TypedDict(\n    {name!r},\n    {{"
            yield from (f"        {field!r}: {kind!r}," for field, (kind, _) in fields.items())
            yield "    },\n)"
            return
        yield f"class {name}(TypedDict):"
        yield from docstring(about, "    ")
        if about:
            yield ""
        for field, (kind, told) in fields.items():
            yield f"    {field}: {kind}"
            yield from docstring(told, "    ")
        if not fields:
            yield "    pass"

    @property
    def taken(self) -> frozenset[str]:
        """What no field of a class may be named by: it would hide the type of this name."""
        return self.reserved | frozenset(self.names.values())

    def _required(self, schema: Schema, *, required: bool) -> str:
        kind = self.type_of(schema)
        return kind if required else f"NotRequired[{kind}]"


class InTypeScript(Writer):
    simple = IN_TYPESCRIPT
    reserved = frozenset(
        [
            "Array",
            "Blob",
            "Record",
            *TEXTS,
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
        lines = ["/** The shapes of requests and replies. Made of the OpenAPI document by `make clients`. */"]
        for name, about in TEXTS.items():
            lines += ["", *comment(about, ""), f"export type {name} = string;"]
        for schema_name, schema in sorted(self.schemas.items()):
            name = self.names[schema_name]
            lines += ["", *comment(schema.get("description", ""), "")]
            if (shape := self.shape_of(schema)) is None or "$ref" in schema:
                lines.append(f"export type {name} = {self.type_of(schema)};")
                continue
            lines.append(f"export type {name} = {{")  # an interface could not be passed on as a map of what to ask for
            for field, inner in shape["properties"].items():
                lines += comment(about_field(inner), "  ")
                written = field if field.isidentifier() else json.dumps(field)
                lines.append(f"  {written}{'' if field in shape['required'] else '?'}: {self.type_of(inner)};")
            lines.append("};")
        return "\n".join(lines) + "\n"


def in_xct(name: str, schema: Schema) -> Schema:
    """The schema of a field, with the unit that its name says."""
    return {**schema, "format": "xct"} if "xct" in name and schema.get("format") == "decimal" else schema


def about_field(schema: Schema) -> str:
    """What a field means, with its unit, its bounds and what it is without being named."""
    least, most = schema.get("minimum"), schema.get("maximum")
    notes = []
    if least is not None and most is not None and most < 2**31 - 1:
        notes.append(f"{least} to {most}")
    if "maxLength" in schema:
        notes.append(f"at most {schema['maxLength']} characters")
    if "maxItems" in schema:
        notes.append(f"at most {schema['maxItems']} entries")
    if schema.get("default") not in (None, "", [], {}):
        notes.append(f"{json.dumps(schema['default'])} if not given")
    note = "; ".join(notes)
    return " ".join(each for each in (schema.get("description", ""), f"({note})" if note else "") if each)


def docstring(text: str, indent: str) -> list[str]:
    """A Python string literal of `text` on lines of its own; none for no text."""
    if not text:
        return []
    plain = text.replace("\\", "\\\\").replace('"""', "'''")
    plain = f'{plain[:-1]}\\"' if plain.endswith('"') else plain
    return _block(plain, indent, '"""', '"""', indent)


def comment(text: str, indent: str) -> list[str]:
    """A comment of TypeScript before what it tells of; none for no text."""
    return _block(text.replace("*/", "* /"), indent, "/** ", " */", f"{indent} * ") if text else []


def _block(text: str, indent: str, opening: str, closing: str, continued: str) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        first = f"{indent}{opening}" if not lines else continued
        lines += textwrap.wrap(
            paragraph,
            width=WIDTH - len(closing),
            initial_indent=first,
            subsequent_indent=continued,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [continued.rstrip()]
    return [*lines[:-1], lines[-1] + closing]
