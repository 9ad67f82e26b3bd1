"""The built-in writer in the form of a provider's client: a brief in, the answer's data out.

It knows no language well enough to translate what a person wrote. Asked for a translation, it writes the text from the
product's facts in the language asked for, as it writes every text.
"""

import asyncio

import orjson

from integrations.ai.capabilities import BUILT_IN
from integrations.ai.types import Answer, Brief, EndReason, Prompt
from scribe.types import Json
from writing.offline import article, chat, facts, instructions, phrases, product, rehearsal, text


def write(brief: Brief) -> Json:
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
    voice = phrases.Voice(brief.language, facts.read(brief.facts, brief.language))
    parts = [voice.product.name or str(brief.facts.get("product_name") or brief.facts.get("topic") or "").strip()]
    if colour := voice.product.get("color"):
        parts.append(voice.few(colour))
    number = brief.facts.get("position")
    if isinstance(number, int) and number > 1:
        parts.append(voice.grammar.photo.format(v=number))
    return text.cut(", ".join(part for part in parts if part), brief.limits.get("alt_text", 125))


class Offline:
    """Answers from `prompt.brief`. It counts no tokens, because no model reads or writes any."""

    def __init__(self, *, model: str) -> None:
        self.model = model

    async def send(self, prompt: Prompt) -> Answer:
        data = write(prompt.brief)
        await asyncio.sleep(0)  # lets other tasks of the loop run between two texts
        answer = Answer(
            data=data, text=orjson.dumps(data).decode(), end=EndReason.OK, provider=BUILT_IN, model=self.model
        )
        return rehearsal.rehearse(prompt.brief, answer)

    async def close(self) -> None:
        return None
