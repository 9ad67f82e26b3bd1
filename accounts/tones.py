"""Tones of voice: the built-in ones, and an organization's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import Organization, Tone, User
from scribe import audit
from scribe.errors import Conflict, InvalidInput


@dataclass(frozen=True)
class ToneOfVoice:
    """What a writer needs to know of a tone, whoever defined it."""

    id: str
    name: str
    description: str
    system_prompt: str
    is_custom: bool = False


def _built_in(id_: str, name: str, description: str, prompt: str) -> tuple[str, ToneOfVoice]:
    return id_, ToneOfVoice(id_, name, description, prompt)


BUILT_IN = dict(
    [
        _built_in(
            "professional",
            "Professional",
            "Clear, competent and to the point.",
            "Write in a professional tone: precise, composed and helpful. Lead with what matters to the buyer, avoid slang and exaggeration.",
        ),
        _built_in(
            "friendly",
            "Friendly",
            "Warm and approachable, like a good shop assistant.",
            "Write in a friendly tone: warm, plain and personal, addressing the reader directly, as a good shop assistant would.",
        ),
        _built_in(
            "persuasive",
            "Persuasive",
            "Shows benefits and moves to act.",
            "Write in a persuasive tone: turn every feature into a benefit and give honest reasons to choose the product, without pressure.",
        ),
        _built_in(
            "luxury",
            "Luxury",
            "Refined and exclusive.",
            "Write in a refined, elegant tone: calm sentences, sensory detail, attention to material and craft, never loud.",
        ),
        _built_in(
            "playful",
            "Playful",
            "Light, lively and witty.",
            "Write in a playful tone: lively rhythm, light humour and vivid pictures, while the facts stay exact.",
        ),
        _built_in(
            "technical",
            "Technical",
            "Exact, with specifications first.",
            "Write in a technical tone: exact terms, units and specifications first, no adjectives that carry no information.",
        ),
        _built_in(
            "minimalist",
            "Minimalist",
            "Few words, each of them needed.",
            "Write in a minimalist tone: short sentences, one thought each, nothing that could be left out.",
        ),
        _built_in(
            "storytelling",
            "Storytelling",
            "Puts the product into a small scene.",
            "Write in a storytelling tone: open with a small scene of use, then let the facts of the product carry it. Invent no facts.",
        ),
        _built_in(
            "expert",
            "Expert",
            "Advises with deep knowledge.",
            "Write as an expert adviser: explain what a property means in practice and for whom it is the right choice.",
        ),
        _built_in(
            "casual",
            "Casual",
            "Relaxed, everyday language.",
            "Write in a casual tone: everyday words, contractions where the language has them, relaxed but never careless.",
        ),
    ]
)


def of(organization: Organization) -> list[ToneOfVoice]:
    """Every tone that `organization` can write in: the built-in ones, then its own."""
    return [*BUILT_IN.values(), *(_own(tone) for tone in Tone.objects.of(organization))]


def find(organization: Organization, tone_id: str) -> ToneOfVoice | None:
    """The tone with this id, or None."""
    if tone_id in BUILT_IN:
        return BUILT_IN[tone_id]
    own = Tone.objects.of(organization).filter(slug=tone_id).first()
    return _own(own) if own else None


def resolve(organization: Organization, tone_id: str, *, pointer: str = "#/tone") -> ToneOfVoice:
    """The tone with this id; InvalidInput `unknown_tone` when there is none."""
    tone = find(organization, tone_id)
    if tone is None:
        raise InvalidInput.at(pointer, f"There is no tone “{tone_id[:60]}”.", "unknown_tone")
    return tone


def _own(tone: Tone) -> ToneOfVoice:
    return ToneOfVoice(tone.slug, tone.name, tone.description, tone.system_prompt, is_custom=True)


def create(
    *,
    organization: Organization,
    by: User,
    name: str,
    tone_id: str = "",
    description: str = "",
    system_prompt: str = "",
) -> Tone:
    """A tone of the organization's own. Its id is a slug (made from the name when none is given) and not yet taken."""
    slug = tone_id or slugify(name)[:60]
    if not slug or slug != slugify(slug):
        raise InvalidInput.at("#/id", "An id has lower-case letters, digits, hyphens and underscores.", "invalid_slug")
    if slug in BUILT_IN:
        raise Conflict("This id belongs to a built-in tone.", code="tone_exists")
    try:
        with transaction.atomic():
            tone = Tone.objects.create(
                organization=organization, slug=slug, name=name, description=description, system_prompt=system_prompt
            )
            audit.record(action="tone.created", actor=by, organization=organization, target=tone)
            return tone
    except IntegrityError:
        raise Conflict("There is a tone with this id.", code="tone_exists") from None


@transaction.atomic
def delete(*, tone: Tone, by: User) -> None:
    audit.record(action="tone.deleted", actor=by, organization=tone.organization_id, target=tone)
    tone.delete()
