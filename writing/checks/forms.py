"""The forms of the tables as they are written there: words, stems (`pamu*`), endings (`*shirt`), any word (`?`), capitals."""

from __future__ import annotations

from functools import cache

from writing.checks.words import fold, latin


def like(word: str, pattern: str) -> bool:
    if pattern == "?":
        return True
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return word.endswith(pattern[1:])
    return word == pattern


def in_case(word: str, case: str) -> bool:
    return not case or word == case or (case == "A" and word[0].isupper())


@cache
def parsed(form: str, serbian: bool) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The words of a form of the tables as they are compared, the capitals that each needs, and the first as it stands."""
    words = form.split()
    heads = [word.strip("*") for word in words]
    case = tuple("" if h.islower() or h == "?" else (h if len(h) > 1 and h.isupper() else "A") for h in heads)
    return tuple(_folded(word, serbian) for word in words), case, heads[0]


def _folded(word: str, serbian: bool) -> str:
    core = word.strip("*")
    if core == "?":
        return "?"
    body = latin(core) if serbian else fold(core)
    return ("*" if word.startswith("*") else "") + body + ("*" if word.endswith("*") else "")
