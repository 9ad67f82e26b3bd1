"""The page of the translation memory: TMX in, out, and deleted again."""

from __future__ import annotations

from typing import Any

import pytest

from projects import memory_files
from projects.models import TranslationUnit
from scribe.models import Job
from tests.projects.uploads import file
from tests.workbench.visiting import Visitor, plain
from writing.translation.files import tmx

PAIR = {"source_language": "de", "language": "fr"}
FILE = b"".join(tmx.write([("Flasche", "Gourde"), ("Aus Stahl.", "En acier.")], "de", "fr"))


def test_a_memory_is_imported_exported_and_deleted(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    assert "Translation memory" in visitor.get("account/glossary")
    page = plain(visitor.post("account/memory", {**PAIR, "file": file(FILE, "memory.tmx")}, 200))
    assert "Sentences: 2 added, 0 updated, 0 unchanged." in page
    out = visitor.get("account/memory/file?source_language=de&language=fr")
    assert "<seg>En acier.</seg>" in out
    visitor.post("account/memory/deletion", {"source_language": "de", "language": "it"})
    assert TranslationUnit.objects.count() == 2
    visitor.post("account/memory/deletion", PAIR)
    assert "were deleted" in visitor.get(visitor.last["Location"])
    assert not TranslationUnit.objects.exists()


def test_what_is_refused_is_said_on_the_page(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    assert "two different languages" in visitor.post(
        "account/memory", {**PAIR, "language": "de", "file": file(FILE, "memory.tmx")}, 422
    )
    assert "not TMX" in visitor.post("account/memory", {**PAIR, "file": file(b"<html/>", "memory.tmx")}, 422)
    assert "required" in visitor.post("account/memory", PAIR, 422)
    odd = FILE.replace(b"Gourde", b"Gou<ut/>rde")
    assert "inline element" in visitor.post("account/memory", {**PAIR, "file": file(odd, "memory.tmx")}, 200)


def test_a_large_file_is_said_to_be_on_its_way(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_files, "READ_AT_ONCE", 10)
    page = Visitor(cast.owner).post("account/memory", {**PAIR, "file": file(FILE, "memory.tmx")}, 200)
    assert "being imported" in page
    assert Job.objects.get().job_type == "memory_import"
