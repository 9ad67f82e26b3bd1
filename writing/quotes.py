"""What writing an item will cost: expected, and at most.

The maximum is twice the expectation. This leaves room for a longer answer and for the repair round, whose first draft
is free. Nothing beyond the maximum is captured, so the bill never exceeds it. Where a second model reads the texts, the
quote includes its readings: half of the most is for the sentences that a repair changed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from billing import prices
from integrations.ai import registry, tokens
from writing import prompts, templates
from writing.facts import Facts
from writing.settings import WritingSettings
from writing.translation import prompt as translating
from writing.verifier import request
from writing.verifier.choice import Verifier
from writing.verifier.terms import active as active_terms
from writing.verifier.translations import TERMS

MOST_SIZE = 14_000  # the most characters of one item's data that reach a prompt
SCHEMA_TOKENS = 40  # per key that the schema asks for
CEILING = 2
TYPICAL_SIZE = 1_500  # characters of a usual product's data
CONTEXT = 200  # characters that say what an original is about


@dataclass(frozen=True, slots=True)
class Quote:
    """The quote for a piece of work. Tokens are input and output together, unless the name says otherwise."""

    tokens_expected: int
    tokens_max: int
    input_tokens: int
    output_tokens: int
    max_output_tokens: int
    xct_expected: Decimal
    xct_max: Decimal
    reading: "Quote | None" = None  # the second model's part

    @property
    def writing_tokens_max(self) -> int:
        """The most tokens that a call of the writer may read and write."""
        return self.tokens_max - (self.reading.tokens_max if self.reading else 0)

    def __add__(self, reading: "Quote") -> "Quote":
        """This quote with the second model's part added. The counts of input and output tokens stay the writer's."""
        return replace(
            self,
            tokens_expected=self.tokens_expected + reading.tokens_expected,
            tokens_max=self.tokens_max + reading.tokens_max,
            xct_expected=self.xct_expected + reading.xct_expected,
            xct_max=self.xct_max + reading.xct_max,
            reading=reading,
        )


FREE = Quote(0, 0, 0, 0, 0, Decimal(0), Decimal(0))


def quote(
    facts: Facts,
    settings: WritingSettings,
    *,
    rate: Decimal = Decimal(1),
    images: int | None = None,
    hint: int = 0,
) -> Quote:
    """The quote for one item. `rate` is the organization's `token_rate_multiplier`. `images` is the number of images
    that are sent; without it, all of the source's are counted. `hint` is the length of a reviewer's reason in
    characters. A translation (`facts.original`) is quoted by the length of its original."""
    if facts.original is not None:
        return translation(translating.size_of(facts.original, settings) + hint, settings, rate=rate)
    size = sum(len(path) + len(value) for path, value in facts.fields.items()) + 6 * len(facts.fields) + hint
    return quote_size(size, settings, images=len(facts.images) if images is None else images, rate=rate)


def quote_size(size: int, settings: WritingSettings, *, images: int = 0, rate: Decimal = Decimal(1)) -> Quote:
    """The same quote from the length of the item's data as text, so that a large project is quoted without reading its
    items."""
    return by_size(settings, rate=rate)(size, images)


def by_size(settings: WritingSettings, *, rate: Decimal) -> Callable[[int, int], Quote]:
    """The quotes of many items, by the length of their data and their number of images. What they have alike is found
    once."""
    fixed, output_tokens, max_output = _fixed_tokens(settings)
    per_character = _per_character(settings.provider)
    # Half of the most that the glossary takes: the maximum is twice the expectation.
    told = settings.glossary.most_told // CEILING
    most_images = settings.image_analysis_count if settings.looks_at_images else 0
    room = max(int(settings.context_window * prompts.FILL) - output_tokens, 1)
    reading = _reading(settings, settings.verifier, rate) if settings.verifier else None

    def quote_of(size: int, images: int) -> Quote:
        data_tokens = int((min(size, MOST_SIZE) + told) * per_character) + tokens.PER_MESSAGE
        input_tokens = min(fixed + data_tokens + tokens.images(min(images, most_images)), room)
        written = _quote(input_tokens, output_tokens, max_output, settings, rate)
        return written + reading(size) if reading else written

    return quote_of


def products_for(xct: Decimal, settings: WritingSettings, *, rate: Decimal = Decimal(1)) -> int:
    """About how many usual products `xct` are enough for, in one or two significant digits; 0 where nothing is
    charged."""
    each = quote_size(TYPICAL_SIZE, settings, rate=rate).xct_expected
    count = int(xct / each) if each else 0
    return count // (step := int(10 ** max(0, len(str(count)) - 2))) * step


def translation(size: int, settings: WritingSettings, *, rate: Decimal = Decimal(1)) -> Quote:
    """The quote for the translation of an original of `size` characters, so that a large project is quoted without
    reading its texts. `settings` are those of the translation."""
    return translations_by_size(settings, rate=rate)(size)


def translations_by_size(settings: WritingSettings, *, rate: Decimal) -> Callable[[int], Quote]:
    """The quotes of many translations by the size of their originals: what they have alike is found once."""
    template = templates.active(translating.KIND)
    rules = tokens.estimate(translating.system_text(settings, settings.language, template), "en", settings.provider)
    fixed = rules + SCHEMA_TOKENS * len(settings.wanted) + tokens.PER_MESSAGE
    context = CONTEXT + settings.glossary.most_told // CEILING
    per_character = _per_character(settings.provider)
    reading = _reading(settings, settings.verifier, rate, TERMS) if settings.verifier else None

    def quote_of(size: int) -> Quote:
        written = translating.expected_output(size, settings)
        read = fixed + int((size + context) * per_character)
        quoted = _quote(read, written, written * 2 + 1000, settings, rate)
        return quoted + reading(size) if reading else quoted

    return quote_of


def _reading(settings: WritingSettings, verifier: Verifier, rate: Decimal, more: str = "") -> Callable[[int], Quote]:
    """The quotes for the second model, by the size of the data. It reads the data and the text, and answers with a few
    numbers for each sentence."""
    terms = active_terms().under(settings.law)
    terms = terms.with_text(more) if more else terms
    characters = prompts.expected_characters(settings)
    sentences = characters // request.SENTENCE_LENGTH + 1
    numbers = sentences * len("100 \n")
    shown = characters + numbers + request.controls_length(settings.law)
    per_character = _per_character(verifier.provider)
    fixed = request.input_tokens(terms, request.LABEL, verifier)
    answer, limit = request.expected_output(sentences, verifier), request.output_limit(sentences, verifier)

    def quote_of(size: int) -> Quote:
        read = fixed + int((min(size, MOST_SIZE) + shown) * per_character)
        return _quote(read, answer, limit, verifier, rate)

    return quote_of


def _quote(read: int, written: int, limit: int, metered: prices.Metered, rate: Decimal) -> Quote:
    expected = read + written
    most = expected * CEILING
    return Quote(
        tokens_expected=expected,
        tokens_max=most,
        input_tokens=read,
        output_tokens=written,
        max_output_tokens=limit,
        xct_expected=prices.xct(expected, metered, rate),
        xct_max=prices.xct(most, metered, rate),
    )


def _fixed_tokens(settings: WritingSettings) -> tuple[int, int, int]:
    """Tokens of the fixed text with the schema, expected tokens of the answer, and the limit that is set for the
    answer. What the process has learned of a provider's counts meanwhile tells in the next quote."""
    system = prompts.system_text(settings, templates.active("product"))
    label = tokens.estimate(prompts.DATA_LABEL, "en", settings.provider)
    fixed = tokens.estimate(system, "en", settings.provider) + label + SCHEMA_TOKENS * len(settings.wanted)
    return fixed, *_answer(settings)


@lru_cache(maxsize=128)
def _answer(settings: WritingSettings) -> tuple[int, int]:
    return prompts.expected_output(settings), prompts.output_limit(settings)


def _per_character(provider: str) -> float:
    return registry.PROVIDERS[provider].tokens * tokens.ratio(provider, "json") / tokens.CHARS_PER_TOKEN["json"]
