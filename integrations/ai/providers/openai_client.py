"""The code that both interfaces of the official openai SDK share: the client, a request, and its errors."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import openai

from integrations.ai.capabilities import Capability
from integrations.ai.providers import faults, http, values
from integrations.ai.types import Answer, EndReason, Prompt
from scribe.types import Json


class OpenAIClient(ABC):
    """One model at one address. A subclass says how a prompt is sent and how the answer is read."""

    tokens: ClassVar[tuple[str, str]]  # what the interface calls those that go in and come out

    def __init__(self, *, provider: str, model: str, api_key: str, base_url: str, capability: Capability) -> None:
        self.provider = provider
        self.model = model
        self.capability = capability
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none",  # a local server needs no key, but the SDK demands one
            base_url=base_url or None,
            max_retries=0,
            timeout=http.timeout(capability.timeout),
            http_client=openai.DefaultAsyncHttpxClient(**http.options()),
        )

    async def send(self, prompt: Prompt) -> Answer:
        """One request. Raises AITransientError or AIPermanentError."""
        try:
            raw = await self._create(prompt)
        except openai.APIError as error:
            raise faults.translate(error, self.provider) from None
        body = values.body(raw.content, self.provider)
        text, data, end = self._read(prompt, body)
        sent, made = self.tokens
        usage = values.an_object(body.get("usage"))
        details = values.an_object(usage.get(f"{sent}_tokens_details"))
        return Answer(
            data=data,
            text=text,
            end=end,
            input_tokens=values.count(usage.get(f"{sent}_tokens")),
            output_tokens=values.count(usage.get(f"{made}_tokens")),
            cached_tokens=values.count(details.get("cached_tokens")),
            cache_write_tokens=values.count(details.get("cache_write_tokens")),
            provider=self.provider,
            model=values.text(body.get("model")) or self.model,
            request_id=raw.headers.get("x-request-id", "") or values.text(body.get("id")),
        )

    async def close(self) -> None:
        await self._client.close()

    @abstractmethod
    async def _create(self, prompt: Prompt) -> Any:  # type: ignore[explicit-any]  # openai keeps its type to itself
        """The vendor's reply, unread."""

    @abstractmethod
    def _read(self, prompt: Prompt, body: Json) -> tuple[str, Json | None, EndReason]:
        """The text that the body of a reply holds, its data where the prompt has a schema, and how it ended."""
