"""The document says what the texts of an item are made of, field by field."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from tests import factories
from tests.documents import document
from tests.helpers import run_jobs
from writing.fields import FIELDS

pytestmark = pytest.mark.django_db(transaction=True)  # the engine settles in a thread of its own


def content_schema(name: str) -> dict[str, Any]:
    """A schema of the document in 3.1, with those that it names."""
    components = document("3.1")["components"]
    return {**components["schemas"][name], "components": components}


@pytest.mark.parametrize("name", ["GeneratedContent", "GeneratedContentPatch"])
def test_the_document_has_each_generated_field(name: str) -> None:
    schema = content_schema(name)
    reply = "GeneratedSeo" if name == "GeneratedContent" else "GeneratedSeoRequest"
    groups = {"seo": schema["components"]["schemas"][reply]["properties"]}
    for row in FIELDS:
        field = groups[row.key][row.part] if row.part else schema["properties"][row.key]
        assert field["description"], row.name
    assert schema["additionalProperties"] == {}  # a release may add fields


def test_written_and_edited_texts_are_what_the_document_says(api: Any, cast: Any, settings: Any) -> None:
    settings.DEFAULT_AI_PROVIDER = "offline"
    project = factories.make_project(cast.organization)
    facts = {"name": "Wool Socks", "attributes": {"Material": "wool", "Size": "42"}, "categories": ["Socks"]}
    item = factories.make_item(project, source_data=facts)
    caller = api.as_(cast.owner)
    every = {row.setting: True for row in FIELDS if row.setting and row.offered}
    caller.with_(Prefer="wait=0").post(f"projects/{project.pk}/generate", every, status=202)
    run_jobs()
    written = caller.get(f"projects/{project.pk}/items/{item.pk}")["generated_content"]
    assert set(written) == {row.key for row in FIELDS}
    patch = {"description": "<p>Ours</p>", "tags": None, "attributes": {"Material": "merino"}, "seo": {"title": "T"}}
    jsonschema.validate(patch, content_schema("GeneratedContentPatch"))
    edited = caller.patch(f"projects/{project.pk}/items/{item.pk}", {"generated_content": patch})["generated_content"]
    for content in (written, edited):
        jsonschema.validate(content, content_schema("GeneratedContent"))
    assert "tags" not in edited
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**written, "tags": "wool"}, content_schema("GeneratedContent"))
