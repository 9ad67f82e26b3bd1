"""Languages as a country writes them: terms, memory and instructions come from the language where it has none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integrations import shop_languages
from integrations.stores.errors import Unsupported
from integrations.stores.types import ShopLanguage
from projects import glossary
from projects.generation import memory
from projects.models import ContentItem
from projects.writing_settings import resolve
from tests import factories
from tests.helpers import run_jobs
from writing.settings import WritingSettings
from writing.translation.files import tmx

ENGLISH = {"name": "Bottle", "description": "<p>Keeps drinks cold for 12 hours. Fits into every bag.</p>"}
GERMAN = {"name": "Flasche", "description": "<p>Hält Getränke 12 Stunden kalt. Passt in jede Tasche.</p>"}
AUSTRIAN = {"name": "Flasche", "description": "<p>Hält Getränke 12 Stunden kalt. Passt in jedes Sackerl.</p>"}


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


@pytest.fixture
def project(cast: Any, openai: Any) -> Any:
    for key, english in ENGLISH.items():
        openai.translations["de", english] = GERMAN[key]
        openai.translations["de-AT", english] = AUSTRIAN[key]
    settings = {"language": "en", "use_html": True, "languages": ["de", "de-AT"]}
    return factories.make_project(cast.organization, settings=settings)


def write(caller: Any, project: Any, language: str) -> ContentItem:
    item = ContentItem.objects.filter(project=project).first() or factories.make_item(
        project, status="approved", generated_content=ENGLISH
    )
    caller.post(f"projects/{project.pk}/generate", {"languages": [language]}, 202)
    run_jobs()
    return ContentItem.rows.get(main=item, language=language)


def test_a_variant_is_a_language_of_its_own(caller: Any, project: Any, openai: Any) -> None:
    austrian, german = write(caller, project, "de-AT"), write(caller, project, "de")
    assert (austrian.generated_content, german.generated_content) == (AUSTRIAN, GERMAN)
    first, second = openai.seen
    assert "into German (Austria) (Deutsch (Österreich))" in first.system
    assert "into German (Deutsch)" in second.system
    rows = caller.get(f"projects/{project.pk}/items", language="de-AT")
    assert [row["id"] for row in rows] == [str(austrian.pk)]
    listed = {row["code"]: row["base"] for row in caller.get("system/languages")}
    assert (listed["de-AT"], listed["de"]) == ("de", "")


@pytest.mark.thorough
def test_what_the_variant_lacks_is_remembered_from_its_language(caller: Any, project: Any, openai: Any) -> None:
    german = write(caller, project, "de")
    ContentItem.rows.filter(pk=german.pk).update(status="approved")
    openai.seen.clear()
    austrian = write(caller, project, "de-AT")
    assert (openai.seen, austrian.generated_content, austrian.status) == ([], GERMAN, "generated")
    ContentItem.rows.filter(pk=austrian.pk).update(status="approved", generated_content=AUSTRIAN)
    again = factories.make_project(project.organization, settings=project.settings)
    factories.make_item(again, status="approved", generated_content=ENGLISH)
    assert write(caller, again, "de-AT").generated_content == AUSTRIAN  # its own first
    assert write(caller, again, "de").generated_content == GERMAN


def test_an_imported_memory_serves_its_variants_and_takes_theirs(caller: Any, project: Any, openai: Any) -> None:
    pairs = [("Bottle", "Flasche"), ("Keeps drinks cold for 12 hours.", "Hält Getränke 12 Stunden kalt."),
             ("Fits into every bag.", "Passt in jedes Sackerl.")]  # fmt: skip
    file = b"".join(tmx.write(pairs, "en-GB", "de-AT"))
    asked = {"file": SimpleUploadedFile("m.tmx", file), "source_language": "en", "language": "de"}
    assert caller.upload("translation-memory/import", asked, 200)["created"] == 3
    assert write(caller, project, "de-AT").generated_content == AUSTRIAN
    assert openai.seen == []


@pytest.mark.parametrize(
    ("variant", "sentence", "borrowed"),
    [
        ("es-MX", "Pesa 1,5 kg.", False),
        ("es-MX", "Pesa 1500 g.", False),  # Mexico groups four digits
        ("es-MX", "Dura 12 horas.", True),
        ("es-AR", "Pesa 1,5 kg.", True),
        ("de-CH", "Fasst 1.000 ml.", False),
        ("de-AT", "Fasst 1.000 ml.", True),
    ],
)
def test_a_variant_borrows_no_number_that_it_writes_otherwise(
    variant: str, sentence: str, borrowed: bool, caller: Any, cast: Any
) -> None:
    base = variant.partition("-")[0]
    asked = {"source_language": "en", "language": base}
    file = SimpleUploadedFile("m.tmx", b"".join(tmx.write([("What it says.", sentence)], "en", base)))
    caller.upload("translation-memory/import", {"file": file, **asked}, 200)
    settings = WritingSettings(language=variant)
    keys = memory.segment_keys({"description": "What it says."}, "en", settings, cast.organization.pk)
    found = memory.find_segments(factories.make_project(cast.organization), "en", settings, keys)
    assert found == ({"What it says.": sentence} if borrowed else {})
    file = SimpleUploadedFile("m.tmx", b"".join(tmx.write([("What it says, too.", sentence)], "en", base)))
    counted = caller.upload("translation-memory/import", {**asked, "file": file, "language": variant}, 200)
    assert (counted["created"], counted["other_languages"]) == ((1, 0) if borrowed else (0, 1))
    file = SimpleUploadedFile("m.tmx", b"".join(tmx.write([("What else it says.", sentence)], "en", variant)))
    assert caller.upload("translation-memory/import", {**asked, "file": file}, 200)["created"] == int(borrowed)


def test_terms_and_instructions_fall_back_one_by_one(caller: Any, cast: Any) -> None:
    for text, targets in (
        ("Bag", {"de": {"text": "Tasche"}, "de-AT": {"text": "Sackerl"}}),
        ("Cup", {"de": {"text": "Becher"}}),
    ):
        caller.post("glossary", {"text": text, "language": "en", "targets": targets}, 201)
    found = {term.text: term.target for term in glossary.for_language(cast.organization.pk, None, "de-AT").terms}
    assert found == {"Bag": "Sackerl", "Cup": "Becher"}
    assert {term.target for term in glossary.for_language(cast.organization.pk, None, "de").terms} == {
        "Tasche",
        "Becher",
    }
    csv = caller.get("glossary/export")
    caller.upload("glossary/import", {"file": SimpleUploadedFile("g.csv", csv)}, 200)
    assert {term.target for term in glossary.for_language(cast.organization.pk, None, "de-AT").terms} == {
        "Sackerl",
        "Becher",
    }
    spoken = {"de": {"formality": "formal", "instructions": "Kurz."}, "de-AT": {"instructions": "Kein Bundesdeutsch."}}
    project = factories.make_project(cast.organization, settings={"language": "en", "language_settings": spoken})
    settings = resolve(project, {"language": "de-AT"})
    assert (settings.language, settings.formality, settings.instructions) == ("de-AT", "formal", "Kein Bundesdeutsch.")


def places(language: str, *codes: str, has: tuple[str, ...] = (), **chosen: list[str]) -> list[str]:
    connection: Any = SimpleNamespace(
        platform="wordpress", languages={k.replace("_", "-"): v for k, v in chosen.items()}
    )
    shop = [ShopLanguage(code, code) for code in codes]
    return [one.code for one in shop_languages.into(language, shop, connection, lambda code: code in has)]


def test_a_shops_locale_gets_the_variant_that_is_written_and_else_the_language() -> None:
    assert places("de", "de_AT") == ["de_AT"]  # as before there were variants
    assert places("de", "de_DE", "de_AT") == ["de_DE", "de_AT"]
    assert places("de-AT", "de_DE", "de_AT", has=("de", "de-AT")) == ["de_AT"]
    assert places("de", "de_DE", "de_AT", has=("de", "de-AT")) == ["de_DE"]
    assert places("de-AT", "de_DE", has=("de-AT",)) == ["de_DE"]  # the shop has no place of its own for it
    assert places("de-CH", "de_DE", "de_AT", has=("de-CH",)) == ["de_DE"]
    assert places("de-AT", "de_DE", "de_AT", has=("de-AT",), de_AT=["de_DE"]) == ["de_DE"]
    shop = [ShopLanguage("de_AT", "de_AT", primary=True), ShopLanguage("de_DE", "de_DE")]
    link: Any = SimpleNamespace(platform="wordpress", languages={})
    further = shop_languages.into("de", shop, link, lambda code: code == "de", main="de-AT")
    assert [one.code for one in further] == ["de_DE"]  # the main language's own place is none for it
    with pytest.raises(Unsupported) as shared:
        places("de-AT", "de_DE", has=("de", "de-AT"))
    assert shared.value.code == "shop_language_shared"
    with pytest.raises(Unsupported):
        places("de-AT", "fr_FR")
