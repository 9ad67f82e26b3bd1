"""Estimating tokens without a network call, and learning from the counts that vendors report.

The table was measured with the o200k vocabulary on one paragraph per language. The factor says how many more tokens
another vendor's vocabulary makes of the same text.
"""

import math
import threading

from integrations.ai import registry

CHARS_PER_TOKEN = {
    "en": 4.8,
    "de": 4.2,
    "fr": 4.1,
    "es": 4.2,
    "it": 4.0,
    "pt": 4.1,
    "nl": 4.1,
    "ru": 3.5,
    "uk": 3.2,
    "bg": 3.2,
    "sr": 2.9,
    "sr-Latn": 2.9,
    "hr": 2.9,
    "bs": 2.9,
    "sl": 2.9,
    "ja": 1.4,
    "zh": 1.3,
    "ko": 1.6,
    "html": 2.4,
    "json": 3.1,
}
UNKNOWN = 2.5
PER_MESSAGE = 8
PER_IMAGE = 1600
THINKING = {"": 0, "none": 0, "disabled": 0, "low": 500, "medium": 2000, "high": 6000}
# The length of the same content in each language, in characters per word.
CHARS_PER_WORD = {"en": 5.5, "sr": 6.5, "sr-Latn": 6.5, "de": 6.8}

_lock = threading.Lock()
_ratios: dict[tuple[str, str], float] = {}


def estimate(text: str, language: str = "en", provider: str = "openai") -> int:
    """Tokens that `provider` will count for `text`. `language` is a language code, `html` or `json`."""
    if not text:
        return 0
    per = CHARS_PER_TOKEN.get(language) or CHARS_PER_TOKEN.get(language.split("-")[0], UNKNOWN)
    plain = len(text) / per * registry.PROVIDERS[provider].tokens
    return math.ceil(plain * ratio(provider, language)) + PER_MESSAGE


def expected_output(characters: int, language: str = "en", provider: str = "openai", effort: str = "") -> int:
    """Tokens of an answer of about `characters` visible characters, with the JSON around it and the thinking before it."""
    per = CHARS_PER_TOKEN.get(language) or CHARS_PER_TOKEN.get(language.split("-")[0], UNKNOWN)
    return math.ceil(characters / per * 1.3 * registry.PROVIDERS[provider].tokens) + THINKING.get(effort, 500)


def images(count: int) -> int:
    return count * PER_IMAGE


def learn(provider: str, language: str, *, estimated: int, actual: int) -> None:
    """Move the running ratio of (provider, language) towards what was counted, within 0.7 to 1.6."""
    if estimated <= 0 or actual <= 0:
        return
    with _lock:
        old = _ratios.get((provider, language), 1.0)
        seen = old * actual / estimated
        _ratios[provider, language] = min(1.6, max(0.7, old + (seen - old) * 0.05))


def forget() -> None:
    """Forget what was learned."""
    _ratios.clear()


def ratio(provider: str, language: str) -> float:
    return _ratios.get((provider, language), 1.0)
