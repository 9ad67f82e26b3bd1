"""A term that changes: the texts that it concerns are checked by themselves, listed, priced, and they alone are written
again."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from projects import changed_terms
from projects.models import ContentItem, ContentProfile, GlossaryTerm
from scribe.models import Job
from tests import factories
from tests.helpers import run_jobs
from tests.workbench.visiting import WISHES, Visitor, plain

BAG, CUP = "A bag for every day.", "A cup for every day."


@pytest.mark.thorough
def test_the_texts_of_a_changed_term_are_listed_and_they_alone_are_written_again(cast: Any, openai: Any) -> None:
    visitor = Visitor(cast.owner)
    term = {"text": "bag", "language": "en", "said-TOTAL_FORMS": "3", "said-INITIAL_FORMS": "0"}
    visitor.post("account/glossary/new", {**term, "said-0-language": "de", "said-0-text": "Tasche"})
    project = factories.make_project(cast.organization, settings={"language": "en", "languages": ["de", "fr"]})
    for english in (BAG, CUP):
        openai.translations["fr", english] = "Pour tous les jours."
    openai.translations |= {("de", BAG): "Eine Tasche für jeden Tag.", ("de", CUP): "Eine Tasse für jeden Tag."}
    for text in (BAG, BAG, CUP):
        factories.make_item(project, status="approved", generated_content={"short_description": text})
    order = {**WISHES, "language": "en", "ai_provider": "openai", "selection": "pending"}
    visitor.post(f"projects/{project.pk}/write", {**order, "further": ["de", "fr"]})
    run_jobs()
    texts = ContentItem.rows.filter(project=project).exclude(language="")
    assert texts.filter(status="generated").count() == 6
    texts.update(status="approved")

    saved = GlossaryTerm.objects.get()
    changed = {"version": str(saved.version), "said-0-language": "de", "said-0-text": "Beutel"}
    visitor.post(f"account/glossary/{saved.pk}", {**term, **changed, "said-0-forbidden": "Tasche"})
    own = visitor.last["Location"]
    assert "every 2s" in visitor.get(own)
    [checked] = run_jobs(job_type=Job.Type.BULK_CHANGE)
    assert (checked.progress_current, checked.result["said"], checked.result["failing"]) == (3, 2, 2)
    shown = visitor.get(own)
    assert "every 2s" not in shown
    assert "Deutsch Tasche Done 2 2" in plain(shown)
    listed = f"projects/{project.pk}/bulk?check=glossary&language=de"
    assert listed in html.unescape(shown)
    page = visitor.get(listed)
    assert "2 items" in plain(page)

    form = visitor.get(f"projects/{project.pk}/write?found=1&texts_in=de&check=glossary&language=de")
    assert re.search(r'name="texts_in" value="de"', page)
    assert re.search(r'name="further" value="de"[^>]* checked', form)
    assert "Selected items (2)" in plain(form)
    again = {**order, "selection": "named", "found": "1", "texts_in": "de", "check": "glossary", "further": ["de"]}
    price = plain(visitor.send(f"projects/{project.pk}/write/quote", again))
    assert re.search(r"At most \S+ XCT Items 2 de 2 ·", price)
    before = {text.pk: text.version for text in texts}
    openai.seen.clear()
    openai.translations["de", BAG] = "Ein Beutel für jeden Tag."
    visitor.post(f"projects/{project.pk}/write", again)
    run_jobs()
    moved = [text for text in texts.all() if text.version != before[text.pk]]
    assert {(text.language, text.generated_content["short_description"]) for text in moved} == {
        ("de", "Ein Beutel für jeden Tag.")
    }
    assert len(moved) == 2
    assert ContentItem.objects.filter(project=project, status="approved").count() == 3


def test_a_change_concerns_the_texts_that_say_a_word_in_the_languages_and_projects_it_is_for(
    cast: Any, api: Any
) -> None:
    profile = ContentProfile.objects.create(organization=cast.organization, name="Own")
    elsewhere = factories.make_project(cast.organization, settings={"language": "de"})
    project = factories.make_project(cast.organization, settings={"language": "de"}, content_profile=profile)
    english = factories.make_project(cast.organization, settings={"language": "en"}, content_profile=profile)
    for at in (elsewhere, project, english):
        for text in ("Eine Tasche.", "Zwei Taschen.", "Eine Tasse."):
            factories.make_item(at, status="approved", generated_content={"short_description": text})
    said = {"text": "Tasche", "forms": ["Täschchen"]}
    me = api.as_(cast.owner)
    bag = {"text": "bag", "language": "en", "profile_id": str(profile.pk), "targets": {"de": said}}
    term = f"glossary/{me.post('glossary', bag, 201)['id']}"
    assert not run_jobs(job_type=Job.Type.BULK_CHANGE)  # nothing is forbidden

    me.patch(term, {"targets": {"de": {**said, "note": "Für jeden Tag"}}})
    assert not run_jobs(job_type=Job.Type.BULK_CHANGE)  # no word has changed

    me.patch(term, {"targets": {"de": {"text": "Beutel"}}})
    [found] = run_jobs(job_type=Job.Type.BULK_CHANGE)
    assert (found.project_id, found.payload["words"]) == (project.pk, ["Tasche", "Täschchen"])
    assert (found.result["said"], found.result["failing"]) == (2, 0)  # an earlier word alone is a warning

    me.patch(term, {"targets": {"de": {"text": "Beutel", "forbidden": ["Tasche"]}}})
    [found] = run_jobs(job_type=Job.Type.BULK_CHANGE)
    assert (found.project_id, found.result["said"], found.result["failing"]) == (project.pk, 2, 2)

    me.patch(term, {"targets": {"de": {"text": "Beutel"}}})
    [found] = run_jobs(job_type=Job.Type.BULK_CHANGE)
    assert (found.result["said"], found.result["failing"]) == (2, 0)  # what is allowed again passes


def test_changes_before_a_worker_comes_are_one_check_and_very_many_projects_are_left_to_people(
    cast: Any, api: Any, monkeypatch: Any
) -> None:
    projects = [factories.make_project(cast.organization, settings={"language": "de"}) for _ in range(3)]
    for project in projects:
        factories.make_item(project, status="approved", generated_content={"short_description": "Tasche und Topf."})
    me = api.as_(cast.owner)
    for english, german, forbidden in (("bag", "Beutel", "Tasche"), ("pot", "Kessel", "Topf")):
        said = {"text": german, "forbidden": [forbidden]}
        me.post("glossary", {"text": english, "language": "en", "targets": {"de": said}}, 201)
    found = run_jobs(job_type=Job.Type.BULK_CHANGE)
    assert {job.project_id: job.payload["words"] for job in found} == {
        project.pk: ["Tasche", "Topf"] for project in projects
    }
    assert len(found) == 3
    for term in GlossaryTerm.objects.all():
        assert len(changed_terms.checks_of(term, cast.owner)) == 3
    monkeypatch.setattr(changed_terms, "MOST_JOBS", 2)
    me.post("glossary", {"text": "x", "language": "en", "targets": {"de": {"text": "y", "forbidden": ["Topf"]}}}, 201)
    assert {job.project_id for job in run_jobs(job_type=Job.Type.BULK_CHANGE)} == {one.pk for one in projects[1:]}
