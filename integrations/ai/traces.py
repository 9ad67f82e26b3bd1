"""Spans of model calls, by OpenTelemetry's conventions for generative AI: counts and names, no word of prompt or answer.

https://github.com/open-telemetry/semantic-conventions-genai (the names of 2026; `gen_ai.system` is their former one)
"""

from contextlib import AbstractContextManager

from integrations.ai.types import Answer
from scribe import traces

#: The conventions' names of providers, where they differ from ours.
PROVIDERS = {"google": "gcp.gemini"}


def calling(
    provider: str, model: str, *, operation: str = "chat", max_tokens: int | None = None, output: str | None = None
) -> AbstractContextManager[traces.Span]:
    """A span around one request to a model. `output`: text, json or image."""
    about = {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": PROVIDERS.get(provider, provider),
        "gen_ai.request.model": model,
        "gen_ai.request.max_tokens": max_tokens,
        "gen_ai.output.type": output,
    }
    return traces.span(f"{operation} {model}", "client", about)


def record_answer(span: traces.Span, answer: Answer) -> None:
    span.set(
        {
            "gen_ai.response.model": answer.model or None,
            "gen_ai.response.finish_reasons": [str(answer.end)],
            "gen_ai.usage.input_tokens": answer.input_tokens,
            "gen_ai.usage.output_tokens": answer.output_tokens,
            "gen_ai.usage.cache_read.input_tokens": answer.cached_tokens,
            "gen_ai.usage.cache_creation.input_tokens": answer.cache_write_tokens,
        }
    )
