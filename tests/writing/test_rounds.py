"""The rounds of a text, asked of a model on localhost: how often, with how much room, and which draft is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from integrations.ai.caller import Caller
from integrations.ai.types import Brief, Prompt
from tests.fakes.anthropic import Anthropic
from writing import bill
from writing.checks import CheckReport
from writing.output import Unusable
from writing.rounds import Draft, Rounds
from writing.settings import WritingSettings

pytestmark = pytest.mark.django_db(transaction=True)

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name"],
    "additionalProperties": False,
}
ASKED = WritingSettings(provider="anthropic", model="claude-haiku-5-5")
PROMPT = Prompt(system="Write.", user="{}", schema=SCHEMA, max_output_tokens=500, brief=Brief(facts={"name": "Mug"}))


@pytest.fixture
def model() -> Iterator[Anthropic]:
    with Anthropic() as fake:
        yield fake


def report(*, score: float = 0.9, passed: bool = True) -> CheckReport:
    """What the checks say of a draft that is not flagged."""
    check = {"id": "limits", "passed": passed, "detail": "description: too long", "findings": []}
    return CheckReport([check], {}, score, flagged=False)


def written(model: Anthropic, *reports: CheckReport | None, tokens_max: int = 100_000) -> Rounds[str]:
    """The rounds after they ran; the drafts are judged by `reports` in turn."""
    verdicts = list(reports)

    def judge(data: dict[str, Any]) -> Draft[str]:
        return Draft(f"draft {len(reports) - len(verdicts) + 1}", verdicts.pop(0), data)

    async def work() -> Rounds[str]:
        async with Caller("anthropic", ASKED.model, "key", model.url) as caller:
            rounds = Rounds(caller, ASKED, judge, tokens_max=tokens_max, stop=lambda: False)
            await rounds.write(PROMPT)
            return rounds

    return asyncio.run(work())


def test_a_failed_check_is_repaired_though_the_draft_is_not_flagged(model: Anthropic) -> None:
    rounds = written(model, report(passed=False, score=0.8), report())
    best = rounds.best()
    assert best is not None
    assert best.content == "draft 2"
    assert [(call.outcome, call.kept) for call in rounds.calls] == [("replaced", False), ("ok", True)]
    assert "too long" in model.seen[1].user


def test_there_is_one_repair_and_the_better_draft_is_kept(model: Anthropic) -> None:
    rounds = written(model, report(passed=False, score=0.8), report(passed=False, score=0.7))
    best = rounds.best()
    assert best is not None
    assert best.content == "draft 1"
    assert len(model.seen) == 2


def test_a_repair_that_leaves_an_unlawful_sentence_out_is_kept_at_the_same_score(model: Anthropic) -> None:
    finding = {"rule": "disease", "severity": "warn", "detail": "cures acne", "field": "name"}
    law = {"id": "law", "passed": False, "detail": "name: cures acne", "findings": [finding]}
    best = written(model, CheckReport([law], {}, 0.9, flagged=True), report()).best()
    assert best is not None
    assert best.content == "draft 2"


def test_a_text_without_anything_to_check_it_against_is_written_once(model: Anthropic) -> None:
    assert written(model, None).best() is not None
    assert len(model.seen) == 1


def test_an_answer_that_was_cut_off_gets_the_room_that_the_quote_leaves(model: Anthropic) -> None:
    model.script("truncated", "truncated")
    rounds = written(model, tokens_max=100_000)
    assert [seen.raw["max_tokens"] for seen in model.seen] == [500, 1000]
    assert isinstance(rounds.problem, Unusable)
    assert rounds.best() is None

    read = rounds.calls[0].tokens["input_tokens"]
    model.seen.clear()
    model.script("truncated", "truncated")
    written(model, tokens_max=read + 700)
    assert [seen.raw["max_tokens"] for seen in model.seen] == [500, 700]

    model.seen.clear()
    model.script("truncated")
    written(model, tokens_max=read + 500)
    assert len(model.seen) == 1


def test_a_repair_that_could_pass_the_quoted_maximum_is_not_made(model: Anthropic) -> None:
    rounds = written(model, report(passed=False), tokens_max=100)
    assert rounds.best() is not None
    assert len(model.seen) == 1


def test_a_provider_that_fails_in_the_repair_leaves_the_draft(model: Anthropic) -> None:
    model.script("ok", "400")
    rounds = written(model, report(passed=False))
    assert rounds.best() is not None
    assert len(rounds.calls) == 1


def test_a_price_is_at_most_what_was_quoted() -> None:
    call = bill.Call({"input_tokens": 3000, "output_tokens": 1000}, "ok", kept=True)
    assert bill.price(call, ASKED, rate=Decimal(1), quoted_max=Decimal(10)) == Decimal(4)
    assert bill.price(call, ASKED, rate=Decimal(1), quoted_max=Decimal(3)) == Decimal(3)
