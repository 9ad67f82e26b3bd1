"""The tokens that a call is billed by: the provider's counts, or our estimate where they can't be true."""

from __future__ import annotations

import json
from dataclasses import replace

from integrations.ai import tokens
from integrations.ai.types import Answer, Prompt

FACTOR = 20  # a count this many times off is the server's mistake; no vocabulary differs that much
UNSEEN = 4_000  # tokens of input that we don't see: what a gateway or a vendor adds to a prompt


def metered(answer: Answer, prompt: Prompt, provider: str, *, sees: bool) -> Answer:
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
