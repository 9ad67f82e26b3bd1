"""The second reading of one text: the call, what of it counts, and what it costs.

A failed reading leaves the text as it is. The report then says that no second model read it and why, and nothing is
charged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from integrations.ai.caller import Caller
from integrations.ai.errors import AIError, CallStopped
from integrations.ai.types import Answer, Prompt
from scribe import unforeseen
from scribe.errors import NotConfigured
from writing import bill
from writing.bill import Call
from writing.checks import CheckReport
from writing.facts import Facts
from writing.output import Unusable, usable
from writing.quotes import Quote
from writing.settings import WritingSettings
from writing.verifier import request, result, tallies, terms
from writing.verifier.choice import Verifier
from writing.verifier.tallies import ReadingTally
from writing.verifier.terms import VerifierTerms
from writing.verifier.verdicts import Reading

ATTEMPTS = 3
PATIENCE = 120.0  # seconds


@dataclass(frozen=True)
class ReadingBudget:
    """What one reading may use: `tokens` of input and output, and `xct`, priced at the organization's `rate`."""

    tokens: int
    xct: Decimal
    rate: Decimal

    @classmethod
    def left(cls, quote: Quote, quoted_max: Decimal, spent: Decimal, rate: Decimal) -> ReadingBudget:
        """The budget that the writing left over from the text's quoted maximum."""
        return cls(quote.reading.tokens_max if quote.reading else 0, max(bill.ZERO, quoted_max - spent), rate)


@dataclass
class SecondReading:
    """The reading of one text. `report` is the text's report, with the check `verification` after `read`. `calls` are
    the calls of the second model, `xct` is their price."""

    report: CheckReport
    facts: Facts
    settings: WritingSettings
    verifier: Verifier
    budget: ReadingBudget
    calls: list[Call]
    xct: Decimal = bill.ZERO
    tally: ReadingTally | None = None

    async def read(self, content: dict[str, Any], caller: Caller, *, stop: Callable[[], bool]) -> None:
        """Have `content` read by the second model. Its failures go into the report. Raises
        `integrations.ai.errors.CallStopped`."""
        try:
            await self._read(content, caller, stop)
        except Unusable as problem:
            self._fail(problem.code, problem.detail)
        except (CallStopped, asyncio.CancelledError):
            raise
        except (AIError, NotConfigured) as error:
            self._fail(error.code, str(error.detail))
        except unforeseen.NOT_ITS_OWN:
            raise
        except Exception as error:
            self._fail(unforeseen.CODE, unforeseen.record(error, "The second reading"))

    async def _read(self, content: dict[str, Any], caller: Caller, stop: Callable[[], bool]) -> None:
        used = terms.active()
        reading = Reading.of(content, self.report, self.facts, self.settings)
        verdicts = list(reading.known.values())
        if reading.asked:
            prompt = self._within_budget(
                request.prompt(self.facts, reading.asked, self.settings, self.verifier, used), used
            )
            answer = await self._ask(prompt, caller, stop)
            try:
                verdicts = reading.judge(usable(answer), used)
            except Unusable as problem:
                self.calls.append(Call.of(answer, problem.code, reading=True))
                raise
            call = Call.of(answer, "ok", kept=True, reading=True)
            self.xct = bill.price(call, self.verifier, rate=self.budget.rate, quoted_max=self.budget.xct)
            self.calls.append(replace(call, xct=self.xct))
        check = result.of(verdicts, self.verifier, used)
        self.report = result.joined(self.report, check)
        self.tally = tallies.of(check, self.verifier, used.version)

    def _within_budget(self, prompt: Prompt, used: VerifierTerms) -> Prompt:
        """`prompt` with the room for its answer cut to what was quoted. Raises Unusable when the rest is too small."""
        read = request.input_tokens(used, prompt.user, self.verifier)
        room = min(prompt.max_output_tokens, self.budget.tokens - read)
        if room < prompt.max_output_tokens // 2 or (self.budget.xct <= 0 and not self.verifier.free):
            raise Unusable("over_quote", "Reading it would cost more than was quoted.")
        return replace(prompt, max_output_tokens=room)

    async def _ask(self, prompt: Prompt, caller: Caller, stop: Callable[[], bool]) -> Answer:
        try:
            return await caller.complete(prompt, attempts=ATTEMPTS, patience=PATIENCE, stop=stop)
        except (CallStopped, asyncio.CancelledError):
            self.calls.append(replace(Call.cut_off(prompt, self.verifier), reading=True))
            raise

    def _fail(self, code: str, reason: str) -> None:
        self.report = result.joined(self.report, result.failed(code, reason, self.verifier))
        self.tally = tallies.failed(self.verifier, self._version())

    def _version(self) -> int:
        """The version of the terms that were used; 0 when staff have switched them off."""
        try:
            return terms.active().version
        except NotConfigured:
            return 0
