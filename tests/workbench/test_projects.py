"""Projects, files with their columns and faults, and the items list."""

from __future__ import annotations

import re
from typing import Any

import pytest

from projects import languages
from projects.models import ContentItem, ContentProfile, DataSource, Project
from scribe.models import Job
from tests.factories import make_item, make_language_text
from tests.helpers import run_jobs
from tests.projects.uploads import file
from tests.workbench.visiting import Visitor
from writing.languages import LANGUAGES

CSV = b"""Titel;Artikelnummer;Beschreibung;Lager
Flasche;F-1;Eine Flasche aus Stahl;7
;;;
Becher;B-1;Ein Becher aus Glas;3
"""


def project_of(visitor: Visitor) -> str:
    found = re.search(r"projects/([0-9a-f-]{36})", visitor.last["Location"])
    assert found
    return found[1]


@pytest.mark.usefixtures("committed")  # the engine writes from a connection of its own
def test_the_sample_is_written_at_once_and_for_nothing(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("projects/sample")
    page = visitor.get(visitor.last["Location"])
    assert "data-events" in page
    run_jobs()
    items = ContentItem.objects.filter(project__organization=cast.organization)
    assert items.filter(status="generated").count() > 5
    assert items.filter(status="flagged").exists()
    assert Job.objects.get(organization=cast.organization).result["xct_used"] == "0.0000"
    assert "Sample catalogue" in visitor.get("/app/")


def test_a_file_is_shown_before_it_is_read(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("projects/new", {"name": "Mine", "platform": "woocommerce"})
    project = project_of(visitor)
    assert visitor.last["Location"].endswith("/sources/new")
    visitor.get(visitor.last["Location"])
    page = visitor.send(f"projects/{project}/sources/columns", {"file": file(CSV)})
    assert "Artikelnummer" in page
    assert "Eine Flasche aus Stahl" in page
    assert re.search(r'<option value="sku" selected', page)
    assert not DataSource.objects.filter(project_id=project).exists()


def test_the_columns_are_read_as_corrected(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("projects/new", {"name": "Mine", "platform": "woocommerce"})
    project = project_of(visitor)
    corrected = {"column-0": "Titel", "field-0": "name", "column-2": "Beschreibung", "field-2": "short_description",
                 "column-3": "Lager", "field-3": "attributes.Lager"}  # fmt: skip
    visitor.send(f"projects/{project}/sources/new", {"file": file(CSV), **corrected}, 204)
    source = DataSource.objects.get(project_id=project)
    assert visitor.last["HX-Redirect"] == f"/app/projects/{project}/sources/{source.pk}?said=imported"
    item = ContentItem.objects.get(project_id=project, source_data__sku="F-1")
    assert item.source_data["short_description"] == "Eine Flasche aus Stahl"
    assert item.source_data["attributes"] == {"Lager": "7"}
    assert "2 items were read." in visitor.get(visitor.last["HX-Redirect"])


def test_rows_that_were_not_read_say_their_line_and_why(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("projects/new", {"name": "Mine", "platform": "woocommerce"})
    project = project_of(visitor)
    data = b"SKU,Name,Description\nA,Bottle,Good\n,,No key\nA,Bottle,Twice\n"
    visitor.post(f"projects/{project}/sources/new", {"file": file(data)})
    source = DataSource.objects.get(project_id=project)
    page = visitor.get(visitor.last["Location"])
    assert source.errors or source.warnings
    for fault in (*source.errors, *source.warnings):
        assert f'<td class="number">{fault["line"]}</td>' in page


def test_a_file_that_is_none_says_so(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("projects/new", {"name": "Mine", "platform": "woocommerce"})
    project = project_of(visitor)
    assert "Choose a file first." in visitor.post(f"projects/{project}/sources/new", status=400)
    told = visitor.send(f"projects/{project}/sources/columns", {"file": file(b"%PDF-1.7 ...", "a.pdf")}, 415)
    assert "This is a PDF" in told
    assert "<html" not in told


def test_a_large_file_goes_on_as_a_job(cast: Any, monkeypatch: Any) -> None:
    from projects import file_import

    monkeypatch.setattr(file_import, "AT_ONCE", 1)
    visitor = Visitor(cast.owner)
    visitor.post("projects/new", {"name": "Mine", "platform": "woocommerce"})
    project = project_of(visitor)
    visitor.post(f"projects/{project}/sources/new", {"file": file(CSV)})
    where = visitor.last["Location"]
    assert "/jobs/" in where
    assert "Import" in visitor.get(where)
    run_jobs()
    assert "See what was read" in visitor.get(where)


def test_the_items_are_listed_a_page_at_a_time(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("projects/new", {"name": "Mine", "platform": "woocommerce"})
    project = Project.objects.get(pk=project_of(visitor))
    for number in range(70):
        make_item(project, source_data={"name": f"Bottle {number}", "sku": f"S{number:03}"})
    page = visitor.get(f"projects/{project.pk}/items")
    assert page.count('name="item"') == 50
    further = re.search(r'href="(\?after=[^"]+)"', page)
    assert further
    assert visitor.get(f"projects/{project.pk}/items{further[1]}").count('name="item"') == 20
    found = visitor.get(f"projects/{project.pk}/items?q=S033")
    assert "Bottle 33" in found
    assert found.count('name="item"') == 1
    assert "Nothing fits." in visitor.get(f"projects/{project.pk}/items?status=approved")


def test_settings_are_saved_and_the_trash_gives_back(desk: Any) -> None:
    root = f"projects/{desk.project.pk}"
    assert "climbing" in desk.owner.get(f"{root}/settings")
    desk.owner.post(f"{root}/settings", {"name": "Autumn", "forbidden_words": "best, cheap ,"})
    desk.project.refresh_from_db()
    assert (desk.project.name, desk.project.settings["forbidden_words"]) == ("Autumn", ["best", "cheap"])
    desk.owner.post(f"{root}/trash")
    desk.owner.get(root, 404)
    desk.owner.part(f"{root}/items/{desk.written.pk}", 404)
    assert "Autumn" in desk.owner.get("/app/?trash=1")
    desk.owner.post(f"{root}/restoration")
    desk.owner.get(root)


def test_further_languages_are_chosen_and_the_texts_of_one_taken_out_are_kept(desk: Any) -> None:
    page, form = f"projects/{desk.project.pk}/settings", {"name": "Autumn", "forbidden_words": "best"}
    main = languages.for_checking(desk.project).language
    shown = desk.owner.get(page)
    assert f'name="languages" value="{main}"' not in shown
    desk.owner.post(page, {**form, "languages": ["fr", "ar"], "language_way": "native"})
    assert desk.owner.last["Location"].endswith("said=project-saved")
    desk.project.refresh_from_db()
    assert set(languages.of(desk.project)) == {"fr", "ar"}
    assert languages.for_checking(desk.project).language_way == "native"
    text = make_language_text(desk.written, "fr", status="approved")
    ticked = re.findall(r'name="languages" value="([\w-]+)"[^>]* checked', desk.owner.get(page))
    assert set(ticked) == {"fr", "ar"}
    desk.owner.post(page, {**form, "languages": ["ar"]})
    assert "are kept" in desk.owner.get(desk.owner.last["Location"])
    desk.project.refresh_from_db()
    assert (languages.of(desk.project), "language_way" in desk.project.settings) == (("ar",), False)
    assert type(text).rows.filter(pk=text.pk, status="approved").exists()
    desk.owner.post(page, {**form, "languages": ["xx"]}, 422)
    every = [row.code for row in LANGUAGES if row.code != main]
    assert "Give a list of up to 30 languages." in desk.owner.post(page, {**form, "languages": every}, 422)
    profile = ContentProfile.objects.create(
        organization=desk.cast.organization, name="Shop", settings={"languages": ["it"]}
    )
    desk.project.content_profile = profile
    desk.project.save()
    assert "it counts first: italiano" in desk.owner.get(page).replace("Italiano", "italiano")


def test_the_texts_can_be_taken_along(desk: Any) -> None:
    root = f"projects/{desk.project.pk}"
    desk.owner.send(f"{root}/items/{desk.written.pk}/decision", {"status": "approved"})
    text = desk.owner.get(f"{root}/file")
    assert desk.written.generated_content["name"] in text
    desk.owner.get(f"{root}/sources/{desk.source.pk}/file")
    assert desk.owner.last["Content-Disposition"].startswith("attachment")


def test_a_source_is_deleted_with_its_items(desk: Any) -> None:
    desk.owner.post(f"projects/{desk.project.pk}/sources/{desk.source.pk}/deletion")
    assert not DataSource.objects.filter(pk=desk.source.pk).exists()
    assert not ContentItem.objects.filter(project=desk.project, data_source__isnull=False).exists()
