"""Writing one item: the call, the checks, one repair round, and the better draft."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from billing import prices
from integrations.ai.caller import Caller
from integrations.ai.errors import AIError, PermanentError, TransientError
from integrations.ai.types import Answer, EndReason, Image, Prompt
from projects import staleness
from projects.models import ContentItem
from scribe import unforeseen
from writing import checks, output, prompts, quotes, repair
from writing import facts as reading
from writing.checks import CheckReport
from writing.facts import Facts
from writing.output import Unusable
from writing.settings import WritingSettings

MAX_TRUNCATION_FACTOR = 2


@dataclass(frozen=True)
class Call:
    """One call of the model, for the usage record. `kept` says that its draft became the item's content."""

    tokens: dict[str, int]  # Answer.counted
    outcome: str
    kept: bool = False

    @property
    def total(self) -> int:
        return self.tokens["input_tokens"] + self.tokens["output_tokens"]


@dataclass
class Outcome:
    """What became of one item: content with its report, or the reason why there is none."""

    row_id: UUID
    item_id: UUID
    quoted_max: Decimal
    content: dict[str, Any] | None = None
    report: CheckReport | None = None
    calls: list[Call] = field(default_factory=list)
    xct: Decimal = Decimal(0)
    code: str = ""
    reason: str = ""
    source_fingerprint: str = ""
    made_from: dict[str, Any] = field(default_factory=dict)
    #: The whole job has to stop: a dead key, no credit at the provider, an unknown model.
    stops_job: bool = False
    #: The provider asked for a pause that is longer than a call may wait.
    retry_after: float = 0.0


@dataclass
class Draft:
    accepted: output.Accepted
    report: CheckReport
    call: int  # its place in Outcome.calls


async def write(
    *,
    caller: Caller,
    item: ContentItem,
    row_id: UUID,
    quoted_max: Decimal,
    settings: WritingSettings,
    rate: Decimal,
    images: tuple[Image, ...],
    stop: Callable[[], bool],
) -> Outcome:
    """Write `item`. Never raises for what a model, a provider or the item's own text does: that is the item's failure.
    `integrations.ai.errors.Stopped` gets through."""
    outcome = Outcome(row_id, item.pk, quoted_max)
    drafts: list[Draft] = []
    try:
        outcome.source_fingerprint = fingerprint(item.source_data)
        outcome.made_from = staleness.source_of(item)
        facts = reading.read(item.source_data, item.item_type)
        quote = quotes.quote(facts, settings, rate=rate, images=len(images))
        writer = _Writer(caller, outcome, facts, settings, quote, stop)
        drafts = writer.drafts
        await writer.write(prompts.build(facts, settings, images))
    except TransientError as error:
        outcome.code, outcome.reason, outcome.retry_after = error.code, error.detail, error.retry_after or 0.0
    except PermanentError as error:
        outcome.code, outcome.reason, outcome.stops_job = error.code, error.detail, error.stops_job
    except AIError as error:
        if error.code == "stopped":
            raise
        outcome.code, outcome.reason = error.code, error.detail
    except unforeseen.NOT_ITS_OWN:
        raise
    except Exception as error:
        outcome.code, outcome.reason = unforeseen.CODE, unforeseen.record(error, item=str(item.pk))
    if drafts:
        writer.keep_best(rate)
    return outcome


class _Writer:
    """The rounds of one item."""

    def __init__(
        self,
        caller: Caller,
        outcome: Outcome,
        facts: Facts,
        settings: WritingSettings,
        quote: quotes.Quote,
        stop: Callable[[], bool],
    ) -> None:
        self.caller, self.outcome, self.facts, self.settings, self.quote, self.stop = (
            caller,
            outcome,
            facts,
            settings,
            quote,
            stop,
        )
        self.drafts: list[Draft] = []

    def affordable(self, more_input: int = 0) -> bool:
        """Whether another call would stay within the item's quoted maximum: of all drafts only the kept one is billed."""
        return self.quote.input_tokens + more_input + self.quote.output_tokens <= self.quote.tokens_max

    async def write(self, prompt: Prompt) -> None:
        problem = await self.round(prompt)
        if isinstance(problem, Unusable) and problem.code == EndReason.TRUNCATED.value and self.affordable():
            prompt = replace(prompt, max_output_tokens=prompt.max_output_tokens * MAX_TRUNCATION_FACTOR)
            problem = await self.round(prompt)
        if problem is None or not repair.worth_it(problem) or self.settings.built_in:
            return
        draft = self.drafts[-1].accepted.content if self.drafts else None
        if self.affordable(repair.extra_input(prompt, draft, self.settings.provider)):
            try:
                await self.round(repair.prompt(prompt, draft, problem))
            except (TransientError, PermanentError):
                if not self.drafts:
                    raise  # with a draft in hand the item is written, if not mended

    async def round(self, prompt: Prompt) -> CheckReport | Unusable | None:
        """One call; what is wrong with its answer, or None when every check passed."""
        answer = await self.caller.complete(prompt, stop=self.stop)
        place = len(self.outcome.calls)
        try:
            accepted = output.accept(answer, facts=self.facts, settings=self.settings)
        except Unusable as problem:
            self.outcome.calls.append(_call(answer, problem.code))
            self.outcome.code, self.outcome.reason = problem.code, problem.detail
            return problem
        report = checks.run(accepted.content, self.facts, self.settings, removed=accepted.removed)
        self.outcome.calls.append(_call(answer, "replaced"))
        self.drafts.append(Draft(accepted, report, place))
        return report if report.flagged or any(check["passed"] is False for check in report.checks) else None

    def keep_best(self, rate: Decimal) -> None:
        """The draft with the fewest unsupported claims and the best score becomes the content; it alone is charged."""
        best = max(self.drafts, key=lambda draft: (-len(draft.report.unsupported), draft.report.score, -draft.call))
        kept = self.outcome.calls[best.call]
        self.outcome.calls[best.call] = replace(kept, outcome="ok", kept=True)
        price = prices.xct(kept.total, self.settings, rate)
        self.outcome.xct = min(price, self.outcome.quoted_max)
        self.outcome.content, self.outcome.report = best.accepted.content, best.report
        self.outcome.code = self.outcome.reason = ""


def _call(answer: Answer, outcome: str) -> Call:
    return Call(answer.counted, outcome)


def fingerprint(source_data: dict[str, Any]) -> str:
    """A digest of what a text was written from."""
    from scribe.api.renderers import dumps

    return hashlib.sha256(dumps(source_data)).hexdigest()
