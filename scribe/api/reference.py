"""The reference as Markdown, made of the OpenAPI document, and `/llms.txt`, which leads programs that read to it
(https://llmstxt.org)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from scribe.api.document import generate
from scribe.api.schema import SENTENCES
from scribe.types import Json

MARKDOWN = "text/markdown; charset=utf-8"


class Guide(NamedTuple):
    file: str  # in the repository
    about: str


GUIDES = {
    "api-guide": Guide("docs/guides/api-guide.md", "The main flows with curl, from sign-in to the store, and errors."),
    "webhooks": Guide(
        "docs/guides/webhooks.md", "Events by signed webhooks and as a log, with samples that check signatures."
    ),
    "plugin": Guide("docs/guides/plugin.md", "Writing a shop's plugin."),
    "versions": Guide("docs/reference/versions.md", "What may change, and how it is announced."),
    "python": Guide("clients/python/README.md", "The official Python client, sync and asyncio, and its command line."),
    "typescript": Guide("clients/typescript/README.md", "The official TypeScript client."),
}
#: Where what the guides link to in the repository is served, from /api/guides/ on. Other pages of it are not served.
PLACES = {"../reference/errors.md": "../errors"}
PLACES["../reference/versions.md"] = "versions.md"
PLACES |= {f"../../{guide.file}": f"{name}.md" for name, guide in GUIDES.items()}
PLACES |= {f"{name}.md": f"{name}.md" for name in GUIDES}
#: What the clients call a resource or a method otherwise than the document.
CLIENT_RESOURCES = {"events": "event_log"}
CLIENT_METHODS = {"retrieve": "get", "destroy": "delete", "partial_update": "update"}
LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)([^)#]+)(#[^)]*)?\)")


def llms(request: HttpRequest) -> HttpResponse:
    at = settings.PUBLIC_URL
    guides = "".join(f"- [{name}]({at}/api/guides/{name}.md): {guide.about}\n" for name, guide in GUIDES.items())
    text = f"""# XC Scribe

> Writes and checks the texts of online shops: import products, have texts written in any language, review them, and put
> them back into the shop. A REST API with keys, jobs, streams, webhooks and prices before work starts.

## Guides

{guides}
## Reference

- [Operations and their fields]({at}/api/reference.md): everything on one page.
- [Error codes]({at}/api/errors): what each `code` means.
- [OpenAPI 3.0]({at}/api/v1/schema?format=json): for generators of clients.
- [OpenAPI 3.1]({at}/api/v1/schema-3.1?format=json): the same with the webhooks.
"""
    return HttpResponse(text, content_type=MARKDOWN)


def guide(request: HttpRequest, name: str) -> HttpResponse:
    if name not in GUIDES:
        raise Http404
    text = (Path(settings.BASE_DIR) / GUIDES[name].file).read_text(encoding="utf-8")
    return HttpResponse(LINK.sub(_served_link, text), content_type=MARKDOWN)


def _served_link(link: re.Match[str]) -> str:
    """A link to where its page is served; its words alone, where the page is not."""
    words, target, anchor = link[1], link[2], link[3] or ""
    return f"[{words}]({PLACES[target]}{anchor})" if target in PLACES else words


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page(), content_type=MARKDOWN)


@cache
def _page() -> str:
    return "\n".join(document_lines(generate("3.0"))) + "\n"


def document_lines(document: Json) -> Iterator[str]:
    """The document's operations by tag, then its schemas."""
    by_tag: dict[str, list[tuple[str, Json]]] = defaultdict(list)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "responses" in operation:
                by_tag[operation["tags"][0]].append((f"{method.upper()} {path}", operation))
    yield f"# {document['info']['title']}\n\n{document['info']['description']}\n"
    yield "What each status of an error means:\n"
    yield from (f"- {status}: {words}" for status, words in SENTENCES.items())
    yield ""
    for tag in document["tags"]:
        if tag["name"] in by_tag:
            yield f"## {tag['name']}\n\n{tag['description']}\n"
        for name, operation in by_tag[tag["name"]]:
            yield from operation_lines(name, operation)
    yield "## Schemas\n"
    for name, schema in document["components"]["schemas"].items():
        yield f"### {name}\n\n{schema.get('description', '')}\n"
        required = schema.get("required", ())
        yield from (
            field_line(field, inner, field in required) for field, inner in schema.get("properties", {}).items()
        )
        if "enum" in schema:
            yield "One of " + ", ".join(f"`{value}`" for value in schema["enum"])
        yield ""


def operation_lines(name: str, operation: Json) -> Iterator[str]:
    yield f"### `{name}`\n\n**{operation['summary']}.** {operation.get('description', '')}\n"
    yield f"- clients: `{client_method(operation)}(…)`"
    if "x-scope" in operation:
        yield f"- key: `{operation['x-scope']}`"
    for one in operation.get("parameters", ()):
        yield field_line(f"{one['name']} ({one['in']})", {**one["schema"], **one}, one.get("required", False))
    for kind, media in operation.get("requestBody", {}).get("content", {}).items():
        yield f"- body, `{kind}`: {type_of(media.get('schema', {}))}"
    for status, reply in operation["responses"].items():
        if status < "400":
            shapes = [type_of(media.get("schema", {})) for media in reply.get("content", {}).values()]
            yield " ".join((f"- {status}:", *dict.fromkeys(shapes), reply.get("description", ""))).rstrip()
    yield f"- errors (Problem): {', '.join(status for status in operation['responses'] if status >= '400')}"
    yield ""


def client_method(operation: Json) -> str:
    """What calls the operation in the official clients (TypeScript writes it in camel case): `client.items.list`."""
    tag = operation["tags"][0].replace("-", "_")
    name = operation["operationId"].removeprefix(f"{tag}_")
    return f"client.{CLIENT_RESOURCES.get(tag, tag)}.{CLIENT_METHODS.get(name, name)}"


def field_line(name: str, schema: Json, required: bool) -> str:
    about = " ".join(schema.get("description", "").split())
    return f"- `{name}`, {type_of(schema)}{', required' if required else ''}{f': {about}' if about else ''}"


def type_of(schema: Json) -> str:
    """A schema in a few words: `string`, `list of ItemReply`, `A or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    choices = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf")
    if choices:
        found = " or ".join(map(type_of, choices))
    elif schema.get("type") == "array":
        found = f"list of {type_of(schema.get('items', {}))}"
    elif "enum" in schema:
        found = "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    else:
        found = str(schema.get("type", "anything")) + (f" ({schema['format']})" if "format" in schema else "")
    return f"{found} or null" if schema.get("nullable") else found
