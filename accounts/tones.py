"""Tones of voice: the built-in ones, and an organization's own."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import Organization, Tone, User
from scribe import audit
from scribe.errors import Conflict, InvalidInput
from scribe.messages import _


@dataclass(frozen=True, slots=True)
class ToneOfVoice:
    """`prompt` tells a model how to write. Built-in ones make no claim about a product, since tones count as instructions."""

    id: str
    name: str
    description: str
    prompt: str
    is_custom: bool = False


BUILT_IN: tuple[ToneOfVoice, ...] = (
    ToneOfVoice(
        "professional",
        _("Professional"),
        _("Clear, competent and to the point; suits most shops."),
        "Write clearly and matter-of-factly, in complete sentences. Put the useful facts first. No slang, no exclamation marks.",
    ),
    ToneOfVoice(
        "friendly",
        _("Friendly"),
        _("Warm and close, as a helpful shop assistant would talk."),
        "Write warmly and simply, speaking to the reader directly. Short sentences. Helpful, never pushy.",
    ),
    ToneOfVoice(
        "persuasive",
        _("Persuasive"),
        _("Leads from need to benefit to a reason to buy."),
        "Start from what the reader needs, show how each stated property helps, and end with a reason to choose the product. "
        "Argue with the given facts; do not exaggerate.",
    ),
    ToneOfVoice(
        "luxury",
        _("Luxury"),
        _("Restrained, elegant, with attention to detail."),
        "Write with restraint and elegance: calm rhythm, precise words, attention to material and detail. Few adjectives.",
    ),
    ToneOfVoice(
        "playful",
        _("Playful"),
        _("Light and cheerful, with a wink."),
        "Write lightly and cheerfully, with a little wordplay where it comes naturally. Stay understandable.",
    ),
    ToneOfVoice(
        "technical",
        _("Technical"),
        _("Precise and factual, for readers who compare data."),
        "Write precisely for readers who compare data: properties with their values and units, ordered by importance. No mood words.",
    ),
    ToneOfVoice(
        "minimalist",
        _("Minimalist"),
        _("As few words as possible."),
        "Use as few words as the facts allow. Short sentences, no filler, no repetition.",
    ),
    ToneOfVoice(
        "storytelling",
        _("Storytelling"),
        _("A small scene in which the product has its place."),
        "Open with a small everyday scene in which the product has its place, then come to its properties. Invent no facts, people or places.",
    ),
    ToneOfVoice(
        "expert",
        _("Expert"),
        _("Advises from experience and explains why something matters."),
        "Write as an adviser who knows the field: explain what each given property means in use and for whom it is suited.",
    ),
    ToneOfVoice(
        "casual",
        _("Casual"),
        _("Relaxed everyday language."),
        "Write in relaxed everyday language, the way people talk. Keep it tidy and honest.",
    ),
)
BY_ID: dict[str, ToneOfVoice] = {tone.id: tone for tone in BUILT_IN}


def available_tones(organization: Organization | None) -> list[ToneOfVoice]:
    """Every tone that `organization` can write in: the built-in ones, then its own."""
    own = Tone.objects.of(organization) if organization is not None else ()
    return [*BUILT_IN, *(_own(tone) for tone in own)]


def resolve(organization: Organization, tone_id: str) -> ToneOfVoice:
    """The tone with this id; InvalidInput `unknown_tone` when it is neither built in nor the organization's own."""
    if built_in := BY_ID.get(tone_id):
        return built_in
    own = Tone.objects.of(organization).filter(slug=tone_id).first()
    if own is None:
        raise InvalidInput.at(
            "#/tone", _("The tone of voice “{tone_id}” does not exist.", tone_id=tone_id[:60]), "unknown_tone"
        )
    return _own(own)


def _own(tone: Tone) -> ToneOfVoice:
    prompt = tone.system_prompt or tone.description or tone.name
    return ToneOfVoice(tone.slug, tone.name, tone.description, prompt, is_custom=True)


def create(
    *,
    organization: Organization,
    by: User,
    name: str,
    tone_id: str = "",
    description: str = "",
    system_prompt: str = "",
) -> Tone:
    """A tone of the organization's own. Its id is a slug that is not taken yet, made from the name when it is not given."""
    slug = tone_id or slugify(name)[:60]
    if not slug or slug != slugify(slug):
        raise InvalidInput.at(
            "#/id", _("Use only lower-case letters, digits, hyphens and underscores in the ID."), "invalid_slug"
        )
    if slug in BY_ID:
        raise Conflict(_("A built-in tone of voice already uses this ID. Choose another."), code="tone_exists")
    try:
        with transaction.atomic():
            tone = Tone.objects.create(
                organization=organization, slug=slug, name=name, description=description, system_prompt=system_prompt
            )
            audit.record(action="tone.created", actor=by, target=tone)
            return tone
    except IntegrityError:
        raise Conflict(_("A tone of voice with this ID already exists. Choose another."), code="tone_exists") from None


@transaction.atomic
def delete(*, tone: Tone, by: User) -> None:
    audit.record(action="tone.deleted", actor=by, target=tone)
    tone.delete()
