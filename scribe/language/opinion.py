"""A second opinion on short texts: letters in a row say which language fits, where small words are too few to tell.

The model is that of py3langid (https://pypi.org/project/py3langid/), a naive Bayes classifier over byte sequences. It
takes some 100 MB and a few seconds to load, so the first doubtful text of a process loads it and nothing else does.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

from scribe.language.detector import are_alike, family
from scribe.marks import stream_safe

# Languages in Latin and Cyrillic letters that we write in, under the model's names. Others are told by their script.
_KNOWN = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "sr",
    "hr",
    "bs",
    "sl",
    "mk",
    "bg",
    "ro",
    "hu",
    "sq",
    "tr",
    "pl",
    "cs",
    "sk",
    "ru",
    "uk",
    "be",
    "lt",
    "lv",
    "et",
    "fi",
    "sv",
    "da",
    "no",
    "nn",
    "is",
    "ca",
    "gl",
    "eu",
    "ga",
    "mt",
    "id",
    "ms",
    "vi",
    "az",
    "kk",
    "sw",
]
_NAMES = {"nn": "no"}
_loading = Lock()


def knows(language: str) -> bool:
    """Whether the model has this language (one of our codes)."""
    return family(language) in _KNOWN


def best(text: str) -> str:
    """The language that fits `text` best, as a family code."""
    return next(iter(_points(text)))


def against(text: str, language: str) -> tuple[str, float]:
    """The other language that fits `text` best, and how many points it fits better than `language` does.

    A point is a natural logarithm of the odds; below zero `language` fits best. Languages that no check tells from
    the one asked for are no others.
    """
    asked = family(language)
    points = _points(text)
    other = next(code for code in points if not are_alike(code, asked))
    return other, points[other] - points[asked]


def _points(text: str) -> dict[str, float]:
    """By family, the best first."""
    points: dict[str, float] = {}
    for code, value in _model().rank(stream_safe(text)):
        points.setdefault(_NAMES.get(code) or family(code), value)
    return points


def _model() -> Any:
    with _loading:  # two threads would load it twice
        return _load()


@cache
def _load() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(_KNOWN)
    return model
