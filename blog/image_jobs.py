"""Images that a worker makes while the request waits: a stock photo is fetched, or a model generates one.

The row, the usage and the charge are saved in one transaction. A failure stores no files and charges nothing.
"""

import hashlib
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from accounts.models import User
from billing import prices
from billing.access import check_can_spend
from billing.models.usage import KILLED
from blog import post_images
from blog.images import encoding
from blog.models import BlogImage, BlogPost
from blog.payload import WorkPayload, job_of
from integrations.ai import images as model
from integrations.ai import registry
from integrations.ai.errors import AIError
from integrations.photos import pexels
from scribe import jobs
from scribe.api.fields import decimal
from scribe.errors import InvalidInput, NotConfigured
from scribe.jobs import Run
from scribe.messages import _
from scribe.models import Job
from writing import bill, disclosure, model_access
from writing.bill import Bill, Call, Work

SECONDS = 100
NO_TOKENS = {"input_tokens": 0, "output_tokens": 0}


@dataclass(frozen=True, kw_only=True)
class StockImagePayload(WorkPayload):
    work: str = "stock_image"
    post_id: str
    photo_url: str
    alt_text: str = ""
    photographer: str = ""
    original_url: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelImagePayload(WorkPayload):
    """`size` and `quality` are the request's, `real_size` and `real_quality` the model's. `price` in XCT."""

    work: str = "ai_image"
    post_id: str
    prompt: str
    size: str
    quality: str
    style: str
    real_size: str
    real_quality: str
    price: Decimal = field(metadata={"load": Decimal})


@transaction.atomic
def from_stock(
    *, post: BlogPost, by: User, photo_url: str, alt_text: str = "", photographer: str = "", original_url: str = ""
) -> Job:
    """Create a job that fetches a stock photo. Raises InvalidInput unless it is on the provider's own host."""
    post_images.check_stock_address(photo_url)
    asked = StockImagePayload(
        post_id=str(post.pk),
        photo_url=photo_url,
        alt_text=alt_text,
        photographer=photographer,
        original_url=original_url,
    )
    return _job(post, by=by, asked=asked)


@transaction.atomic
def by_model(
    *, post: BlogPost, by: User, prompt: str, size: str = "1024x1024", quality: str = "standard", style: str = "natural"
) -> Job:
    """Create a job that has a model make an image, and set its price aside. Raises InvalidInput for an unknown size or
    quality, NotConfigured, or InsufficientXCT."""
    check_can_spend(post.organization)
    if model.size(size) is None:
        raise InvalidInput.at(
            "#/size", _("This size can't be made: {names}.", names=sorted(set(model.SIZES) - {""})), "unknown_size"
        )
    if model.quality(quality) is None:
        raise InvalidInput.at(
            "#/quality", _("Choose the quality `standard`, `hd`, `low`, `medium` or `high`."), "unknown_quality"
        )
    if not model.is_configured():
        raise NotConfigured(_("Image generation is not set up on this server."), code="image_generation_not_configured")
    real_size, real_quality = model.size(size) or "", model.quality(quality) or ""
    price = prices.image(post.organization, provider=registry.IMAGES, size=real_size, quality=real_quality)
    asked = ModelImagePayload(
        post_id=str(post.pk),
        prompt=prompt,
        size=size,
        quality=quality,
        style=style,
        real_size=real_size,
        real_quality=real_quality,
        price=price,
    )
    job = _job(post, by=by, asked=asked)
    bill.set_aside(job, expected=price, most=price)
    return job


def _job(post: BlogPost, *, by: User, asked: WorkPayload) -> Job:
    post.project.check_live()
    return job_of(post, asked, by=by)


def take_stock(run: Run) -> None:
    asked = StockImagePayload.of(run.job)
    post = _post(asked.post_id)
    data = post_images.fetch(asked.photo_url, party="pexels")
    run.check()
    stored = post_images.store(post=post, image=encoding.process(data), name=asked.alt_text)
    with post_images.kept_only_if_recorded(stored), run.settling():
        image = post_images.record(
            post=post,
            stored=stored,
            source=BlogImage.Source.PEXELS,
            original_url=asked.original_url or asked.photo_url,
            alt_text=asked.alt_text,
            photographer=asked.photographer,
            license=pexels.LICENSE,
        )
        _finish(run, image, xct=Decimal(0))


def generate(run: Run) -> None:
    asked = ModelImagePayload.of(run.job)
    post = _post(asked.post_id)
    list_price = prices.image_price(provider=registry.IMAGES, size=asked.real_size, quality=asked.real_quality)
    person = hashlib.sha256(str(run.job.created_by_id or run.job.organization_id).encode()).hexdigest()
    due = Bill.of(run, registry.IMAGES, model.model())
    work = Work(
        key=f"blog_image:{run.job.pk}",
        content_type="image",
        calls=(Call(NO_TOKENS, KILLED, cost_usd=list_price.cost_usd),) if run.inherits_call() else (),
        quoted_max=asked.price,
        project_id=post.project_id,
    )
    try:
        made = model.generate_image(
            asked.prompt, size=asked.real_size, quality=asked.real_quality, style=asked.style, user=person
        )
    except AIError as error:
        due.write_off([work])
        raise model_access.job_failure(error, registry.IMAGES) from None
    counted = {"input_tokens": made.input_tokens, "output_tokens": made.output_tokens}
    call = Call(counted, "ok", kept=True, cost_usd=list_price.cost_usd)
    work = replace(work, calls=(*work.calls, call), xct=asked.price)
    try:
        run.check()
        generated = encoding.process(made.data, source_type=disclosure.GENERATED)
        stored = post_images.store(post=post, image=generated, name=asked.prompt[:60])
        with post_images.kept_only_if_recorded(stored), run.settling():
            image = post_images.record(
                post=post,
                stored=stored,
                source=BlogImage.Source.AI,
                alt_text=asked.prompt[:500],
                license="AI-generated",
            )
            BlogPost.objects.filter(pk=post.pk).update(xct_used=F("xct_used") + asked.price)
            due.settle([work])
            _finish(run, image, xct=asked.price)
    except BaseException:  # cancelled, unreadable or not stored: the provider bills the call anyway
        due.write_off([work])
        raise


def _post(post_id: str) -> BlogPost:
    post = BlogPost.objects.select_related("organization", "project").filter(pk=post_id).first()
    if post is None:
        raise jobs.Failed(_("The post was deleted."), code="not_found")
    return post


def _finish(run: Run, image: BlogImage, *, xct: Decimal) -> None:
    run.result.update({"succeeded": 1, "image_id": str(image.pk), "xct_used": decimal(xct)})
    run.emit("item", {"image_id": str(image.pk), "post_id": str(image.post_id)})
    run.advance(1)
