"""The translation memory by the API: TMX out and in, by a job when it is large; sealed by organization and mode."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from translate.storage.tmx import tmxfile

from projects import memory_files, review, versions
from projects.memory_files import LanguagePair
from projects.models import ContentItem, ItemVersion, TranslationUnit
from scribe import storage
from scribe.jobs import TryAgain
from scribe.jobs.registry import kinds
from scribe.jobs.run import Run
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_organization, make_project
from tests.helpers import Api, run_jobs
from writing.translation.files import tmx

pytestmark = pytest.mark.django_db
PAIR = {"source_language": "de", "language": "fr"}
KNOWN = [("Hält 12 Stunden kalt.", "Garde le froid 12 heures."), ("Tag & <strong>Nacht</strong>", "Jour & nuit")]


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def file_of(pairs: Any = KNOWN) -> bytes:
    return b"".join(tmx.write(pairs, "de", "fr"))


def sent(me: Any, file: bytes, status: int = 200, **named: str) -> Any:
    body = {"file": SimpleUploadedFile("memory.tmx", file), **PAIR, **named}
    return me.upload("translation-memory/import", body, status)


def exported(me: Any, **named: str) -> list[tuple[str, str]]:
    file: bytes = me.get("translation-memory/export", **{**PAIR, **named})
    units = tmx.TmxReader(io.BytesIO(file)).read()
    return [(unit.variants[0][1], unit.variants[1][1]) for unit in units]


def approve_pair(organization: Any, german: Any, french: Any, **fields: Any) -> Any:
    project = make_project(organization, settings={"language": "de"}, is_test=fields.pop("is_test", False))
    item = make_item(project, status="approved", generated_content=german)
    metadata = {"originals": {"name": "…"}, "translated_from": "de", "way": "translation"}
    return make_language_text(
        item,
        "fr",
        **{
            "status": "approved",
            "generated_content": french,
            "made_from": german,
            "generation_metadata": metadata,
            **fields,
        },
    )


def test_what_is_approved_and_what_was_imported_goes_out_sentence_by_sentence(me: Any, cast: Any) -> None:
    german = {"name": "Flasche", "description": "<p>Hält kalt. Aus Stahl.</p>", "tags": ["Stahl"]}
    french = {"name": "Gourde", "description": "<p>Garde le froid. En acier.</p>", "tags": ["acier"]}
    approve_pair(cast.organization, german, french)
    approve_pair(cast.organization, german, french)
    approve_pair(cast.organization, {"name": "Zelt"}, {"name": "Tente"}, status="generated")
    sent(me, file_of())
    # Each pair once; search words do not stand for one another, and what is not approved is not known.
    assert exported(me) == [
        ("Flasche", "Gourde"),
        ("Hält kalt.", "Garde le froid."),
        ("Aus Stahl.", "En acier."),
        *KNOWN,
    ]
    assert exported(me, source_language="fr", language="de") == []


def test_a_memory_goes_through_a_translators_tool_and_back_byte_for_byte(me: Any) -> None:
    sent(me, file_of())
    out = me.get("translation-memory/export", **PAIR)
    through = tmxfile(sourcelanguage="de", targetlanguage="fr")
    for unit in tmxfile.parsestring(out).units:
        through.addtranslation(unit.source, "de", unit.target, "fr")
    back = sent(me, bytes(through))
    assert (back["units"], back["unchanged"], back["created"], back["updated"]) == (2, 2, 0, 0)
    assert sorted(TranslationUnit.objects.values_list("original", "translation")) == sorted(KNOWN)


def test_an_import_counts_what_is_new_changed_and_of_other_languages(me: Any) -> None:
    assert sent(me, file_of())["created"] == 2
    other = KNOWN[0][0], "Conserve le froid 12 heures."
    file = file_of([other, KNOWN[1]]).replace(
        b"</body>",
        b"<tu><tuv xml:lang='it'><seg>x</seg></tuv></tu><tu><tuv xml:lang='de'><seg>a<ut/></seg></tuv></tu></body>",
    )
    done = sent(me, file)
    assert (done["updated"], done["unchanged"], done["other_languages"], done["refused_count"]) == (1, 1, 1, 1)
    assert done["refused"][0]["code"] == "inline_markup"
    assert set(exported(me)) == {other, KNOWN[1]}
    assert me.delete("translation-memory?source_language=de&language=fr", 200) == {"deleted": 2}
    assert exported(me) == []


def test_a_language_that_is_none_of_ours_stands_for_no_other(me: Any) -> None:
    file = file_of().replace(b'xml:lang="fr"', b'xml:lang="cy"')
    assert file.count(b'xml:lang="cy"') == 2
    done = sent(me, file)
    assert (done["created"], done["other_languages"]) == (0, 2)
    assert not TranslationUnit.objects.exists()


def test_what_cannot_be_read_is_refused_and_nothing_is_kept(me: Any) -> None:
    assert sent(me, b"<!DOCTYPE tmx [<!ENTITY a 'b'>]><tmx/>", 415)["code"] == "unsupported_file"
    assert sent(me, file_of()[:-20], 400)["code"] == "broken_xml"
    assert sent(me, file_of(), 400, language="de")["code"] == "same_language"
    assert sent(me, file_of(), 400, language="tlh")["code"] == "unknown_language"
    assert not TranslationUnit.objects.exists()


def many(number: int) -> list[tuple[str, str]]:
    return [(f"Flasche Nummer {at} aus Stahl.", f"Gourde numéro {at} en acier.") for at in range(number)]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_files, "BATCH", 100)


def test_a_large_file_is_read_by_a_job(me: Any, committed: Any) -> None:
    pairs = many(2500)
    answer = sent(me, file_of(pairs), 202)
    assert (answer["created"], TranslationUnit.objects.count()) == (0, 0)
    job = Job.objects.get(pk=answer["job_id"])
    key = job.payload["file_key"]
    assert list(memory_files.keys_of(job.organization_id)) == [key]
    run_jobs()
    job.refresh_from_db()
    assert (job.status, job.result["created"], job.progress_current, job.progress_total) == (
        "completed",
        2500,
        2500,
        2500,
    )
    assert exported(me) == pairs
    assert not storage.exists(key)


def test_a_job_that_lets_go_continues_behind_what_is_saved(
    me: Any, committed: Any, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = many(2500)
    answer = sent(me, file_of(pairs), 202)
    job = Job.objects.get(pk=answer["job_id"])
    Job.objects.filter(pk=job.pk).update(status="running", fence=1)
    job.refresh_from_db()
    with monkeypatch.context() as short:
        short.setattr(Run, "should_yield", lambda run: True)
        with pytest.raises(TryAgain):
            memory_files.run(Run(job, kinds[job.job_type]))
    assert TranslationUnit.objects.count() == 100
    TranslationUnit.objects.all().delete()  # so that one that is written twice would show
    Job.objects.filter(pk=job.pk).update(status="queued", lease_until=None)
    run_jobs()
    job.refresh_from_db()
    assert (job.status, job.result["units"], TranslationUnit.objects.count()) == ("completed", 2500, 2400)


@pytest.mark.thorough
def test_a_job_that_always_lets_go_reads_little_of_its_file_again(
    me: Any, committed: Any, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It went back to the first unit after each part."""
    job = Job.objects.get(pk=sent(me, file_of(many(2500)), 202)["job_id"])
    monkeypatch.setattr(Run, "should_yield", lambda run: True)
    again = 0
    for _slice in range(25):
        Job.objects.filter(pk=job.pk).update(status="running", fence=1)
        job.refresh_from_db()
        again += (job.result or {}).get("units", 0)
        with contextlib.suppress(TryAgain):
            memory_files.run(Run(job, kinds[job.job_type]))
            break
    job.refresh_from_db()
    assert (job.result["units"], TranslationUnit.objects.count()) == (2500, 2500)
    assert again < 5 * 2500


def test_a_broken_large_file_fails_its_job_with_the_line(me: Any, committed: Any) -> None:
    answer = sent(me, file_of(many(3000))[:-30], 202)
    run_jobs()
    job = Job.objects.get(pk=answer["job_id"])
    assert (job.status, job.error_code) == ("failed", "broken_xml")


def test_a_full_memory_takes_no_more(me: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_files, "MOST_UNITS", 1)
    assert sent(me, file_of(), 409)["code"] == "memory_full"
    assert not TranslationUnit.objects.exists()


def test_no_organization_sees_or_deletes_what_another_knows(me: Any, api: Any, cast: Any) -> None:
    sent(me, file_of())
    stranger = make_organization()
    approve_pair(stranger, {"name": "Geheim"}, {"name": "Secret"})
    there = LanguagePair(stranger.pk, "de", "fr")
    assert list(there.imported()) == []
    assert b"Geheim" in b"".join(memory_files.export_file(there))
    assert ("Geheim", "Secret") not in exported(me)
    assert memory_files.erase(there) == 0
    assert len(exported(me)) == 2


def test_a_key_for_chosen_projects_gets_their_texts_alone(me: Any, cast: Any) -> None:
    mine = approve_pair(cast.organization, {"name": "Flasche"}, {"name": "Gourde"})
    approve_pair(cast.organization, {"name": "Zelt"}, {"name": "Tente"})
    asked = {"name": "shop", "scopes": ["items:read"], "project_ids": [str(mine.project_id)]}
    key = me.post("api-keys", asked, 201)["key"]
    limited = Api({"X-API-Key": key})
    assert exported(limited) == [("Flasche", "Gourde")]
    assert len(exported(me)) == 2


def test_test_mode_has_a_memory_of_its_own(me: Any, cast: Any) -> None:
    approve_pair(cast.organization, {"name": "Probe"}, {"name": "Essai"}, is_test=True)
    sent(me, file_of())
    rehearsal = LanguagePair(cast.organization.pk, "de", "fr", is_test=True)
    out = b"".join(memory_files.export_file(rehearsal))
    assert b"Probe" in out
    assert KNOWN[0][0].encode() not in out
    assert ("Probe", "Essai") not in exported(me)


def test_a_restored_translation_is_known_by_the_original_that_it_was_made_from(me: Any, cast: Any) -> None:
    """It kept the key of the newer original, so that the old words were taken for its translation."""
    first, second = ({"name": key} for key in ("key of the first original", "key of the second"))
    text = approve_pair(cast.organization, {"name": "Flasche"}, {"name": "Bouteille"})
    ContentItem.rows.filter(pk=text.pk).update(generation_metadata={**text.generation_metadata, "originals": first})
    text.refresh_from_db()
    versions.keep(text, reason=ItemVersion.Reason.REGENERATED, by=None)
    newer = {**text.generation_metadata, "originals": second}
    ContentItem.rows.filter(pk=text.pk).update(generated_content={"name": "Gourde"}, generation_metadata=newer)
    restored = review.restore(version=text.versions.get(), by=cast.owner)
    assert restored.generated_content == {"name": "Bouteille"}
    assert restored.generation_metadata["originals"] == first
    again = review.restore(version=restored.versions.get(generated_content={"name": "Gourde"}), by=cast.owner)
    assert (again.generated_content, again.generation_metadata["originals"]) == ({"name": "Gourde"}, second)
