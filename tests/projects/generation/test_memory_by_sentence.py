"""The memory by sentence: what a model need not write of a second catalogue, and what is not taken from it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Wallet
from projects.models import ContentItem
from tests import factories
from tests.helpers import run_jobs
from tests.projects.generation.conftest import balance
from writing.translation.files import tmx

#: What a brand says again and again, in German and in French.
SAID = {
    "Trinkflasche": "Gourde",
    "Isolierbecher": "Gobelet isotherme",
    "Hält Getränke 12 Stunden lang kalt.": "Garde les boissons froides pendant 12 heures.",
    "Passt in jede Tasche.": "Tient dans chaque sac.",
    "Der Deckel aus Kork schließt dicht.": "Le couvercle en liège ferme hermétiquement.",
    "Wird in der Spülmaschine sauber.": "Se lave au lave-vaisselle.",
    "Neu in Grün.": "Nouveau en vert.",
    "Neu in Blau.": "Nouveau en bleu.",
}
NAMES, SENTENCES = list(SAID)[:2], list(SAID)[2:6]
FACTS = "Flasche mit Deckel aus Kork, hält 12 Stunden kalt, passt in jede Tasche, für die Spülmaschine."


def text(name: str, *sentences: str) -> dict[str, Any]:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return {"name": name, "description": f"{paragraphs}<ul><li>{sentences[0]}</li></ul>"}


def french(content: dict[str, Any]) -> dict[str, Any]:
    description = content["description"]
    for said, translation in SAID.items():
        description = description.replace(said, translation)
    return {"name": SAID.get(content["name"], content["name"]), "description": description}


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def catalogue(cast: Any, openai: Any, texts: list[dict[str, Any]]) -> Any:
    project = factories.make_project(cast.organization, settings={"language": "de", "use_html": True})
    for content in texts:
        data = {"name": content["name"], "sku": "", "description": FACTS}
        factories.make_item(project, status="approved", source_data=data, generated_content=content)
        for key, value in content.items():
            openai.translations["fr", value] = french(content)[key]
    return project


def translate(caller: Any, openai: Any, project: Any) -> int:
    """How often a model was called for the translations of the whole catalogue."""
    before = len(openai.seen)
    answer = caller.post(f"projects/{project.pk}/generate", {"languages": ["fr"]}, 202)
    run_jobs()
    result = caller.get(f"jobs/{answer['job_id']}")["result"]
    assert not result["failed"], result
    return len(openai.seen) - before


def approve(project: Any) -> None:
    ContentItem.rows.filter(project=project, language="fr").update(status="approved")


FIRST = [text(name, *pair) for name, pair in product(NAMES, (SENTENCES[:2], SENTENCES[2:]))]
#: The next season: what is there said anew, and as many articles with something new to say.
SECOND = [
    text(NAMES[0], SENTENCES[0], SENTENCES[3]),
    text(NAMES[1], SENTENCES[2], SENTENCES[0], SENTENCES[1]),
    text(NAMES[0], SENTENCES[3]),
    text(NAMES[1], SENTENCES[1], SENTENCES[0]),
    text("Brotdose", SENTENCES[0]),
    text(NAMES[0], SENTENCES[1], "Neu in Grün."),
    text("Kühltasche", SENTENCES[1], SENTENCES[2]),
    text(NAMES[1], "Neu in Blau."),
]


@pytest.mark.thorough
def test_a_second_catalogue_of_the_same_brand_takes_half_of_the_calls(caller: Any, cast: Any, openai: Any) -> None:
    first = catalogue(cast, openai, FIRST)
    assert translate(caller, openai, first) == len(FIRST)
    approve(first)
    second = catalogue(cast, openai, SECOND)
    quote = caller.post(f"projects/{second.pk}/generate/estimate", {"languages": ["fr"]})
    before = balance(cast.organization)
    assert translate(caller, openai, second) == len(SECOND) // 2
    for item in ContentItem.objects.filter(project=second):
        there = ContentItem.rows.get(main=item, language="fr")
        assert there.generated_content == french(item.generated_content)
        assert there.status != "approved"  # a person still reads it
    used = before - balance(cast.organization)
    assert 0 < used <= float(quote["xct_max"])
    # The sentences that are known are told with the texts that are not.
    [green] = [seen for seen in openai.seen[len(FIRST) :] if "Neu in Grün." in seen.user]
    assert "Tient dans chaque sac." in green.user


def test_an_imported_memory_spares_the_calls_of_a_first_catalogue(caller: Any, cast: Any, openai: Any) -> None:
    file = SimpleUploadedFile("m.tmx", b"".join(tmx.write(SAID.items(), "de", "fr")))
    caller.upload("translation-memory/import", {"file": file, "source_language": "de-DE", "language": "fr"}, 200)
    project = catalogue(cast, openai, FIRST)
    Wallet.objects.filter(organization=cast.organization).update(held=balance(cast.organization))
    assert translate(caller, openai, project) == 0
    assert {row.generated_content["name"] for row in ContentItem.rows.filter(language="fr")} == {SAID[n] for n in NAMES}


def test_an_imported_sentence_that_departs_from_the_glossary_is_not_used(caller: Any, cast: Any, openai: Any) -> None:
    file = SimpleUploadedFile("m.tmx", b"".join(tmx.write(SAID.items(), "de", "fr")))
    caller.upload("translation-memory/import", {"file": file, "source_language": "de", "language": "fr"}, 200)
    caller.post("glossary", {"text": "Deckel", "language": "de", "targets": {"fr": {"text": "bouchon"}}}, 201)
    caller.post("glossary", {"text": "Tasche", "language": "de", "targets": {"fr": {"text": "sac"}}}, 201)
    project = catalogue(cast, openai, [text(NAMES[0], SENTENCES[2]), text(NAMES[0], SENTENCES[1])])
    assert translate(caller, openai, project) == 1
    assert SENTENCES[2] in openai.seen[0].user


@pytest.mark.thorough
@pytest.mark.parametrize("status", ["generated", "rejected"])
def test_what_is_not_approved_any_more_is_forgotten(caller: Any, cast: Any, openai: Any, status: str) -> None:
    first = catalogue(cast, openai, FIRST[:1])
    translate(caller, openai, first)
    approve(first)
    ContentItem.rows.filter(language="fr").update(status=status)
    again = catalogue(cast, openai, [text(NAMES[0], SENTENCES[1], SENTENCES[0])])
    assert translate(caller, openai, again) == 1


@pytest.mark.thorough
def test_what_a_person_changed_is_what_is_taken(caller: Any, cast: Any, openai: Any) -> None:
    first = catalogue(cast, openai, FIRST[:1])
    translate(caller, openai, first)
    row = ContentItem.rows.get(language="fr")
    better = row.generated_content["description"].replace("Tient dans chaque sac.", "Trouve sa place partout.")
    path = f"projects/{first.pk}/items/{row.pk}"
    caller.patch(path, {"generated_content": {"description": better}})
    caller.patch(path, {"status": "approved", "override": True})
    again = catalogue(cast, openai, [text(NAMES[0], SENTENCES[1])])
    assert translate(caller, openai, again) == 0
    newest = ContentItem.rows.get(project=again, language="fr")
    assert newest.generated_content["description"].count("Trouve sa place partout.") == 2


def test_no_sentence_of_another_organization_is_taken(caller: Any, api: Any, cast: Any, openai: Any) -> None:
    first = catalogue(cast, openai, FIRST[:1])
    translate(caller, openai, first)
    approve(first)
    stranger = factories.make_organization()
    theirs = factories.make_project(stranger, settings={"language": "de", "use_html": True})
    factories.make_item(theirs, status="approved", generated_content=FIRST[0])
    openai_calls = translate(api.as_(factories.make_user(stranger)), openai, theirs)
    assert openai_calls == 1
