"""Suggest an alternative text with the post's model. The model gets names, and the image too if it can see images."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from blog.alt_texts import AltTextPayload
from blog.models import BlogImage
from integrations.ai import alt_text
from integrations.ai.types import Image, Prompt
from scribe import jobs, storage
from scribe.api.fields import decimal
from scribe.jobs import Run
from writing import languages, model_access
from writing.images import shrink
from writing.settings import WritingSettings
from writing.text import cut, plain


def write(run: Run) -> None:
    """Put a suggested text into the job's result. Nothing else is stored."""
    asked = AltTextPayload.of(run.job)
    image = BlogImage.objects.select_related("post__organization").filter(pk=asked.image_id).first()
    if image is None:
        raise jobs.Failed("The image was deleted.", code="not_found")

    def keep(text: str, xct: Decimal) -> None:
        run.result.update({"succeeded": 1, "image_id": asked.image_id, "alt_text": text, "xct_used": decimal(xct)})
        run.emit("item", {"image_id": asked.image_id, "alt_text": text})
        run.advance(1)

    model_access.ask_once(
        run,
        asked.settings,
        _prompt(image, asked.settings),
        content_type="alt_text",
        quoted_max=asked.quoted_max,
        read=_text,
        keep=keep,
        attempts=2,
        patience=40,
    )
    if "alt_text" not in run.result:
        raise jobs.Failed("The model suggested nothing usable.", code="unusable_answer", party=asked.settings.provider)


def _text(data: dict[str, Any]) -> str:
    return cut(" ".join(plain(str(data.get("alt_text") or "")).split()), alt_text.LONGEST)


def _prompt(image: BlogImage, settings: WritingSettings) -> Prompt:
    facts = {"name": image.product_name or image.post.title or image.post.topic, "post": image.post.title}
    language = languages.find(settings.language)
    name = language.name if language else ""
    return alt_text.prompt(facts, settings.language, language_name=name, image=_seen(image, settings))


def _seen(image: BlogImage, settings: WritingSettings) -> Image | None:
    if not settings.sees:
        return None
    with storage.open((image.files.get("jpeg") or {}).get("640") or image.s3_key) as file:
        return shrink(file.read())
