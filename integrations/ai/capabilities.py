"""What a provider or a model takes. The rows of `registry` say it of each: it is looked up, never guessed."""

from __future__ import annotations

from dataclasses import dataclass

#: The writer that needs no model: rule-based, free, always there.
BUILT_IN = "offline"


@dataclass(frozen=True, slots=True)
class Capability:
    """`json`: `schema` (the server enforces it), `object` (valid JSON only) or `none`.

    `explicit_cache`: the vendor caches what a request marks, and nothing else, when asked to (OpenAI, from GPT-5.6 on).
    `lenient`: a server of unknown make, asked for JSON in ever simpler ways until it understands.
    `effort` is what we ask for by default where the model can think; empty: do not send the parameter.
    """

    api: str  # messages, responses, chat, offline
    json: str = "schema"
    images: bool = True
    max_tokens_param: str = "max_tokens"
    system_role: str = "system"
    effort: str = ""
    thinking: str = ""  # "disabled": switch the vendor's default thinking off
    explicit_cache: bool = False
    thinks: bool = False  # cannot be switched off: leave room in the output limit
    lenient: bool = False
    timeout: float = 90.0  # seconds for one request, all in all
    concurrency: int = 64  # most requests at once per key
    first: int = 48  # requests at once before anything is known about the key
