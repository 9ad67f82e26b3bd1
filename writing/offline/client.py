"""The built-in writer in the form of a provider's client."""

from __future__ import annotations

import asyncio

import orjson

from integrations.ai.capabilities import BUILT_IN
from integrations.ai.types import Answer, EndReason, Prompt
from writing.offline import writer


class Offline:
    """Answers from `prompt.brief`. It counts no tokens, because no model reads or writes any."""

    def __init__(self, *, model: str) -> None:
        self.model = model

    async def send(self, prompt: Prompt) -> Answer:
        data = writer.write(prompt.brief)
        await asyncio.sleep(0)  # lets other tasks of the loop run between two texts
        return Answer(
            data=data, text=orjson.dumps(data).decode(), end=EndReason.OK, provider=BUILT_IN, model=self.model
        )

    async def close(self) -> None:
        return None
