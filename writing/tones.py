"""Tones of voice: the built-in ones, and an organization's own beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scribe.errors import InvalidInput

if TYPE_CHECKING:
    from accounts.models import Organization


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """`prompt` tells a model how to write; it holds no claim about any product, since tones count as instructions."""

    id: str
    name: str
    description: str
    prompt: str


BUILT_IN: tuple[BuiltIn, ...] = (
    BuiltIn(
        "professional",
        "Professional",
        "Clear, competent and to the point; suits most shops.",
        "Write clearly and matter-of-factly, in complete sentences. Put the useful facts first. No slang, no exclamation marks.",
    ),
    BuiltIn(
        "friendly",
        "Friendly",
        "Warm and close, as a helpful shop assistant would talk.",
        "Write warmly and simply, speaking to the reader directly. Short sentences. Helpful, never pushy.",
    ),
    BuiltIn(
        "persuasive",
        "Persuasive",
        "Leads from need to benefit to a reason to buy.",
        "Start from what the reader needs, show how each stated property helps, and end with a reason to choose the product. "
        "Argue with the given facts; do not exaggerate.",
    ),
    BuiltIn(
        "luxury",
        "Luxury",
        "Restrained, elegant, with attention to detail.",
        "Write with restraint and elegance: calm rhythm, precise words, attention to material and detail. Few adjectives.",
    ),
    BuiltIn(
        "playful",
        "Playful",
        "Light and cheerful, with a wink.",
        "Write lightly and cheerfully, with a little wordplay where it comes naturally. Stay understandable.",
    ),
    BuiltIn(
        "technical",
        "Technical",
        "Precise and factual, for readers who compare data.",
        "Write precisely for readers who compare data: properties with their values and units, ordered by importance. No mood words.",
    ),
    BuiltIn(
        "minimalist",
        "Minimalist",
        "As few words as possible.",
        "Use as few words as the facts allow. Short sentences, no filler, no repetition.",
    ),
    BuiltIn(
        "storytelling",
        "Storytelling",
        "A small scene in which the product has its place.",
        "Open with a small everyday scene in which the product has its place, then come to its properties. Invent no facts, people or places.",
    ),
    BuiltIn(
        "expert",
        "Expert",
        "Advises from experience and explains why something matters.",
        "Write as an adviser who knows the field: explain what each given property means in use and for whom it is suited.",
    ),
    BuiltIn(
        "casual",
        "Casual",
        "Relaxed everyday language.",
        "Write in relaxed everyday language, the way people talk. Keep it tidy and honest.",
    ),
)
BY_ID: dict[str, BuiltIn] = {tone.id: tone for tone in BUILT_IN}


def available(organization: Organization | None) -> list[dict[str, Any]]:
    """`{id, name, description, is_custom}` of every tone that `organization` can write in; its own come last."""
    rows: list[dict[str, Any]] = [
        {"id": tone.id, "name": tone.name, "description": tone.description, "is_custom": False} for tone in BUILT_IN
    ]
    if organization is not None:
        from accounts.models import Tone

        rows += [
            {"id": tone.slug, "name": tone.name, "description": tone.description, "is_custom": True}
            for tone in Tone.objects.of(organization)
        ]
    return rows


def text(organization: Organization | None, tone_id: str) -> str:
    """What the tone tells the model. An id that is neither built in nor the organization's own is invalid input."""
    if built_in := BY_ID.get(tone_id):
        return built_in.prompt
    if organization is not None:
        from accounts.models import Tone

        own = Tone.objects.of(organization).filter(slug=tone_id).first()
        if own is not None:
            return str(own.system_prompt or own.description or own.name)
    raise InvalidInput.at("#/tone", f"There is no tone “{tone_id}”.", "unknown_tone")
