"""The reference for programs that read: complete, and each of its links leads somewhere."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings

from scribe.api import reference
from tests.documents import document


@pytest.mark.thorough
def test_each_link_of_llms_txt_leads_to_text(api: Any, db: Any) -> None:
    text = api.get("/llms.txt").decode()
    assert text.startswith("# XC Scribe\n\n> ")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) >= 7
    for link in links:
        assert api.get(link.removeprefix(settings.PUBLIC_URL))
    assert api.last["Content-Type"].startswith("application/vnd.oai.openapi+json")


def test_the_reference_has_each_operation_and_schema_with_its_fields(api: Any, db: Any) -> None:
    text = api.get("/api/reference.md").decode()
    assert api.last["Content-Type"].startswith("text/markdown")
    whole = document()
    headings = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    expected = {f"`{m.upper()} {path}`" for path, item in whole["paths"].items() for m in item if m != "parameters"}
    assert headings == expected | set(whole["components"]["schemas"])
    for name, schema in whole["components"]["schemas"].items():
        part = text.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        for field in schema.get("properties", {}):
            assert f"\n- `{field}`, " in part, f"{name}.{field}"
    assert "- key: `items:read`" in text
    assert "- `limit (query)`, integer: " in text


def test_each_link_of_a_guide_leads_somewhere(api: Any, db: Any) -> None:
    for name in reference.GUIDES:
        text = api.get(f"/api/guides/{name}.md").decode()
        links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("http")]
        for link in links:
            assert api.get(urljoin(f"/api/guides/{name}.md", link.partition("#")[0]))
    assert "](python.md)" in api.get("/api/guides/api-guide.md").decode()


def test_a_guide_that_is_no_integrators_is_404(api: Any, db: Any) -> None:
    api.get("/api/guides/operating.md", status=404)
    api.get("/api/guides/../contract.md", status=404)


def test_each_operation_names_a_method_that_the_clients_have(api: Any, db: Any, monkeypatch: Any) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "clients"))
    written = importlib.import_module("operations").operations_of(document())
    named = re.findall(r"^- clients: `client\.(\w+\.\w+)\(…\)`$", api.get("/api/reference.md").decode(), re.M)
    assert sorted(named) == sorted(f"{each.resource}.{each.name}" for each in written)
