"""Texts in further languages: translated from what was approved, by letters, from memory, and only where they are stale."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from billing.models import Hold, UsageRecord, Wallet
from projects.models import ContentItem, GenerationItem, ItemVersion
from tests import factories
from tests.helpers import run_jobs
from tests.projects.generation.conftest import balance

#: One text in seven languages; `{}` is the capacity in millilitres.
SAID = {
    "de": ("Trinkflasche {}", "<p>Die Flasche aus Edelstahl fasst {} ml und hält Getränke 12 Stunden lang kalt.</p>"),
    "fr": (
        "Gourde {}",
        "<p>La gourde en acier inoxydable contient {} ml et garde les boissons froides pendant 12 heures.</p>",
    ),
    "es": (
        "Botella {}",
        "<p>La botella de acero inoxidable tiene {} ml y mantiene las bebidas frías durante 12 horas.</p>",
    ),
    "pl": (
        "Butelka {}",
        "<p>Butelka ze stali nierdzewnej ma pojemność {} ml i utrzymuje napoje zimne przez 12 godzin.</p>",
    ),
    "sr": ("Флаша {}", "<p>Флаша од нерђајућег челика има запремину {} ml и држи пиће хладним 12 сати.</p>"),
    "ar": ("قارورة {}", "<p>قارورة من الفولاذ المقاوم للصدأ تتسع {} مل وتحافظ على برودة المشروبات لمدة 12 ساعة.</p>"),
}
FURTHER = ["fr", "es", "pl", "sr", "ar"]


def content(language: str, size: int) -> dict[str, Any]:
    name, description = SAID[language]
    return {"name": name.format(size), "description": description.format(size)}


@pytest.fixture
def project(cast: Any, openai: Any) -> Any:
    for size in (500, 750, 1000, 620):
        for code in FURTHER:
            for key, text in content(code, size).items():
                openai.translations[code, content("de", size)[key]] = text
    return factories.make_project(
        cast.organization, settings={"language": "de", "use_html": True, "languages": ["fr", "sr"]}
    )


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def item(project: Any, size: int, status: str = "approved") -> ContentItem:
    facts = {
        "sku": f"TF-{size}",
        "name": f"Trinkflasche {size}",
        "description": f"<p>Flasche aus Edelstahl, {size} ml, hält Getränke 12 Stunden kalt.</p>",
        "attributes": {"Material": "Edelstahl", "Inhalt": f"{size} ml"},
    }
    return factories.make_item(project, status=status, source_data=facts, generated_content=content("de", size))


def text(main: ContentItem, language: str) -> ContentItem:
    return ContentItem.rows.get(main=main, language=language)


def write(caller: Any, project: Any, door: str = "generate", **body: Any) -> dict[str, Any]:
    answer = caller.post(f"projects/{project.pk}/{door}", body, 202)
    run_jobs()
    found = caller.get(f"jobs/{answer['job_id']}")
    assert found["status"] in ("completed", "completed_with_errors"), found
    return found["result"]


def test_one_job_translates_the_approved_texts_and_bills_what_it_quoted(
    caller: Any, cast: Any, project: Any, openai: Any
) -> None:
    ready, other, unapproved = item(project, 750), item(project, 500), item(project, 620, "generated")
    quote = caller.post(f"projects/{project.pk}/generate/estimate", {"languages": ["fr", "sr"]})
    assert [(row["language"], row["way"], row["items"], row["skipped"]) for row in quote["per_language"]] == [
        ("fr", "translation", 2, 1),
        ("sr", "translation", 2, 1),
    ]
    assert (quote["items"], quote["skipped"]) == (4, 2)
    assert sum(Decimal(row["xct_max"]) for row in quote["per_language"]) == Decimal(quote["xct_max"])
    assert not ContentItem.rows.exclude(language="").exists()
    before = balance(cast.organization)
    result = write(caller, project, languages=["fr", "sr"])
    assert result["languages"] == {
        code: {"total": 2, "generated": 2, "flagged": 0, "failed": 0} for code in ("fr", "sr")
    }, [(row.language, row.generation_metadata.get("reasons")) for row in ContentItem.rows.exclude(language="")]
    left = {(row["id"], row["reason"], row["language"]) for row in result["skipped_items"]}
    assert left == {(str(unapproved.pk), "main_not_approved", code) for code in ("fr", "sr")}
    used = before - balance(cast.organization)
    assert 0 < used == Decimal(result["xct_used"]) <= Decimal(quote["xct_max"])
    assert UsageRecord.objects.count() == 4
    assert not Hold.objects.open().exists()
    french = text(ready, "fr")
    assert french.generated_content == content("fr", 750)
    assert (french.status, french.generation_metadata["way"], french.made_from) == (
        "generated",
        "translation",
        content("de", 750),
    )
    assert "translation" in {check["id"] for check in french.generation_metadata["checks"]}
    assert text(other, "sr").generated_content == content("sr", 500)
    in_turn = GenerationItem.objects.order_by("position").values_list("item__language", flat=True)
    assert list(in_turn) == ["fr", "sr", "fr", "sr"]  # not one language after the other
    ready.refresh_from_db()
    assert (ready.generated_content, ready.status) == (content("de", 750), "approved")


@pytest.mark.thorough
def test_only_what_is_stale_is_redone_and_a_persons_edit_never_is(caller: Any, project: Any, openai: Any) -> None:
    first = item(project, 750)
    item(project, 500)
    write(caller, project, languages=["fr", "sr"])
    path = f"projects/{project.pk}/items"
    caller.patch(f"{path}/{text(first, 'sr').pk}", {"generated_content": {"name": "Моја флаша 750"}})
    caller.patch(f"{path}/{first.pk}", {"generated_content": {"name": "Trinkflasche 620"}})
    assert caller.get(f"{path}/{first.pk}")["languages"]["fr"]["outdated_fields"] == ["name"]
    openai.seen.clear()
    waiting = write_nothing(caller, project, selection="stale", languages=["fr", "sr"])
    assert waiting["skipped_items"][0]["reason"] == "main_not_approved"
    caller.patch(f"{path}/{first.pk}", {"status": "approved", "override": True})
    quote = caller.post(f"projects/{project.pk}/generate/estimate", {"languages": ["fr", "sr"], "selection": "stale"})
    assert [(one["language"], one["left_out"]) for one in quote["per_language"]] == [("fr", {}), ("sr", {"edited": 1})]
    result = write(caller, project, selection="stale", languages=["fr", "sr"])
    assert [(one["id"], one["reason"], one["language"]) for one in result["skipped_items"]] == [
        (str(first.pk), "edited", "sr")
    ]
    assert result["languages"] == {"fr": {"total": 1, "generated": 1, "flagged": 0, "failed": 0}}
    [seen] = openai.seen
    assert "Die Flasche" not in seen.user
    redone = text(first, "fr")
    assert redone.generated_content == {"name": "Gourde 620", "description": content("fr", 750)["description"]}
    assert redone.outdated_fields == []
    assert text(first, "sr").generated_content["name"] == "Моја флаша 750"
    assert text(first, "sr").outdated_fields == ["name"]


def write_nothing(caller: Any, project: Any, **body: Any) -> dict[str, Any]:
    answer = caller.post(f"projects/{project.pk}/generate", body)
    return caller.get(f"jobs/{answer['job_id']}")["result"]  # type: ignore[no-any-return]


@pytest.mark.thorough
def test_serbian_in_latin_letters_costs_nothing_and_calls_no_model(
    caller: Any, cast: Any, project: Any, openai: Any
) -> None:
    main = item(project, 750)
    write(caller, project, languages=["sr"])
    refused = write_nothing(caller, project, languages=["sr-Latn"])
    assert refused["skipped_items"] == [
        {"id": str(main.pk), "status": "skipped", "reason": "serbian_not_approved", "language": "sr-Latn"}
    ]
    path = f"projects/{project.pk}/items/{text(main, 'sr').pk}"
    caller.patch(path, {"status": "approved", "override": True})
    calls, before = len(openai.seen), balance(cast.organization)
    quote = caller.post(f"projects/{project.pk}/generate/estimate", {"languages": ["sr-Latn"]})
    assert [Decimal(row["xct_max"]) for row in quote["per_language"] if row["items"]] == [0]
    write(caller, project, languages=["sr-Latn"])
    latin = text(main, "sr-Latn")
    assert latin.generated_content["name"] == "Flaša 750"
    assert "nerđajućeg čelika" in latin.generated_content["description"]
    assert (latin.generation_metadata["way"], latin.ai_model_used) == ("letters", "")
    assert (len(openai.seen), balance(cast.organization)) == (calls, before)
    caller.patch(path, {"generated_content": {"name": "Боца 750"}})
    assert text(main, "sr-Latn").outdated_fields == ["name"]


@pytest.mark.thorough
def test_an_approved_pair_is_written_again_for_nothing(caller: Any, cast: Any, project: Any, openai: Any) -> None:
    first = item(project, 750)
    write(caller, project, languages=["fr"])
    caller.patch(f"projects/{project.pk}/items/{text(first, 'fr').pk}", {"status": "approved", "override": True})
    other = factories.make_project(cast.organization, settings={"language": "de"})
    twin, half = item(other, 750), item(other, 750)
    ContentItem.objects.filter(pk=half.pk).update(
        generated_content={**content("de", 750), "name": content("de", 500)["name"]}
    )
    openai.seen.clear()
    before = balance(cast.organization)
    write(caller, other, languages=["fr"], item_ids=[str(twin.pk)])
    assert (openai.seen, balance(cast.organization)) == ([], before)
    assert text(twin, "fr").generated_content == content("fr", 750)
    assert text(twin, "fr").generation_metadata["remembered"] == ["description", "name"]
    write(caller, other, languages=["fr"], item_ids=[str(half.pk)])
    [seen] = openai.seen
    assert "Trinkflasche 500" in seen.user
    assert "Die Flasche" not in seen.user
    assert text(half, "fr").generated_content == {**content("fr", 750), "name": "Gourde 500"}
    # Another vocabulary, a text that is not approved any more, and a test project's: nothing is remembered.
    caller.post("glossary", {"text": "Flasche", "language": "de", "targets": {"fr": {"text": "gourde"}}}, 201)
    openai.seen.clear()
    write(caller, other, "regenerate", languages=["fr"], item_ids=[str(twin.pk)])
    assert len(openai.seen) == 1


@pytest.mark.thorough
def test_no_second_call_is_paid_for_a_fault_of_what_the_memory_has(
    caller: Any, cast: Any, project: Any, openai: Any
) -> None:
    """A person approved a description that says more than its original. No call writes it again, and none is asked to."""
    first = item(project, 750)
    write(caller, project, languages=["fr"])
    known = f"projects/{project.pk}/items/{text(first, 'fr').pk}"
    more = content("fr", 750)["description"].replace("12 heures", "99 heures")
    caller.patch(known, {"generated_content": {"description": more}})
    caller.patch(known, {"status": "approved", "override": True})
    other = factories.make_project(cast.organization, settings={"language": "de", "use_html": True})
    half = item(other, 750)
    ContentItem.objects.filter(pk=half.pk).update(
        generated_content={**content("de", 750), "name": content("de", 500)["name"]}
    )
    openai.seen.clear()
    result = write(caller, other, languages=["fr"], item_ids=[str(half.pk)])
    assert text(half, "fr").generated_content == {"name": "Gourde 500", "description": more}
    assert (result["flagged"], text(half, "fr").generation_metadata["calls"], len(openai.seen)) == (1, 1, 1)


@pytest.mark.thorough
def test_what_the_memory_knows_is_quoted_at_nothing_and_written_on_an_empty_balance(
    caller: Any, cast: Any, project: Any, openai: Any
) -> None:
    first = item(project, 750)
    write(caller, project, languages=["fr"])
    known = f"projects/{project.pk}/items/{text(first, 'fr').pk}"
    caller.patch(known, {"status": "approved", "override": True})
    other = factories.make_project(cast.organization, settings={"language": "de"})
    twin, half = item(other, 750), item(other, 750)
    ContentItem.objects.filter(pk=half.pk).update(
        generated_content={**content("de", 750), "name": content("de", 500)["name"]}
    )

    def price(main: ContentItem) -> Decimal:
        body = {"languages": ["fr"], "item_ids": [str(main.pk)]}
        return Decimal(caller.post(f"projects/{other.pk}/generate/estimate", body)["xct_max"])

    new = item(other, 1000)
    assert price(twin) == 0
    assert 0 < price(half) < price(new)
    Wallet.objects.filter(organization=cast.organization).update(held=balance(cast.organization))
    result = write(caller, other, languages=["fr"], item_ids=[str(twin.pk)])
    assert (result["generated"], result["xct_used"]) == (1, "0.0000")
    body = {"languages": ["fr"], "item_ids": [str(half.pk)]}
    assert caller.post(f"projects/{other.pk}/generate", body, 402)["code"] == "insufficient_xct"


@pytest.mark.thorough
def test_a_text_that_the_memory_forgot_meanwhile_is_not_written_for_nothing(
    caller: Any, cast: Any, project: Any, openai: Any
) -> None:
    first = item(project, 750)
    write(caller, project, languages=["fr"])
    known = f"projects/{project.pk}/items/{text(first, 'fr').pk}"
    caller.patch(known, {"status": "approved", "override": True})
    other = factories.make_project(cast.organization, settings={"language": "de"})
    twin = item(other, 750)
    openai.seen.clear()
    answer = caller.post(f"projects/{other.pk}/generate", {"languages": ["fr"], "item_ids": [str(twin.pk)]}, 202)
    caller.patch(known, {"status": "rejected"})
    run_jobs()
    found = caller.get(f"jobs/{answer['job_id']}")["result"]
    assert [failure["code"] for failure in found["failures"]] == ["over_quote"]
    assert openai.seen == []


@pytest.mark.thorough
def test_near_pairs_are_told_with_equal_numbers_only(caller: Any, project: Any, openai: Any) -> None:
    first, second, third = item(project, 750), item(project, 500), item(project, 750)
    near = content("de", 750)["description"].replace("hält", "bewahrt")
    ContentItem.objects.filter(pk=third.pk).update(generated_content={"name": "Flasche", "description": near})
    write(caller, project, languages=["fr"], item_ids=[str(first.pk)])
    caller.patch(f"projects/{project.pk}/items/{text(first, 'fr').pk}", {"status": "approved", "override": True})
    openai.seen.clear()
    write(caller, project, languages=["fr"], item_ids=[str(second.pk)])
    write(caller, project, languages=["fr"], item_ids=[str(third.pk)])
    assert "La gourde" not in openai.seen[0].user
    assert content("fr", 750)["description"] in openai.seen[1].user


def test_native_writes_from_the_facts_and_needs_no_approved_text(caller: Any, project: Any, openai: Any) -> None:
    main = item(project, 750, "pending")
    ContentItem.objects.filter(pk=main.pk).update(generated_content={})
    result = write(caller, project, languages=["de", "en"], language_way="native", language="fr")
    assert set(result["languages"]) == {"de", "en"}
    english = text(main, "en")
    assert english.generated_content["name"]
    assert english.generation_metadata["settings"]["language"] == "en"
    main.refresh_from_db()
    assert main.generation_metadata["settings"]["language"] == "de"
    assert english.made_from["name"] == "Trinkflasche 750"
    assert not [seen for seen in openai.seen if "Translate from" in seen.system]


@pytest.mark.thorough
def test_the_language_that_an_item_was_written_in_is_its_original(
    caller: Any, cast: Any, project: Any, openai: Any
) -> None:
    """The texts are French whatever the settings say: they are translated from French, and never into it."""
    openai.translations["de", content("fr", 750)["name"]] = content("de", 750)["name"]
    openai.translations["de", content("fr", 750)["description"]] = content("de", 750)["description"]
    main = item(project, 750)
    noted = {"settings": {"language": "fr"}}
    ContentItem.objects.filter(pk=main.pk).update(
        generated_content=content("fr", 750), generation_metadata=noted, confidence_score=90
    )
    before = balance(cast.organization)
    refused = caller.post(f"projects/{project.pk}/generate", {"languages": ["fr"]}, 400)
    assert refused["code"] == "main_language"
    write(caller, project, languages=["de"])
    [seen] = openai.seen
    assert "from French" in seen.system
    german = text(main, "de")
    assert german.generated_content == content("de", 750)
    assert german.generation_metadata["translated_from"] == "fr"
    assert [row["id"] for row in caller.get(f"projects/{project.pk}/items", language="de")] == [str(german.pk)]
    # Beside items in another language, which are more, the French one is left out by name.
    others = [item(project, size) for size in (500, 1000)]
    noted = {"settings": {"language": "de"}}
    pks = [other.pk for other in others]
    ContentItem.objects.filter(pk__in=pks).update(generation_metadata=noted, confidence_score=90)
    spent = balance(cast.organization)
    result = write(caller, project, languages=["fr"])
    assert result["skipped_items"] == [
        {"id": str(main.pk), "status": "skipped", "reason": "main_language", "language": "fr"}
    ]
    assert set(ContentItem.rows.filter(language="fr").values_list("main", flat=True)) == set(pks)
    assert before > spent > balance(cast.organization)
    main.refresh_from_db()
    assert (main.generated_content, main.status) == (content("fr", 750), "approved")


def test_a_text_in_a_further_language_is_written_anew_in_its_language(caller: Any, project: Any, openai: Any) -> None:
    main = item(project, 750)
    write(caller, project, languages=["fr"])
    french = text(main, "fr")
    caller.patch(f"projects/{project.pk}/items/{french.pk}", {"status": "rejected", "reject_reason": "Trop long"})
    result = write(caller, project, "regenerate-rejected", languages=["fr"])
    assert result["languages"]["fr"]["generated"] == 1
    assert '"Trop long"' in openai.seen[-1].user
    answer = caller.post(f"projects/{project.pk}/items/{french.pk}/regenerate", {"language": "es"}, 202)
    assert answer["id"] == str(french.pk)
    run_jobs()
    assert text(main, "fr").generated_content == content("fr", 750)
    assert set(ContentItem.rows.values_list("language", flat=True)) == {"", "fr"}
    assert len(caller.get(f"projects/{project.pk}/items/{french.pk}/versions")) == 2


def test_languages_are_checked_wherever_they_are_named(caller: Any, project: Any) -> None:
    item(project, 750)
    problem = caller.post(f"projects/{project.pk}/generate", {"languages": ["tlh"]}, 400)
    assert problem["errors"][0]["pointer"] == "#/languages"
    caller.post(f"projects/{project.pk}/generate", {"languages": "fr"}, 400)
    caller.post(f"projects/{project.pk}/generate", {"language_way": "magic"}, 400)
    for wrong in ("fr", ["tlh"], [1], [["fr"]], {"fr": 1}, [""], ["fr", ""]):
        caller.patch(f"projects/{project.pk}", {"settings": {"languages": wrong}}, 400)
    assert caller.patch(f"projects/{project.pk}", {"settings": {"languages": ["nb_NO", "sr_Latn_RS"]}})


def test_an_edit_while_the_translation_is_made_shows_in_it(caller: Any, project: Any, openai: Any) -> None:
    """The item is edited between the reading of its text and the settling of the translation, in either order of the two."""
    before, after = item(project, 750), item(project, 500)
    path = f"projects/{project.pk}/items"

    def meanwhile(seen: Any) -> None:
        if "Trinkflasche 750" in seen.user:
            openai.choose = None
            editing = threading.Thread(target=edit)  # the fake's own thread runs an event loop
            editing.start()
            editing.join(timeout=30)

    def edit() -> None:
        caller.patch(f"{path}/{before.pk}", {"generated_content": {"name": "Trinkflasche 620"}})
        connection.close()

    openai.choose = meanwhile
    write(caller, project, languages=["fr"])
    caller.patch(f"{path}/{after.pk}", {"generated_content": {"name": "Trinkflasche 620"}})
    assert [text(main, "fr").outdated_fields for main in (before, after)] == [["name"], ["name"]]
    assert text(before, "fr").made_from == content("de", 750)


@pytest.mark.thorough
def test_what_a_person_changes_while_a_text_is_made_stays(caller: Any, cast: Any, project: Any, openai: Any) -> None:
    """The model's answers are held back until the edits are answered. A change of metadata or of facts stops nothing."""
    mains = [item(project, size) for size in (500, 620, 750, 1000)]
    write(caller, project, languages=["fr"])
    path = f"projects/{project.pk}/items"
    edited, approved, noted, moved = (text(main, "fr") for main in mains)
    patches = (
        (edited, {"generated_content": {"name": "Ma gourde 500"}}),
        (approved, {"status": "approved", "override": True}),
        (noted, {"metadata": {"shelf": "7"}}),
        (mains[0], {"decisions": {"name": "approved"}}),
        (mains[1], {"generated_content": {"name": "Meine Flasche 620"}}),
    )
    held: list[Any] = []

    def meanwhile(seen: Any) -> None:
        if not held:
            editing = threading.Thread(target=change)  # the fake's own thread runs an event loop
            held.append(editing)
            editing.start()
            editing.join(timeout=30)

    def change() -> None:
        for row, body in patches:
            caller.patch(f"{path}/{row.pk}", body)
        ContentItem.objects.filter(pk=mains[3].pk).update(source_data={**mains[3].source_data, "name": "Neu 1000"})
        connection.close()

    openai.choose = meanwhile
    before = balance(cast.organization)
    UsageRecord.objects.all().delete()
    result = write(caller, project, item_ids=[str(main.pk) for main in mains], languages=["de", "fr"])
    left = {row.pk for row in (edited, approved, *mains[:2])}
    assert {(row["item_id"], row["code"]) for row in result["failures"]} == {
        (str(pk), "changed_meanwhile") for pk in left
    }
    assert (result["failed"], result["generated"] + result["flagged"]) == (4, 4)
    rows = GenerationItem.objects.filter(item__in=left, code="changed_meanwhile")
    assert all(row.state == "failed" and not row.xct_used and "Someone edited" in row.reason for row in rows)
    assert rows.count() == 4
    for row in (edited, approved, *mains[:2]):
        row.refresh_from_db()
    assert edited.generated_content["name"] == "Ma gourde 500"
    assert (approved.status, approved.generated_content) == ("approved", content("fr", 620))
    assert (mains[0].generated_content, mains[0].decisions) == (content("de", 500), {"name": "approved"})
    assert mains[1].generated_content["name"] == "Meine Flasche 620"
    assert not any("last_error" in row.generation_metadata for row in (edited, approved, *mains[:2]))
    lost = UsageRecord.objects.filter(item_id__in=left)
    assert {(row.outcome, row.xct) for row in lost} == {("cancelled", Decimal(0))}
    assert before - balance(cast.organization) == Decimal(result["xct_used"])
    assert not Hold.objects.open().exists()
    assert text(mains[2], "fr").metadata == {"shelf": "7"}
    assert ItemVersion.objects.filter(item__in=[noted, moved, *mains[2:]], reason="regenerated").count() == 4
    assert text(mains[3], "fr").outdated_fields  # made from the text of before


def test_what_a_person_decides_while_a_job_waits_stays(caller: Any, project: Any, openai: Any) -> None:
    """The decisions come after the job was made and before a worker has read any row; regeneration puts its texts back to
    pending first. One text is decided on as before, one is approved and already pushed to the store."""
    mains = [item(project, size) for size in (500, 620, 750, 1000)]
    mains[3].status = "pending"
    mains[3].save(update_fields=["status"])
    path = f"projects/{project.pk}"
    job_id = caller.post(f"{path}/generate", {"item_ids": [str(main.pk) for main in mains]}, 202)["job_id"]
    caller.patch(f"{path}/items/{mains[0].pk}", {"status": "approved", "override": True})  # as it was
    caller.patch(f"{path}/items/{mains[1].pk}", {"status": "rejected", "reject_reason": "Too short"})
    ContentItem.objects.filter(pk=mains[2].pk).update(status="synced")
    caller.patch(f"{path}/items/{mains[3].pk}", {"generated_content": {"name": "Meine Flasche"}})
    run_jobs()
    result = caller.get(f"jobs/{job_id}")["result"]
    assert {(row["item_id"], row["code"]) for row in result["failures"]} == {
        (str(main.pk), "changed_meanwhile") for main in (mains[1], mains[3])
    }
    for main in mains:
        main.refresh_from_db()
    assert (mains[1].status, mains[1].reject_reason) == ("rejected", "Too short")
    assert mains[3].generated_content["name"] == "Meine Flasche"
    assert {main.status for main in (mains[0], mains[2])} <= {"generated", "flagged"}


#: A vocabulary of thirty terms in six languages, in the order of WORDS_OF.
WORDS_OF = ("de", "fr", "es", "pl", "sr", "ar")
VOCABULARY = """
Edelstahl|acier inoxydable|acero inoxidable|stal nierdzewna|нерђајући челик|فولاذ مقاوم للصدأ
Baumwolle|coton|algodón|bawełna|памук|قطن
Leder|cuir|cuero|skóra|кожа|جلد
Wolle|laine|lana|wełna|вуна|صوف
Holz|bois|madera|drewno|дрво|خشب
Glas|verre|vidrio|szkło|стакло|زجاج
Kunststoff|plastique|plástico|tworzywo|пластика|بلاستيك
Seide|soie|seda|jedwab|свила|حرير
Leinen|lin|lino|len|лан|كتان
Gummi|caoutchouc|caucho|guma|гума|مطاط
Rucksack|sac à dos|mochila|plecak|ранац|حقيبة ظهر
Zelt|tente|tienda|namiot|шатор|خيمة
Brille|lunettes|gafas|okulary|наочаре|نظارة
Jacke|veste|chaqueta|kurtka|јакна|سترة
Hose|pantalon|pantalón|spodnie|панталоне|بنطال
Schuh|chaussure|zapato|but|ципела|حذاء
Hut|chapeau|sombrero|kapelusz|шешир|قبعة
Schal|écharpe|bufanda|szalik|шал|وشاح
Gürtel|ceinture|cinturón|pasek|каиш|حزام
Tasche|sac|bolso|torba|торба|حقيبة
Messer|couteau|cuchillo|nóż|нож|سكين
Löffel|cuillère|cuchara|łyżka|кашика|ملعقة
Teller|assiette|plato|talerz|тањир|طبق
Lampe|lampe|lámpara|lampa|лампа|مصباح
Stuhl|chaise|silla|krzesło|столица|كرسي
Tisch|table|mesa|stół|сто|طاولة
Decke|couverture|manta|koc|ћебе|بطانية
Kissen|coussin|cojín|poduszka|јастук|وسادة
Uhr|montre|reloj|zegarek|сат|ساعة
Kamera|appareil photo|cámara|aparat|камера|كاميرا
"""
TERMS = [dict(zip(WORDS_OF, line.split("|"), strict=True)) for line in VOCABULARY.strip().splitlines()]
SENTENCES = {
    "de": "<p>{}, {}: Das Gewicht ist {} g und die Länge ist 25 cm.</p>",
    "fr": "<p>{}, {} : le poids est de {} g et la longueur est de 25 cm.</p>",
    "es": "<p>{}, {}: el peso es de {} g y la longitud es de 25 cm.</p>",
    "pl": "<p>{}, {}: waga to {} g, a długość to 25 cm.</p>",
    "sr": "<p>{}, {}: тежина је {} g, а дужина је 25 cm.</p>",
    "ar": "<p>{}, {}: الوزن {} غ والطول 25 سم.</p>",
}


def product(number: int, language: str, *, turned: bool = False) -> dict[str, Any]:
    """The text of the product of this number, which has two of the terms, and with `turned` the other one first."""
    one, other = (TERMS[2 * number + at][language] for at in (0, 1))
    said = (other, one) if turned else (one, other)
    return {"name": one, "description": SENTENCES[language].format(*said, 130 + number)}


@pytest.mark.thorough
@pytest.mark.slow
def test_a_catalogue_in_five_languages_keeps_its_vocabulary_its_numbers_and_its_state(
    caller: Any, project: Any, openai: Any
) -> None:
    for term in TERMS:
        targets = {code: {"text": term[code]} for code in FURTHER}
        caller.post("glossary", {"text": term["de"], "language": "de", "targets": targets}, 201)
    mains = []
    for number in range(len(TERMS) // 2):
        said = product(number, "de")
        facts = {**said, "attributes": {"Gewicht": f"{130 + number} g", "Länge": "25 cm"}}
        mains.append(factories.make_item(project, status="approved", source_data=facts, generated_content=said))
        for code in FURTHER:
            for turned in (False, True):
                for key, translated in product(number, code, turned=turned).items():
                    openai.translations[code, product(number, "de", turned=turned)[key]] = translated
    result = write(caller, project, languages=FURTHER)
    assert result["languages"] == {
        code: {"total": 15, "generated": 15, "flagged": 0, "failed": 0} for code in FURTHER
    }, [(r.language, r.generation_metadata["reasons"]) for r in ContentItem.rows.filter(status="flagged")][:5]
    rows = list(ContentItem.rows.exclude(language=""))
    checks = [{check["id"]: check for check in row.generation_metadata["checks"]} for row in rows]
    named = sum(found["glossary"]["counts"]["named"] for found in checks)
    used = sum(found["glossary"]["counts"]["used"] for found in checks)
    assert named >= 150
    assert used == named
    assert {found["translation"]["passed"] for found in checks} == {True}
    numbers = {finding["code"] for found in checks for finding in found["translation"]["findings"]}
    assert not {code for code in numbers if code.startswith(("number", "unit"))}
    # An edit of one product makes just its texts stale, and a run redoes just these, and just the field.
    edited, path = mains[0], f"projects/{project.pk}/items"
    patch = {"generated_content": {"description": product(0, "de", turned=True)["description"]}, "status": "approved"}
    caller.patch(f"{path}/{edited.pk}", {**patch, "override": True})
    stale = ContentItem.rows.exclude(outdated_fields=[])
    assert {(row.main_id, row.language, *row.outdated_fields) for row in stale} == {
        (edited.pk, code, "description") for code in FURTHER
    }
    versions = dict(ContentItem.rows.exclude(main=edited).values_list("pk", "version"))
    openai.seen.clear()
    again = write(caller, project, selection="stale", languages=FURTHER)
    assert again["generated"] == len(openai.seen) == 5
    assert not stale.all().exists()
    assert dict(ContentItem.rows.exclude(main=edited).values_list("pk", "version")) == versions
    assert text(edited, "ar").generated_content == product(0, "ar", turned=True)
