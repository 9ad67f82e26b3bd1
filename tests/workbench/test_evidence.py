"""The page of the evidence on file: what it allows until when, adding it with its document, and removing it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projects import review
from tests.factories import MAKER, make_item, make_project
from tests.workbench.visiting import Visitor
from writing.law import publishing
from writing.models import Evidence, LawRule

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() + timedelta(days=30)
FORM = {
    "rule": "disease",
    "name": "Authorisation",
    "number": "DE-1",
    "claims": "cures acne\n\nheals eczema\n",
    "valid_until": DAY.isoformat(),
}


@pytest.fixture
def owner(cast: Any) -> Visitor:
    return Visitor(cast.owner)


@pytest.fixture
def item(cast: Any) -> Any:
    for rule in LawRule.objects.all():
        publishing.confirm(rule, by=None)
    project = make_project(cast.organization, settings={"sells_in": ["DE"], "trade": "cosmetics"})
    return make_item(
        project,
        source_data={"name": "Soap", "description": "A soap that cures acne.", "attributes": MAKER},
        generated_content={"name": "Soap"},
        status="generated",
    )


def test_evidence_is_added_with_its_document_and_allows_its_claims(owner: Visitor, item: Any) -> None:
    assert "No evidence yet" in owner.get("account/evidence")
    document = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%%EOF\n", content_type="application/pdf")
    owner.post("account/evidence/new", {**FORM, "file": document})
    filed = Evidence.objects.get()
    assert (filed.claims, filed.valid_until, bool(filed.file_key)) == (["cures acne", "heals eczema"], DAY, True)
    review.update_item(item=item, by=None, content={"description": "<p>A soap that cures acne.</p>"})
    page = owner.get("account/evidence")
    for words in ("Authorisation", "DE-1", "cures acne", "Preventing, treating or healing", "in 1 text", "Document"):
        assert words in page


def test_the_review_says_what_allows_a_claim(owner: Visitor, item: Any) -> None:
    owner.post("account/evidence/new", FORM)
    review.update_item(item=item, by=None, content={"description": "<p>A soap that cures acne.</p>"})
    pane = owner.part(f"projects/{item.project_id}/items/{item.pk}")
    assert f"“A soap that cures acne.”: allowed by DE-1 until {DAY.isoformat()}." in pane
    owner.post("appearance", {"language": "de"})
    assert f"erlaubt durch DE-1 bis {DAY.isoformat()}" in owner.part(f"projects/{item.project_id}/items/{item.pk}")


def test_removing_it_flags_the_texts_that_rely_on_it(owner: Visitor, item: Any) -> None:
    owner.post("account/evidence/new", FORM)
    review.update_item(item=item, by=None, content={"description": "<p>A soap that cures acne.</p>"})
    owner.post(f"account/evidence/{Evidence.objects.get().pk}/removal")
    assert not Evidence.objects.exists()
    item.refresh_from_db()
    assert item.status == "flagged"
    assert "flagged again" in owner.get("account/evidence?said=evidence-removed")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rule": "free"}, "Select a valid choice"),
        ({"claims": " \n"}, "This field is required"),
        ({"claims": "ab"}, "Enter up to 20 claims"),
        ({"valid_until": "2020-01-01"}, "It has already ended."),
        ({"file": SimpleUploadedFile("a.txt", b"text")}, "Upload a PDF, PNG or JPEG file."),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_filed_is_refused_beside_its_field(owner: Visitor, wrong: Any, words: str) -> None:
    assert words in owner.post("account/evidence/new", {**FORM, **wrong}, 422)
    assert not Evidence.objects.exists()


def test_what_has_ended_says_so(owner: Visitor, cast: Any) -> None:
    owner.post("account/evidence/new", FORM)
    assert "ended" not in owner.get("account/evidence").split("Add evidence")[0].split("rows")[1]
    Evidence.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert "ended on" in owner.get("account/evidence")


def test_members_see_it_and_admins_change_it(owner: Visitor, cast: Any) -> None:
    owner.post("account/evidence/new", FORM)
    member = Visitor(cast.teammate)
    page = member.get("account/evidence")
    assert "Authorisation" in page
    assert "evidence/new" not in page
    member.post("account/evidence/new", FORM, 403)
    member.post(f"account/evidence/{Evidence.objects.get().pk}/removal", status=403)
    assert "Authorisation" not in Visitor(cast.stranger).get("account/evidence")


def test_the_kinds_of_claims_are_named_in_the_readers_language(owner: Visitor) -> None:
    owner.post("appearance", {"language": "de"})
    page = owner.get("account/evidence")
    assert "Gesundheitsaussagen zu Lebensmitteln" in page
    assert "Das ist keine Rechtsberatung." in page
