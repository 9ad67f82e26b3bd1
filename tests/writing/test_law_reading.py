"""The second model judges the law as well: what it is told, what of its answer counts, and who is not believed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from projects.writing_settings import with_law
from tests.writing.verifier_answers import TERMS, VERIFIER, accusing, answer, first, harmless, nearest
from writing import checks, facts, quotes
from writing.bill import Call
from writing.checks import law
from writing.law import publishing
from writing.law.rules import FiledEvidence
from writing.models import LawRule
from writing.settings import WritingSettings
from writing.verifier import result
from writing.verifier.batches import PartAnswer
from writing.verifier.controls import LawControl
from writing.verifier.request import ReadingPart, ReadingRequest, SentenceAnswer, join_answers
from writing.verifier.second import ReadingBudget, SecondReading
from writing.verifier.terms import VerifierTerms
from writing.verifier.verdicts import Reading

pytestmark = pytest.mark.django_db
Says = Callable[[str], str]  # the rules that a model names of a sentence
SOURCE: dict[str, Any] = {
    "name": "Soap",
    "description": "A soap with lavender that cures acne.",
    "attributes": {"Weight": "100 g", "Colour": "violet", "Pieces": "3"},
}
CURE = "Spots vanish for good with it."  # no word of a rule finds it
GREEN = "An environmentally friendly soap."


@pytest.fixture(autouse=True)
def confirmed(db: Any) -> None:
    for rule in LawRule.objects.all():
        publishing.confirm(rule, by=None)


def settings(**more: Any) -> WritingSettings:
    return with_law(WritingSettings(language="en", sells_in=("DE",), grounding="read", verifier=VERIFIER, **more))


def request_of(text: str, chosen: WritingSettings) -> ReadingRequest:
    content, source = {"description": text}, facts.read(SOURCE)
    read = Reading.of(content, checks.run(content, source, chosen), source, chosen)
    return ReadingRequest([ReadingPart(chosen, read.passages, read.asked)], VERIFIER, TERMS.under(chosen.law))


def lawyer(asked: ReadingRequest, says: Says, *, fair: bool = True) -> dict[str, Any]:
    """The answer of a model that judges everything else right and `says` this of the law."""
    lines = answer(asked, harmless)["answers"]
    for at, (_part, sentence) in enumerate(asked.sentences.values()):
        if isinstance(sentence, LawControl) and fair:
            lines[at] += f" §{sentence.breaks}" if sentence.breaks else ""
        else:
            lines[at] += f" {says(sentence.text)}"
    return {"answers": lines}


class Reader:
    """The calls of a scripted model."""

    def __init__(self, says: Says, *, fair: bool = True) -> None:
        self.says, self.fair, self.calls = says, fair, 0

    async def ask(self, part: ReadingPart, terms: VerifierTerms) -> PartAnswer:
        self.calls += 1
        asked = ReadingRequest([part], VERIFIER, terms)
        [found] = asked.read(lawyer(asked, self.says, fair=self.fair))
        assert isinstance(found, dict), found
        return PartAnswer(found, None, Call.cut_off(asked.prompt, VERIFIER))


def report_of(text: str, says: Says, chosen: WritingSettings | None = None, **more: Any) -> checks.CheckReport:
    chosen = chosen or settings()
    content, source = {"description": text}, facts.read(SOURCE)
    budget = ReadingBudget(10**9, Decimal(10**6), Decimal(1))
    second = SecondReading(source, chosen, VERIFIER, budget, [], Reader(says, **more))  # type: ignore[arg-type]
    return asyncio.run(second.read(content, checks.run(content, source, chosen)))


def check_of(report: checks.CheckReport) -> dict[str, Any]:
    return next(check for check in report.checks if check["id"] == law.ID)


def rules_of(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["text"], row["rule"], row["found_by"]) for row in rows]


# What it is asked


def test_it_is_told_the_rules_in_force_and_their_conditions() -> None:
    publishing.switch_off(LawRule.objects.get(code="free", active=True))
    asked = request_of(CURE, settings()).prompt.system
    assert asked.startswith(TERMS.text)
    assert "§disease is broken by a sentence that says or suggests that the product prevents" in asked
    assert '(2) denies the effect ("this is not a medicine and cures no disease")' in asked
    assert "§free" not in asked
    assert "§health-food" not in asked
    assert "§health-food" in request_of(CURE, settings(trade="food")).prompt.system
    assert request_of(CURE, WritingSettings(language="en", verifier=VERIFIER)).prompt.system == TERMS.text


def test_what_stands_in_the_source_is_asked_about_for_the_law_alone() -> None:
    text = "A soap with lavender that cures acne."
    assert text in request_of(text, settings()).prompt.user
    report = report_of(text, lambda sentence: "§disease" if "acne" in sentence else "")
    assert rules_of(check_of(report)["findings"]) == [(text, "disease", "reader")]
    assert [row["code"] for row in report.checks[-1]["findings"]] == ["literal"]


def test_it_takes_no_further_call_and_the_quote_counts_the_rules() -> None:
    chosen = settings()
    content, source = {"description": CURE}, facts.read(SOURCE)
    reader = Reader(lambda _: "§disease")
    budget = ReadingBudget(10**9, Decimal(10**6), Decimal(1))
    second = SecondReading(source, chosen, VERIFIER, budget, [], reader)  # type: ignore[arg-type]
    asyncio.run(second.read(content, checks.run(content, source, chosen)))
    assert reader.calls == 1
    quoted = quotes.quote(source, chosen).reading
    without = quotes.quote(source, replace(chosen, law=WritingSettings().law)).reading
    assert quoted
    assert without
    assert quoted.input_tokens - without.input_tokens > 1_000


# What of its answer counts


def test_a_sentence_that_no_word_finds_is_a_finding_of_law() -> None:
    report = report_of(f"{CURE} It is violet.", lambda sentence: "§disease" if sentence == CURE else "")
    check = check_of(report)
    [finding] = check["findings"]
    assert rules_of([finding]) == [(CURE, "disease", "reader")]
    assert (finding["severity"], finding["start"], finding["end"]) == ("block", 0, len(CURE))
    assert (check["passed"], check["read"], report.flagged) == (False, True, True)


def test_a_finding_by_a_recalled_rule_is_a_note() -> None:
    LawRule.objects.update(confirmed_at=None)
    check = check_of(report_of(CURE, lambda _: "§disease"))
    assert [finding["severity"] for finding in check["findings"]] == ["note"]
    assert check["passed"] is True


def test_evidence_lifts_its_finding_and_no_other() -> None:
    chosen = settings()
    evidence = FiledEvidence("disease", "DE-1", ("spots vanish",), "2099-01-01")
    chosen = replace(chosen, law=replace(chosen.law, evidence=(evidence,)))
    check = check_of(report_of(f"{CURE} It numbs the ache.", lambda _: "§disease", chosen))
    assert rules_of(check["lifted"]) == [(CURE, "disease", "reader")]
    assert rules_of(check["findings"]) == [("It numbs the ache.", "disease", "reader")]


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("", True),
        ("§green-generic", True),
        ("§green-generic=99", True),
        ("§disease=1", True),
        ("§green-generic=2", False),
    ],
)
def test_what_words_find_stands_unless_it_names_the_condition_that_makes_it_lawful(said: str, stands: bool) -> None:
    check = check_of(report_of(GREEN, lambda _: said))
    assert bool(check["findings"]) is stands
    assert [row["rule"] for row in check["settled"]] == ([] if stands else ["green-generic"])
    if not stands:
        assert "EU Ecolabel" in check["settled"][0]["detail"]


def test_several_rules_and_passages_and_words_stand_in_one_line() -> None:
    asked = request_of("It giggles as § 5 says.", settings())
    number = next(n for n, (_part, one) in asked.sentences.items() if one.text.startswith("It giggles"))

    def read(line: str) -> SentenceAnswer:
        others = [other for other in lawyer(asked, lambda _: "")["answers"] if not other.startswith(f"{number}:")]
        [found] = asked.read({"answers": [*others, line]})
        assert isinstance(found, dict)
        return found[asked.sentences[number][1].key]  # type: ignore[union-attr]

    found = read(f"{number}:1!giggles as § 5 §disease, §free=4 §unknown")
    assert found.words == "giggles as § 5"
    assert found.rules is not None
    assert [(code, condition[:4]) for code, condition in found.rules] == [("disease", ""), ("free", "uses")]
    assert read(f"{number}:- §free=2 §free") == SentenceAnswer(rules=(("free", ""),))


def test_of_a_source_in_parts_the_judgement_on_the_law_stays() -> None:
    answers = [SentenceAnswer(), SentenceAnswer((), True, "x", (("disease", ""),))]
    assert join_answers(answers).rules == (("disease", ""),)


# Who is not believed


@pytest.mark.parametrize(
    "lazy",
    [
        lambda _: "",
        lambda _: "§green-generic",
        lambda _: "§green-generic §green-offset §green-label §disease §proof §legal-right §guarantee §free",
        lambda _: "§green-generic=1 §disease=1 §proof=1 §guarantee=1 §free=1",
    ],
    ids=["nothing", "one rule for everything", "every rule", "everything lawful"],
)
def test_a_lazy_model_is_not_believed_on_the_law(lazy: Says) -> None:
    chosen, believed = settings(), 0
    for number in range(40):
        source = facts.read({**SOURCE, "name": f"Soap {number}"})
        content = {"description": f"{CURE} It is violet. {GREEN}"}
        read = Reading.of(content, checks.run(content, source, chosen), source, chosen)
        asked = ReadingRequest([ReadingPart(chosen, read.passages, read.asked)], VERIFIER, TERMS.under(chosen.law))
        [found] = asked.read(lawyer(asked, lazy, fair=False))
        assert isinstance(found, dict)  # what it says of the source counts
        believed += any(one.rules is not None for one in found.values())
    assert believed <= 2


@pytest.mark.parametrize("lazy", [harmless, first, nearest, accusing])
def test_a_model_that_is_lazy_about_the_source_is_believed_about_nothing(lazy: Any) -> None:
    asked = request_of(f"{CURE} It is violet. {GREEN}", settings())
    [found] = asked.read(answer(asked, lazy, fair=False))
    assert not isinstance(found, dict)


def test_a_reading_that_is_not_believed_on_the_law_leaves_what_the_words_find() -> None:
    check = check_of(report_of(f"{GREEN} {CURE}", lambda _: "§disease", fair=False))
    assert rules_of(check["findings"]) == [(GREEN, "green-generic", "words")]
    assert check["read"] is False


def test_the_examples_are_found_by_nobody_where_they_are_lawful() -> None:
    """By their own words, in every language and trade: a lawful control must not look unlawful."""
    for trade in ("food", "other"):
        for language in ("en", "de", "fr", "es", "it", "pl"):
            chosen = with_law(WritingSettings(language=language, sells_in=("EU",), trade=trade))
            for rule in chosen.law.readable:
                unlawful, lawful = rule.example(language) or ("", "")
                content = {"bullet_points": [unlawful, lawful]}
                check = check_of(checks.run(content, facts.read(SOURCE), chosen))
                found = {(row["field"], row["rule"]) for row in check["findings"]}
                assert {field for field, _rule in found} <= {"bullet_points[0]"}, (language, lawful, found)


# A later text


def test_what_it_found_is_kept_on_the_sentences_that_an_edit_leaves() -> None:
    chosen, source = settings(), facts.read(SOURCE)
    said = {CURE: "§disease", GREEN: "§green-generic=2"}
    earlier = report_of(f"{CURE} {GREEN}", lambda sentence: said.get(sentence, "")).checks

    def edited(text: str, under: WritingSettings = chosen) -> dict[str, Any]:
        content = {"description": text}
        report = checks.run(content, source, under)
        return check_of(result.carry_over(earlier, content, report, source, under))

    kept = edited(f"It is violet. {GREEN} {CURE}")
    assert rules_of(kept["findings"]) == [(CURE, "disease", "reader")]
    assert rules_of(kept["settled"]) == [(GREEN, "green-generic", "words")]
    assert edited("It is violet.")["findings"] == []
    publishing.switch_off(LawRule.objects.get(code="disease", active=True))
    assert edited(CURE, settings())["findings"] == []


def test_what_evidence_lifted_is_found_again_without_it() -> None:
    chosen, source = settings(), facts.read(SOURCE)
    evidence = FiledEvidence("disease", "DE-1", ("spots vanish",), "2099-01-01")
    lifted = report_of(CURE, lambda _: "§disease", replace(chosen, law=replace(chosen.law, evidence=(evidence,))))
    content = {"description": CURE}
    again = result.carry_over(lifted.checks, content, checks.run(content, source, chosen), source, chosen)
    assert rules_of(check_of(again)["findings"]) == [(CURE, "disease", "reader")]
