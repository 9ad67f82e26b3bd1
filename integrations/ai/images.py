"""Images by OpenAI's current image model, through the official SDK.

GPT image models only (the DALL·E models are retired). Older clients' values are mapped: `hd` and `standard`, the wide
sizes, and a `style`, which becomes words in the prompt. These models always answer base64.
"""

import asyncio
import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from integrations.ai import registry, traces
from integrations.ai.errors import AIPermanentError, AITransientError
from integrations.ai.providers import faults, http
from scribe.messages import _
from scribe.types import Json

if TYPE_CHECKING:
    import openai
    from openai.types import ImagesResponse

MODEL = "gpt-image-2.5-flare"
SECONDS = 95.0
LARGEST = 40 * 1024 * 1024  # of base64 text
SIZES = {
    "": "1024x1024",
    "auto": "1024x1024",
    "square": "1024x1024",
    "landscape": "1536x1024",
    "portrait": "1024x1536",
    "256x256": "1024x1024",
    "512x512": "1024x1024",
    "1024x1024": "1024x1024",
    "1536x1024": "1536x1024",
    "1024x1536": "1024x1536",
    "1792x1024": "1536x1024",
    "1024x1792": "1024x1536",
}
QUALITIES = {
    "": "medium",
    "auto": "medium",  # the vendor's own `auto` may cost what `high` does
    "low": "low",
    "medium": "medium",
    "standard": "medium",
    "high": "high",
    "hd": "high",
}
STYLES = {
    "vivid": "Style: vivid, high contrast, dramatic light.",
    "natural": "Style: natural, soft light, true colours.",
    "photo": "Style: a realistic photograph.",
    "photographic": "Style: a realistic photograph.",
    "illustration": "Style: a flat illustration.",
    "minimalist": "Style: minimalist, plain background.",
}
_MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class GeneratedImage:
    data: bytes
    media_type: str
    width: int
    height: int
    model: str
    input_tokens: int
    output_tokens: int
    request_id: str


def is_configured() -> bool:
    return bool(settings.OPENAI_API_KEY)


def size(asked: str) -> str | None:
    """The model's size for the size `asked`; None for an unknown one."""
    return SIZES.get(asked.strip().lower())


def quality(asked: str) -> str | None:
    return QUALITIES.get(asked.strip().lower())


def model() -> str:
    return str(getattr(settings, "OPENAI_IMAGE_MODEL", "") or MODEL)


async def generate(
    prompt: str,
    *,
    size: str = "1024x1024",
    quality: str = "standard",
    style: str = "",
    api_key: str = "",
    base_url: str = "",
    user: str = "",
) -> GeneratedImage:
    """Generate one image. `user`: a hash that tells end users apart for the vendor's abuse detection.

    Raises AIPermanentError (`image_refused` when the vendor's policy forbids it) or AITransientError. Only a 429 or an
    outage is retried, and once: a request may be billed although its answer got lost.
    """
    asked = f"{prompt.strip()[:30_000]}\n\n{STYLES.get(style.strip().lower(), style and f'Style: {style}.')}".strip()
    request: Json = {
        "model": model(),
        "prompt": asked,
        "size": SIZES.get(size.lower(), "1024x1024"),
        "quality": QUALITIES.get(quality.lower(), "medium"),
        "output_format": "png",
        "n": 1,
        **({"safety_identifier": user} if user else {}),
    }
    import openai  # takes half a second; processes that only ask for sizes and qualities don't need it

    async with openai.AsyncOpenAI(
        api_key=api_key or settings.OPENAI_API_KEY,
        base_url=base_url or settings.OPENAI_BASE_URL,
        max_retries=0,
        timeout=http.timeout(SECONDS),
        http_client=openai.DefaultAsyncHttpxClient(**http.options(LARGEST + http.MIB, packed=LARGEST + http.MIB)),
    ) as client:
        for last in (False, True):
            try:
                with traces.calling("openai", request["model"], operation="generate_content", output="image"):
                    async with asyncio.timeout(SECONDS):
                        raw = await client.images.with_raw_response.generate(**request)
                return _image(raw.parse(), request["size"], raw.headers.get("x-request-id", ""))
            except TimeoutError:
                raise AITransientError(
                    _("The image model took too long."), code="provider_timeout", provider=registry.IMAGES
                ) from None
            except openai.APIError as error:
                fault = _fault(error)
                wait = getattr(fault, "retry_after", None) or 1.0
                if last or not isinstance(fault, AITransientError) or not fault.throttled or wait > 20:
                    raise fault from None
                await asyncio.sleep(wait)
    raise AITransientError(_("The image model could not be reached."), provider=registry.IMAGES)


def generate_image(prompt: str, **more: object) -> GeneratedImage:
    """`generate` for callers without an event loop (a worker's task)."""
    return asyncio.run(generate(prompt, **more))  # type: ignore[arg-type]  # handed on


def _fault(error: "openai.APIError") -> AIPermanentError | AITransientError:
    code = str(getattr(error, "code", "") or "")
    if getattr(error, "status_code", 0) == 400 and ("moderation" in code or "policy" in code or "safety" in code):
        return AIPermanentError(
            _("The image model rejected this description. Change it and try again."),
            code="image_refused",
            provider=registry.IMAGES,
        )
    fault = faults.translate(error, registry.IMAGES)
    assert isinstance(fault, AIPermanentError | AITransientError)
    return fault


def _image(answer: "ImagesResponse", asked: str, request_id: str) -> GeneratedImage:
    data = answer.data[0].b64_json if answer.data else None
    if not data or len(data) > LARGEST:
        raise AITransientError(
            _("The image model answered without an image."), code="image_missing", provider=registry.IMAGES
        )
    try:
        decoded = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    kind = next((kind for magic, kind in _MAGIC.items() if decoded.startswith(magic)), "")
    if decoded[:4] == b"RIFF" and decoded[8:12] == b"WEBP":
        kind = "image/webp"
    if not kind:
        raise AITransientError(
            _("The image model did not return an image."), code="image_unreadable", provider=registry.IMAGES
        )
    width, height = (int(n) for n in (answer.size or asked).split("x"))
    usage = answer.usage
    return GeneratedImage(
        data=decoded,
        media_type=kind,
        width=width,
        height=height,
        model=model(),
        input_tokens=usage.input_tokens if usage else 0,
        output_tokens=usage.output_tokens if usage else 0,
        request_id=request_id,
    )
