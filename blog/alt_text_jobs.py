"""Suggesting an alternative text: the post's model looks at the picture where it can see, else at what is known."""

from __future__ import annotations

from decimal import Decimal

from billing import holds, prices, usage
from billing.models import Hold
from blog.models import BlogImage
from integrations.ai import alt_text
from integrations.ai.types import Answer, EndReason, Image, Prompt
from scribe import jobs, storage
from scribe.api.fields import decimal
from scribe.jobs import Run
from writing import languages, model_access
from writing import settings as writing
from writing.images import shrink
from writing.settings import WritingSettings
from writing.text import cut, plain


def write(run: Run) -> None:
    image = BlogImage.objects.select_related("post__organization").filter(pk=run.payload["image_id"]).first()
    if image is None:
        raise jobs.Failed("The image was deleted.", code="not_found")
    settings = writing.from_dict(run.payload["settings"])
    given = model_access.access(run.job.organization, settings)
    prompt = _prompt(image, settings)
    answer = model_access.once(run, settings, given, prompt, attempts=2, patience=40)
    text = cut(" ".join(plain(str((answer.data or {}).get("alt_text") or "")).split()), alt_text.LONGEST)
    if answer.end is not EndReason.OK or not text:
        _record(run, settings, answer, Decimal(0), outcome=f"answer_{answer.end}", own_key=given.own)
        raise jobs.Failed("The model suggested nothing usable.", code="unusable_answer", party=settings.provider)
    try:
        _save(run, image, settings, answer, text, own_key=given.own)
    except jobs.Stopped:
        model_access.record_cut_off(run, settings, prompt, own_key=given.own)
        raise


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


def _save(run: Run, image: BlogImage, settings: WritingSettings, answer: Answer, text: str, *, own_key: bool) -> None:
    organization = run.job.organization
    price = prices.xct(answer.input_tokens + answer.output_tokens, settings, prices.rate_multiplier(organization))
    xct = min(price, Decimal(run.payload["quoted_max"]))
    with run.settling() as job:
        _record(run, settings, answer, xct, outcome="ok", own_key=own_key)
        if hold := Hold.objects.filter(job=job, closed_at=None).first():
            holds.capture(hold=hold, amount=xct, release=hold.remaining, key=f"alt_text:{job.pk}")
        run.result.update({"succeeded": 1, "image_id": str(image.pk), "alt_text": text, "xct_used": decimal(xct)})
        run.emit("item", {"image_id": str(image.pk), "alt_text": text})
        run.advance(1)


def _record(run: Run, settings: WritingSettings, answer: Answer, xct: Decimal, *, outcome: str, own_key: bool) -> None:
    usage.record(
        organization=run.job.organization_id,
        key=f"alt_text:{run.job.pk}",
        provider=settings.provider,
        model=prices.model(settings.provider, settings.model),
        content_type="alt_text",
        **answer.counted,
        xct=xct,
        outcome=outcome,
        byok=own_key,
        job_id=run.job.pk,
        project_id=run.job.project_id,
    )
