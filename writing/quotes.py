"""What writing an item will cost: expected, and at most.

The maximum is twice the expectation: room for a longer answer and for the repair round, whose first draft is free. The
bill never passes it, because nothing beyond it is captured.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from billing import prices
from integrations.ai import registry, tokens
from writing import prompts, templates
from writing.facts import Facts
from writing.settings import WritingSettings

MOST_SIZE = 14_000  # characters of one item's data that ever reach a prompt
SCHEMA_TOKENS = 40  # per key that the schema asks for
CEILING = 2


@dataclass(frozen=True, slots=True)
class Quote:
    """Tokens are input and output together, unless the name says which."""

    tokens_expected: int
    tokens_max: int
    input_tokens: int
    output_tokens: int
    max_output_tokens: int
    xct_expected: Decimal
    xct_max: Decimal


def quote(facts: Facts, settings: WritingSettings, *, rate: Decimal = Decimal(1), images: int | None = None) -> Quote:
    """The quote for one item. `rate` is the organization's `token_rate_multiplier`; `images` the number of pictures that
    are really sent, if that is known."""
    size = sum(len(path) + len(value) for path, value in facts.fields.items()) + 6 * len(facts.fields)
    return quote_size(size, settings, images=len(facts.images) if images is None else images, rate=rate)


def quote_size(size: int, settings: WritingSettings, *, images: int = 0, rate: Decimal = Decimal(1)) -> Quote:
    """The same from the length of the item's data as text, so that a large project is quoted without reading its items."""
    fixed, output_tokens, max_output = _fixed(settings)
    per_character = _per_character(settings.provider)
    data_tokens = int(min(size, MOST_SIZE) * per_character) + tokens.PER_MESSAGE
    pictures = 0
    if settings.looks_at_pictures:
        pictures = tokens.images(min(images, settings.image_analysis_count))
    room = int(settings.context_window * prompts.FILL)
    input_tokens = min(fixed + data_tokens + pictures, max(room - output_tokens, 1))
    expected = input_tokens + output_tokens
    most = expected * CEILING
    return Quote(
        tokens_expected=expected,
        tokens_max=most,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        max_output_tokens=max_output,
        xct_expected=prices.xct(expected, settings, rate),
        xct_max=prices.xct(most, settings, rate),
    )


def _fixed(settings: WritingSettings) -> tuple[int, int, int]:
    return _measured(settings, templates.active("product"))


@lru_cache(maxsize=128)
def _measured(settings: WritingSettings, template: templates.PromptText) -> tuple[int, int, int]:
    """Tokens of the fixed text and the schema, of the expected answer, and the limit set for the answer."""
    system = tokens.estimate(prompts.system_text(settings, template), "en", settings.provider)
    schema = SCHEMA_TOKENS * len(settings.wanted)
    label = tokens.estimate(prompts.DATA_LABEL, "en", settings.provider)
    return system + schema + label, prompts.expected_output(settings), prompts.output_limit(settings)


def _per_character(provider: str) -> float:
    return registry.PROVIDERS[provider].tokens * tokens.ratio(provider, "json") / tokens.CHARS_PER_TOKEN["json"]
