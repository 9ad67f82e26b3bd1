"""A second opinion on short texts: where small words are too few, sequences of letters show which language fits.

The model is that of py3langid (https://github.com/adbar/py3langid), a naive Bayes classifier over byte sequences. It
takes some 100 MB and a few seconds to load, so a process loads it only for its first doubtful text.
"""

from functools import cache
from threading import Lock
from typing import Any

from scribe.language.detector import are_alike, candidates, family
from scribe.marks import stream_safe

_NAMES = {"nn": "no"}
_loading = Lock()


@cache
def _recognized_languages() -> frozenset[str]:
    """Our languages in Latin and Cyrillic letters, under the model's names. Others are recognised by their script."""
    return frozenset({*candidates("latin"), *candidates("cyrillic"), "hr", "bs", "nn"} - {"sr-cyr"})


def knows(language: str) -> bool:
    """Whether the model has this language (one of our codes)."""
    return family(language) in _recognized_languages()


def best(text: str) -> str:
    """The language that fits `text` best, as a family code."""
    return next(iter(_points(text)))


def against(text: str, language: str) -> tuple[str, float]:
    """The best other language for `text`, and the number of points by which it fits better than `language`.

    Points are natural logarithms of the odds. A negative number means that `language` fits best. Languages that checks
    cannot tell from `language` do not count as others.
    """
    asked = family(language)
    points = _points(text)
    other = next(code for code in points if not are_alike(code, asked))
    return other, points[other] - points[asked]


def _points(text: str) -> dict[str, float]:
    """The points of `text` by family code, the best first."""
    points: dict[str, float] = {}
    for code, value in _model().rank(stream_safe(text)):
        points.setdefault(_NAMES.get(code) or family(code), value)
    return points


def _model() -> Any:  # type: ignore[explicit-any]  # it has no types
    with _loading:  # so that two threads do not load it twice
        return _load()


@cache
def _load() -> Any:  # type: ignore[explicit-any]  # it has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(_recognized_languages())
    return model
