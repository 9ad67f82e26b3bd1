"""The answers of a model that is asked to hold sentences against a source.

Behaviours beside the common ones: `denying` finds no source for anything, `inventing` quotes what no source says.
"""

from __future__ import annotations

import re
from typing import Any


def is_asked(schema: dict[str, Any]) -> bool:
    """Whether a request's schema asks for verdicts on sentences."""
    return "sentences" in schema.get("properties", {})


def verdicts(data: dict[str, Any], kind: str) -> dict[str, Any]:
    """A verdict for each of the `sentences` in the request's `data`, with quotes from its `source`."""
    texts = [str(text) for text in data.get("source", {}).values()]
    return {"sentences": [_verdict(row, texts, kind) for row in data.get("sentences", [])]}


def _verdict(row: dict[str, Any], texts: list[str], kind: str) -> dict[str, Any]:
    said = {"number": row["number"], "verdict": "supported", "quotes": [], "words": ""}
    if kind == "denying":
        return {**said, "verdict": "none", "words": row["text"]}
    if kind == "inventing":
        return {**said, "quotes": [f"it is well known that {row['text']}"]}
    words = [word.lower() for word in re.findall(r"\w{4,}", row["text"])]
    quote = next((text for text in texts if any(word in text.lower() for word in words)), "")
    return {**said, "quotes": [quote[:200]]} if quote else {**said, "verdict": "harmless"}
