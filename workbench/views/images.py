"""The images of a post: uploaded, from stock or generated, with their alternative texts."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.utils.translation import gettext as _

from billing import prices
from blog import alt_texts, image_jobs, post_images, stock_photos
from blog.images.container import MAX_BYTES
from blog.models import BlogImage, BlogPost
from integrations.ai import images as model
from scribe.errors import DomainError, InvalidInput, NotFound, TooLarge
from scribe.models import Job
from workbench import article
from workbench.pages import go, is_fragment
from workbench.views.posts import OnePost
from workbench.views.sources import sent_file
from writing.images import shrink

PHOTOS = 12
MOST_IMAGES = 200
SIZES = ("1024x1024", "1536x1024", "1024x1536")
QUALITIES = ("low", "medium", "high")


class OfImages(OnePost):
    """The base of what changes a post's images. Answers with the list of images, for the place where it stands."""

    def image(self, post: BlogPost) -> BlogImage:
        return self.row(BlogImage.objects.filter(post=post), self.kwargs["image_id"])

    def list(self, post: BlogPost, job: Job | None = None, problem: str = "") -> HttpResponse:
        if not is_fragment(self.request) and self.request.method == "POST":
            return go("post", post.project_id, post.pk)
        suggested = job.result if job is not None and job.ended else {}
        shown = [
            {
                "image": image,
                "thumbnail": article.here(image.variants.get("jpeg", {}).get("320", image.url)),
                "alt": suggested["alt_text"]
                if suggested.get("alt_text") and suggested.get("image_id") == str(image.pk)
                else image.alt_text,
                "suggested": bool(suggested.get("alt_text")) and suggested.get("image_id") == str(image.pk),
            }
            for image in post.images.order_by("id")[:MOST_IMAGES]
        ]
        if job is not None and job.status == Job.Status.FAILED:
            problem = job.error
        working = job if job is not None and not job.ended else None
        return self.show(
            "parts/post_images", project=post.project, post=post, images=shown, working=working, problem=problem
        )


class PostImages(OfImages):
    """The list. POST: an uploaded image."""

    def get(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post, job = self.blog_post(), None
        if pk := request.GET.get("job"):
            job = self.row(Job.objects.all(), pk, project_id=post.project_id)
        return self.list(post, job)

    def post(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        try:
            file = sent_file(request)
            if file.size > MAX_BYTES:
                raise TooLarge(_("An image can have up to 15 MB."), code="image_too_large")
            alt = request.POST.get("alt_text", "").strip()[:500]
            post_images.add(post=post, data=file.read(), source=BlogImage.Source.UPLOAD, alt_text=alt)
        except DomainError as error:
            if error.status not in (400, 413, 415):
                raise
            return self.list(post, problem=error.detail)
        return self.list(post)


class PostImage(OfImages):
    """One image: its alternative text, or its removal."""

    def post(self, request: Any, project_id: str, post_id: str, image_id: str) -> HttpResponse:
        post = self.blog_post()
        image = self.image(post)
        if request.POST.get("step") == "remove":
            post_images.remove(image=image)
        else:
            post_images.describe(image=image, alt_text=request.POST.get("alt_text", "").strip()[:500])
        return self.list(post)


class AltTextSuggestion(OfImages):
    """Has the post's model suggest an alternative text. Nothing is stored until it is saved."""

    def post(self, request: Any, project_id: str, post_id: str, image_id: str) -> HttpResponse:
        post = self.blog_post()
        return self.list(post, alt_texts.suggest(image=self.image(post), post=post, by=self.user))


class StockPhotos(OfImages):
    """Photos that fit a search. POST: takes one."""

    def get(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post, query = self.blog_post(), request.GET.get("photo", "").strip()[:200]
        found = stock_photos.search(organization=post.organization, q=query, per_page=PHOTOS) if query else {}
        photos = [
            {**photo, "large": photo["src"].get("large2x") or photo["src"].get("original", "")}
            for photo in found.get("photos", [])
        ]
        return self.show("parts/post_photos", project=post.project, post=post, photos=photos, query=query)

    def post(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        job = image_jobs.from_stock(
            post=post,
            by=self.user,
            photo_url=request.POST.get("photo_url", "")[:2048],
            alt_text=request.POST.get("alt_text", "")[:500],
            photographer=request.POST.get("photographer", "")[:255],
            original_url=request.POST.get("original_url", "")[:2048],
        )
        return self.list(post, job)


class StockThumbnail(OnePost):
    """A small version of a stock photo. We fetch it, since pages load nothing from other hosts."""

    def get(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        self.project()
        self.blog_post()
        url = request.GET.get("of", "")[:2048]
        post_images.check_stock_address(url, "#/of")
        key = f"thumbnail:{hashlib.sha256(url.encode()).hexdigest()}"
        found = cache.get(key)
        if found is None:
            try:
                small = shrink(post_images.fetch(url, party="pexels"))
            except OSError:  # no image that Pillow opens
                small = None
            if small is None:
                raise NotFound
            found = small.data
            cache.set(key, found, stock_photos.CACHE_SECONDS)
        return HttpResponse(found, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})


class PostImageByModel(OfImages):
    """Has a model make an image. GET: the form with its prices."""

    def get(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        ready = model.is_configured()
        options = [{"quality": quality, **span(post, quality)} for quality in QUALITIES] if ready else []
        return self.show(
            "parts/post_generate", project=post.project, post=post, ready=ready, options=options, sizes=SIZES
        )

    def post(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post, prompt = self.blog_post(), request.POST.get("prompt", "").strip()[:4000]
        if not prompt:
            return self.list(post, problem=_("Say what the image shows."))
        try:
            job = image_jobs.by_model(
                post=post,
                by=self.user,
                prompt=prompt,
                size=request.POST.get("size", ""),
                quality=request.POST.get("quality", ""),
            )
        except InvalidInput as error:
            return self.list(post, problem=error.detail)
        return self.list(post, job)


def span(post: BlogPost, quality: str) -> dict[str, Any]:
    """The lowest and the highest price of an image of this quality, in XCT."""
    found = prices.images(post.organization, quality=quality, sizes=SIZES)
    return {"low": min(found), "high": max(found)}
