"""The rounds of one text: a call, one with more room if the answer was cut off, and repairs. The better draft is kept.

Where a second model reads the drafts, its findings go into the repairs, of which there may be two. Only the kept draft
is billed. So a call is made only if its answer alone cannot exceed the quoted maximum.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from billing.models.usage import KILLED
from integrations.ai.caller import Caller
from integrations.ai.errors import AIError, CallStopped
from integrations.ai.types import Answer, EndReason, Prompt
from scribe.types import Json
from writing import repair
from writing.bill import Call
from writing.checks import CheckReport
from writing.output import Unusable, usable
from writing.settings import WritingSettings

MORE_ROOM = 2  # factor for the output limit after an answer was cut off
REPAIRS, REPAIRS_READ = 1, 2  # the most repairs of a text that the tables alone check, and of one that is read

T = TypeVar("T")


@dataclass(frozen=True)
class Draft(Generic[T]):
    """The result of one call: the clean `content`, the checks' `report` (None when there is nothing to check against),
    and the same content as `data` for the repair round's prompt. `kept` are the keys of it that no call writes."""

    content: T
    report: CheckReport | None
    data: Json
    kept: frozenset[str] = frozenset()
    call: int = -1  # its place in Rounds.calls

    @property
    def rank(self) -> tuple[bool, int, float, int]:
        """Sort key, larger is better: no failed gate, then fewer unsupported claims and unlawful sentences, a better
        score, the earlier call."""
        report = self.report
        if report is None:
            return True, 0, 1.0, -self.call
        return not report.fails_gate, -len(report.unsupported) - len(report.unlawful), report.score, -self.call


class Rounds(Generic[T]):
    """The rounds of one text. `judge` turns an answer's data into a draft, or raises Unusable. `read` has a second
    model read a draft, and returns its report. A draft that fails a gate is repaired first."""

    def __init__(
        self,
        caller: Caller,
        settings: WritingSettings,
        judge: Callable[[Json], Draft[T]],
        *,
        tokens_max: int,
        stop: Callable[[], bool],
        inherits: bool = False,
        read: Callable[[T, CheckReport], Awaitable[CheckReport]] | None = None,
    ) -> None:
        """`inherits`: a worker died at the first call of these rounds. The call is recorded, and made anew."""
        self.caller, self.settings, self.judge = caller, settings, judge
        self.tokens_max, self.stop, self.inherits, self.read = tokens_max, stop, inherits, read
        self.calls: list[Call] = []
        self.drafts: list[Draft[T]] = []
        self.problem: Unusable | None = None  # of the last answer that was unusable

    async def write(self, prompt: Prompt) -> None:
        """Run the rounds; then `best` returns the result.

        Raises AIError when the provider fails before the first draft. `integrations.ai.errors.CallStopped` can be
        raised in any round.
        """
        if self.inherits and not self.settings.built_in:
            self.calls.append(Call.cut_off(prompt, self.settings, KILLED))
        wrong = await self._round(prompt)
        if isinstance(wrong, Unusable) and wrong.code == EndReason.TRUNCATED.value:
            room = min(prompt.max_output_tokens * MORE_ROOM, self.tokens_max - self.calls[-1].tokens["input_tokens"])
            if room > prompt.max_output_tokens:
                prompt = replace(prompt, max_output_tokens=room)
                wrong = await self._round(prompt)
        for _ in range(REPAIRS_READ if self.read else REPAIRS):
            kept = self.drafts[-1].kept if self.drafts else frozenset()
            if wrong is None or self.settings.built_in or not repair.worth_it(wrong, kept):
                return
            draft = self.drafts[-1].data if self.drafts else None
            last = next(call for call in reversed(self.calls) if not call.reading)
            if last.total + repair.extra_input(draft, self.settings.provider) > self.tokens_max:
                return
            try:
                wrong = await self._round(repair.prompt(prompt, draft, wrong, kept=kept))
            except CallStopped:
                raise
            except AIError:
                if not self.drafts:
                    raise
                return  # a failed repair leaves the draft before it

    async def _round(self, prompt: Prompt) -> CheckReport | Unusable | None:
        """Make one call. Returns the checks' report on its draft (None without a source), or the problem of its
        answer."""
        try:
            answer = await self.caller.complete(prompt, stop=self.stop)
        except (CallStopped, asyncio.CancelledError):
            self.calls.append(Call.cut_off(prompt, self.settings))
            raise
        try:
            draft = self._judged(answer)
        except Unusable as problem:
            self.calls.append(Call.of(answer, problem.code))
            self.problem = problem
            return problem
        except Exception:
            self.calls.append(Call.of(answer, "error"))
            raise
        draft = replace(draft, call=len(self.calls))
        self.calls.append(Call.of(answer, "replaced"))
        self.drafts.append(draft)
        if self.read and draft.report is not None and not draft.report.fails_gate:
            self.drafts[-1] = replace(draft, report=await self.read(draft.content, draft.report))
        return self.drafts[-1].report

    def _judged(self, answer: Answer) -> Draft[T]:
        return self.judge(usable(answer))

    def best(self) -> Draft[T] | None:
        """The draft to keep, with its call marked as the one to charge; None without a draft. May be called
        repeatedly."""
        if not self.drafts:
            return None
        best = max(self.drafts, key=lambda draft: draft.rank)
        self.calls[best.call] = replace(self.calls[best.call], outcome="ok", kept=True)
        return best

    @property
    def kept(self) -> Call:
        """The call whose draft was kept. Valid after `best` returned a draft."""
        return next(call for call in self.calls if call.kept and not call.reading)
