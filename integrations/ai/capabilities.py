"""What a provider or a model accepts. The rows of `registry` state it for each, so nothing is guessed."""

from dataclasses import dataclass

#: The writer that needs no model: rule-based, free, always there.
BUILT_IN = "offline"


@dataclass(frozen=True, slots=True)
class Capability:
    """`json`: `schema` (the server enforces it), `object` (valid JSON only) or `none`.

    `explicit_cache`: on request, the vendor caches only what a prompt marks (OpenAI, from GPT-5.6 on).
    `lenient`: the server is of unknown make; we ask for JSON in ever simpler ways until it understands.
    `effort` is our default for a model that can think; when it is empty, the parameter is not sent.
    """

    api: str  # messages, responses, chat, offline
    json: str = "schema"
    images: bool = True
    max_tokens_param: str = "max_tokens"
    system_role: str = "system"
    effort: str = ""
    thinking: str = ""  # "disabled": switch the vendor's default thinking off
    explicit_cache: bool = False
    thinks: bool = False  # thinking cannot be switched off: leave room in the output limit
    lenient: bool = False
    timeout: float = 90.0  # seconds for one request in total
    concurrency: int = 64  # most requests at once per key
    first: int = 48  # requests at once before anything is known about the key
