"""The verifier: what it is asked, and what of its answer counts. The models here are scripts: an honest one and lying ones."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.writing.verifier_answers import TERMS, answer, honest, reading, row
from writing import checks
from writing.checks import rates
from writing.output import Unusable
from writing.settings import WritingSettings
from writing.verifier import request, result, sentences, terms
from writing.verifier.choice import Verifier
from writing.verifier.verdicts import SentenceVerdict

SETS = Path(__file__).parent / "checks" / "sets"
TRUSTING = replace(TERMS, thresholds=replace(TERMS.thresholds, most_invented=1.0))
VERIFIER = Verifier("openai", "gpt-6-nano")
SOURCE: dict[str, Any] = {
    "name": "Trail Bottle",
    "description": "A bottle of stainless steel with a lid of cork. It keeps drinks cold for 12 hours. It is not suitable for "
    "carbonated drinks. The lid can be removed for washing.",
    "attributes": {"Capacity": "750 ml", "Dishwasher-safe": "No", "Colour": "forest green"},
}


def cases(every: int, *, lying: bool) -> list[rates.Case]:
    found = rates.read(SETS / "development_texts.jsonl", SETS / "development_products.jsonl")
    return [case for case in found if (case.lie is not None) == lying][::every]


def judged(text: str, *rows: dict[str, Any], trusting: bool = True, **more: Any) -> list[SentenceVerdict]:
    return reading(text, SOURCE, **more).judge({"sentences": list(rows)}, TRUSTING if trusting else TERMS)


def codes(*args: Any, **more: Any) -> list[str]:
    return [verdict.code for verdict in judged(*args, **more)]


# An honest model


def test_what_an_honest_model_names_becomes_a_finding() -> None:
    """At least 95 % of the lies that it names, in all ten languages."""
    missed, found = [], cases(6, lying=True)
    for case in found:
        read = reading(case.text, case.source, case.language)
        lie = case.lie or ""
        check = result.of(read.judge(answer(read, honest(lie, read)), TERMS), VERIFIER, TERMS)
        accused = [finding for finding in check["findings"] if finding["supported"] is False]
        if not any(finding["text"] in lie or lie in finding["text"] for finding in accused):
            missed.append(case.id)
        else:
            assert result.joined(read.report, check).score <= 0.59
    assert len(found) > 60
    assert len(missed) <= 0.05 * len(found), missed


def test_an_honest_model_leaves_honest_texts_alone() -> None:
    for case in cases(12, lying=False):
        read = reading(case.text, case.source, case.language)
        verdicts = read.judge(answer(read, honest("", read)), TERMS)
        assert [verdict for verdict in verdicts if verdict.supported is not True] == []


# Lying models


def test_nothing_passes_that_a_lying_model_invents() -> None:
    """It calls everything supported, with quotes that it makes of the sentence: none supports anything."""
    for case in cases(12, lying=True):
        read = reading(case.text, case.source, case.language)
        lies = answer(read, lambda number, sentence: row(number, "supported", f"As we know, {sentence}"))
        verdicts = read.judge(lies, TRUSTING)
        asked = {sentence.key for sentence in read.asked}
        assert {v.code for v in verdicts if v.sentence.key in asked} <= {"quote_not_in_source"}


def test_nothing_counts_that_a_lying_model_accuses_in_words_of_its_own() -> None:
    for case in cases(12, lying=False):
        read = reading(case.text, case.source, case.language)
        lies = answer(read, lambda number, _: row(number, "none", words="cures the common cold"))
        verdicts = read.judge(lies, TRUSTING)
        assert [verdict for verdict in verdicts if verdict.supported is False] == []


def test_an_answer_that_mostly_invents_counts_for_nothing() -> None:
    read = reading("It floats. It giggles. It is made of stainless steel.", SOURCE)
    lies = answer(read, lambda number, _: row(number, "supported", "a quote from nowhere"))
    with pytest.raises(Unusable) as refused:
        read.judge(lies, TERMS)
    assert refused.value.code == "verifier_unreliable"


@pytest.mark.parametrize(
    "quote",
    [
        "stainless bottle",  # words of the source in another order
        "stainless steel lid",  # put together
        "drinks cold … stainless steel",  # in the wrong order around what was left out
        "tainless stee",  # parts of words
        "12 months",
        "…",
        "!",
    ],
)
def test_a_quote_must_stand_in_the_source(quote: str) -> None:
    assert codes("It will last for years.", row(1, "supported", quote))[0] in ("quote_not_in_source", "no_quote")


@pytest.mark.parametrize(
    "quote",
    ["STAINLESS  steel", "“stainless\u00a0steel”", "A bottle … stainless steel", "stainless-steel", "Capacity: 750 ml"],
)
def test_case_marks_and_spaces_do_not_count_in_a_quote(quote: str) -> None:
    assert codes("A steel bottle of good capacity.", row(1, "supported", quote)) == ["quoted"]


def test_one_invented_quote_among_true_ones_is_enough() -> None:
    assert codes("A bottle of steel that floats.", row(1, "supported", "stainless steel", "it floats")) == [
        "quote_not_in_source"
    ]


def test_a_quote_that_is_cut_out_of_a_negation_is_refused() -> None:
    text = "Good for carbonated drinks too."
    assert codes(text, row(1, "supported", "suitable for carbonated drinks")) == ["quote_denies"]
    assert codes(text, row(1, "supported", "Dishwasher-safe: No")) == ["quote_denies"]
    assert codes(
        "You should not fill it with such drinks.", row(1, "supported", "not suitable for carbonated drinks")
    ) == ["quoted"]


def test_the_name_of_an_attribute_alone_states_nothing() -> None:
    assert codes("You can put it into the machine.", row(1, "supported", "Dishwasher-safe")) == ["quote_not_in_source"]


def test_a_quote_about_something_else_is_for_a_person_to_look_at() -> None:
    [verdict] = judged("It dawdles now and then.", row(1, "supported", "stainless steel"))
    assert (verdict.code, verdict.supported) == ("quote_unrelated", None)
    # Of a text in another language than the source's it can't be told.
    assert codes("Sie gähnt dann und wann.", row(1, "supported", "stainless steel"), language="de") == ["quoted"]


# Where model and tables differ


def test_what_the_tables_find_without_a_source_stays_so() -> None:
    read = reading("It holds 900 ml.", SOURCE)
    for said in (row(1, "supported", "750 ml"), row(1, "harmless")):
        [verdict] = read.judge({"sentences": [said]}, TRUSTING)
        assert verdict.code in ("tables_disagree", "quote_unrelated")
        report = result.joined(read.report, result.of([verdict], VERIFIER, TERMS))
        assert [claim["text"] for claim in report.unsupported] == ["900 ml"]


def test_a_disagreement_says_what_the_tables_found() -> None:
    [verdict] = judged("Keeps ice for 12 hours.", row(1, "none"))
    assert verdict.code == "no_source_but_traced"
    assert "“12 hours” to description" in verdict.reason
    [verdict] = judged("Keeps ice for 12 hours.", row(1, "harmless"))
    assert (verdict.code, verdict.supported) == ("states_something", True)


# The answer as a whole


def test_a_sentence_of_the_source_is_not_asked_about() -> None:
    read = reading("It keeps drinks cold for 12 hours. It giggles.", SOURCE)
    assert [sentence.text for sentence in read.asked] == ["It giggles."]
    assert [verdict.code for verdict in read.judge({"sentences": [row(1, "none")]}, TERMS)] == ["literal", "no_source"]


def test_half_of_a_sentence_that_the_source_denies_is_asked_about() -> None:
    assert len(reading("Suitable for carbonated drinks.", SOURCE).asked) == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"sentences": "supported"},
        {"sentences": [{"number": 1}, "harmless", None]},
        {"sentences": [row(7, "harmless"), row(0, "harmless"), row(-1, "harmless")]},
        {"sentences": [{"number": "1", "verdict": "harmless"}, {"number": 2, "verdict": "perhaps"}]},
    ],
)
def test_an_answer_that_judges_too_little_counts_for_nothing(data: dict[str, Any]) -> None:
    with pytest.raises(Unusable) as refused:
        reading("It giggles. It sneezes.", SOURCE).judge(data, TERMS)
    assert refused.value.code == "verifier_incomplete"


def test_a_sentence_without_a_verdict_is_for_a_person_to_look_at() -> None:
    text = "It giggles. It sneezes. It wobbles. It yawns. It dawdles."
    rows = [row(number, "harmless") for number in range(1, 5)]
    verdicts = judged(text, *rows)
    assert [verdict.code for verdict in verdicts] == ["harmless"] * 4 + ["not_judged"]
    check = result.of(verdicts, VERIFIER, TERMS)
    assert (check["passed"], "“It dawdles.”" in check["detail"]) == (False, True)


def test_a_finding_says_where_its_words_stand() -> None:
    content = {
        "short_description": "It giggles.",
        "description": "<p>Steel.</p><ul><li>Now &amp; then it  GIGGLES!</li></ul>",
    }
    read = reading("", SOURCE)
    settings = WritingSettings()
    read = type(read).of(content, checks.run(content, read.facts, settings), read.facts, settings)
    by_text = {sentence.text: number for number, sentence in enumerate(read.asked, 1)}
    rows = [row(number, "none", words="then it giggles" if "then" in text else "") for text, number in by_text.items()]
    findings = {v.sentence.text: v.as_finding() for v in read.judge({"sentences": rows}, TERMS)}
    finding = findings["Now & then it GIGGLES!"]
    assert (finding["field"], finding["text"], finding["start"], finding["end"]) == (
        "description",
        "then it GIGGLES",
        13,
        28,
    )


# Sentences


def test_sentences_end_where_they_end() -> None:
    text = "It weighs 3.5 kg, approx. as much as z. B. No. 5 of them. Good! 12 l.\nFür die 3. Saison? „Ja.“ Ende"
    found = [sentence.text for sentence in sentences.of({"description": text})]
    assert found[0].endswith("of them.")
    assert found[1:] == ["Good!", "12 l.", "Für die 3. Saison?", "„Ja.“", "Ende"]
    assert all(text[p.start : p.end] == s.text for s in sentences.of({"description": text}) for p in s.places)


def test_a_sentence_said_twice_is_asked_once() -> None:
    [sentence] = sentences.of({"short_description": "It giggles.", "bullet_points": ["it giggles"]})
    assert [place.field for place in sentence.places] == ["short_description", "bullet_points[0]"]


# An edited text


def test_an_edit_keeps_the_verdicts_on_what_it_leaves() -> None:
    read = reading("It giggles. It sneezes.", SOURCE)
    earlier = result.of(read.judge({"sentences": [row(1, "none"), row(2, "harmless")]}, TERMS), VERIFIER, TERMS)

    def edited(text: str) -> checks.CheckReport:
        content = {"description": text}
        report = checks.run(content, read.facts, read.settings)
        return result.carried([earlier], content, report, read.facts, read.settings)

    assert [claim["text"] for claim in edited("New words. It giggles.").unsupported] == ["It giggles."]
    mended = edited("It sneezes. New words.")
    assert mended.unsupported == []
    assert [(f["text"], f["code"]) for f in mended.checks[-1]["findings"]] == [
        ("It sneezes.", "harmless"),
        ("New words.", "edited"),
    ]
    assert mended.checks[-1]["passed"] is True


# What is asked


def test_the_request_numbers_the_sentences_and_quotes_the_source() -> None:
    read = reading("It giggles. It sneezes.", SOURCE)
    prompt = request.prompt(read.facts, read.asked, read.settings, VERIFIER, TERMS)
    assert prompt.system == TERMS.text
    assert '{"number": 2, "text": "It sneezes."}' in prompt.user
    assert '"attributes.Capacity": "750 ml"' in prompt.user
    assert prompt.schema == TERMS.schema


def test_a_long_source_is_cut_to_the_window() -> None:
    small = replace(VERIFIER, context_window=4_096)
    read = reading("It giggles.", {**SOURCE, "description": "It keeps drinks cold. " * 2_000})
    prompt = request.prompt(read.facts, read.asked, read.settings, small, TERMS)
    assert request.input_tokens(TERMS, prompt.user, small) + prompt.max_output_tokens <= 4_096


def parameters(**change: Any) -> dict[str, Any]:
    thresholds = {"shortest_quote": 2, "least_judged": 0.8, "most_invented": 0.34, "related": True}
    return {"schema": TERMS.schema, "thresholds": {**thresholds, **change}}


def test_terms_that_the_verifier_could_not_work_with_are_refused() -> None:
    terms.check(parameters())
    for wrong in (
        {},
        {"schema": {}, "thresholds": parameters()["thresholds"]},
        parameters(least_judged=2),
        parameters(shortest_quote=0),
        parameters(related=1),
        parameters(more=1),
        {**parameters(), "schema": {"type": "object", "properties": {"sentences": {"items": {"properties": {}}}}}},
    ):
        with pytest.raises(terms.InvalidInput):
            terms.check(wrong)


def test_work_on_a_long_text_is_linear() -> None:
    """A quote that begins everywhere is looked at in few places."""
    words = " ".join(itertools.repeat("not steel", 20_000))
    read = reading("It giggles.", {**SOURCE, "description": words})
    assert read.source.find("steel " * 50) is None
