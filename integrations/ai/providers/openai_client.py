"""The code that both interfaces of the official openai SDK share: the client, a request, and its errors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import openai

from integrations.ai.capabilities import Capability
from integrations.ai.providers import faults, http, values
from integrations.ai.types import Answer, Prompt


class OpenAIClient(ABC):
    """One model at one address. A subclass says how a prompt is sent and how the answer is read."""

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
        return self._answer(prompt, values.body(raw.content, self.provider), raw.headers.get("x-request-id", ""))

    async def close(self) -> None:
        await self._client.close()

    @abstractmethod
    async def _create(self, prompt: Prompt) -> Any:
        """The vendor's reply, unread."""

    @abstractmethod
    def _answer(self, prompt: Prompt, body: dict[str, Any], request_id: str) -> Answer:
        """The answer that the body of a reply holds."""
