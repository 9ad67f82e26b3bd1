"""The images of a post: uploaded, from stock or generated, with their alternative texts."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from billing import prices
from blog import alt_texts, image_jobs, post_images, stock_photos
from blog.images.container import MAX_BYTES
from blog.models import BlogImage, BlogPost
from blog.writing.settings import settings_of
from integrations.ai import images as model
from scribe import spending_limit
from scribe.api.access import MEMBERS
from scribe.errors import DomainError, InvalidInput, TooLarge
from scribe.models import Job
from scribe.types import Json
from workbench import article, form_values, pictures
from workbench.form_values import is_fragment
from workbench.pages import go
from workbench.views.posts import OnePost
from workbench.views.sources import sent_file

PHOTOS = 12
MOST_IMAGES = 200
MOST_OFFERED = 60
SIZES = ("1024x1024", "1536x1024", "1024x1536")
QUALITIES = ("low", "medium", "high")


class OfImages(OnePost):
    """The base of what changes a post's images. Answers with the list of images, for the place where it stands."""

    who = MEMBERS

    def image(self, post: BlogPost) -> BlogImage:
        return self.row(BlogImage.objects.filter(post=post), self.kwargs["image_id"])

    def list(self, post: BlogPost, job: Job | None = None, problem: str = "") -> HttpResponse:
        if not is_fragment(self.request) and self.request.method == "POST":
            return go("post", post.project_id, post.pk)
        suggested = job.result if job is not None and job.ended else {}
        shown = [
            {
                "image": image,
                **addresses(image),
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
            "parts/post_images",
            project=post.project,
            post=post,
            images=shown,
            working=working,
            problem=problem,
            suggestion=suggestion_price(post) if shown else None,
        )


class PostImages(OfImages):
    """The list. POST: an uploaded image."""

    def get(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post, job = self.blog_post(), None
        if pk := request.GET.get("job"):
            job = self.row(Job.objects.all(), pk, project_id=post.project_id)
        return self.list(post, job)

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        try:
            file = sent_file(request)
            if file.size > MAX_BYTES:
                raise TooLarge(_("The image is larger than 15 MB. Choose a smaller one."), code="image_too_large")
            alt = form_values.text(request.POST, "alt_text", 500)
            post_images.add(post=post, data=file.read(), source=BlogImage.Source.UPLOAD, alt_text=alt)
        except DomainError as error:
            if error.status not in (400, 413, 415):
                raise
            return self.list(post, problem=error.render())
        return self.list(post)


class PostPictures(OnePost):
    """The pictures that the post's editor offers: its own, then those of the organization's other posts, the newest
    first. POST: a picture of another post becomes one of this post."""

    who = MEMBERS

    def get(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post, query = self.blog_post(), request.GET.get("q", "").strip()[:200]
        found = BlogImage.objects.visible_to(self.user)
        if query:
            found = found.filter(alt_text__icontains=query)
        return self.list(post, found.order_by(Case(When(post=post, then=0), default=1), "-id")[:MOST_OFFERED], query)

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        image = self.row(BlogImage.objects.all(), request.POST.get("image"))
        return self.list(post, [post_images.copy(image=image, post=post)])

    def list(self, post: BlogPost, images: Iterable[BlogImage], query: str = "") -> HttpResponse:
        rows = [{"image": image, "elsewhere": image.post_id != post.pk, **addresses(image)} for image in images]
        return self.show("parts/post_pictures", project=post.project, post=post, pictures=rows, query=query)


class PostImage(OfImages):
    """One image: its alternative text, or its removal."""

    def post(self, request: HttpRequest, project_id: str, post_id: str, image_id: str) -> HttpResponse:
        post = self.blog_post()
        image = self.image(post)
        if request.POST.get("step") == "remove":
            self.refuse_support()
            post_images.remove(image=image)
        else:
            post_images.describe(image=image, alt_text=form_values.text(request.POST, "alt_text", 500))
        return self.list(post)


class AltTextSuggestion(OfImages):
    """Has the post's model suggest an alternative text. Nothing is stored until it is saved."""

    def post(self, request: HttpRequest, project_id: str, post_id: str, image_id: str) -> HttpResponse:
        post = self.blog_post()
        return self.list(post, alt_texts.suggest(image=self.image(post), post=post, by=self.user))


class StockPhotos(OfImages):
    """Photos that fit a search. POST: takes one."""

    def get(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post, query = self.blog_post(), request.GET.get("photo", "").strip()[:200]
        found = stock_photos.search(organization=post.organization, q=query, per_page=PHOTOS) if query else {}
        photos = [
            {
                **photo,
                "large": photo["src"].get("large2x") or photo["src"].get("original", ""),
                "small": pictures.address(
                    photo["src"].get("medium") or photo["src"].get("small", ""), post.organization_id
                ),
            }
            for photo in found.get("photos", [])
        ]
        return self.show("parts/post_photos", project=post.project, post=post, photos=photos, query=query)

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        job = image_jobs.from_stock(
            post=post,
            by=self.user,
            photo_url=request.POST.get("photo_url", "")[:2048],
            alt_text=form_values.text(request.POST, "alt_text", 500),
            photographer=request.POST.get("photographer", "")[:255],
            original_url=request.POST.get("original_url", "")[:2048],
        )
        return self.list(post, job)


class PostImageByModel(OfImages):
    """Has a model make an image. GET: the form with its prices."""

    def get(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        ready = model.is_configured()
        options = [{"quality": quality, **span(post, quality)} for quality in QUALITIES] if ready else []
        return self.show(
            "parts/post_generate", project=post.project, post=post, ready=ready, options=options, sizes=SIZES
        )

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post, prompt = self.blog_post(), form_values.text(request.POST, "prompt", 4000)
        if not prompt:
            return self.list(post, problem=_("Describe what the image shows."))
        quality = request.POST.get("quality", "")
        spending_limit.limit(form_values.max_xct({"max_xct": request.POST.get(f"max_{quality}", "")}))
        try:
            job = image_jobs.by_model(
                post=post, by=self.user, prompt=prompt, size=request.POST.get("size", ""), quality=quality
            )
        except InvalidInput as error:
            return self.list(post, problem=error.render())
        return self.list(post, job)


def addresses(image: BlogImage) -> Json:
    """Where a page shows the image, small and whole."""
    small = image.variants.get("jpeg", {}).get("320", image.url)
    return {
        "thumbnail": article.here(small, image.organization_id),
        "address": article.here(image.url, image.organization_id),
    }


def suggestion_price(post: BlogPost) -> Decimal | None:
    """The most that an alternative text costs, in XCT; None while the post's settings fit no model."""
    try:
        return alt_texts.price_of(post, settings_of(post)).most
    except DomainError:
        return None


def span(post: BlogPost, quality: str) -> Json:
    """The lowest and the highest price of an image of this quality, in XCT."""
    found = prices.images(post.organization, quality=quality, sizes=SIZES)
    return {"low": min(found), "high": max(found)}
