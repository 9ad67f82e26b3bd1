"""The second readings of one text, draft by draft: the calls, what of them counts, and what they cost.

Of a later draft only the sentences that are new are read. A failed reading leaves the text as it is. The report then
says that no second model read it and why, and nothing is charged for it.
"""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal

from integrations.ai.errors import AIError, CallStopped
from integrations.ai.types import Prompt
from scribe import unforeseen
from scribe.errors import NotConfigured
from scribe.messages import _
from scribe.types import Json
from writing import bill
from writing.bill import Call
from writing.checks import CheckReport
from writing.facts import Facts
from writing.output import Unusable
from writing.quotes import Quote
from writing.settings import WritingSettings
from writing.verifier import request, result, sentences, tallies, terms, translations
from writing.verifier.batches import ReadingCalls
from writing.verifier.choice import STRICT, Verifier
from writing.verifier.request import ReadingPart, ReadingRequest, SentenceAnswer
from writing.verifier.tallies import ReadingTally
from writing.verifier.terms import VerifierTerms
from writing.verifier.verdicts import Reading


@dataclass(frozen=True)
class ReadingBudget:
    """What the readings of one text may use: `tokens` of input and output, and `xct`, priced at the organization's
    `rate`."""

    tokens: int
    xct: Decimal
    rate: Decimal

    @classmethod
    def of(cls, quote: Quote, rate: Decimal) -> "ReadingBudget":
        """The second model's part of a quote."""
        return cls(quote.reading.tokens_max, quote.reading.xct_max, rate) if quote.reading else cls(0, bill.ZERO, rate)


@dataclass
class SecondReading:
    """The readings of one text. `calls` are those of the text: the second model's are added. `xct` is what its calls
    cost so far, and `tally` counts the readings for staff. `problem` says why the second model is not asked again."""

    facts: Facts
    settings: WritingSettings
    verifier: Verifier
    budget: ReadingBudget
    calls: list[Call]
    reader: ReadingCalls
    xct: Decimal = bill.ZERO
    used: int = 0  # tokens
    tally: ReadingTally | None = None
    problem: Unusable | None = None
    known: dict[str, SentenceAnswer] = field(default_factory=dict)

    async def read(self, content: Json, report: CheckReport) -> CheckReport:
        """`report` of a draft with what the second model says of `content`. Its failures go into the report. Raises
        `integrations.ai.errors.CallStopped`."""
        try:
            if self.problem is not None:
                raise self.problem
            return await self._read(content, report)
        except Unusable as problem:
            failure = problem
        except (CallStopped, asyncio.CancelledError):
            raise
        except (AIError, NotConfigured) as error:
            failure = Unusable(error.code, str(error.detail))
        except unforeseen.NOT_ITS_OWN:
            raise
        except Exception as error:
            failure = Unusable(unforeseen.CODE, unforeseen.record(error, _("The check by a second AI model")))
        if self.problem is None:
            self.problem = failure
            unreliable = failure.code == request.UNRELIABLE
            self.tally = tallies.failed_tally(self.verifier, self._version(), disbelieved=unreliable)
        strict = self.settings.grounding == STRICT
        return result.add_check(
            report, result.failed_reading(failure.code, failure.detail, self.verifier, strict=strict)
        )

    async def _read(self, content: Json, report: CheckReport) -> CheckReport:
        used = terms.active().under(self.settings.law)
        if self.facts.original is not None:
            used = used.with_text(translations.TERMS)
        reading = Reading.of(content, report, self.facts, self.settings, self.known)
        found: dict[str, list[SentenceAnswer]] = {}
        made: list[Call] = []
        if reading.asked:
            parts = request.parts_of(self.settings, reading.passages, reading.asked, self.verifier, used)
            if not self.known and len(parts) == 1 and len(reading.sentences) <= sentences.MOST:
                parts = [parts[0]._replace(whole=True)]
            for part in parts:
                for key, answer in (await self._answers(part, used, made)).items():
                    found.setdefault(key, []).append(answer)
        self._charge(made)
        fresh = {key: request.join_answers(answers) for key, answers in found.items()}
        for key in translations.find_said(self.known, fresh):
            del self.known[key]
        self.known |= fresh
        verdicts = reading.judge(self.known)
        check = result.check_result(verdicts, self.verifier, used, strict=self.settings.grounding == STRICT)
        self.tally = tallies.tally_of(check, self.verifier, used.version)
        said = {key: answer.rules for key, answer in self.known.items() if answer.rules is not None}
        settled = result.settle_claims(reading, self.known)
        settled = result.judge_law(settled, content, self.facts, self.settings, said or None)
        return result.add_check(translations.add_findings(settled, content, reading, self.known), check)

    async def _answers(self, part: ReadingPart, used: VerifierTerms, made: list[Call]) -> dict[str, SentenceAnswer]:
        prompt = ReadingRequest([part], self.verifier, used).prompt
        self._check_budget(prompt, used)
        try:
            answer = await self.reader.ask(part, used)
        except (CallStopped, asyncio.CancelledError):
            self.calls.append(replace(Call.cut_off(prompt, self.verifier), reading=True))
            raise
        call = answer.call if answer.problem is None else replace(answer.call, outcome=answer.problem.code)
        self.used += call.total
        self.calls.append(call)
        if answer.problem is not None:
            raise answer.problem
        made.append(call)
        return answer.answers

    def _charge(self, made: list[Call]) -> None:
        """Charge the calls whose answers count, up to what was quoted."""
        for call in made:
            xct = bill.price(call, self.verifier, rate=self.budget.rate, quoted_max=self.budget.xct - self.xct)
            at = next(at for at, other in enumerate(self.calls) if other is call)
            self.calls[at] = replace(call, outcome="ok", kept=True, xct=xct)
            self.xct += xct

    def _check_budget(self, prompt: Prompt, used: VerifierTerms) -> None:
        """Raise Unusable when what was quoted leaves too little for this call."""
        room = self.budget.tokens - self.used - request.input_tokens(used, prompt.user, self.verifier)
        if room < prompt.max_output_tokens // 2 or (self.budget.xct - self.xct <= 0 and not self.verifier.free):
            raise Unusable("over_quote", _("The check would cost more than the quoted price."))

    def _version(self) -> int:
        """The version of the terms that were used; 0 when staff have switched them off."""
        try:
            return terms.active().version
        except NotConfigured:
            return 0
