"""Projects, files with their columns and faults, and the items list."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from projects import items, languages, review, sample_catalogue
from projects.models import ContentItem, ContentProfile, DataSource, Project, SavedFilter, SyncRecord
from projects.sync import conflicts
from projects.writing_settings import for_checking
from scribe.errors import Conflict
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_project
from tests.helpers import run_jobs
from tests.projects.uploads import file
from tests.workbench.visiting import Visitor
from workbench.templatetags.workbench import source_name
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


@pytest.mark.parametrize(("language", "claim"), [("en", "450 ml"), ("de", "3 Jahren"), ("sr-latn", "3 godine")])
def test_the_sample_is_there_at_once_in_the_readers_language_with_two_lies_found(
    cast: Any, language: str, claim: str
) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("appearance", {"language": language})
    visitor.post("projects/sample")
    page = visitor.get(visitor.last["Location"])
    items = ContentItem.objects.filter(project__organization=cast.organization)
    assert (items.filter(status="generated").count(), items.filter(status="flagged").count()) == (4, 2)
    assert not items.exclude(ai_model_used="example").exists()
    assert set(items.filter(has_unsupported_claims=True).values_list("status", flat=True)) == {"flagged"}
    said = {
        finding["text"]
        for item in items.filter(status="flagged")
        for check in item.generation_metadata["checks"]
        for finding in check.get("findings", [])
        if finding.get("supported") is False
    }
    assert claim in said
    assert len(said) <= 3  # the lies alone
    assert not Job.objects.filter(organization=cast.organization).exclude(job_type="import").exists()
    picture = re.search(r'src="(/app/picture[^"]+)"', page)
    assert picture
    visitor.get(picture[1].replace("&amp;", "&"))
    assert visitor.last["Content-Type"] == "image/jpeg"


def test_a_conflict_names_the_language_of_its_text(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("projects/sample")
    record = SyncRecord.objects.get(item__project__organization=cast.organization)
    root = f"projects/{record.item.project_id}/store/conflicts"
    assert 'lang="de" dir="auto">' not in visitor.get(root)
    record.item = make_language_text(record.item, "de", generated_content={"name": "Unser"}, status="approved")
    record.save(update_fields=["item"])
    assert 'lang="de" dir="auto">Deutsch<' in visitor.get(root)


@pytest.mark.parametrize("language", ["en", "de", "sr-latn"])
@pytest.mark.parametrize(("side", "decision"), [("store", "kept"), ("ours", "approved")])
def test_the_samples_conflict_is_settled_without_a_shop(cast: Any, language: str, side: str, decision: str) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("appearance", {"language": language})
    visitor.post("projects/sample")
    project = Project.objects.get(organization=cast.organization)
    record = SyncRecord.objects.get(item__project=project)
    (clash,) = record.conflicts
    assert len({clash["imported"], clash["store"], clash["generated"]}) == 3
    assert clash["imported"] == record.item.source_data[clash["field"]]
    assert clash["generated"] == record.item.generated_content[clash["field"]]
    assert visitor.get(f"projects/{project.pk}/items?readiness=conflict").count('name="item"') == 1

    root = f"projects/{project.pk}/store/conflicts"
    page = re.sub("</?ins>", "", unescape(visitor.get(root)))
    assert all(clash[text] in page for text in ("imported", "store", "generated"))
    version = {f"version-{record.item_id}": str(record.item.version)}
    visitor.post(root, {**version, f"take-{record.item_id}-{clash['field']}": side})
    assert "said=example-settled" in visitor.last["Location"]
    item = ContentItem.objects.get(pk=record.item_id)
    assert item.decisions == {clash["field"]: decision}
    assert not SyncRecord.objects.filter(item=item).exists()
    assert not Job.objects.filter(project=project, job_type="sync").exists()
    assert clash["store"] not in unescape(visitor.get(root))


def test_the_samples_conflict_is_none_for_a_program(cast: Any) -> None:
    project = sample_catalogue.create(by=cast.owner, language="en")
    item = SyncRecord.objects.get(item__project=project).item
    with pytest.raises(Conflict, match="found no conflict"):
        conflicts.resolve(project=project, by=cast.owner, item=item, sides={"short_description": "ours"})


def test_a_filter_of_the_list_is_kept_for_one_person(cast: Any) -> None:
    owner, teammate, project = Visitor(cast.owner), Visitor(cast.teammate), make_project(cast.organization)
    root = f"projects/{project.pk}/items"
    assert "Save this filter" not in owner.get(root)
    assert "Save this filter" in owner.get(f"{root}?q=bottle&sort=name")
    asked = {"status": "nonsense", "q": "bottle", "sort": "name"}
    owner.post(f"{root}/filters", {**asked, "name": " Bottles "})
    assert owner.last["Location"] == f"/app/{root}?q=bottle&sort=name"
    page = owner.get(owner.last["Location"])
    assert re.search(r'<a href="\?q=bottle&amp;sort=name" aria-current="true"><bdi>Bottles</bdi>', page)
    assert "Save this filter" not in page
    assert "Bottles" in owner.get(root)
    assert "Bottles" not in teammate.get(root)
    assert "Bottles" not in owner.get(f"projects/{make_project(cast.organization).pk}/items")

    owner.post(f"{root}/filters", {"name": "Bottles", "status": "flagged"})  # in its place
    saved = SavedFilter.objects.get()
    assert saved.query == {"status": "flagged"}
    teammate.post(f"{root}/filters", {"remove": str(saved.pk)}, 404)
    owner.post(f"{root}/filters", {"remove": str(saved.pk)})
    assert not SavedFilter.objects.exists()


def test_a_saved_filter_has_a_name_and_there_are_thirty(cast: Any) -> None:
    owner, project = Visitor(cast.owner), make_project(cast.organization)
    root = f"projects/{project.pk}/items/filters"
    assert "Give the filter a name." in owner.post(root, {"name": " ", "q": "a"}, 400)
    assert "Enter at most 60 characters." in owner.post(root, {"name": "n" * 61, "q": "a"}, 400)
    for n in range(items.MOST_FILTERS):
        items.save_filter(project=project, user=cast.owner, name=str(n), query={"q": "a"})
    assert "Remove one first." in owner.post(root, {"name": "one more", "q": "a"}, 400)
    owner.post(root, {"name": "0", "q": "b"})
    assert SavedFilter.objects.count() == items.MOST_FILTERS


def test_of_the_samples_pictures_no_other_file_is_shown() -> None:
    assert sample_catalogue.picture(f"{sample_catalogue.PICTURES}mug.jpg")
    for name in ("../settings.jpg", "catalogue.json", "none.jpg", ""):
        assert sample_catalogue.picture(f"{sample_catalogue.PICTURES}{name}") is None
    assert sample_catalogue.picture("https://shop.example/mug.jpg") is None


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
    assert "2 items imported." in visitor.get(visitor.last["HX-Redirect"])


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
        assert f'<td class="faint">{fault["line"]}</td>' in page


def test_a_file_that_is_none_says_so(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    visitor.post("projects/new", {"name": "Mine", "platform": "woocommerce"})
    project = project_of(visitor)
    assert "Choose a file first." in visitor.post(f"projects/{project}/sources/new", status=400)
    told = visitor.send(f"projects/{project}/sources/columns", {"file": file(b"%PDF-1.7 ...", "a.pdf")}, 415)
    assert "This file is a PDF" in told
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
    assert "View import result" in visitor.get(where)


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
    assert "No results." in visitor.get(f"projects/{project.pk}/items?status=approved")


def test_settings_are_saved_and_the_trash_gives_back(desk: Any) -> None:
    root = f"projects/{desk.project.pk}"
    assert "climbing" in desk.owner.get(f"{root}/settings")
    desk.owner.post(f"{root}/settings", {"name": "Autumn", "forbidden_words": '"cheap, cheap", best'})
    desk.project.refresh_from_db()
    assert desk.project.settings["forbidden_words"] == ["cheap, cheap", "best"]
    assert "&quot;cheap, cheap&quot;, best" in desk.owner.get(f"{root}/settings")
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
    main = for_checking(desk.project).language
    shown = desk.owner.get(page)
    assert f'name="languages" value="{main}"' not in shown
    desk.owner.post(page, {**form, "languages": ["fr", "ar"], "language_way": "native"})
    assert desk.owner.last["Location"].endswith("said=project-saved")
    desk.project.refresh_from_db()
    assert set(languages.languages_to_write(desk.project)) == {"fr", "ar"}
    assert for_checking(desk.project).language_way == "native"
    text = make_language_text(desk.written, "fr", status="approved")
    ticked = re.findall(r'name="languages" value="([\w-]+)"[^>]* checked', desk.owner.get(page))
    assert set(ticked) == {"fr", "ar"}
    desk.owner.post(page, {**form, "languages": ["ar"]})
    assert "are kept" in desk.owner.get(desk.owner.last["Location"])
    desk.project.refresh_from_db()
    assert (languages.languages_to_write(desk.project), "language_way" in desk.project.settings) == (("ar",), False)
    assert type(text).rows.filter(pk=text.pk, status="approved").exists()
    desk.owner.post(page, {**form, "languages": ["xx"]}, 422)
    every = [row.code for row in LANGUAGES if row.code != main]
    assert "Enter a list of up to 30 languages." in desk.owner.post(page, {**form, "languages": every}, 422)
    profile = ContentProfile.objects.create(
        organization=desk.cast.organization, name="Shop", settings={"languages": ["it"]}
    )
    desk.project.content_profile = profile
    desk.project.save()
    assert "which override this setting: italiano" in desk.owner.get(page).replace("Italiano", "italiano")


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


RAGGED = b"name,sku,description\n" + b"".join(b"Bottle %d,B-%d,Steel, cold\n" % (n, n) for n in range(19))
SHOPIFY = (
    b"Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,"
    b"Image Src\n"
    b"bottle,Bottle,<p>Steel</p>,Alpine,Bottles,steel,TRUE,Title,Default Title,B-1,19.00,\n"
)


def test_a_fault_that_many_rows_have_is_told_once_with_its_lines_and_what_it_means(desk: Any) -> None:
    root = f"projects/{desk.project.pk}"
    desk.owner.post(f"{root}/sources/new", {"file": file(RAGGED)})
    page = desk.owner.get(desk.owner.last["Location"])
    assert page.count("The row has 4 cells, but the header has 3.") == 1
    assert "2, 3, 4, 5" in page
    assert "the cells after it are in the wrong columns" in page


def test_a_file_of_another_platform_is_asked_about(desk: Any) -> None:
    root = f"projects/{desk.project.pk}"
    asked = "This looks like a file from Shopify, but this project is for WooCommerce."
    page = desk.owner.send(f"{root}/sources/columns", {"file": file(SHOPIFY)})
    assert asked in page
    assert "/app/projects/new?platform=shopify" in page
    assert asked in desk.owner.post(f"{root}/sources/new", {"file": file(SHOPIFY)}, 400)
    assert asked in desk.owner.send(f"{root}/sources/new", {"file": file(SHOPIFY)}, 400)
    assert desk.project.sources.count() == 1
    desk.owner.post(f"{root}/sources/new", {"file": file(SHOPIFY), "foreign": "1"})
    assert desk.project.sources.count() == 2
    assert asked not in desk.owner.send(f"{root}/sources/columns", {"file": file(CSV)})
    assert re.search(r'value="shopify"[^>]*selected', desk.owner.get("projects/new?platform=shopify"))


def test_only_what_can_be_written_counts_as_to_write(desk: Any) -> None:
    root = f"projects/{desk.project.pk}"
    ContentItem.objects.filter(project=desk.project, status="pending").exclude(item_type="variant").delete()
    assert ContentItem.objects.filter(project=desk.project, status="pending").exists()  # variants
    assert "readiness=needs_text" not in desk.owner.get(root)
    assert re.search(r"Items without texts\s*<span class=\"faint\">\(0\)", desk.owner.get(f"{root}/write"))
    page = desk.owner.get(f"{root}/items")
    assert '?readiness=needs_text"' not in page
    assert '?readiness=needs_decision"' in page
    assert "No results." in desk.owner.get(f"{root}/items?status=pending")
    assert "uses its product's texts" in desk.owner.get(f"{root}/items")


def test_the_project_shows_how_far_its_texts_are_and_why_some_are_flagged(desk: Any) -> None:
    review.update_item(item=desk.clean[0], by=desk.cast.owner, status="approved")
    root = f"projects/{desk.project.pk}"
    page = re.sub(r"<[^>]+>|\s+", " ", desk.owner.get(root))
    wanted = ContentItem.objects.filter(project=desk.project).exclude(item_type="variant").count()
    shares = [round(100 * n / wanted) for n in (6, 1)]
    assert re.search(
        rf"Texts +{wanted} +Generated +6 +{shares[0]} % +Approved +1 +{shares[1]} % +Sent to store +0 +Wh", page
    )
    assert re.search(r"Why texts are flagged .*Forbidden words +1 ", page)
    assert f"/app/{root}/review?check=forbidden" in desk.owner.get(root)


@pytest.mark.parametrize("code", sorted(sample_catalogue.LANGUAGES))
def test_the_samples_attributes_come_through_its_file_whole(cast: Any, code: str) -> None:
    """The comma of "3,000 mm" ended a value, and "3" was then the source of a guarantee of 3 years."""
    project = sample_catalogue.create(by=cast.owner, language=code)
    told = {
        item.source_data["sku"]: item.source_data["attributes"]
        for item in ContentItem.objects.of(cast.organization.pk).filter(project=project)
    }
    written = sample_catalogue.catalogue(sample_catalogue.LANGUAGES[code])
    assert told == {one["sku"]: one["attributes"] for one in written}
    tent = ContentItem.objects.get(project=project, source_data__sku="OT-TENT-2")
    page = Visitor(cast.owner).get(f"projects/{project.pk}/review?item={tent.pk}")
    assert "raw." not in page
    assert "attributes." not in page


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("attributes.Bottom. layer", "Bottom. layer"),
        ("raw.Weight (kg)", "Weight (kg)"),
        ("categories[0]", "Categories"),
        ("images[2].alt", "Images"),
        ("seo.title", "SEO title"),
        ("original:description", "Original, Description"),
        ("glossary", "Glossary"),
        ("else", "else"),
    ],
)
def test_a_source_is_named_as_people_know_it(path: str, name: str) -> None:
    assert str(source_name(path)) == name
