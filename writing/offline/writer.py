"""The entry point of the built-in writer: a brief in, the answer's data out.

It knows no language well enough to translate what a person wrote. Asked for a translation, it writes the text from the
product's facts in the language asked for, as it writes every text.
"""

from __future__ import annotations

from typing import Any

from integrations.ai.types import Brief
from writing.offline import article, chat, facts, instructions, phrases, product, text


def write(brief: Brief) -> dict[str, Any]:
    """The data of an answer to `brief`, with the keys in `brief.wanted`. Never raises because of what the facts
    contain."""
    if brief.kind == "article":
        return article.write(brief)
    if brief.kind == "instructions":
        return instructions.write(brief)
    if brief.kind == "chat":
        return chat.write(brief)
    if brief.kind == "alt_text":
        return {"alt_text": alt_text(brief)}
    return product.write(brief)


def alt_text(brief: Brief) -> str:
    """An alternative text for an image, made without seeing it: the product's name and colour, and the number of a
    further image."""
    read = facts.read(brief.facts, brief.language)
    voice = phrases.Voice(brief.language, brief.tone, read)
    parts = [read.name or str(brief.facts.get("product_name") or brief.facts.get("topic") or "").strip()]
    if (colour := read.get("color")) and (said := voice.phrase(colour)):
        parts.append(said)
    number = brief.facts.get("position")
    if isinstance(number, int) and number > 1:
        parts.append(voice.grammar.words["view"].format(v=number))
    return text.cut(", ".join(part for part in parts if part), brief.limits.get("alt_text", 125))
