"""The answers of a model that is asked to hold sentences against the numbered passages of a source.

Behaviours beside the common ones: `denying` finds no source for anything but what it is told word for word, `lazy`
calls everything harmless, `nearest` names the first passage for everything.
"""

from __future__ import annotations

import re
from typing import Any

_LINE = re.compile(r"(\d+) (.*)")


def is_asked(schema: dict[str, Any]) -> bool:
    """Whether a request's schema asks for verdicts on sentences."""
    return "answers" in schema.get("properties", {})


def verdicts(user: str, kind: str, lie: str = "") -> dict[str, Any]:
    """A line for each of the sentences in the request. `lie` is what this model finds no source for."""
    answers: list[str] = []
    passages: dict[str, str] = {}
    reads = False
    for line in user.splitlines():
        if line.startswith("#"):
            reads = line.startswith("# Its text")
            passages = passages if reads else {}
        elif match := _LINE.fullmatch(line):
            number, text = match.groups()
            if reads:
                answers.append(f"{number}:{f'!{lie}' if lie and lie in text else _answer(text, passages, kind)}")
            else:
                passages[number] = text
    return {"answers": answers}


def _answer(text: str, passages: dict[str, str], kind: str) -> str:
    if kind == "lazy":
        return "-"
    if kind == "nearest":
        return next(iter(passages))
    stated = next((number for number, passage in passages.items() if passage == text), "")
    if stated:
        return stated
    if kind == "denying":
        return f"!{text}"
    known = {number for passage in passages.values() for number in re.findall(r"\d+", passage)}
    if not set(re.findall(r"\d+", text)) <= known:
        return f"!{text}"
    words = [word.lower() for word in re.findall(r"\w{4,}", text)]
    return next((number for number, passage in passages.items() if any(word in passage.lower() for word in words)), "-")
