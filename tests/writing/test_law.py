"""Rules of law: what they find, what a writer is told of them, and how staff publish, confirm and switch them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from projects.writing_settings import with_law
from scribe.errors import InvalidInput
from writing import checks, facts, prompts, repair
from writing.checks import wording
from writing.law import publishing, rules
from writing.models import LawRule
from writing.settings import WritingSettings
from writing.templates import PromptText

pytestmark = pytest.mark.django_db
SENTENCES = [line.split("\t") for line in (Path(__file__).parent / "law_sentences.tsv").read_text().splitlines()]
SOURCE = {"name": "Soap", "description": "An environmentally friendly soap that cures acne. 100 g."}
CONTENT = {"description": "<p>An environmentally friendly soap. It weighs 100 g. It cures acne.</p>"}
WORDS = {
    "en": {"lists": {"x": ["heal*"], "y": ["acne"], "denials": ["not"], "senses": ["heal all"]}, "unlawful": ["x + y"]}
}


def test_the_first_rules_find_what_their_conditions_say_and_nothing_else() -> None:
    laws = {trade: rules.law_of(("EU",), trade) for trade in ("food", "other")}
    wrong = []
    for language, label, rule, text in SENTENCES:
        found = [
            one.code
            for one in laws["food" if rule == "health-food" else "other"].rules
            if (words := wording.wording(one.words, language)) and words.accuses(text)
        ]
        if bool(found) != (label == "unlawful"):
            wrong.append((language, label, text, found))
    assert not wrong


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("Heals acne.", True),
        ("HEALING ACNE!", True),
        ("Healthy", False),
        ("It does not heal acne.", False),
        ("It heals acne not.", False),
        ("It is not blue, heals acne.", True),  # denied in another clause
        ("Heal all: acne.", False),
    ],
)
def test_terms_lines_senses_and_denials(text: str, accused: bool) -> None:
    words = {"en": {**WORDS["en"], "lists": {**WORDS["en"]["lists"], "x": ["heal", "heals", "healing"]}}}
    assert wording.read(words["en"]).accuses(text) is accused


@pytest.mark.parametrize(
    "words",
    [
        {},
        [],
        {"en": {}},
        {"en": {"lists": {"x": []}, "unlawful": ["x"]}},
        {"en": {"lists": {"x": ["a"]}, "unlawful": ["y"]}},
    ],
)
def test_words_that_could_not_be_used_are_refused(words: Any) -> None:
    with pytest.raises(InvalidInput):
        wording.check(words)


def settings(**fields: Any) -> WritingSettings:
    return with_law(WritingSettings(language="en", sells_in=("DE",), **fields))


def report(chosen: WritingSettings) -> Any:
    found = checks.run(CONTENT, facts.read(SOURCE), chosen)
    return found, next((check for check in found.checks if check["id"] == "law"), None)


def confirm(code: str) -> None:
    publishing.confirm(LawRule.objects.get(code=code, active=True), by=None)


def test_a_recalled_rule_notes_and_counts_once_it_is_confirmed() -> None:
    before, noted = report(settings())
    assert [(row["rule"], row["severity"]) for row in noted["findings"]] == [
        ("green-generic", "note"),
        ("disease", "note"),
    ]
    assert noted["passed"] is True
    assert not any("2024/825" in reason for reason in before.reasons)
    confirm("green-generic")
    after, failed = report(settings())
    assert failed["passed"] is False
    assert after.flagged
    assert any("2024/825" in reason for reason in after.reasons)
    finding = failed["findings"][0]
    assert finding["text"] == "An environmentally friendly soap."
    assert finding["severity"] == "block"
    assert finding["remedy"] in finding["detail"]


def test_rules_apply_where_and_what_a_shop_sells() -> None:
    assert with_law(WritingSettings(language="en")).law == rules.NONE
    assert with_law(WritingSettings(language="en", sells_in=("US",))).law == rules.NONE
    codes = {rule.code for rule in settings().law.rules}
    assert "disease" in codes
    assert "health-food" not in codes
    assert "health-food" in {rule.code for rule in settings(trade="food").law.rules}
    assert report(WritingSettings(language="en"))[1] is None


def test_the_writer_and_the_repair_are_told() -> None:
    confirm("disease")
    chosen = settings()
    template = PromptText("product", 1, "Write.")
    assert "Annex I, point 17" in prompts.system_text(chosen, template)
    assert "Annex I" not in prompts.system_text(replace(chosen, law=rules.NONE), template)
    found, _ = report(chosen)
    assert any("cures acne" in line and "Art. 7(3)" in line for line in repair.complaints(found))


def test_versions_are_kept_and_one_is_in_use() -> None:
    row = LawRule.objects.get(code="free", active=True)
    said = {name: getattr(row, name) for name in publishing.SAID}
    second = publishing.publish({**said, "words": WORDS, "source": "read"})
    assert (second.version, second.counts_as) == (2, "block")
    assert list(LawRule.objects.filter(code="free", active=True)) == [second]
    publishing.activate(row)
    assert list(LawRule.objects.filter(code="free", active=True)) == [row]
    publishing.switch_off(row)
    assert "free" not in {rule.code for rule in settings().law.rules}


def test_a_snapshot_keeps_where_the_shop_sells_and_not_the_rules() -> None:
    from writing.settings import from_dict

    kept = settings(trade="toys").as_dict()
    assert "law" not in kept
    again = from_dict(kept)
    assert (again.sells_in, again.trade, again.law) == (("DE",), "toys", rules.NONE)
