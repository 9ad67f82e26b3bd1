"""Evidence on file lifts a rule of law from exactly its own claim, until its day. No legal advice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import review
from projects.models import ContentItem
from scribe import orphans, storage
from studio import evidence
from tests.factories import MAKER, make_item, make_project
from tests.helpers import drop_indexes_but, run_jobs
from writing.law import publishing
from writing.law.rules import prompt_text
from writing.models import Evidence, LawRule

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization, settings={"sells_in": ["DE"], "trade": "cosmetics"})


@pytest.fixture
def owner(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


@pytest.fixture(autouse=True)
def confirmed(db: Any) -> None:
    for rule in LawRule.objects.all():
        publishing.confirm(rule, by=None)


def filed(owner: Any, **more: Any) -> dict[str, Any]:
    body = {
        "name": "Authorisation",
        "number": "DE-1",
        "rule": "disease",
        "claims": ["cures acne"],
        "valid_until": (timezone.localdate() + timedelta(days=1)).isoformat(),
        **more,
    }
    reply: dict[str, Any] = owner.post("evidence", body, status=201)
    return reply


def written(project: Any, text: str = "<p>A soap that cures acne.</p>") -> ContentItem:
    item = make_item(
        project,
        source_data={
            "name": "Soap",
            "description": "A soap with lavender that cures acne and eczema.",
            "attributes": MAKER,
        },
        generated_content={"name": "Soap"},
        status="generated",
    )
    return review.update_item(item=item, by=None, content={"description": text})


def law(item: ContentItem) -> dict[str, Any]:
    item.refresh_from_db()
    found: dict[str, Any] = next(row for row in item.generation_metadata["checks"] if row["id"] == "law")
    return found


def ends(day: date) -> None:
    Evidence.objects.update(valid_until=day)


def test_a_claim_that_it_covers_passes_and_any_other_of_the_same_rule_does_not(owner: Any, project: Any) -> None:
    filed(owner)
    check = law(written(project))
    assert (check["passed"], check["findings"]) == (True, [])
    assert [(one["rule"], one["evidence"]) for one in check["lifted"]] == [("disease", "DE-1")]
    other = law(written(project, "<p>A soap that cures acne.</p><p>It heals eczema.</p>"))
    assert [finding["text"] for finding in other["findings"]] == ["It heals eczema."]


def test_it_lifts_no_other_rule(owner: Any, project: Any) -> None:
    filed(owner, claims=["environmentally friendly"])
    assert law(written(project, "<p>An environmentally friendly soap.</p>"))["findings"][0]["rule"] == "green-generic"


def test_another_organizations_evidence_lifts_nothing(api: Any, cast: Any, project: Any) -> None:
    evidence.add(
        by=cast.stranger,
        file=None,
        name="Authorisation",
        number="DE-1",
        rule="disease",
        claims=["cures acne"],
        valid_until=timezone.localdate(),
    )
    assert law(written(project))["passed"] is False


def test_it_holds_on_its_last_day_and_flags_the_text_again_the_day_after(owner: Any, project: Any) -> None:
    filed(owner)
    item = written(project)
    owner.patch(f"projects/{project.pk}/items/{item.pk}", {"status": "approved"})
    ends(timezone.localdate())
    assert evidence.recheck_ended() == 0
    assert law(written(project))["passed"] is True
    ends(timezone.localdate() - timedelta(days=1))
    assert evidence.recheck_ended() == 2
    assert law(item)["passed"] is False
    assert item.status == "flagged"
    record = owner.get(f"projects/{project.pk}/items/{item.pk}/provenance")
    assert record["approved"] is False
    assert (
        owner.patch(f"projects/{project.pk}/items/{item.pk}", {"status": "approved"}, 409)["code"] == "unlawful_claims"
    )
    assert evidence.recheck_ended() == 0
    assert law(written(project))["passed"] is False


def test_evidence_that_is_removed_flags_its_texts_at_once(owner: Any, project: Any) -> None:
    made = filed(owner)
    item = written(project)
    owner.delete(f"evidence/{made['id']}", status=204)
    assert (law(item)["passed"], item.status) == (False, "flagged")
    assert owner.get("evidence") == []


def test_many_texts_are_looked_at_again_by_a_job(owner: Any, project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "AT_ONCE", 2)
    made = filed(owner)
    texts = [written(project) for _ in range(5)]
    owner.patch(f"projects/{project.pk}/items/{texts[0].pk}", {"status": "approved"})
    with CaptureQueriesContext(connection) as caught:
        owner.delete(f"evidence/{made['id']}", status=204)
    told = [query["sql"] or "" for query in caught.captured_queries]
    assert not [sql for sql in told if sql.startswith('UPDATE "projects_contentitem"')]
    assert owner.get("evidence") == []
    [job] = run_jobs()
    assert (job.job_type, job.status, job.progress_current, job.progress_total) == ("law_recheck", "completed", 5, 5)
    assert job.result["flagged"] == 5
    assert [law(item)["passed"] for item in texts] == [False] * 5
    assert {item.status for item in texts} == {"flagged"}


def test_many_texts_of_evidence_that_has_ended_are_looked_at_by_a_job(
    owner: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "AT_ONCE", 2)
    filed(owner)
    texts = [written(project) for _ in range(3)]
    ends(timezone.localdate() - timedelta(days=1))
    assert evidence.recheck_ended() == 0
    assert evidence.recheck_ended() == 0
    [job] = run_jobs()
    assert job.result["flagged"] == 3
    assert [law(item)["passed"] for item in texts] == [False] * 3


def test_evidence_that_is_filed_again_meanwhile_goes_on_lifting(
    owner: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "AT_ONCE", 2)
    made = filed(owner)
    texts = [written(project) for _ in range(3)]
    owner.delete(f"evidence/{made['id']}", status=204)
    filed(owner)
    run_jobs()
    assert [law(item)["passed"] for item in texts] == [True] * 3


def test_the_texts_that_evidence_lifts_a_rule_from_are_found_in_an_index(owner: Any, project: Any) -> None:
    filed(owner)
    item = written(project)
    made = Evidence.objects.get()
    drop_indexes_but("projects_contentitem", "item_with_lifted_rule")
    found = evidence._lifted_by(made)  # noqa: SLF001
    assert list(found) == [item.pk]
    assert "item_with_lifted_rule" in found.explain()


def test_a_number_that_is_on_file_for_two_rules_goes_on_lifting_the_other(owner: Any, project: Any) -> None:
    made = filed(owner)
    filed(owner, rule="green-generic", claims=["environmentally friendly"])
    both = written(project, "<p>An environmentally friendly soap that cures acne.</p>")
    assert len(law(both)["lifted"]) == 2
    owner.delete(f"evidence/{made['id']}", status=204)
    assert [finding["rule"] for finding in law(both)["findings"]] == ["disease"]
    assert [one["rule"] for one in law(both)["lifted"]] == ["green-generic"]


def test_the_writer_is_told_which_claims_may_be_said(owner: Any, project: Any) -> None:
    assert "on file" not in prompt_text(review.settings_of(written(project)).law)
    filed(owner)
    told = prompt_text(review.settings_of(written(project)).law)
    assert "on file" in told
    assert "- cures acne" in told


def test_a_file_is_kept_for_the_organization_alone(
    owner: Any, cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    made = evidence.add(
        by=cast.owner,
        file=SimpleUploadedFile("Urkunde.pdf", PDF),
        name="Authorisation",
        number="DE-2",
        rule="disease",
        claims=["cures acne"],
        valid_until=timezone.localdate(),
    )
    assert owner.get("evidence")[0]["file_url"] == storage.url(made.file_key)
    assert storage.open(made.file_key).read() == PDF
    assert list(orphans.find(age=timedelta())) == []
    with django_capture_on_commit_callbacks(execute=True):
        evidence.remove(evidence=made, by=cast.owner)
    assert not storage.exists(made.file_key)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"rule": "legal-right"}, "unknown_rule"),  # nothing lifts it
        ({"rule": "nonsense"}, "unknown_rule"),
        ({"valid_until": "2020-01-01"}, "ended"),
        ({"claims": []}, ""),
        ({"claims": ["x"]}, ""),
        ({"clams": ["cures acne"]}, ""),
    ],
)
def test_what_could_lift_nothing_is_refused(owner: Any, wrong: dict[str, Any], code: str) -> None:
    body = {
        "name": "A",
        "number": "1",
        "rule": "disease",
        "claims": ["cures acne"],
        "valid_until": timezone.localdate().isoformat(),
        **wrong,
    }
    problem = owner.post("evidence", body, status=400)
    assert not code or problem["errors"][0]["code"] == code


def test_a_number_is_on_file_once_for_a_rule(owner: Any) -> None:
    filed(owner)
    body = {
        "name": "A",
        "number": "DE-1",
        "rule": "disease",
        "claims": ["cures acne"],
        "valid_until": timezone.localdate().isoformat(),
    }
    assert owner.post("evidence", body, status=409)["code"] == "evidence_on_file"


def test_a_file_of_another_kind_is_refused(cast: Any) -> None:
    with pytest.raises(Exception, match="PDF"):
        evidence.add(
            by=cast.owner,
            file=SimpleUploadedFile("a.pdf", b"MZ..."),
            name="A",
            number="1",
            rule="disease",
            claims=["cures acne"],
            valid_until=timezone.localdate(),
        )


def test_members_read_and_admins_file(api: Any, cast: Any, owner: Any) -> None:
    made = filed(owner)
    member = api.as_(cast.teammate)
    assert [row["id"] for row in member.get("evidence")] == [made["id"]]
    member.delete(f"evidence/{made['id']}", status=403)
    stranger = api.as_(cast.stranger)
    assert stranger.get("evidence") == []
