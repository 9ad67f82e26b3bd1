"""Methods of the OpenAPI document's operations: a class for each resource, a method for each operation.

A resource is a tag of the document, and a method is named by the rest of the operation's id.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas import WIDTH, InPython, InTypeScript, Schema, comment, docstring, target

ROOT = "/api/v1/"
JSON = "application/json"
HEADERS = {"Idempotency-Key", "If-Match", "Prefer", "Last-Event-ID"}
ABOUT = {"description", "required"}  # what a parameter says beside its schema
#: Resources whose name a client's own method has.
RENAMED = {"events": "event_log"}
VERBS = {"retrieve": "get", "destroy": "delete", "partial_update": "update"}
#: Keywords of methods beside ids, a query and a body.
OPTIONS = ("version", "wait", "idempotency_key", "into", "after_event")


@dataclass(frozen=True)
class Operation:
    """An operation as its method is written.

    `query`: the schema of each parameter by its name, with `required`. `query_type`: the name of their type, where they
    have one. `files`: the fields of the body that are files. `kind`: `json`, `page`, `file`, `stream`,
    `redirect` or `none`. `replies`: the schemas of its successes, for `json`; the row's, for `page`.
    """

    resource: str
    name: str
    method: str
    path: str
    ids: tuple[str, ...]
    query: dict[str, Schema]
    query_type: str
    body: Schema | None
    files: tuple[str, ...]
    headers: frozenset[str]
    kind: str
    replies: tuple[Schema, ...]
    about: str


def operations_of(document: Schema) -> list[Operation]:
    found = [
        _operation(document, path, method, each)
        for path, methods in document["paths"].items()
        for method, each in methods.items()
        if method != "parameters"
    ]
    names = [(each.resource, each.name) for each in found]
    if twice := {f"{resource}.{name}" for resource, name in names if names.count((resource, name)) > 1}:
        raise ValueError(f"Two operations have one method: {', '.join(sorted(twice))}")
    return sorted(found, key=lambda each: (each.resource, each.name))


def query_types(operations: list[Operation]) -> dict[str, Schema]:
    """The types of what is asked for in an address, by name."""
    types: dict[str, Schema] = {}
    for each in operations:
        if each.query_type:
            required = [name for name, schema in each.query.items() if schema["required"]]
            types[each.query_type] = {"type": "object", "properties": each.query, "required": required}
    return types


def _operation(document: Schema, path: str, method: str, each: Schema) -> Operation:
    parameters = [_resolved(document, one) for one in each.get("parameters", [])]
    query = {
        one["name"]: {"description": "", "required": False} | one["schema"] | {k: one[k] for k in ABOUT & one.keys()}
        for one in parameters
        if one["in"] == "query"
    }
    contents = each.get("requestBody", {}).get("content", {})
    body = (contents.get(JSON) or next(iter(contents.values())))["schema"] if contents else None
    shape = _resolved(document, body or {}).get("properties", {})
    files = tuple(name for name, schema in shape.items() if schema.get("format") == "binary")
    tag = each["tags"][0].replace("-", "_")
    resource = RENAMED.get(tag, tag)
    name = each["operationId"].removeprefix(f"{tag}_")
    name = VERBS.get(name, name)
    headers = frozenset(one["name"] for one in parameters if one["in"] == "header")
    if headers - HEADERS or (body is not None and not shape):
        raise ValueError(f"{each['operationId']} has a header or a body that no method is written for.")
    kind, replies = _reply(each["responses"], paged="cursor" in query or {"after", "limit"} <= query.keys())
    # A body's fields and an address's are keywords of the method, so one name may not mean two things.
    ids = tuple(re.findall(r"{(\w+)}", path))
    keywords = [*ids, *query, *shape, *OPTIONS]
    twice = {one for one in keywords if keywords.count(one) > 1 or keyword.iskeyword(one)}
    if twice or keyword.iskeyword(name):
        raise ValueError(f"{each['operationId']} can't be a method: {', '.join(sorted(twice)) or name}")
    return Operation(
        resource=resource,
        name=name,
        method=method.upper(),
        path=path.removeprefix(ROOT) if path.startswith(ROOT) else f"../..{path}",
        ids=ids,
        query=query,
        query_type=f"{pascal(each['operationId'])}Query" if query and body is None else "",
        body=body,
        files=files,
        headers=headers,
        kind=kind,
        replies=replies,
        about=_about(each),
    )


def _resolved(document: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        section = schema["$ref"].split("/")[2]
        schema = document["components"][section][target(schema)]
    return schema


def _reply(responses: Schema, *, paged: bool) -> tuple[str, tuple[Schema, ...]]:
    successes = [each for status, each in responses.items() if status[0] == "2"]
    contents = [content for each in successes for content in each.get("content", {}).items()]
    if not contents:
        return ("none" if successes else "redirect"), ()
    if contents[0][0] != JSON:
        return ("stream" if contents[0][0] == "text/event-stream" else "file"), ()
    schemas: list[Schema] = []
    for _, content in contents:
        if content["schema"] not in schemas:
            schemas.append(content["schema"])
    if paged and schemas[0].get("type") == "array":
        return "page", (schemas[0]["items"],)
    return "json", tuple(schemas)


def _about(each: Schema) -> str:
    summary, about = each.get("summary", "").rstrip("."), each.get("description", "")
    if summary and not about.startswith(summary):
        about = f"{summary}. {about}".rstrip()
    scope, tests = each.get("x-scope"), each.get("x-test-keys", True)
    notes = [f"Scope `{scope}`." if scope else "", "Not for test keys." if scope and not tests else ""]
    notes.append("Deprecated." if each.get("deprecated") else "")
    return "\n".join(part for part in (about, " ".join(note for note in notes if note)) if part)


def pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[_\W]+", name))


def camel(name: str) -> str:
    return pascal(name)[:1].lower() + pascal(name)[1:]


def resources(operations: list[Operation]) -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {}
    for each in operations:
        found.setdefault(each.resource, []).append(each)
    return found


class MethodsInPython(InPython):
    """`operations.py`. A body's fields, or a query's, are keywords by `Unpack`; `list` is a method here, so the type is
    `builtins.list`."""

    prefix = "schemas."

    def list_of(self, inner: str) -> str:
        return f"builtins.list[{inner}]"

    def write(self, operations: list[Operation]) -> str:
        lines = [
            '"""The operations of the API, by resource. Made of the OpenAPI document by `make clients`.',
            "",
            "`version`: the row is changed only if it has this version still, else ApiError 412. `wait`: the seconds",
            "that the answer may wait for the end of the work; 0 answers at once with the job. `idempotency_key`: the",
            "same key and body give the first answer again, and one effect; without it each call has a key of its own.",
            '"""',
            "",
            '# mypy: disable-error-code="no-any-return"',
            "",
            "from __future__ import annotations",
            "",
            "import builtins",
            "from collections.abc import AsyncIterator, Iterator",
            "from pathlib import Path",
            "from typing import IO, TYPE_CHECKING, Unpack",
            "",
            "from xcscribe import schemas",
            "from xcscribe.core import Written, segment",
            "from xcscribe.streams import Event",
            "",
            "if TYPE_CHECKING:",
            "    from xcscribe.async_client import AsyncClient",
            "    from xcscribe.client import Client",
        ]
        for mode in ("", "Async"):
            for resource, methods in resources(operations).items():
                lines += ["", "", f"class {mode}{pascal(resource)}:"]
                lines += [f"    def __init__(self, client: {mode}Client) -> None:", "        self._client = client"]
                for each in methods:
                    lines += ["", *self._method(each, is_async=bool(mode))]
            lines += ["", "", f"class {mode}Resources:", f"    def __init__(self, client: {mode}Client) -> None:"]
            lines += [f"        self.{name} = {mode}{pascal(name)}(client)" for name in resources(operations)]
        return "\n".join(lines) + "\n"

    def _method(self, each: Operation, *, is_async: bool) -> Iterator[str]:
        lazy = each.kind in ("page", "stream")
        waits = is_async and not lazy
        start = f"    {'async ' if waits else ''}def {each.name}("
        end = f") -> {self._reply(each, is_async)}:"
        arguments = self._arguments(each)
        line = start + ", ".join(arguments) + end
        if len(line) > WIDTH:
            last = "" if arguments[-1].startswith("**") else ","
            line = f"{start}\n        {', '.join(arguments)}{last}\n    {end}"
            if max(map(len, line.split("\n"))) > WIDTH:
                line = start + "".join(f"\n        {one}," for one in arguments) + f"\n    {end}"
        yield from line.split("\n")
        yield from docstring(each.about, "        ")
        given = "" if each.kind == "none" else "return "
        called, given_to = self._call(each)
        call = f"        {given}{'await ' if waits else ''}self._client.{called}("
        if len(call) + len(", ".join(given_to)) < WIDTH:
            yield f"{call}{', '.join(given_to)})"
        else:
            yield from (call, *(f"            {one}," for one in given_to), "        )")

    def _arguments(self, each: Operation) -> list[str]:
        found = ["self", *(f"{name}: str" for name in each.ids)]
        if each.kind == "file":
            found.append("into: str | Path | IO[bytes]")
        options = [f"{name}: {self.type_of(schema)} | None = None" for name, schema in self._own_query(each)]
        options += ["version: int | None = None"] if "If-Match" in each.headers else []
        options += ["wait: int | None = None"] if "Prefer" in each.headers else []
        options += ['idempotency_key: str = ""'] if "Idempotency-Key" in each.headers else []
        options += ['after_event: str = ""'] if each.kind == "stream" and each.method == "GET" else []
        found += ["*", *options] if options else []
        if each.query_type:
            found.append(f"**query: Unpack[schemas.{each.query_type}]")
        elif each.body is not None:
            found.append(f"**body: Unpack[{self.type_of(each.body)}]")
        return found

    def _own_query(self, each: Operation) -> list[tuple[str, Schema]]:
        """The parameters of an address that are keywords beside a body's fields."""
        return [] if each.query_type else list(each.query.items())

    def _reply(self, each: Operation, is_async: bool) -> str:
        iterator = "AsyncIterator" if is_async else "Iterator"
        kinds = {"none": "None", "redirect": "str", "file": "Written", "stream": f"{iterator}[Event]"}
        if each.kind in kinds:
            return kinds[each.kind]
        reply = " | ".join(map(self.type_of, each.replies))
        if each.kind == "page":
            return f"{iterator}[{reply}]"
        return f"{reply} | None" if each.method == "DELETE" else reply

    def _call(self, each: Operation) -> tuple[str, list[str]]:
        """The client's method that does it, and what it is given."""
        path = re.sub(r"{(\w+)}", r"{segment(\1)}", each.path)
        path = f'f"{path}"' if each.ids else f'"{path}"'
        query = ["**query"] if each.query_type else []
        if each.kind in ("page", "redirect"):
            return ("pages" if each.kind == "page" else "location"), [path, *query]
        if each.kind == "file":
            return "download", [path, "into", *query]
        if own := self._own_query(each):
            query = ["query={" + ", ".join(f'"{name}": {name}' for name, _ in own) + "}"]
        elif query:
            query = ["query=query"]
        body = ["body=body"] if each.body is not None else []
        key = ["idempotency_key=idempotency_key"] if "Idempotency-Key" in each.headers else []
        if each.kind == "stream":
            return "stream", [f'"{each.method}"', path, *body, *(key or ["after=after_event"])]
        version = ["version=version"] if "If-Match" in each.headers else []
        wait = ["wait=wait"] if "Prefer" in each.headers else []
        if each.files:
            files = f"({''.join(f'{name!r}, ' for name in each.files).strip()})".replace("'", '"')
            return "form", [path, "body", files, *query, *wait, *key]
        return "call", [f'"{each.method}"', path, *body, *query, *version, *wait, *key]


class MethodsInTypeScript(InTypeScript):
    """`operations.ts`: path, then body or query, then options."""

    prefix = "schemas."

    def write(self, operations: list[Operation]) -> str:
        lines = [
            "/** The operations of the API, by resource. Made of the OpenAPI document by `make clients`. */",
            "",
            'import type { Client, Keyed, Options, Versioned, Waiting } from "./client.js";',
            'import { segment } from "./core.js";',
            'import type * as schemas from "./schemas.js";',
            'import type { JobEvent } from "./streams.js";',
        ]
        for resource, methods in resources(operations).items():
            lines += ["", f"export class {pascal(resource)} {{", "  constructor(private readonly client: Client) {}"]
            for each in methods:
                lines += ["", *self._method(each)]
            lines.append("}")
        lines += ["", "export class Resources {"]
        for name in resources(operations):
            lines.append(f"  readonly {camel(name)}: {pascal(name)} = new {pascal(name)}(this as unknown as Client);")
        return "\n".join([*lines, "}"]) + "\n"

    def _method(self, each: Operation) -> Iterator[str]:
        yield from comment(each.about, "  ")
        start, end = f"  {camel(each.name)}(", f"): {self._reply(each)} {{"
        arguments = self._arguments(each)
        line = start + ", ".join(arguments) + end
        if len(line) > WIDTH:
            line = start + "".join(f"\n    {one}," for one in arguments) + f"\n  {end}"
        yield from line.split("\n")
        yield f"    return this.client.{self._call(each)};"
        yield "  }"

    def _arguments(self, each: Operation) -> list[str]:
        found = [f"{camel(name)}: string" for name in each.ids]
        if each.body is not None:
            found.append(f"body: {self.type_of(each.body)}{'' if self._needs_body(each) else ' = {}'}")
        if each.query_type:
            needed = any(schema["required"] for schema in each.query.values())
            found.append(f"query: schemas.{each.query_type}{'' if needed else ' = {}'}")
        elif each.query:
            fields = " ".join(f"{name}?: {self.type_of(schema)};" for name, schema in each.query.items())
            found.append(f"query: {{ {fields} }} = {{}}")
        options = ["Options"]
        options += ["Versioned"] if "If-Match" in each.headers else []
        options += ["Waiting"] if "Prefer" in each.headers else []
        options += ["Keyed"] if "Idempotency-Key" in each.headers else []
        after = ["{ after?: string }"] if each.kind == "stream" and each.method == "GET" else []
        return [*found, f"options: {' & '.join([*options, *after])} = {{}}"]

    def _needs_body(self, each: Operation) -> bool:
        shape = self.shape_of(each.body or {})
        return shape is None or bool(shape["required"])

    def _reply(self, each: Operation) -> str:
        kinds = {"none": "Promise<void>", "redirect": "Promise<string>", "file": "Promise<Response>"}
        if each.kind in kinds:
            return kinds[each.kind]
        if each.kind == "stream":
            return "AsyncGenerator<JobEvent>"
        reply = " | ".join(map(self.type_of, each.replies))
        if each.kind == "page":
            return f"AsyncGenerator<{reply}>"
        return f"Promise<{reply} | undefined>" if each.method == "DELETE" else f"Promise<{reply}>"

    def _call(self, each: Operation) -> str:
        path = re.sub(r"{(\w+)}", lambda found: f"${{segment({camel(found[1])})}}", each.path)
        path = f"`{path}`" if each.ids else f'"{path}"'
        query = "query" if each.query else "{}"
        if each.kind == "page":
            return f"pages({path}, {query}, undefined, options)"
        if each.kind in ("file", "redirect"):
            return f"{'download' if each.kind == 'file' else 'location'}({path}, {query}, options)"
        more = [*(["body"] if each.body is not None else []), *(["query"] if each.query else []), "...options"]
        if each.files:
            files = ", ".join(f'"{name}"' for name in each.files)
            more = [one for one in more if one != "body"]
            return f"form({path}, body, [{files}], {{ {', '.join(more)} }})"
        name = "stream" if each.kind == "stream" else "call"
        return f'{name}("{each.method}", {path}, {{ {", ".join(more)} }})'
