"""Calling a model: paced, retried, stoppable, and limited in time.

All vendors share one retry policy. The SDKs' own is off: one of them sleeps as long as a header says, even 49 days.
We honour a `Retry-After` of up to 60 s; after a longer one the caller has to re-queue the work. Without the header we
back off with full jitter. A request that timed out is retried, although it may have been billed.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Protocol, Self

from django.utils.module_loading import import_string

from integrations.ai import limits, registry, tokens, traces
from integrations.ai.capabilities import BUILT_IN
from integrations.ai.errors import AITransientError, CallStopped
from integrations.ai.limits import CallOutcome
from integrations.ai.types import Answer, Prompt
from scribe.messages import _

LONGEST_RETRY_AFTER = 60.0
WATCH_SECONDS = 0.5
GRACE_SECONDS = 2.0


class ModelClient(Protocol):
    """One vendor's endpoint: sends one request."""

    async def send(self, prompt: Prompt) -> Answer: ...

    async def close(self) -> None: ...


#: The client of each API. The first caller that needs one imports it: a vendor's SDK takes longer to load than the rest
#: of a process, and most processes never call a model.
CLIENTS = {
    "messages": "integrations.ai.providers.messages.Messages",
    "responses": "integrations.ai.providers.responses.Responses",
    "chat": "integrations.ai.providers.chat.Chat",
}


def load() -> None:
    """Import the clients of the providers that this deployment itself can call. Run it before a worker forks: then the
    first call does not wait, and the worker's processes share the loaded code."""
    for row in registry.PROVIDERS.values():
        if registry.is_configured(row.id):
            for api in {known.api for known in (row.capability, *row.models.values())} & set(CLIENTS):
                import_string(CLIENTS[api])


@dataclass(slots=True)
class _Call:
    task: asyncio.Task[object]
    stop: Callable[[], bool]
    sending: bool = False
    told_at: float = 0.0
    stopped: bool = False


class Caller:
    """A client of one model with one key, for one event loop: `async with Caller(…) as caller: await caller.complete(…)`.

    `owner` (an organization's id) takes turns with other owners of the same key. `concurrency` caps the requests at
    once of the whole process with that key: the adaptive limit never exceeds the largest one that its callers name.
    """

    def __init__(
        self,
        provider: str,
        model: str,
        api_key: str,
        base_url: str | None = None,
        *,
        concurrency: int | None = None,
        owner: str = "",
        timeout: float | None = None,
    ) -> None:
        self.provider = provider
        self.model = model
        self.owner = owner
        capability = registry.capability(provider, model)
        self.capability = replace(capability, timeout=timeout) if timeout else capability
        self._api_key = api_key
        self._base_url = base_url or ""
        self._ceiling = concurrency or capability.concurrency
        self._client: ModelClient | None = None
        self._limiter = limits.limiter(
            provider, api_key, self._base_url, ceiling=self._ceiling, first=min(capability.first, self._ceiling)
        )
        self._active: dict[int, _Call] = {}
        self._watcher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._client = self._create_client()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watcher:
            self._watcher.cancel()
        if self._client:
            await self._client.close()

    def _create_client(self) -> ModelClient:
        made: ModelClient
        if own := registry.PROVIDERS[self.provider].client:
            made = import_string(own)(model=self.model)
            return made
        made = import_string(CLIENTS[self.capability.api])(
            provider=self.provider,
            model=self.model,
            api_key=self._api_key,
            base_url=self._base_url,
            capability=self.capability,
        )
        return made

    async def complete(
        self, prompt: Prompt, *, attempts: int = 5, stop: Callable[[], bool] | None = None, patience: float = 300.0
    ) -> Answer:
        """Return the model's answer for every end reason; check `answer.end` before using `answer.data`.

        Raises AITransientError after `attempts` requests or `patience` seconds of trying (waiting for a turn not
        counted), or at once when the provider asks for more than 60 s; AIPermanentError; CallStopped within about 3 s
        of `stop()` turning true (a request under way gets 2 s to finish, since it is billed anyway).
        """
        if self.provider == BUILT_IN:
            if stop and stop():
                raise CallStopped()
            return await self._sent(prompt)
        if stop is None:
            return await self._try(prompt, attempts, patience, None)
        if stop():
            raise CallStopped()
        task = asyncio.current_task()
        assert task is not None
        call = _Call(task, stop)
        self._watch(call)
        try:
            return await self._try(prompt, attempts, patience, call)
        except asyncio.CancelledError:
            if not call.stopped:
                raise
            task.uncancel()
            raise CallStopped() from None
        finally:
            self._active.pop(id(call), None)

    async def _try(self, prompt: Prompt, attempts: int, patience: float, call: _Call | None) -> Answer:
        spent = 0.0
        for number in range(1, attempts + 1):
            last = number == attempts
            open_for = self._limiter.open_for()
            if open_for and last:
                raise AITransientError(
                    _("The AI provider failed several times in a row. We are waiting before we try again."),
                    code="provider_circuit_open",
                    retry_after=open_for,
                    provider=self.provider,
                )
            wait = max(open_for, self._limiter.pause())
            if wait:
                spent += await _sleep(wait + random.uniform(0, min(1.0, wait)))  # noqa: S311 - jitter
            ticket = await self._limiter.acquire(self.owner)
            started = time.monotonic()
            outcome, hint = CallOutcome.NEUTRAL, None
            try:
                if call:
                    call.sending = True
                answer = await self._sent(prompt)
                outcome = CallOutcome.GOOD
                return replace(answer, tries=number)
            except AITransientError as error:
                outcome = CallOutcome.THROTTLED if error.throttled else CallOutcome.FAILED
                hint = error.retry_after
                spent += time.monotonic() - started
                if last or spent >= patience or (hint or 0) > LONGEST_RETRY_AFTER:
                    raise
            finally:
                if call:
                    call.sending = False
                self._limiter.release(ticket, outcome, retry_after=hint)
            delay = random.uniform(0, min(60.0, 2.0 ** (number - 1))) if hint is None else hint  # noqa: S311
            spent += await _sleep(min(delay, max(0.0, patience - spent)))
        raise ValueError("at least one attempt")

    async def _sent(self, prompt: Prompt) -> Answer:
        """Send one request. The capability's `timeout` cuts it off, even when the server drips a byte a minute."""
        if self._client is None:
            raise RuntimeError("use the caller as `async with`")
        started = time.monotonic()
        output = "json" if prompt.schema else "text"
        with traces.calling(self.provider, self.model, max_tokens=prompt.max_output_tokens, output=output) as span:
            try:
                async with asyncio.timeout(self.capability.timeout):
                    answer = await self._client.send(prompt)
            except TimeoutError:
                raise AITransientError(
                    _("The AI provider took too long to answer."), code="provider_timeout", provider=self.provider
                ) from None
            if self.provider != BUILT_IN:  # it counts itself, and is free
                answer = with_billable_counts(answer, prompt, self.provider, sees=self.capability.images)
            traces.record_answer(span, answer)
        if (
            not answer.estimated and answer.input_tokens and not prompt.images
        ):  # an image's tokens would distort the ratio
            text = prompt.system + prompt.user
            language = prompt.brief.language
            tokens.learn(
                self.provider,
                language,
                estimated=round(tokens.estimate(text, language, self.provider) / tokens.ratio(self.provider, language)),
                actual=answer.input_tokens,
            )
        return replace(answer, seconds=round(time.monotonic() - started, 3))

    def _watch(self, call: _Call) -> None:
        self._active[id(call)] = call
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._ask_stops())

    async def _ask_stops(self) -> None:
        """One watcher for all calls: asks every distinct `stop` twice a second."""
        while self._active:
            said: dict[Callable[[], bool], bool] = {}
            now = time.monotonic()
            for call in list(self._active.values()):
                if call.stop not in said:
                    said[call.stop] = _says(call.stop)
                if not said[call.stop] or call.stopped:
                    continue
                call.told_at = call.told_at or now
                if not call.sending or now - call.told_at >= GRACE_SECONDS:
                    call.stopped = True
                    call.task.cancel()
            await asyncio.sleep(WATCH_SECONDS)


def _says(stop: Callable[[], bool]) -> bool:
    """Whether `stop` says so. A `stop` that fails (its lease or its database is gone) means stop, too."""
    try:
        return stop()
    except Exception:
        return True


async def _sleep(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


FACTOR = 20  # a count this many times off is the server's mistake; no vocabulary differs that much
UNSEEN = 4_000  # tokens of input that we don't see: what a gateway or a vendor adds to a prompt


def with_billable_counts(answer: Answer, prompt: Prompt, provider: str, *, sees: bool) -> Answer:
    """`answer` with counts to bill by. Those of a side, input or output, that are zero or impossible are estimated from
    the texts, and `estimated` is set. `sees`: the prompt's images were sent."""
    language = prompt.brief.language
    sent = tokens.estimate(prompt.system + prompt.user, language, provider)
    beside = tokens.estimate(json.dumps(prompt.schema), "json", provider) if prompt.schema else 0
    images = tokens.images(len(prompt.images)) if sees else 0
    came = tokens.estimate(answer.text, language, provider)
    cached = answer.cached_tokens + answer.cache_write_tokens
    most_read = FACTOR * (sent + beside + images) + UNSEEN
    if not max(1, sent // FACTOR) <= answer.input_tokens <= most_read or cached > answer.input_tokens:
        read = sent + images
        answer = replace(answer, input_tokens=read, cached_tokens=0, cache_write_tokens=0, estimated=True)
    # Thinking counts as output, within the limit that was set.
    if not came // FACTOR <= answer.output_tokens <= FACTOR * max(came, prompt.max_output_tokens) or (
        answer.text and not answer.output_tokens
    ):
        answer = replace(answer, output_tokens=came, estimated=True)
    return answer
