"""Calls of the second model that several texts share: those that wait to be read at the same time go into one call."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from integrations.ai.caller import Caller
from integrations.ai.errors import CallStopped
from writing.bill import Call
from writing.output import Unusable, usable
from writing.verifier.choice import Verifier
from writing.verifier.request import MOST_PRODUCTS, ReadingPart, ReadingRequest, SentenceAnswer, input_tokens
from writing.verifier.terms import VerifierTerms

WAIT = 0.3  # seconds that a text waits for others
ATTEMPTS = 3
PATIENCE = 120.0  # seconds


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """What came of one part: its answers or why they don't count, and its share of the call."""

    answers: dict[str, SentenceAnswer]
    problem: Unusable | None
    call: Call


@dataclass
class _Waiting:
    part: ReadingPart
    terms: VerifierTerms
    tokens: int
    result: asyncio.Future[PartAnswer]


@dataclass
class ReadingCalls:
    """The calls of one second model, in one event loop."""

    caller: Caller
    verifier: Verifier
    stop: Callable[[], bool]
    waiting: list[_Waiting] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def ask(self, part: ReadingPart, terms: VerifierTerms) -> PartAnswer:
        """The answers on `part`, from a call that it may share. Raises AIError and
        `integrations.ai.errors.CallStopped`."""
        tokens = input_tokens(terms, ReadingRequest([part], self.verifier, terms).prompt.user, self.verifier)
        mine = _Waiting(part, terms, tokens, asyncio.get_running_loop().create_future())
        if self.waiting and not self._fits(mine):
            self._send()
        self.waiting.append(mine)
        if len(self.waiting) >= MOST_PRODUCTS:
            self._send()
        else:
            asyncio.get_running_loop().call_later(WAIT, self._send_if_waiting, mine)
        return await mine.result

    def _fits(self, one: _Waiting) -> bool:
        parts = [other.part for other in self.waiting] + [one.part]
        prompt = ReadingRequest(parts, self.verifier, one.terms).prompt
        whole = input_tokens(one.terms, prompt.user, self.verifier) + prompt.max_output_tokens
        return one.terms == self.waiting[0].terms and whole < self.verifier.context_window

    def _send_if_waiting(self, one: _Waiting) -> None:
        if one in self.waiting:
            self._send()

    def _send(self) -> None:
        group, self.waiting = self.waiting, []
        task = asyncio.get_running_loop().create_task(self._call(group))
        self.tasks.add(task)  # the loop itself keeps tasks only weakly
        task.add_done_callback(self.tasks.discard)

    async def _call(self, group: list[_Waiting]) -> None:
        try:
            found = await self._answers(group)
        except BaseException as error:
            for one in group:
                if not one.result.done():
                    stopped = CallStopped() if isinstance(error, asyncio.CancelledError) else error
                    one.result.set_exception(stopped)
            if not isinstance(error, Exception):
                raise
            return
        for one, answer in zip(group, found, strict=True):
            if not one.result.done():
                one.result.set_result(answer)

    async def _answers(self, group: list[_Waiting]) -> list[PartAnswer]:
        request = ReadingRequest([one.part for one in group], self.verifier, group[0].terms)
        answer = await self.caller.complete(request.prompt, attempts=ATTEMPTS, patience=PATIENCE, stop=self.stop)
        calls = shares(Call.of(answer, "replaced", reading=True), [one.tokens for one in group])
        try:
            found: list[dict[str, SentenceAnswer] | Unusable] = request.read(usable(answer))
        except Unusable as problem:
            found = [problem] * len(group)
        return [
            PartAnswer({}, one, call) if isinstance(one, Unusable) else PartAnswer(one, None, call)
            for one, call in zip(found, calls, strict=True)
        ]


def shares(call: Call, sizes: Sequence[int]) -> list[Call]:
    """The call's tokens dealt out in proportion to `sizes`. The shares add up to the call."""
    whole, left = sum(sizes), dict(call.tokens)
    found = []
    for at, size in enumerate(sizes):
        last = at == len(sizes) - 1
        own = left if last else {name: count * size // whole for name, count in call.tokens.items()}
        left = {name: count - own[name] for name, count in left.items()}
        found.append(replace(call, tokens=own))
    return found
