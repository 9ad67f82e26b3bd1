"""What a post will cost: expected, and at most. The maximum is twice the expectation, and the bill never passes it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from billing import prices
from blog.writing import prompts
from blog.writing.prompts import Assignment
from integrations.ai import tokens
from writing.settings import WritingSettings

SCHEMA_TOKENS = 400
CEILING = 2


@dataclass(frozen=True)
class Quote:
    input_tokens: int
    output_tokens: int
    xct_expected: Decimal
    xct_max: Decimal

    @property
    def tokens_max(self) -> int:
        return (self.input_tokens + self.output_tokens) * CEILING


def quote(assigned: Assignment, settings: WritingSettings, *, rate: Decimal = Decimal(1), pictures: int = 0) -> Quote:
    built = prompts.build(assigned, settings)
    read = (
        tokens.estimate(built.system, "en", settings.provider)
        + tokens.estimate(built.user, "json", settings.provider)
        + SCHEMA_TOKENS
        + tokens.images(pictures)
    )
    written = prompts.output_tokens(assigned, settings)
    return Quote(
        input_tokens=read,
        output_tokens=written,
        xct_expected=prices.xct(read + written, settings, rate),
        xct_max=prices.xct((read + written) * CEILING, settings, rate),
    )
