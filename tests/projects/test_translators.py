"""Files for translators by the API: out, back in, refused by name, and by a job."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalog.files.translations.formats import FORMATS
from projects.models import ContentItem, ItemVersion
from projects.translators import intake
from scribe import storage
from scribe.jobs import Run, work
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_project
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db
CODES = ("de", "sr", "ar", "zh-TW", "pt-BR")
CONTENT = {
    "name": "Trail Bottle",
    "short_description": "A steel bottle.",
    "description": "<p>Keeps drinks cold for 12 hours, holds 750 ml.</p>",
    "bullet_points": ["Steel", "750 ml"],
    "attributes": {"Material": "steel"},
    "tags": ["bottle"],
    "seo": {"title": "Trail Bottle", "description": "A steel bottle", "slug": "trail-bottle"},
}
GERMAN = {
    "name": "Wanderflasche",
    "short_description": "Eine Flasche aus Stahl.",
    "description": "<p>Hält Getränke 12 Stunden kalt, fasst 750 ml.</p>",
    "bullet_points": ["Stahl", "750 ml"],
    "attributes": {"Material": "Stahl"},
    "tags": ["flasche"],
    "seo": {"title": "Wanderflasche", "description": "Eine Flasche aus Stahl", "slug": "wanderflasche"},
}


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization, settings={"language": "en"})


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def approved(project: Any, **fields: Any) -> ContentItem:
    return make_item(project, status="approved", generated_content=CONTENT, **fields)


def exported(me: Any, project: Any, language: str = "de", form: str = "xliff", **query: Any) -> bytes:
    asked = {"language": language, "format": form, "store_view": "view", **query}
    found: bytes = me.get(f"projects/{project.pk}/translations/export", **asked)
    return found


def sent(me: Any, project: Any, file: bytes, language: str = "de", form: str = "xliff", status: int = 200) -> Any:
    body = {"file": SimpleUploadedFile("texts.bin", file), "language": language, "format": form, "store_view": "view"}
    return me.upload(f"projects/{project.pk}/translations/import", body, status)


def text_of(item: ContentItem, language: str = "de") -> ContentItem:
    found: ContentItem = ContentItem.rows.get(main=item, language=language)
    return found


@pytest.mark.each_value("form")
@pytest.mark.parametrize("form", FORMATS)
def test_every_language_goes_out_and_in_unchanged(me: Any, project: Any, form: str) -> None:
    item = approved(project)
    for language in CODES:
        text = make_language_text(item, language, status="approved", generated_content=GERMAN)
        file = exported(me, project, language, form)
        assert file == exported(me, project, language, form)
        same = sent(me, project, file, language, form)
        assert (same["written"], same["refused"], same["rows"]) == (0, [], same["unchanged"])
        assert same["rows"] >= 4
        text.refresh_from_db()
        assert (text.generated_content, text.status) == (GERMAN, "approved")
    changed = sent(me, project, file.replace(b"Eine Flasche aus Stahl.", b"Eine Stahlflasche."), language, form)
    if form != "shopify_csv":  # which has no short description
        assert changed["written"] == 1
        assert text_of(item, language).generated_content == {**GERMAN, "short_description": "Eine Stahlflasche."}


def test_a_file_brings_the_first_text_of_a_language(me: Any, project: Any, cast: Any) -> None:
    item = approved(project)
    file = exported(me, project).decode()
    assert file.count('<target state="new"/>') == 10
    for source, target in (("Trail Bottle", "Wanderflasche"), ("12 hours", "12 hours")):
        file = file.replace(
            f'<source>{source}</source>\n<target state="new"/>', f"<source>{source}</source>\n<target>{target}</target>"
        )
    done = sent(me, project, file.encode())
    assert (done["written"], done["job_id"], done["untranslated"]) == (1, None, 8)
    text = text_of(item)
    assert text.generated_content["name"] == text.generated_content["seo"]["title"] == "Wanderflasche"
    assert (text.status, text.generation_metadata["edited_by"]) == ("generated", str(cast.owner.pk))
    assert text.made_from["description"] == CONTENT["description"]
    row = next(check for check in text.generation_metadata["checks"] if check["id"] == "translation")
    assert {finding["field"] for finding in row["findings"]} >= {"description", "short_description"}
    assert me.get(f"projects/{project.pk}/items/{item.pk}")["languages"]["de"]["status"] == "generated"


def test_texts_that_come_in_go_through_the_checks_and_keep_a_version(me: Any, project: Any) -> None:
    item = approved(project)
    make_language_text(item, "de", status="approved", generated_content=GERMAN)
    file = exported(me, project, form="po").decode().replace("fasst 750 ml", "fasst 570 ml")
    assert sent(me, project, file.encode(), form="po")["written"] == 1
    text = text_of(item)
    codes = {
        f["code"]
        for check in text.generation_metadata["checks"]
        if check["id"] == "translation"
        for f in check["findings"]
    }
    assert codes == {"number_missing", "number_added"}
    assert text.status == "generated"
    assert ItemVersion.objects.get(item=text).generated_content == GERMAN


def test_a_file_whose_texts_are_cleaned_says_what_was_removed_and_comes_again_unchanged(me: Any, project: Any) -> None:
    item = approved(project)
    make_language_text(item, "de", status="approved", generated_content=GERMAN)
    file = exported(me, project).decode()
    markup = "&lt;p&gt;Hält &lt;b&gt;kalt&lt;/b&gt;.&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;"
    sentence = "&lt;p&gt;Hält Getränke 12 Stunden kalt, fasst 750 ml.&lt;/p&gt;"
    assert sentence in file
    file = file.replace(sentence, markup)
    file = file.replace('<target state="translated">Stahl<', '<target state="translated">• Stahl<')
    first = sent(me, project, file.encode())
    assert text_of(item).generated_content["description"] == "<p>Hält <strong>kalt</strong>.</p>"
    assert [(row["code"], row["reason"]) for row in first["warnings"]] == [
        ("removed", f"“description” of {item.pk} (Trail Bottle): removed, because a text can't have it: script.")
    ]
    versions = ItemVersion.objects.count()
    again = sent(me, project, file.encode())
    assert (again["written"], again["refused"], again["warnings"]) == (0, [], [])
    assert again["unchanged"] == again["rows"]
    assert ItemVersion.objects.count() == versions


def test_obsolete_entries_with_a_translation_are_counted_and_named(me: Any, project: Any) -> None:
    item = approved(project)
    make_language_text(item, "de", status="approved", generated_content=GERMAN)
    file = exported(me, project, form="po").decode()
    *others, last = file.rstrip("\n").split("\n\n")
    assert "msgid_plural" not in last
    comments = [line for line in last.splitlines() if line.startswith("#")]
    gone = [f"#~ {line}" for line in last.splitlines() if not line.startswith("#")]
    empty = ['#~ msgctxt "x#name"', '#~ msgid "Old"', '#~ msgstr ""']
    old = ['#~ msgctxt "x#name"', '#~| msgid "Older"', '#~ msgid ""', '#~ "Old "', '#~ "name"', '#~ msgstr "Alt"']
    file = "\n\n".join([*others, "\n".join([*comments, *gone]), "\n".join(empty), "\n".join(old)]) + "\n"
    done = sent(me, project, file.encode(), form="po")
    named = [(row["code"], row["reason"].partition(" of ")[0]) for row in done["warnings"]]
    field = re.search(r"#([\w.\[\]]+)\"", last)[1]
    assert named == [("obsolete", f"“{field}”"), ("obsolete", "“name”")]
    assert (done["written"], done["refused"], done["untranslated"]) == (0, [], 2)
    assert done["rows"] == len(others) + 1


def test_what_a_file_empties_or_brings_for_nobody_is_named(me: Any, project: Any) -> None:
    item = approved(project)
    text = make_language_text(item, "de", status="approved", generated_content=GERMAN)
    file = exported(me, project).decode()
    emptied = file.replace(">Eine Flasche aus Stahl.</target>", "></target>")
    done = sent(me, project, emptied.encode())
    assert (done["untranslated"], [row["code"] for row in done["warnings"]]) == (1, ["emptied"])
    assert f"“short_description” of {item.pk} (Trail Bottle)" in done["warnings"][0]["reason"]
    text.refresh_from_db()
    assert text.generated_content == GERMAN
    strange = sent(me, project, file.replace(str(item.pk), str(uuid.uuid4())).encode())
    assert (strange["unchanged"], strange["refused_count"]) == (0, strange["rows"])
    assert {row["code"] for row in strange["refused"]} == {"unknown_item"}


def test_a_file_names_the_language_that_the_texts_were_written_in(me: Any, project: Any) -> None:
    noted = {"confidence_score": 90, "generation_metadata": {"settings": {"language": "fr"}}}
    item = approved(project, **noted)
    file = exported(me, project, "en")  # the settings' language
    assert b'srcLang="fr"' in file or b'source-language="fr"' in file
    assert (
        sent(me, project, file.replace(b'<target state="new"/>', b"<target>Bottle</target>", 1), "en")["written"] == 1
    )
    assert text_of(item, "en").generation_metadata["translated_from"] == "fr"
    me.get(f"projects/{project.pk}/translations/export", 400, language="fr", format="xliff")
    me.patch(f"projects/{project.pk}", {"settings": {"language": "de"}})
    assert exported(me, project, "de").count(b'="fr"') == 1


def test_a_text_whose_original_moved_is_refused(me: Any, project: Any) -> None:
    item = approved(project)
    make_language_text(item, "de", status="approved", generated_content=GERMAN)
    file = exported(me, project).replace(b"Wanderflasche", b"Flasche")
    ContentItem.objects.filter(pk=item.pk).update(generated_content={**CONTENT, "name": "Trail Bottle 2"})
    done = sent(me, project, file)
    assert [(row["code"], f"“name” of {item.pk}" in row["reason"]) for row in done["refused"]] == [
        ("source_changed", True)
    ]
    assert text_of(item).generated_content["seo"]["title"] == "Flasche"
    assert text_of(item).generated_content["name"] == "Wanderflasche"


def test_an_edit_since_the_export_is_never_undone(me: Any, project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by an old file, nor by one that was compared with the texts of just before the edit."""
    item = approved(project)
    text = make_language_text(item, "de", status="approved", generated_content=GERMAN)
    file = exported(me, project)
    path = f"projects/{project.pk}/items/{text.pk}"
    me.patch(path, {"generated_content": {"name": "Neue Flasche"}})
    done = sent(me, project, file)
    assert (done["written"], done["refused"], done["unchanged"]) == (0, [], done["rows"])
    changed = file.replace(b"Eine Flasche aus Stahl.", b"Eine Stahlflasche.")
    active = intake.job_lifecycle.active_writer

    def edited_first(project: Any) -> Any:
        monkeypatch.undo()
        me.patch(path, {"generated_content": {"short_description": "Meine Flasche."}})
        return active(project)

    monkeypatch.setattr(intake.job_lifecycle, "active_writer", edited_first)
    done = sent(me, project, changed)
    assert (done["written"], [row["code"] for row in done["refused"]]) == (0, ["translation_changed"])
    kept = text_of(item).generated_content
    assert (kept["name"], kept["short_description"]) == ("Neue Flasche", "Meine Flasche.")


def test_an_item_that_is_deleted_meanwhile_is_named_and_the_others_are_written(
    me: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, there = approved(project), approved(project)
    for item in (gone, there):
        make_language_text(item, "de", status="approved", generated_content=GERMAN)
    file = exported(me, project).replace(b"Wanderflasche", b"Reiseflasche")
    active = intake.job_lifecycle.active_writer

    def delete_first(project: Any) -> Any:
        ContentItem.objects.filter(pk=gone.pk).delete()
        return active(project)

    monkeypatch.setattr(intake.job_lifecycle, "active_writer", delete_first)
    done = sent(me, project, file)
    assert (done["written"], [row["code"] for row in done["refused"]]) == (1, ["not_found"])
    assert str(gone.pk) in done["refused"][0]["reason"]
    assert text_of(there).generated_content["name"] == "Reiseflasche"
    assert not ContentItem.rows.filter(main_id=gone.pk).exists()


def test_open_texts_alone(me: Any, project: Any) -> None:
    item, other = approved(project), approved(project)
    make_language_text(item, "de", status="approved", generated_content=GERMAN, outdated_fields=["name"])
    file = exported(me, project, form="po", open_only="true").decode()
    assert file.count(f'msgctxt "{item.pk}#') == file.count("#, fuzzy") == 1
    assert file.count(f'msgctxt "{other.pk}#') == 10


@pytest.mark.parametrize("form", ["magento_csv", "wpml_csv", "polylang_csv"])
def test_a_cell_that_was_emptied_in_a_table_is_named_and_leaves_the_text_alone(
    me: Any, project: Any, form: str
) -> None:
    item = approved(project)
    item.source_data = {**item.source_data, "sku": "b-1"}
    item.save()
    text = make_language_text(item, "de", status="approved", generated_content=GERMAN)
    file = exported(me, project, form=form).decode()
    assert sent(me, project, file.encode(), form=form)["warnings"] == []
    done = sent(me, project, file.replace("Eine Flasche aus Stahl.", "").encode(), form=form)
    assert [row["code"] for row in done["warnings"]] == ["emptied"]
    assert (done["untranslated"], done["written"], done["refused"]) == (1, 0, [])
    text.refresh_from_db()
    assert text.generated_content == GERMAN
    # Of an item with open texts the line has all, so that no cell looks emptied.
    ContentItem.rows.filter(pk=text.pk).update(outdated_fields=["name"])
    file = exported(me, project, form=form, open_only="true").decode()
    assert "Eine Flasche aus Stahl." in file
    assert sent(me, project, file.encode(), form=form)["warnings"] == []
    # What the shop has translated itself is not in the file.
    ContentItem.rows.filter(pk=text.pk).update(
        generated_content={"name": "Wanderflasche"}, view_data={"short_description": "Seine Flasche."}
    )
    file = exported(me, project, form=form).decode()
    assert "Seine" not in file
    assert sent(me, project, file.encode(), form=form)["warnings"] == []


def test_what_the_shop_has_translated_itself_goes_out_only_where_it_is_outdated_or_asked_for(
    me: Any, project: Any
) -> None:
    item = approved(project)
    view = {**item.source_data, "name": "Seine Flasche", "description": "<p>Seine Worte.</p>"}
    text = make_language_text(item, "de", view_data=view)
    file = exported(me, project, form="po").decode()
    assert f'msgctxt "{item.pk}#name"' not in file
    assert "Seine" not in file
    assert f'msgctxt "{item.pk}#short_description"' in file
    everything = exported(me, project, include_shop_translations="true")
    assert b"Seine Flasche" in everything
    assert b"<p>Seine Worte.</p>" in everything.replace(b"&lt;", b"<").replace(b"&gt;", b">")
    done = sent(me, project, everything)
    assert (done["written"], done["refused"]) == (0, [])  # his words, as they went out, are no text of ours
    assert text_of(item).generated_content == {}
    done = sent(me, project, everything.replace(b"Seine Flasche", b"Unsere Flasche"))
    assert (done["written"], text_of(item).generated_content["name"]) == (1, "Unsere Flasche")
    assert text_of(item).view_data["name"] == "Seine Flasche"
    ContentItem.rows.filter(pk=text.pk).update(generated_content={}, outdated_fields=["name"])
    stale = exported(me, project, form="po", open_only="true").decode()
    assert f'#, fuzzy\nmsgctxt "{item.pk}#name"' in stale
    assert f'msgctxt "{item.pk}#description"' not in stale


def test_only_approved_texts_of_this_project_go_out_and_come_in(me: Any, project: Any, cast: Any) -> None:
    item, waiting = approved(project), make_item(project, status="generated", generated_content=CONTENT)
    excluded = approved(project, excluded_at=timezone.now())
    stranger = approved(make_project(cast.stranger.organization, settings={"language": "en"}))
    file = exported(me, project, form="po")
    assert file.count(b"msgctxt") == 10
    keys = (str(waiting.pk), str(excluded.pk), str(stranger.pk), str(uuid.uuid4()), "x")
    entries = "".join(f'\nmsgctxt "{key}#name"\nmsgid "Trail Bottle"\nmsgstr "Flasche"\n' for key in keys)
    done = sent(me, project, file + entries.encode(), form="po")
    assert [row["code"] for row in done["refused"]] == ["not_approved", "item_excluded", *["unknown_item"] * 3]
    assert all(f"“name” of {key}" in row["reason"] for key, row in zip(keys, done["refused"], strict=True))
    assert not ContentItem.rows.filter(main__in=[item, waiting, excluded, stranger]).exists()


def test_a_large_file_is_taken_in_by_a_job(me: Any, project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 1)
    items = [approved(project) for _ in range(3)]
    file = (
        exported(me, project, form="po")
        .decode()
        .replace('msgid "Trail Bottle"\nmsgstr ""', 'msgid "Trail Bottle"\nmsgstr "Flasche"')
    )
    done = sent(me, project, file.encode(), form="po", status=202)
    assert done["written"] == 0
    key = Job.objects.get(pk=done["job_id"]).payload["translations"]["file_key"]
    assert storage.exists(key)
    assert list(intake.keys_of(project.organization_id)) == [key]
    ContentItem.objects.filter(pk=items[2].pk).update(generated_content={**CONTENT, "name": "Another"})
    assert sent(me, project, file.encode(), form="po", status=409)["code"] == "job_active"
    [job] = run_jobs(job_type="import")
    assert (job.status, job.result["imported"], job.result["errors"]) == ("completed", 3, 1)
    assert [text_of(item).generated_content.get("name") for item in items] == ["Flasche", "Flasche", None]
    assert not storage.exists(key)


def test_a_file_above_a_size_is_read_by_its_job(me: Any, project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [approved(project) for _ in range(3)]
    file = exported(me, project, form="po").decode()
    file = file.replace('msgid "Trail Bottle"\nmsgstr ""', 'msgid "Trail Bottle"\nmsgstr "Flasche"')
    file += '\nmsgctxt "x#name"\nmsgid "A"\nmsgstr "B"\n'
    monkeypatch.setattr(intake, "READ_AT_ONCE", len(file.encode()) - 1)
    monkeypatch.setattr(intake, "TOLD_ROWS", 1)
    done = sent(me, project, file.encode(), form="po", status=202)
    assert (done["rows"], done["refused_count"]) == (0, 0)
    assert sent(me, project, file.encode(), form="po", status=409)["code"] == "job_active"
    [job] = run_jobs(job_type="import")
    assert (job.status, job.progress_current, job.progress_total) == ("completed", 3, 3)
    assert (job.result["imported"], job.result["rows"], job.result["refused_count"]) == (3, 31, 1)
    assert [text_of(item).generated_content.get("name") for item in items] == ["Flasche"] * 3


def test_a_large_file_that_cannot_be_read_fails_its_job_with_the_reason(
    me: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "READ_AT_ONCE", 5)
    done = sent(me, project, b"<!DOCTYPE x><x/>", status=202)
    [job] = run_jobs(job_type="import")
    assert (str(job.pk), job.status, job.error_code) == (done["job_id"], "failed", "unsupported_file")
    assert not list(storage.below(f"organizations/{project.organization_id}/"))


def test_the_job_of_a_large_file_gives_way_and_goes_on_with_what_is_left(
    me: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [approved(project) for _ in range(3)]
    file = exported(me, project, form="po").decode()
    file = file.replace('msgid "Trail Bottle"\nmsgstr ""', 'msgid "Trail Bottle"\nmsgstr "Flasche"')
    monkeypatch.setattr(intake, "READ_AT_ONCE", 5)
    sent(me, project, file.encode(), form="po", status=202)
    monkeypatch.setattr(Run, "should_yield", lambda run: True)
    job = Job.objects.get(job_type="import")
    leases = 0
    while job.status in Job.ACTIVE:
        work(job.pk)
        job.refresh_from_db()
        leases += 1
    assert (job.status, leases <= 4) == ("completed", True)
    assert (job.progress_current, job.progress_total, job.result["imported"]) == (3, 3, 3)
    assert [text_of(item).generated_content.get("name") for item in items] == ["Flasche"] * 3


def test_two_items_of_one_sku_are_named_as_such(me: Any, project: Any) -> None:
    for _ in range(2):
        approved(project, source_data={"sku": "A-1", "name": "Trail Bottle"})
    done = sent(me, project, b"sku,store_view_code,name\nA-1,view,Flasche\n", form="magento_csv")
    assert [row["code"] for row in done["refused"]] == ["ambiguous_item"]


@pytest.mark.parametrize(("change", "status", "code"), [
    ({"language": "en"}, 400, "main_language"),
    ({"language": "xx"}, 400, "unknown_language"),
    ({"format": "docx"}, 400, None),
    ({"format": "magento_csv"}, 400, "required"),
    ({"file": b"<!DOCTYPE x><x/>"}, 415, "unsupported_file"),
    ({"file": b"<xliff>"}, 400, "broken_xml"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    me: Any, project: Any, change: dict[str, Any], status: int, code: str | None
) -> None:
    file = change.pop("file", b"<xliff/>")
    body = {"file": SimpleUploadedFile("a", file), "language": "de", "format": "xliff", **change}
    refused = me.upload(f"projects/{project.pk}/translations/import", body, status)
    assert code in (None, refused["code"])
    if file == b"<xliff/>":
        asked = {key: value for key, value in body.items() if key != "file"}
        me.get(f"projects/{project.pk}/translations/export", status, **asked)
