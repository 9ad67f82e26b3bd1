"""The OpenAPI 3.1 document: the same operations as in 3.0, and the webhooks, whose schemas fit what is sent."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from drf_spectacular import validation

from scribe import outbox
from scribe.ids import uuid7
from scribe.models import Event
from scribe.outbox.types import TYPES
from tests.documents import document
from tests.factories import make_organization
from webhooks import log

DATA: dict[str, dict[str, Any]] = {
    "job.finished": {"project_id": None, "job_type": "sync", "status": "completed", "counters": {"synced": 3}},
    "item.texts_ready": {"project_id": uuid7(), "job_id": uuid7(), "status": "flagged"},
    "item.approved": {"project_id": uuid7()},
    "item.rejected": {"project_id": uuid7()},
    "sync.conflict": {"project_id": uuid7(), "job_id": uuid7(), "fields": ["name"]},
    "post.published": {
        "project_id": uuid7(),
        "job_id": uuid7(),
        "url": "https://blog.example.com/tea",
        "language": "en",
    },
    "wallet.low": {"percent": 20},
    "invoice.issued": {"number": "2026-00001"},
    "api_key.expiring": {"expires_at": "2026-12-26T09:30:00Z"},
    "endpoint.disabled": {"reason": "gone"},
    "ping": {},
}


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    return {version: document(version) for version in ("3.0", "3.1")}


@pytest.mark.thorough
def test_both_are_valid_and_describe_the_same_operations(documents: dict[str, Any]) -> None:
    for version, found in documents.items():
        rules = files(validation).joinpath(f"openapi_{version.replace('.', '_')}_schema.json")
        jsonschema_rs.validator_for(rules.read_text()).validate(found)
    old, new = documents["3.0"], documents["3.1"]
    assert (old["openapi"], new["openapi"]) == ("3.0.3", "3.1.0")
    assert "webhooks" not in old
    operations = {
        version: {(path, method) for path, item in found["paths"].items() for method in item}
        for version, found in documents.items()
    }
    assert operations["3.0"] == operations["3.1"]
    assert set(new["webhooks"]) == set(TYPES) == set(DATA)


def test_no_value_is_refused_for_matching_null_twice(documents: dict[str, Any]) -> None:
    def walk(node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            assert not ({} in node.get("oneOf", []) and {"type": "null"} in node["oneOf"])
            for each in node.values():
                walk(each)

    walk(documents["3.1"])


@pytest.mark.django_db
@pytest.mark.parametrize("name", TYPES)
def test_a_body_fits_its_schema(documents: dict[str, Any], name: str) -> None:
    assert set(DATA[name]) == set(TYPES[name].fields)
    outbox.record(organization=make_organization(), event=name, objects={uuid7(): DATA[name]})
    found = documents["3.1"]
    content = found["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]
    reference = content["schema"]["$ref"].rpartition("/")[2]
    schema = found["components"]["schemas"][reference]
    [event] = Event.objects.filter(type=name)
    jsonschema.validate(log.content(event), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**log.content(event), "data": {"object": "other"}}, schema)


@pytest.mark.thorough
@pytest.mark.django_db
def test_both_are_served(api: Any) -> None:
    assert api.get("schema?format=json")["openapi"] == "3.0.3"
    assert "item.approved" in api.get("schema-3.1?format=json")["webhooks"]
    assert api.get("schema-3.1").startswith(b"openapi: 3.1")
