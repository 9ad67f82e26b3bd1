"""The job that writes one post: images first, then the model, then one transaction that saves and charges.

The job may be killed at any point and repeated. A stored image is not fetched twice, and nothing is charged before the
transaction that saves the text.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from django.utils import timezone

from billing import prices
from blog import content, post_images, products, provenance, scores
from blog.models import BlogImage, BlogPost
from blog.writing import article, prompts
from blog.writing.article import Article
from blog.writing.job import PostPayload
from integrations.ai.caller import Caller
from integrations.ai.errors import AIError, AITransientError, CallStopped
from integrations.ai.registry import ProviderAccess
from integrations.ai.types import Image, Prompt
from projects import glossary
from projects.models import ContentItem
from scribe import jobs, storage
from scribe.api.fields import decimal, utc
from scribe.errors import DomainError
from scribe.jobs import Run
from scribe.messages import _
from scribe.types import Json
from writing import bill, checks, model_access, templates
from writing.bill import Bill, Work
from writing.images import shrink
from writing.rounds import Draft, Rounds
from writing.settings import WritingSettings

Status = BlogPost.Status
UNSCHEDULED = _("The post was scheduled, but now it has a new text. Check it, then schedule it again.")
LONGEST_WAIT = 60.0
LONGEST_PAUSE = 300.0
MOST_SEEN = 10
T = TypeVar("T")
Judge = Callable[[Json], Draft[T]]


@dataclass(frozen=True)
class Writing:
    """The data of one lease of the job. `settings` are those that were asked for, with the glossary of now."""

    run: Run
    asked: PostPayload
    settings: WritingSettings
    post: BlogPost
    items: list[ContentItem]
    images: list[BlogImage]
    due: Bill

    def work(self, rounds: Rounds[Article], *, xct: Decimal = bill.ZERO) -> Work:
        return Work(
            key=f"blog_generation:{self.run.job.pk}",
            content_type="blog_post",
            calls=rounds.calls,
            quoted_max=self.asked.quoted_max,
            xct=xct,
            project_id=self.post.project_id,
        )


def write(run: Run) -> None:
    asked = PostPayload.of(run.job)
    related = ("organization", "project__store_connection", "template", "store_connection", "blog_connection")
    post = BlogPost.objects.select_related(*related).filter(pk=asked.post_id).first()
    if post is None or run.result.get("generated"):
        return  # the post was deleted, or a worker died after saving the text
    if post.status != Status.GENERATING:
        raise jobs.Failed(
            _("This post is not waiting for generation. Use regenerate instead."), code="nothing_to_write"
        )
    settings = glossary.with_terms(asked.settings, post.organization_id, post.project.content_profile_id)
    access = model_access.access(post.organization, settings)
    due = Bill.of_settings(run, settings, own_key=access.own)
    _take_selected_images(run, post)
    images = list(post.images.all())
    items = products.items_by_id(post.source_item_ids, post.organization_id)
    here = Writing(run, asked, settings, post, items, images, due)
    named = [{"product_name": image.product_name} for image in images]
    prompt = prompts.build(prompts.assignment(post, items, named), settings, _images_to_describe(images, settings))
    run.check()
    rounds, fault = asyncio.run(ask(here, prompt, _judge_of(here), most=asked.tokens_max, access=access))
    if fault is not None:
        due.write_off([here.work(rounds)])  # the provider bills these calls anyway
        raise broken_off(fault, settings)
    try:
        best = rounds.best()
        if best is None:
            _fail(here, rounds)
        else:
            _save(here, rounds, best)
    except jobs.JobStopped:
        due.write_off([here.work(rounds)])
        raise


def _judge_of(here: Writing) -> Judge[Article]:
    settings, post = here.settings, here.post
    facts = products.merge_facts(here.items, topic=post.topic)
    check = checks.run if here.items else checks.check_without_source
    allowed = replace(settings, max_long_chars=article.LONGEST, max_short_chars=article.EXCERPT)

    def judge(data: Json) -> Draft[Article]:
        draft = article.accept(data, links=post.product_links or {}, language=settings.language)
        return Draft(draft, check(as_content(draft), facts, allowed), draft.as_data())

    return judge


async def ask(  # type: ignore[explicit-any]  # of a Writing, or of a translation's Task
    here: Any, prompt: Prompt, judge: Judge[T], *, most: int, access: ProviderAccess
) -> tuple[Rounds[T], AIError | None]:
    """Run the rounds of one text, with at most `most` tokens. `here` has the lease's `run` and the `settings`. Returns
    the rounds, and the error that stopped them or None."""
    run, settings = here.run, here.settings
    owner = str(run.job.organization_id)
    async with Caller(
        settings.provider, settings.model, access.api_key, access.base_url or None, owner=owner
    ) as caller:
        rounds = Rounds(caller, settings, judge, tokens_max=most, stop=run.is_stopped, inherits=run.inherits_call())
        try:
            await rounds.write(prompt)
        except AIError as fault:
            return rounds, fault
    return rounds, None


def broken_off(fault: AIError, settings: WritingSettings) -> Exception:
    """The exception that ends the lease after `fault`: JobStopped, TryAgain if the provider needs long, or Failed."""
    if isinstance(fault, CallStopped):
        return jobs.JobStopped()
    wait = (fault.retry_after or 0) if isinstance(fault, AITransientError) else 0
    if wait > LONGEST_WAIT:
        return jobs.TryAgain(min(wait, LONGEST_PAUSE), progress=False, reason=fault.detail, code=fault.code)
    return model_access.job_failure(fault, settings.provider)


def as_content(draft: Article) -> Json:
    """The article as the checks of products read a content."""
    return {
        "name": draft.title,
        "short_description": draft.excerpt,
        "description": draft.body(),
        "tags": draft.tags,
        "seo": draft.seo_meta,
    }


def _take_selected_images(run: Run, post: BlogPost) -> None:
    """Fetch the images chosen with the post. Stored ones are skipped, so it may be repeated. Failures are listed as
    `missing_images` of the job's result."""
    known = set(post.images.values_list("original_url", flat=True))
    missing = []
    for chosen in post.selected_images:
        run.check()
        if chosen["url"] in known:
            continue
        try:
            post_images.add(
                post=post,
                data=post_images.fetch(chosen["url"]),
                source=BlogImage.Source.UPLOAD,
                original_url=chosen["url"],
                alt_text=str(chosen.get("alt_text") or "")[:500],
                product_name=str(chosen.get("product_name") or "")[:255],
            )
        except DomainError as error:
            missing.append({"url": chosen["url"], "code": error.code, "reason": error.detail})
    if missing:
        run.result["missing_images"] = missing


def _images_to_describe(images: list[BlogImage], settings: WritingSettings) -> tuple[Image, ...]:
    """Small versions of the images without an alternative text, for a model that can see."""
    if not settings.sees:
        return ()
    out = []
    for image in images[:MOST_SEEN]:
        if image.alt_text:
            continue
        jpegs = image.files.get("jpeg") or {}
        with storage.open(jpegs.get("640") or image.s3_key) as file:
            if small := shrink(file.read()):
                out.append(small)
    return tuple(out)


def _fail(here: Writing, rounds: Rounds[Article]) -> None:
    """Record the useless calls at 0 XCT, and raise Failed with the last answer's problem."""
    with here.run.settling():
        here.due.settle([here.work(rounds)])
        here.run.result["failed"] = 1
    problem = rounds.problem
    raise jobs.Failed(
        problem.detail if problem else _("The AI did not return a usable text."),
        code=problem.code if problem else "failed",
    )


def _save(here: Writing, rounds: Rounds[Article], best: Draft[Article]) -> None:
    run, post, report = here.run, here.post, best.report
    rate = prices.rate_multiplier(post.organization)
    xct = bill.price(rounds.kept, here.settings, rate=rate, quoted_max=here.asked.quoted_max)
    with run.settling():
        # The post may be deleted or edited at this moment.
        found = BlogPost.objects.select_for_update(no_key=True).filter(pk=post.pk, status=Status.GENERATING).first()
        if found is None:
            here.due.write_off([here.work(rounds)])
            return
        found.organization, found.project = post.organization, post.project
        _write_texts(found, best.content, here.images)
        settle_status(found, here.asked.status_before)
        if found.status == Status.PUBLISHED or found.is_remote:
            found.unpublished_changes = True
        found.xct_used += xct
        found.metadata = _metadata(best, here.settings, xct, sourced=bool(here.items))
        scores.remember(found)
        article.remember_structured_data(found)
        found.save()
        provenance.record_generation(found)
        here.due.settle([here.work(rounds, xct=xct)])
        run.result.update(
            {
                "generated": 1,
                "flagged": int(bool(report and report.flagged)),
                "failed": 0,
                "post_id": str(found.pk),
                "xct_used": decimal(xct),
            }
        )
        run.emit(
            "item", {"post_id": str(found.pk), "title": found.title, "status": found.status, "xct_used": decimal(xct)}
        )
        run.advance(1)


def settle_status(post: BlogPost, before: str) -> None:
    """Give a post with a new text the status that it had. One that was scheduled becomes a draft: whoever scheduled it
    has not seen this text."""
    post.status = Status.DRAFT if before in (Status.FAILED, Status.SCHEDULED) else before
    if before == Status.SCHEDULED:
        post.scheduled_at, post.last_error = None, UNSCHEDULED


def _write_texts(post: BlogPost, draft: Article, images: list[BlogImage]) -> None:
    written = dict(zip([image.pk for image in images], draft.image_alts, strict=False))
    # While the model wrote, some may have been deleted, or given an alternative text.
    images = list(BlogImage.objects.select_for_update(no_key=True).filter(post=post, pk__in=[i.pk for i in images]))
    for image in images:
        if not image.alt_text and (alt := written.get(image.pk) or image.product_name):
            image.alt_text = alt[:500]
            image.save(update_fields=["alt_text", "updated_at"])
    if images and not post.featured_image_url:
        post.featured_image_url = images[0].url
    inside = [image for image in images if image.url != post.featured_image_url]
    figures = tuple(_figure(image) for image in inside)
    post.title, post.excerpt = draft.title, draft.excerpt
    if not (post.slug and post.is_remote):  # what readers have bookmarked stays
        post.slug = draft.slug
    post.content = content.sanitize(draft.body(figures))
    post.seo_meta = draft.seo_meta
    post.tags = draft.tags
    post.last_error = ""


def _figure(image: BlogImage) -> str:
    shown = image.files.get("jpeg", {}).get("1024")
    credit = f"Photo by {image.photographer} on Pexels" if image.photographer and image.source == "pexels" else ""
    width = 1024 if shown else image.width
    height = round(image.height * width / image.width)
    url = storage.url(shown) if shown else image.url
    return content.figure(url=url, alt=image.alt_text, width=width, height=height, caption=credit)


def _metadata(best: Draft[Article], settings: WritingSettings, xct: Decimal, *, sourced: bool) -> Json:
    """What is kept of the writing. Without products there is no source, so that there is no score."""
    report = best.report
    assert report is not None
    return {
        **report.as_dict(),
        **({} if sourced else {"score": None}),
        "outline": best.content.outline,
        "settings": settings.as_dict(),
        "ai_provider": settings.provider,
        "ai_model": settings.model,
        "prompt_version": templates.active(prompts.KIND).version,
        "generated_at": utc(timezone.now()),
        "xct_used": decimal(xct),
    }
