"""The job that writes one post: pictures first, then the model, then one transaction that saves and charges.

Whatever is killed on the way starts again: a picture that is stored is not fetched twice, and nothing is charged before
the transaction that saves the text.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing import holds, prices, usage
from billing.models import Hold
from blog import content, pictures, products, scores
from blog.models import BlogImage, BlogPost
from blog.writing import article, prompts, structured
from blog.writing.article import Article
from integrations.ai import registry
from integrations.ai.caller import Caller
from integrations.ai.errors import AIError, PermanentError, TransientError
from integrations.ai.errors import Stopped as CallStopped
from integrations.ai.types import Answer, Image, Prompt
from projects.models import ContentItem
from scribe import jobs, storage
from scribe.api.fields import decimal, utc
from scribe.errors import DomainError
from scribe.jobs import Run
from scribe.logs import get_logger
from writing import checks, model_access, repair, templates
from writing import settings as writing
from writing.checks import CheckReport
from writing.images import shrink
from writing.output import Unusable
from writing.settings import WritingSettings

log = get_logger(__name__)

Status = BlogPost.Status
LONGEST_WAIT = 60.0
MOST_SEEN = 10


@dataclass
class Call:
    tokens: dict[str, int]  # Answer.counted
    outcome: str

    @property
    def total(self) -> int:
        return self.tokens["input_tokens"] + self.tokens["output_tokens"]


@dataclass
class Result:
    """The drafts of one post, and the calls that they took."""

    calls: list[Call] = field(default_factory=list)
    drafts: list[tuple[Article, CheckReport | None, int]] = field(default_factory=list)
    problem: Unusable | None = None
    own_key: bool = False  # it is the organization's key that is really used

    @property
    def spent(self) -> int:
        return sum(call.total for call in self.calls)

    def best(self) -> tuple[Article, CheckReport | None, int]:
        def rank(draft: tuple[Article, CheckReport | None, int]) -> tuple[int, float, int]:
            report = draft[1]
            return (-len(report.unsupported) if report else 0, report.score if report else 1.0, -draft[2])

        return max(self.drafts, key=rank)


def write(run: Run) -> None:
    related = ("organization", "project__store_connection", "template", "store_connection", "blog_connection")
    post = BlogPost.objects.select_related(*related).filter(pk=run.payload["post_id"]).first()
    if post is None or run.result.get("generated"):
        return  # deleted, or the worker died after it was written
    if post.status != Status.GENERATING:
        raise jobs.Failed("The post is not waiting to be written. Regenerate it.", code="nothing_to_write")
    settings = writing.from_dict(run.payload["settings"])
    access = model_access.access(post.organization, settings)
    _take_selected_pictures(run, post)
    images = list(post.images.all())
    items = products.of(post.source_item_ids, post.organization_id)
    named = [{"product_name": image.product_name} for image in images]
    assigned = prompts.assignment(post, items, named)
    prompt = prompts.build(assigned, settings, _seen(images, settings))
    run.check()
    writer = Writer(run, post, items, settings)
    try:
        result = asyncio.run(writer.write(prompt, access))
    except jobs.Stopped:
        _record(run, post, settings, writer.result, kept=None, xct=Decimal(0))
        model_access.record_cut_off(run, settings, prompt, own_key=access.own)
        raise
    if not result.drafts:
        _record_failure(run, post, settings, result)
        problem = result.problem
        raise jobs.Failed(
            problem.detail if problem else "Nothing usable was written.", code=problem.code if problem else "failed"
        )
    _save(run, post, items, images, settings, result)


class Writer:
    """The rounds of one post: the first, one with more room if it was cut off, one repair."""

    def __init__(self, run: Run, post: BlogPost, items: list[ContentItem], settings: WritingSettings) -> None:
        self.run, self.post, self.items, self.settings = run, post, items, settings
        self.facts = products.merged(items, topic=post.topic) if items else None
        self.result = Result()

    async def write(self, prompt: Prompt, access: registry.Access) -> Result:
        self.result.own_key = access.own
        caller = Caller(
            self.settings.provider,
            self.settings.model,
            access.api_key,
            access.base_url or None,
            owner=str(self.post.organization_id),
        )
        try:
            async with caller:
                await self._rounds(caller, prompt)
        except CallStopped:
            raise jobs.Stopped from None
        except TransientError as error:
            if not self.result.drafts:
                if (error.retry_after or 0) > LONGEST_WAIT:
                    wait = min(error.retry_after or 0, 300.0)
                    raise jobs.TryAgain(wait, progress=False, reason=error.detail, code=error.code) from None
                raise model_access.failed(error, self.settings.provider) from None
        except AIError as error:
            if not self.result.drafts:
                raise model_access.failed(error, self.settings.provider) from None
        return self.result

    async def _rounds(self, caller: Caller, prompt: Prompt) -> None:
        problem = await self._round(caller, prompt)
        if isinstance(problem, Unusable) and problem.code == "truncated" and self._affordable():
            prompt = replace(prompt, max_output_tokens=prompt.max_output_tokens * 2)
            problem = await self._round(caller, prompt)
        if problem is None or self.settings.built_in or not repair.worth_it(problem) or not self._affordable():
            return
        draft = _as_data(self.result.drafts[-1][0]) if self.result.drafts else None
        try:
            await self._round(caller, repair.prompt(prompt, draft, problem))
        except (TransientError, PermanentError):
            if not self.result.drafts:
                raise  # with a draft in hand the post is written, if not mended

    def _affordable(self) -> bool:
        """Whether one more call like the last stays within the quoted maximum."""
        last = self.result.calls[-1]
        return self.result.spent + last.total <= int(self.run.payload["tokens_max"])

    async def _round(self, caller: Caller, prompt: Prompt) -> CheckReport | Unusable | None:
        """One call; what is wrong with its draft, or None."""
        answer = await caller.complete(prompt, stop=self.run.is_stopped)
        try:
            draft = article.accept(answer, links=self.post.product_links or {}, language=self.settings.language)
        except Unusable as problem:
            self.result.calls.append(_call(answer, problem.code))
            self.result.problem = problem
            return problem
        report = self._check(draft)
        self.result.calls.append(_call(answer, "replaced"))
        self.result.drafts.append((draft, report, len(self.result.calls) - 1))
        return report if report and report.flagged else None

    def _check(self, draft: Article) -> CheckReport | None:
        """The same checks as for products, against the facts of all products; none without products to check against."""
        if self.facts is None:
            return None
        body = {
            "name": draft.title,
            "short_description": draft.excerpt,
            "description": draft.body(),
            "tags": draft.tags,
            "seo": draft.seo_meta,
        }
        judged = replace(self.settings, max_long_chars=20_000, max_short_chars=article.EXCERPT)
        return checks.run(body, self.facts, judged)


def _as_data(draft: Article) -> dict[str, Any]:
    return {
        "outline": draft.outline,
        "title": draft.title,
        "excerpt": draft.excerpt,
        "introduction": draft.introduction,
        "sections": draft.sections,
        "conclusion": draft.conclusion,
        "tags": draft.tags,
        "seo": draft.seo_meta,
        "image_alts": draft.image_alts,
    }


def _call(answer: Answer, outcome: str) -> Call:
    return Call(answer.counted, outcome)


def _take_selected_pictures(run: Run, post: BlogPost) -> None:
    """Fetch the pictures that were chosen with the post, each once. One that can't be had is left out and named."""
    known = set(post.images.values_list("original_url", flat=True))
    missing = []
    for chosen in post.selected_images:
        run.check()
        if chosen["url"] in known:
            continue
        try:
            pictures.add(
                post=post,
                data=pictures.fetch(chosen["url"]),
                source=BlogImage.Source.UPLOAD,
                original_url=chosen["url"],
                alt_text=str(chosen.get("alt_text") or "")[:500],
                product_name=str(chosen.get("product_name") or "")[:255],
            )
        except DomainError as error:
            missing.append({"url": chosen["url"], "code": error.code, "reason": error.detail})
    if missing:
        run.result["missing_images"] = missing


def _seen(images: list[BlogImage], settings: WritingSettings) -> tuple[Image, ...]:
    """The pictures without an alternative text, small, for a model that can see."""
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


def _record_failure(run: Run, post: BlogPost, settings: WritingSettings, result: Result) -> None:
    """What was read and written for nothing is in the usage records, at 0 XCT."""
    with run.settling():
        _record(run, post, settings, result, kept=None, xct=Decimal(0))
        run.result["failed"] = 1


def _record(
    run: Run, post: BlogPost, settings: WritingSettings, result: Result, *, kept: int | None, xct: Decimal
) -> None:
    model = prices.model(settings.provider, settings.model)
    usage.record_many(
        {
            "organization": post.organization_id,
            "key": f"blog_generation:{run.job.pk}:{run.job.fence}:{number}",
            "provider": settings.provider,
            "model": model,
            "content_type": "blog_post",
            **call.tokens,
            "xct": xct if number == kept else Decimal(0),
            "outcome": "ok" if number == kept else call.outcome,
            "byok": result.own_key,
            "job_id": run.job.pk,
            "project_id": post.project_id,
        }
        for number, call in enumerate(result.calls)
    )


def _save(
    run: Run,
    post: BlogPost,
    items: list[ContentItem],
    images: list[BlogImage],
    settings: WritingSettings,
    result: Result,
) -> None:
    draft, report, number = result.best()
    kept = result.calls[number]
    rate = prices.rate_multiplier(post.organization)
    quoted_max = Decimal(run.payload["quoted_max"])
    xct = min(prices.xct(kept.total, settings, rate), quoted_max)
    with run.settling() as job:
        # Against a deletion or an edit of the post right now.
        found = BlogPost.objects.select_for_update(no_key=True).filter(pk=post.pk, status=Status.GENERATING).first()
        if found is None:
            return
        found.organization, found.project = post.organization, post.project
        _write_texts(found, draft, images)
        before = run.payload.get("status_before", Status.DRAFT)
        found.status = Status.DRAFT if before == Status.FAILED else before
        if found.status == Status.PUBLISHED or found.is_remote:
            found.unpublished_changes = True
        found.xct_used += xct
        found.metadata = _metadata(draft, report, settings, xct)
        scores.remember(found)
        about = [{"name": products.name_of(i), "url": found.product_links.get(str(i.pk), "")} for i in items]
        found.structured_data = structured.of(found, products=about)
        found.save()
        _record(run, found, settings, result, kept=number, xct=xct)
        if hold := Hold.objects.filter(job=job, closed_at=None).first():
            holds.capture(
                hold=hold,
                amount=xct,
                release=quoted_max,
                key=f"blog_generation:{job.pk}",
                description=f"{settings.provider}/{settings.model}",
            )
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


def _write_texts(post: BlogPost, draft: Article, images: list[BlogImage]) -> None:
    for image, alt in zip(images, [*draft.image_alts, *[""] * len(images)], strict=False):
        if not image.alt_text and (alt or image.product_name):
            image.alt_text = (alt or image.product_name)[:500]
            image.save(update_fields=["alt_text", "updated_at"])
    if images and not post.featured_image_url:
        post.featured_image_url = images[0].url
    inside = [image for image in images if image.url != post.featured_image_url]
    figures = tuple(_figure(image) for image in inside)
    post.title, post.excerpt, post.slug = draft.title, draft.excerpt, draft.slug
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


def _metadata(draft: Article, report: CheckReport | None, settings: WritingSettings, xct: Decimal) -> dict[str, Any]:
    return {
        **(report.as_dict() if report else {"checks": [], "reasons": [], "score": None}),
        "flagged": bool(report and report.flagged),
        "outline": draft.outline,
        "settings": settings.as_dict(),
        "ai_provider": settings.provider,
        "ai_model": settings.model,
        "prompt_version": templates.active(prompts.KIND).version,
        "generated_at": utc(timezone.now()),
        "xct_used": decimal(xct),
    }
