"""The second model reads a translation against its original: what it is asked, and what of its answer counts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.writing.verifier_answers import VERIFIER, answer
from writing import checks, facts, quotes
from writing.bill import Call
from writing.facts import Original
from writing.settings import WritingSettings
from writing.verifier import result, sentences, terms, translations
from writing.verifier.batches import PartAnswer
from writing.verifier.request import ReadingPart, ReadingRequest
from writing.verifier.second import ReadingBudget, SecondReading
from writing.verifier.terms import VerifierTerms
from writing.verifier.verdicts import Reading

pytestmark = pytest.mark.django_db
ORIGINAL = {"name": "Rings", "description": "Wooden rings for toddlers. Do not boil them. They float."}
SOURCE = replace(facts.read(ORIGINAL), original=Original(ORIGINAL, "en"), cache={})
SETTINGS = WritingSettings(language="de", grounding="read", verifier=VERIFIER)
DRAFT = "Holzringe für Schulkinder. Sie schwimmen."


class Editor:
    """A model that finds every sentence stated, and says of some what is wrong (`~…`), or that a passage lacks."""

    def __init__(self, wrong: dict[str, str] | None = None, lacking: tuple[str, ...] = ()) -> None:
        self.wrong, self.lacking = wrong or {}, lacking
        self.prompts: list[str] = []

    async def ask(self, part: ReadingPart, used: VerifierTerms) -> PartAnswer:
        asked = ReadingRequest([part], VERIFIER, used)
        self.prompts.append(asked.prompt.user)

        def says(text: str, known: dict[int, Any]) -> str:
            own = max(number for number, one in known.items() if one.is_original)
            named = next((n for n, one in known.items() if one.line == self.wrong.get(f"passage of {text}")), own)
            return f"{named} {self.wrong.get(text, '')}"

        lines = answer(asked, says)["answers"]
        lines += [
            f"{number}:~" for number, (_, one) in asked.passages.items() if one.is_original and one.line in self.lacking
        ]
        [found] = asked.read({"answers": lines})
        assert isinstance(found, dict), found
        return PartAnswer(found, None, Call.cut_off(asked.prompt, VERIFIER))


def reading(editor: Editor) -> SecondReading:
    budget = ReadingBudget(10**9, Decimal(10**6), Decimal(1))
    return SecondReading(SOURCE, SETTINGS, VERIFIER, budget, [], editor)  # type: ignore[arg-type]


def read(second: SecondReading, text: str) -> checks.CheckReport:
    content = {"name": "Ringe", "description": text}
    return asyncio.run(second.read(content, checks.run(content, SOURCE, SETTINGS)))


def found(report: checks.CheckReport) -> list[tuple[str, str, str]]:
    row = next(check for check in report.checks if check["id"] == "translation")
    rows = [one for one in row["findings"] if one.get("found_by") == "reader"]
    assert not rows or row["passed"] is False
    return [(one["code"], one["field"], one.get("text") or one["detail"]) for one in rows]


def test_a_wrong_word_and_a_statement_that_is_left_out_fail_the_translation() -> None:
    editor = Editor({"Holzringe für Schulkinder.": "~für Schulkinder"}, lacking=("Do not boil them.",))
    report = read(reading(editor), DRAFT)
    assert found(report) == [
        ("mistranslated", "description", "für Schulkinder"),
        ("omitted", "description", "The translation leaves out “Do not boil them.”."),
    ]
    assert report.flagged
    row = next(check for check in report.checks if check["id"] == "translation")
    place = row["findings"][0]
    assert DRAFT[place["start"] : place["end"]] == "für Schulkinder"


def test_words_that_the_sentence_does_not_say_count_for_nothing() -> None:
    assert found(read(reading(Editor({"Sie schwimmen.": "~fliegen|"})), DRAFT)) == []


def test_the_model_is_told_which_passages_are_the_original() -> None:
    editor = Editor()
    read(reading(editor), DRAFT)
    [prompt] = editor.prompts
    assert "# Its text in German, a translation of 5 to 8" in prompt
    assert "8 They float." in prompt


def test_what_a_later_draft_says_is_left_out_no_more_and_what_was_not_asked_again_stays() -> None:
    missing = "Do not boil them."
    editor = Editor(lacking=(missing, "They float."))
    second = reading(editor)
    assert [code for code, _, _ in found(read(second, DRAFT))] == ["omitted", "omitted"]
    editor.lacking, editor.wrong = (), {"passage of Nicht kochen.": missing}
    report = read(second, f"{DRAFT} Nicht kochen.")
    assert found(report) == [("omitted", "description", "The translation leaves out “They float.”.")]
    assert "a part of a translation" in editor.prompts[1]


def test_search_words_whose_translations_nobody_shows_the_model_are_not_left_out() -> None:
    original = {**ORIGINAL, "tags": ["gift idea"], "seo": {"focus_keyword": "baby toy"}}
    source = replace(SOURCE, original=Original(original, "en"), cache={})
    second = replace(reading(Editor(lacking=("gift idea", "baby toy"))), facts=source)
    content = {
        "name": "Ringe",
        "description": DRAFT,
        "tags": ["Geschenkidee"],
        "seo": {"focus_keyword": "Babyspielzeug"},
    }
    assert found(asyncio.run(second.read(content, checks.run(content, source, SETTINGS)))) == []


LIKED = {"name": "Rings", "description": "Wooden rings. Keep them away from water. They do not float for long."}
SAID = "Holzringe. Kein Wasser! Sie schwimmen kurz."  # the tables miss the denial of the last sentence


def read_liked(editor: Editor, text: str) -> checks.CheckReport:
    source = replace(facts.read(LIKED), original=Original(LIKED, "en"), cache={})
    second = reading(editor)
    second.facts = source
    content = {"name": "Ringe", "description": text}
    return asyncio.run(second.read(content, checks.run(content, source, SETTINGS)))


def denials(report: checks.CheckReport) -> list[tuple[str, str]]:
    row = next(check for check in report.checks if check["id"] == "translation")
    assert row["passed"] is not any(one["level"] == "error" for one in row["findings"])
    return [(one["code"], one["level"]) for one in row["findings"] if one["code"].startswith("negation")]


@pytest.mark.parametrize(
    ("text", "said"),
    [(SAID, "Sie schwimmen kurz."), ("Holzringe. Vor Wasser schützen, sie schwimmen kurz.", "Holzringe.")],
    ids=["sentence by sentence", "as a whole"],
)
def test_a_denial_that_the_tables_miss_is_a_warning_where_the_model_finds_the_text_right(text: str, said: str) -> None:
    assert denials(read_liked(Editor(), text)) == [("negation_lost", "warning")]
    wrong = read_liked(Editor({said: f"~{said[:-1]}"}), text)
    assert denials(wrong) == [("negation_lost", "error")]


@pytest.mark.parametrize(
    ("original", "level"), [("Charged in a good while.", "warning"), ("Charged in 50 minutes.", "error")]
)
def test_a_number_is_the_models_to_judge_where_the_original_has_it_in_words(original: str, level: str) -> None:
    before = {"name": "Drill", "description": f"A drill. {original}"}
    source = replace(facts.read({"name": "Drill"}), original=Original(before, "en"), cache={})
    second = reading(Editor({f"passage of {said}": original for said in ("In 45 Minuten geladen.",)}))
    second.facts = source
    content = {"name": "Bohrer", "description": "Ein Bohrer. In 45 Minuten geladen."}
    report = asyncio.run(second.read(content, checks.run(content, source, SETTINGS)))
    row = next(check for check in report.checks if check["id"] == "translation")
    assert [one["level"] for one in row["findings"] if one["code"] == "number_added"] == [level]
    assert bool(report.unsupported) is (level == "error")


def test_an_edit_keeps_what_was_judged_right_where_the_sentence_stays() -> None:
    report = read_liked(Editor(), SAID)
    source = replace(facts.read(LIKED), original=Original(LIKED, "en"), cache={})

    def edited(text: str) -> list[tuple[str, str]]:
        content = {"name": "Ringe", "description": text}
        return denials(
            result.carry_over(report.checks, content, checks.run(content, source, SETTINGS), source, SETTINGS)
        )

    assert edited(SAID.replace("Holzringe", "Ringe aus Holz")) == [("negation_lost", "warning")]
    assert edited(SAID.replace("kurz", "lange")) == [("negation_lost", "error")]


def test_an_edit_keeps_the_findings_whose_words_still_stand_there() -> None:
    report = read(reading(Editor({"Holzringe für Schulkinder.": "~für Schulkinder"})), DRAFT)

    def edited(text: str) -> checks.CheckReport:
        content = {"name": "Ringe", "description": text}
        return result.carry_over(report.checks, content, checks.run(content, SOURCE, SETTINGS), SOURCE, SETTINGS)

    assert found(edited(f"Neu: {DRAFT}")) == [("mistranslated", "description", "für Schulkinder")]
    assert found(edited("Holzringe für Kleinkinder. Sie schwimmen.")) == []


def test_what_is_left_out_stays_until_its_field_is_edited() -> None:
    report = read(reading(Editor(lacking=("They float.",))), DRAFT)
    [omitted] = found(report)

    def edited(**texts: str) -> checks.CheckReport:
        content = {"name": "Ringe", "description": DRAFT, **texts}
        return result.carry_over(report.checks, content, checks.run(content, SOURCE, SETTINGS), SOURCE, SETTINGS)

    assert found(edited()) == [omitted]  # as a check again does
    assert found(edited(name="Holzringe")) == [omitted]
    assert found(edited(description=f"{DRAFT} Sie schwimmen oben.")) == []


def test_of_a_text_that_is_not_read_to_its_end_nothing_is_called_left_out() -> None:
    editor = Editor(lacking=("They float.",))
    long = " ".join(f"Hier steht der Satz {number} allein." for number in range(sentences.MOST + 1))
    assert found(read(reading(editor), long)) == []
    assert "a part of a translation" in editor.prompts[0]


def test_the_quote_of_a_translation_counts_what_the_model_is_told() -> None:
    told = quotes.translation(400, SETTINGS).reading
    plain = quotes.quote(facts.read(ORIGINAL), SETTINGS).reading
    assert told is not None
    assert plain is not None
    assert told.input_tokens > plain.input_tokens + len(translations.TERMS) // 6


def test_a_text_that_is_no_translation_is_asked_about_as_before() -> None:
    content, plain = {"name": "Rings", "description": "Wooden rings."}, facts.read(ORIGINAL)
    settings = replace(SETTINGS, language="en")
    asked = Reading.of(content, checks.run(content, plain, settings), plain, settings)
    parts = [ReadingPart(settings, asked.passages, asked.asked, whole=True)]
    assert "translation" not in ReadingRequest(parts, VERIFIER, terms.active()).prompt.user
