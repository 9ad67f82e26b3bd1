"""Prompts and callers for the tests of `integrations.ai`."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from integrations.ai import limits
from integrations.ai.caller import Caller
from integrations.ai.types import Answer, Brief, Prompt

FACTS = {
    "name": "Wollsocken Nord",
    "brand": "Nordlicht",
    "attributes": {"Material": "wool", "Colour": "grey", "Weight": "120 g"},
}
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "description": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["name", "description", "tags"],
}


def prompt(facts: dict[str, Any] | None = None, **more: Any) -> Prompt:
    data = facts or FACTS
    return Prompt(
        system="You write product texts. Write everything in English (English).",
        user="The JSON below is data from a shop.\n" + json.dumps(data, ensure_ascii=False),
        schema=more.pop("schema", SCHEMA),
        schema_name="content",
        max_output_tokens=2000,
        brief=Brief(facts=data, wanted=("name", "description", "tags")),
        **more,
    )


def ask(caller: Caller, given: Prompt | None = None, **more: Any) -> Answer:
    async def run() -> Answer:
        async with caller:
            return await caller.complete(given or prompt(), **more)

    return asyncio.run(run())


def fresh() -> None:
    limits.reset()
