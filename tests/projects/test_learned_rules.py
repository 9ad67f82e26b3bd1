"""Edits become rules: what is noted, when it is proposed, and what an accepted rule does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from projects import learned_rules, review
from projects.learned_rules import Correction
from projects.models import ContentProfile, LearnedRule
from projects.writing_settings import resolve
from scribe.errors import Conflict
from tests.factories import make_item, make_organization, make_project
from tests.proof.ordering import in_order
from writing import checks, facts, prompts, settings
from writing.rules import TaughtRule

pytestmark = pytest.mark.django_db
TEXT = "A premium bottle of stainless steel that keeps drinks cold for 12 hours and holds 750 ml."


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


def edit(project: Any, by: Any, before: str, after: str) -> Any:
    item = make_item(project, status="generated", generated_content={"short_description": before})
    review.update_item(item=item, by=by, content={"short_description": after})
    return item


def proposed(project: Any) -> list[str]:
    return [rule.line for rule in learned_rules.proposals(project)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("A premium bottle of steel", "A bottle of steel", {Correction("premium")}),
        ("It holds 750 ml of tea", "It holds 750 millilitres of tea", {Correction("ml"), Correction("ml", "millilitres")}),
        ("It holds 750ml of tea", "It holds 750 Milliliter of tea", {Correction("ml"), Correction("ml", "Milliliter")}),
        ("A cheap pot, cheap and good", "A pot, cheap and good", set()),  # it is still written
        ("The pot and the pan", "The pot, the pan", set()),  # a small word
        ("A pot of 750 grams", "A pot of 800 grams", set()),  # a number is a fact, no habit
        ("A pot for you", "Dieser Topf ist aus Stahl und sehr schwer", set()),  # written anew
        ("A ml of tea", f"A {'mmm' * 60} of tea", {Correction("ml")}),  # too long for a rule
        ("", "A pot", set()),
    ],
)  # fmt: skip
def test_what_an_edit_corrects(before: str, after: str, expected: set[Correction]) -> None:
    assert learned_rules.corrections_in({"name": before}, {"name": after}) == expected


def test_three_similar_edits_are_proposed_once(project: Any, cast: Any) -> None:
    without = TEXT.replace("premium ", "")
    item = edit(project, cast.owner, TEXT, without)
    for _ in range(3):  # the same item counts once, however often it is edited
        review.update_item(item=item, by=cast.owner, content={"short_description": TEXT})
        review.update_item(item=item, by=cast.owner, content={"short_description": without})
    edit(project, cast.teammate, TEXT, without)
    assert proposed(project) == []
    edit(project, cast.owner, TEXT, without)
    assert proposed(project) == ["Never write “premium”."]
    edit(project, cast.owner, TEXT, without)
    assert len(LearnedRule.objects.get(term="premium").item_ids) == 4


def test_a_word_that_is_always_replaced_is_one_proposal(project: Any, cast: Any) -> None:
    for _ in range(3):
        edit(project, cast.owner, TEXT, TEXT.replace(" ml", " millilitres"))
    assert proposed(project) == ["Write “millilitres”, never “ml”."]


def test_three_rejections_for_one_reason_are_proposed(project: Any, cast: Any) -> None:
    for reason in ("Too flowery", "too  flowery.", "Too flowery!", "Wrong size"):
        item = make_item(project, status="generated", generated_content={"name": "A pot"})
        review.update_item(item=item, by=cast.owner, status="rejected", reject_reason=reason)
    assert proposed(project) == ["Reviewers rejected texts for this reason, so heed it: too flowery"]


def test_an_accepted_rule_is_told_to_the_writer_and_checked(project: Any, cast: Any) -> None:
    for _ in range(3):
        edit(project, cast.owner, TEXT, TEXT.replace("premium ", "").replace(" ml", " millilitres"))
    assert not resolve(project, {}).rules
    for rule in learned_rules.proposals(project):
        learned_rules.decide(rule=rule, to="accepted", by=cast.owner)
    found = resolve(project, {})
    item = make_item(project)
    source = facts.read(item.source_data)
    system = prompts.build(source, found).system
    assert "- Never write “premium”." in system
    assert "- Write “millilitres”, never “ml”." in system
    report = checks.run({"short_description": TEXT}, source, found)
    assert "forbidden" in report.failed
    banned = {finding["text"] for check in report.checks if check["id"] == "forbidden" for finding in check["findings"]}
    assert banned == {"premium", "ml"}
    kept = settings.from_dict(found.as_dict())
    assert kept == found
    assert resolve(project, kept.as_request()).rules == found.rules  # said once, however often it is written anew
    assert "premium" not in resolve(project, kept.as_request()).custom_instructions


def test_a_rule_goes_to_the_profile_and_comes_back(project: Any, cast: Any) -> None:
    profile = ContentProfile.objects.create(organization=cast.organization, name="House")
    project.content_profile = profile
    project.save()
    other = make_project(cast.organization, content_profile=profile)
    for _ in range(3):
        edit(project, cast.owner, TEXT, TEXT.replace("premium ", ""))
    rule = learned_rules.decide(rule=learned_rules.proposals(project).get(), to="accepted", by=cast.owner)
    assert learned_rules.active(project) == learned_rules.active(other) == (TaughtRule("avoid", "premium"),)
    assert learned_rules.active(make_project(cast.organization)) == ()
    learned_rules.decide(rule=rule, to="proposed", by=cast.owner)
    assert learned_rules.active(other) == ()
    learned_rules.decide(rule=rule, to="dismissed", by=cast.owner)
    for _ in range(4):
        edit(project, cast.owner, TEXT, TEXT.replace("premium ", ""))
    assert proposed(project) == []  # what was dismissed is not proposed again
    seen = LearnedRule.objects.create(organization=cast.organization, project=project, kind="avoid", term="seen")
    with pytest.raises(Conflict):
        learned_rules.decide(rule=seen, to="accepted", by=cast.owner)


def test_rules_are_decided_over_the_api(project: Any, cast: Any, api: Any) -> None:
    for _ in range(3):
        edit(project, cast.owner, TEXT, TEXT.replace("premium ", ""))
    path = f"projects/{project.pk}/learned-rules"
    me = api.as_(cast.teammate)
    [rule] = me.get(path)
    assert (rule["kind"], rule["term"], rule["rule"], rule["state"]) == (
        "avoid",
        "premium",
        "Never write “premium”.",
        "proposed",
    )
    assert len(rule["item_ids"]) == 3
    assert me.patch(f"{path}/{rule['id']}", {"state": "accepted"})["decided_at"]
    assert [row["state"] for row in me.get(path)] == ["accepted"]
    me.patch(f"{path}/{rule['id']}", {"state": "seen"}, status=400)
    assert me.patch(f"{path}/{rule['id']}", {"state": "dismissed"})["state"] == "dismissed"


def test_rules_are_data_and_no_sentences_to_be_read() -> None:
    """A reason that somebody gave for a rejection was read as an order, and its words were banned."""
    rules = (
        TaughtRule("heed", "never use “steel”, avoid: pot"),
        TaughtRule("avoid", "cheap”"),
        TaughtRule("replace", "ml", "litres"),
    )
    asked = settings.WritingSettings(rules=rules)
    report = checks.run({"name": "A steel pot"}, facts.read({"name": "A steel pot"}), asked)
    assert "forbidden" not in report.failed
    report = checks.run({"name": "A cheap pot of 750 ml"}, facts.read({"name": "A pot of 750 ml"}), asked)
    (found,) = [check["findings"] for check in report.checks if check["id"] == "forbidden"]
    assert [finding["found"] for finding in found] == ["cheap", "ml"]
    kept = json.loads(json.dumps(asked.as_dict()))
    assert settings.from_dict(kept).rules == rules
    (older,) = settings.from_dict({**kept, "rules": ["Never write “premium”."]}).rules
    assert (older.line, older.forbids) == ("Never write “premium”.", "")


def test_two_rules_accepted_at_once_are_not_both_the_last_one(committed: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(learned_rules, "MOST_ACTIVE", 1)
    project = make_project(make_organization())
    given = {"organization_id": project.organization_id, "project": project, "kind": "avoid", "state": "proposed"}
    one, other = (LearnedRule.objects.create(term=term, **given) for term in ("premium", "luxury"))

    def accept(rule: LearnedRule) -> LearnedRule:
        return learned_rules.decide(rule=rule, to="accepted", by=None)

    accepted, refused = in_order(lambda: accept(one), lambda: accept(other))
    assert accepted.state == "accepted"
    assert isinstance(refused, Conflict)
    assert accept(one).state == "accepted"  # again, which is no further one
