"""What each provider and model takes: looked up, never guessed.

The rows are data for the clients in `providers/`; names, tiers and prices that customers see are rows of the database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

#: The writer that needs no model: rule-based, free, always there.
BUILT_IN = "offline"


@dataclass(frozen=True, slots=True)
class Capability:
    """`json`: `schema` (the server enforces it), `object` (valid JSON only) or `none`.

    `explicit_cache`: the vendor caches what a request marks, and nothing else, when asked to (OpenAI, from GPT-5.6 on).
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
    timeout: float = 90.0  # seconds for one request, all in all
    concurrency: int = 64  # most requests at once per key
    first: int = 48  # requests at once before anything is known about the key


_MESSAGES = Capability(api="messages", effort="low")
_RESPONSES = Capability(api="responses", effort="low", max_tokens_param="max_output_tokens")
_DEEPSEEK = Capability(api="chat", json="object", images=False, thinking="disabled")
_GOOGLE = Capability(api="chat", effort="low", thinks=True)
_LOCAL = Capability(api="chat", images=True, timeout=300.0, first=4)
OFFLINE = Capability(api=BUILT_IN, images=False, timeout=30.0)

PROVIDERS: dict[str, Capability] = {
    "anthropic": _MESSAGES,
    "openai": _RESPONSES,
    "google": _GOOGLE,
    "deepseek": _DEEPSEEK,
    "local": _LOCAL,
    BUILT_IN: OFFLINE,
}

# By the beginning of the model's id, longest first; what is not listed goes by its provider's row.
MODELS: dict[str, dict[str, Capability]] = {
    "anthropic": {
        "claude-haiku": replace(_MESSAGES, effort=""),
        "claude-opus-5-5": replace(_MESSAGES, thinks=True),
        "claude-fable": replace(_MESSAGES, thinks=True),
    },
    "openai": {
        "gpt-6": replace(_RESPONSES, effort="none", explicit_cache=True),
        "gpt-6.2": replace(_RESPONSES, effort="low", thinks=True, explicit_cache=True),
    },
    "deepseek": {
        "deepseek-flash": replace(_DEEPSEEK, images=True),
    },
}


def of(provider: str, model: str = "") -> Capability:
    """The capability of `model`; KeyError for a provider that we do not have."""
    rows = MODELS.get(provider, {})
    for prefix in sorted(rows, key=len, reverse=True):
        if model.startswith(prefix):
            return rows[prefix]
    return PROVIDERS[provider]
