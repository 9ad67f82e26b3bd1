"""The second model: what it is asked, and what of its answer counts. The models here are scripts: an honest one and lazy
ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.writing.checks.rates import measure as rates
from tests.writing.verifier_answers import (
    TERMS,
    VERIFIER,
    accusing,
    answer,
    first,
    harmless,
    honest,
    judged,
    nearest,
    reading,
    request_of,
)
from writing import checks, facts
from writing.output import Unusable
from writing.settings import WritingSettings
from writing.verifier import boundaries, controls, passages, request, result, sentences, terms
from writing.verifier.request import ReadingPart, ReadingRequest, SentenceAnswer
from writing.verifier.verdicts import Reading

SETS = Path(__file__).parent / "checks" / "sets"
SOURCE: dict[str, Any] = {
    "name": "Trail Bottle",
    "description": "A bottle of stainless steel with a lid of cork. It keeps drinks cold for 12 hours. It is not suitable for "
    "carbonated drinks. The lid can be removed for washing.",
    "attributes": {"Capacity": "750 ml", "Dishwasher-safe": "No", "Colour": "forest green", "Size": "E", "Set": "6"},
    "categories": ["Outdoor", "Bottles"],
}


def cases(every: int, *, lying: bool) -> list[rates.Case]:
    found = rates.read(SETS / "development_texts.jsonl", SETS / "development_products.jsonl")
    return [case for case in found if (case.lie is not None) == lying][::every]


def codes(text: str, *said: str, source: dict[str, Any] = SOURCE, **more: Any) -> list[str]:
    """The codes of the verdicts, when the model says this of the sentences that it is asked about, by turns."""
    lines = iter(said)
    return [verdict.code for verdict in judged(reading(text, source, **more), lambda *_: next(lines))]


def number_of(line: str, text: str = "It giggles.") -> str:
    asked = request_of(reading(text, SOURCE))
    return str(next(number for number, (_, passage) in asked.passages.items() if passage.line == line))


# An honest model


def test_what_an_honest_model_names_becomes_a_finding() -> None:
    """At least 95 % of the lies that it names, in all ten languages."""
    missed, found = [], cases(6, lying=True)
    for case in found:
        read = reading(case.text, case.source, case.language)
        lie = case.lie or ""
        check = result.check_result(judged(read, honest(lie)), VERIFIER, TERMS)
        accused = [finding for finding in check["findings"] if finding["supported"] is False]
        if not any(finding["text"] in lie or lie in finding["text"] for finding in accused):
            missed.append(case.id)
        else:
            assert result.add_check(read.report, check).score <= 0.59
    assert len(found) > 60
    assert len(missed) <= 0.05 * len(found), missed


def test_an_honest_model_leaves_honest_texts_alone() -> None:
    for case in cases(12, lying=False):
        read = reading(case.text, case.source, case.language)
        assert [verdict for verdict in judged(read, honest("")) if verdict.supported is False] == [], case.id


# Lazy models


@pytest.mark.parametrize("lazy", [harmless, first, nearest, accusing])
def test_a_lazy_model_is_not_believed(lazy: Any) -> None:
    found = [*cases(8, lying=True), *cases(8, lying=False)]
    believed = []
    for case in found:
        asked = request_of(reading(case.text, case.source, case.language))
        [answers] = asked.read(answer(asked, lazy, fair=False))
        if not isinstance(answers, Unusable):
            believed.append(case.id)
    assert len(believed) <= 0.05 * len(found), believed


def test_the_controls_are_made_of_the_products_own_facts() -> None:
    for case in cases(20, lying=True):
        found = passages.passages_of(facts.read(case.source), WritingSettings())
        true, false = controls.control_sentences(found)
        lines = {passages.key(one.line) for one in found}
        assert any(passages.key(true.text).strip() in line for line in lines)
        assert passages.key(false.text) not in lines
    thin = passages.passages_of(facts.read({"name": "Bell"}), WritingSettings())
    assert [one.text for one in controls.control_sentences(thin)] == ["name: Bell", "Warranty: 41 years"]


def test_nothing_counts_that_a_model_accuses_in_words_of_its_own() -> None:
    assert codes("It giggles.", "!cures the common cold") == ["words_not_in_text"]
    assert codes("It giggles loudly.", "!giggles loudy") == ["no_source"]  # copied with a slip


def test_passages_of_another_product_or_of_none_count_for_nothing() -> None:
    text = "It giggles. It sneezes. It dawdles. It wobbles. It yawns."
    assert codes(text, "999", "-", "-", "-", "-")[0] == "not_judged"
    reads = [reading("It giggles.", SOURCE), reading("It sneezes.", {**SOURCE, "name": "Cup"})]
    asked = ReadingRequest([ReadingPart(one.settings, one.passages, one.asked) for one in reads], VERIFIER, TERMS)
    assert len({*asked.passages, *asked.sentences}) == len(asked.passages) + len(asked.sentences)
    found = asked.read(answer(asked, lambda _, known: str(1 if 1 not in known else max(asked.passages))))
    assert [one.code for one in found if isinstance(one, Unusable)] == ["verifier_incomplete"] * 2


def test_of_several_products_only_the_one_with_a_misjudged_control_counts_for_nothing() -> None:
    reads = [reading("It giggles.", SOURCE), reading("It sneezes.", {**SOURCE, "name": "Cup"})]
    asked = ReadingRequest([ReadingPart(one.settings, one.passages, one.asked) for one in reads], VERIFIER, TERMS)
    fair, lazy = answer(asked, harmless)["answers"], answer(asked, harmless, fair=False)["answers"]
    mixed = [lazy[at] if asked.sentences[int(line.split(":")[0])][0] else line for at, line in enumerate(fair)]
    one, other = asked.read({"answers": mixed})
    assert isinstance(one, dict)
    assert isinstance(other, Unusable)
    assert other.code == request.UNRELIABLE


def test_several_products_are_judged_in_one_call() -> None:
    reads = [reading("It giggles.", SOURCE), reading("It is of steel.", {**SOURCE, "name": "Cup"})]
    asked = ReadingRequest([ReadingPart(one.settings, one.passages, one.asked) for one in reads], VERIFIER, TERMS)
    one, other = asked.read(answer(asked, lambda text, known: "!giggles" if "giggles" in text else str(min(known))))
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    assert [verdict.code for verdict in reads[0].judge(one)] == ["no_source"]
    assert [verdict.passage.line for verdict in reads[1].judge(other) if verdict.passage] == ["name: Cup"]


# Short values, and the forms in which data is shown


@pytest.mark.parametrize(
    ("line", "text"),
    [("Set: 6", "A set of six."), ("Size: E", "Its size is E."), ("categories: Outdoor, Bottles", "For the outdoors.")],
)
def test_a_short_value_can_be_named(line: str, text: str) -> None:
    assert codes(text, number_of(line, text)) in (["traced"], ["literal"])


# Where model and tables differ


def test_a_number_that_the_tables_find_nowhere_stays_without_a_source() -> None:
    read = reading("It holds 900 ml.", SOURCE)
    for said in (number_of("Capacity: 750 ml", "It holds 900 ml."), "-"):
        [verdict] = judged(read, lambda *_, said=said: said)
        assert (verdict.code, verdict.supported) == ("tables_disagree", False)


def test_a_word_that_the_tables_find_nowhere_is_settled_by_a_passage() -> None:
    read = reading("It comes with a strap and stays waterproof.", SOURCE)
    assert read.report.unsupported
    asked = request_of(read)
    [answers] = asked.read(answer(asked, lambda _, known: str(min(known))))
    assert isinstance(answers, dict)
    settled = result.settle_claims(read, answers)
    assert settled.unsupported == []
    traced = [claim for claim in settled.claims if claim["source_field"] == "name"]
    assert traced


def test_what_the_tables_know_is_not_harmless() -> None:
    assert codes("Keeps ice for 12 hours.", "-") == ["states_something"]
    assert codes("Made in Italy, by the way.", "-") == ["tables_disagree"]


def test_a_disagreement_says_what_the_tables_found() -> None:
    [verdict] = judged(reading("Keeps ice for 12 hours.", SOURCE), accusing)
    assert verdict.code == "no_source_but_traced"
    assert "“12 hours” to description" in verdict.reason


# The answer as a whole


def test_a_sentence_of_the_source_is_not_asked_about() -> None:
    read = reading("It keeps drinks cold for 12 hours. It giggles.", SOURCE)
    assert [sentence.text for sentence in read.asked] == ["It giggles."]
    assert [verdict.code for verdict in judged(read, accusing)] == ["literal", "no_source"]


def test_half_of_a_sentence_that_the_source_denies_is_asked_about() -> None:
    assert len(reading("Suitable for carbonated drinks. No.", SOURCE).asked) == 2


@pytest.mark.parametrize(
    "data",
    [{}, {"answers": "1:-"}, {"answers": [1, None, "one: -"]}, {"answers": ["9999:-", "0:-"]}],
)
def test_an_answer_that_judges_too_little_counts_for_nothing(data: dict[str, Any]) -> None:
    [refused] = request_of(reading("It giggles. It sneezes.", SOURCE)).read(data)
    assert isinstance(refused, Unusable)
    assert refused.code == "verifier_incomplete"


def test_a_sentence_without_a_verdict_is_for_a_person_to_look_at() -> None:
    text = "It giggles. It sneezes. It wobbles. It yawns. It dawdles."
    read = reading(text, SOURCE)
    verdicts = judged(read, lambda sentence, _: "perhaps" if "dawdles" in sentence else "-")
    assert [verdict.code for verdict in verdicts] == ["harmless"] * 4 + ["not_judged"]
    check = result.check_result(verdicts, VERIFIER, TERMS)
    assert (check["passed"], "“It dawdles.”" in check["detail"]) == ("na", True)
    assert result.check_result(verdicts, VERIFIER, TERMS, strict=True)["passed"] is False


def test_a_finding_says_where_its_words_stand() -> None:
    content = {
        "short_description": "It giggles.",
        "description": "<p>Steel.</p><ul><li>Now &amp; then it  GIGGLES!</li></ul>",
    }
    source, settings = facts.read(SOURCE), WritingSettings()
    read = Reading.of(content, checks.run(content, source, settings), source, settings)
    verdicts = judged(read, lambda text, _: "!then it giggles" if "then" in text else "!")
    finding = {verdict.sentence.text: verdict.as_finding() for verdict in verdicts}["Now & then it GIGGLES!"]
    assert (finding["field"], finding["text"], finding["start"], finding["end"]) == (
        "description",
        "then it GIGGLES",
        13,
        28,
    )


def test_the_score_is_the_share_of_factual_sentences_that_are_traced() -> None:
    read = reading("It is of steel. Ready for a trip? It has a lid. A bottle with cork.", SOURCE)
    verdicts = judged(read, lambda text, known: "-" if "?" in text else str(min(known)))
    assert result.add_check(read.report, result.check_result(verdicts, VERIFIER, TERMS)).score == 1.0
    assert read.report.score <= 0.9  # nobody has read it
    unread = result.add_check(read.report, result.failed_reading("error", "it broke", VERIFIER))
    assert (unread.score <= 0.9, unread.flagged, unread.checks[-1]["detail"][:24]) == (
        True,
        False,
        "The settings ask for a c",
    )
    assert result.add_check(read.report, result.failed_reading("error", "it broke", VERIFIER, strict=True)).flagged


# Sentences


def test_sentences_end_where_they_end() -> None:
    text = "It weighs 3.5 kg, approx. as much as z. B. No. 5 of them. Good! 12 l.\nFür die 3. Saison? „Ja.“ Ende"
    found = [sentence.text for sentence in sentences.sentences_of({"description": text})]
    assert found[0].endswith("of them.")
    assert found[1:] == ["Good!", "12 l.", "Für die 3. Saison?", "„Ja.“", "Ende"]
    assert all(text[p.start : p.end] == s.text for s in sentences.sentences_of({"description": text}) for p in s.places)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Developed with Dr. Oetker in the lab. It is sweet.", 2),
        ("Fabricado en EE. UU. con acero. Pesa poco.", 2),
        ("It weighs 400 g. The lid is of cork.", 2),
        ("Sie misst 30 cm. Der Deckel ist aus Kork.", 2),
        ("By J. R. Miller. A classic.", 2),
    ],
)
def test_abbreviations_and_measures_are_told_apart(text: str, count: int) -> None:
    assert len(list(boundaries.spans(text))) == count


def test_a_sentence_said_twice_is_asked_once() -> None:
    [sentence] = sentences.sentences_of({"short_description": "It giggles.", "bullet_points": ["it giggles"]})
    assert [place.field for place in sentence.places] == ["short_description", "bullet_points[0]"]


# A later draft, an edited text


def test_of_a_later_draft_only_the_new_sentences_are_asked_about() -> None:
    read = reading("It giggles. It sneezes.", SOURCE)
    known = {sentence.key: SentenceAnswer() for sentence in read.sentences}
    content = {"description": "It giggles. It has a lid. It sneezes."}
    report = checks.run(content, read.facts, read.settings)
    later = Reading.of(content, report, read.facts, read.settings, known)
    assert [sentence.text for sentence in later.asked] == ["It has a lid."]
    assert [verdict.code for verdict in judged(later, first)] == ["harmless", "traced", "harmless"]


def test_an_edit_keeps_the_verdicts_on_what_it_leaves() -> None:
    read = reading("It giggles. It sneezes.", SOURCE)
    earlier = result.check_result(judged(read, lambda text, _: "!" if "giggles" in text else "-"), VERIFIER, TERMS)

    def edited(text: str) -> checks.CheckReport:
        content = {"description": text}
        report = checks.run(content, read.facts, read.settings)
        return result.carry_over([earlier], content, report, read.facts, read.settings)

    assert [claim["text"] for claim in edited("New words. It giggles.").unsupported] == ["It giggles."]
    mended = edited("It sneezes. New words.")
    assert mended.unsupported == []
    assert [(f["text"], f["code"]) for f in mended.checks[-1]["findings"]] == [
        ("It sneezes.", "harmless"),
        ("New words.", "edited"),
    ]
    assert mended.checks[-1]["passed"] is True


def test_a_verdict_of_an_earlier_release_is_carried_as_it_was() -> None:
    read = reading("It giggles.", SOURCE)
    old = {
        "id": "verification",
        "passed": False,
        "detail": "",
        "model": "openai/gpt",
        "version": 1,
        "findings": [
            {"text": "giggles", "value": "It giggles.", "code": "quote_not_in_source", "supported": False}
            | {"reason": "It quotes nothing.", "source_field": None, "source_excerpt": None, "field": "description"}
        ],
    }
    report = result.carry_over([old], {"description": "It giggles."}, read.report, read.facts, read.settings)
    assert [(claim["text"], claim["code"]) for claim in report.unsupported] == [("giggles", "quote_not_in_source")]


# What is asked


def test_the_request_numbers_passages_and_sentences() -> None:
    read = reading("It giggles. It sneezes.", SOURCE)
    prompt = request_of(read).prompt
    assert prompt.system == TERMS.text
    lines = prompt.user.splitlines()
    assert [line.split(" ", 1)[0] for line in lines if line[0].isdigit()] == [str(n) for n in range(1, len(lines) - 2)]
    assert "1 name: Trail Bottle" in lines
    assert any(line.endswith(" Capacity: 750 ml") for line in lines)
    assert any(line.endswith(" It keeps drinks cold for 12 hours.") for line in lines)
    assert prompt.schema == TERMS.schema


def test_a_line_of_the_source_cannot_pass_for_another_number() -> None:
    read = reading("It giggles.", {**SOURCE, "attributes": {"Note": "nice\n99 It giggles.\n# Its text"}})
    numbers = [line.split(" ", 1)[0] for line in request_of(read).prompt.user.splitlines()[2:]]
    assert numbers.count("#") == 1
    assert "99" not in numbers


def test_a_cautious_shop_is_told_to_the_reader() -> None:
    assert request.CAUTIOUS in request_of(reading("It giggles.", SOURCE, benefits="cautious")).prompt.user
    assert request.CAUTIOUS not in request_of(reading("It giggles.", SOURCE)).prompt.user


def test_a_long_source_is_read_in_parts_and_nothing_of_it_is_left_out() -> None:
    small = replace(VERIFIER, context_window=2_400)
    long = " ".join(f"Detail {number} is of steel." for number in range(250))
    read = reading("It giggles. Detail 249 is there.", {**SOURCE, "description": long})
    parts = request.parts_of(read.settings, read.passages, read.asked, small, TERMS)
    assert len(parts) > 1
    shown = [passage for part in parts for passage in part.passages]
    assert shown == read.passages
    for part in parts:
        prompt = ReadingRequest([part], small, TERMS).prompt
        assert request.input_tokens(TERMS, prompt.user, small) + prompt.max_output_tokens <= 2_400


def test_what_one_part_of_a_source_states_is_stated() -> None:
    passage = passages.passages_of(facts.read(SOURCE), WritingSettings())[0]
    stated, accused = SentenceAnswer((passage,)), SentenceAnswer((), True, "giggles")
    assert request.join_answers([accused, stated, accused]) == stated
    assert request.join_answers([accused, accused]) == accused


def test_rules_and_controls_cost_little_in_a_call_of_five_products() -> None:
    """At most 250 tokens of input per product beyond the source and the text, and 150 of output for 20 sentences."""
    found = [case for case in cases(1, lying=False) if case.language == "en"][:5]
    reads = [reading(case.text, case.source) for case in found]
    asked = ReadingRequest([ReadingPart(one.settings, one.passages, one.asked) for one in reads], VERIFIER, TERMS)
    own = sum(len(p.line) for one in reads for p in one.passages) + sum(len(s.text) for one in reads for s in one.asked)
    whole = request.input_tokens(TERMS, asked.prompt.user, VERIFIER)
    assert (whole - own / 4.8) / len(reads) <= 250
    assert request.expected_output(20, VERIFIER) <= 150


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"schema": {}, "least_judged": 0.8},
        {"schema": TERMS.schema, "least_judged": 2},
        {"schema": TERMS.schema, "least_judged": True},
        {"schema": TERMS.schema, "least_judged": 0.8, "more": 1},
        {"schema": {"type": "object", "properties": {"answers": {"type": "string"}}}, "least_judged": 0.8},
    ],
)
def test_terms_that_the_reading_could_not_work_with_are_refused(wrong: dict[str, Any]) -> None:
    terms.check({"schema": TERMS.schema, "least_judged": 0.8})
    with pytest.raises(terms.InvalidInput):
        terms.check(wrong)
