"""Each operation that takes a body has an example of it, which no operation refuses."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from scribe.api.examples import REQUESTS
from tests.documents import document

DOCUMENT = document("3.1")
SCHEMAS = DOCUMENT["components"]["schemas"]
UNKNOWN = "01920000-0000-7000-8000-000000000000"
#: What the state of this test alone refuses: the field's value is one of another organization's, or was used.
OF_STATE = {"#/token", "#/temp_token", "#/code", "#/install", "#/current_password"}


def operations() -> list[tuple[str, str, str, Any]]:
    """Method, path, name of the body's schema and its media, of each operation with a body that is no file alone."""
    found = []
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            for kind, media in operation.get("requestBody", {}).get("content", {}).items():
                name = media["schema"]["$ref"].rpartition("/")[2]
                if kind == "application/json" or "file" not in SCHEMAS[name].get("required", []):
                    found.append((method, path, name, media))
    return found


def test_each_body_has_an_example_by_its_schema() -> None:
    for method, path, name, media in operations():
        given = (
            [media["example"]] if "example" in media else [one["value"] for one in media.get("examples", {}).values()]
        )
        assert given, f"{method} {path}: {name} has no example"
        for example in given:
            jsonschema.validate(example, {**SCHEMAS[name], "components": DOCUMENT["components"]})
            assert example.keys() <= SCHEMAS[name]["properties"].keys(), name


def test_each_example_is_of_a_schema_that_is_asked_for() -> None:
    assert REQUESTS.keys() <= {name for _, _, name, _ in operations()}


@pytest.mark.thorough
@pytest.mark.parametrize("who", ["owner", "staff"])
def test_no_operation_refuses_its_example(api: Any, cast: Any, settings: Any, who: str) -> None:
    settings.DEFAULT_AI_PROVIDER = "offline"
    caller = api.as_(getattr(cast, who))
    refused = []
    for method, path, _, media in operations():
        example = media.get("example")
        if example is None or path.startswith("/api/v1/auth/"):  # these end the sign-in, or lock the account
            continue
        reply = caller.client.generic(
            method.upper(),
            re.sub("{.*?}", UNKNOWN, path),
            json.dumps(example),
            "application/json",
            headers=caller.headers,
        )
        faults = {fault["pointer"] for fault in reply.json().get("errors", [])} if reply.status_code == 400 else set()
        if not faults <= OF_STATE or (reply.status_code >= 500 and reply.status_code not in (502, 503)):
            refused.append(f"{method} {path}: {reply.status_code} {reply.content[:300]!r}")
    assert not refused, "\n".join(refused)
