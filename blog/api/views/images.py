"""Images of a post: uploaded, from stock, generated."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from blog import alt_texts, image_jobs, post_images
from blog.api.base import PostViewSet
from blog.api.serializers.images import (
    AltTextReply,
    ImageGeneration,
    ImageReply,
    ImageUpdate,
    ImageUpload,
    MadeImageReply,
    StockImage,
    UploadQuery,
    shown,
)
from blog.images.container import MAX_BYTES
from blog.models import BlogImage
from scribe import jobs
from scribe.api import idempotency
from scribe.api.estimates import estimate_of
from scribe.api.job_reply import JobReply, upstream_failure
from scribe.api.pagination import bare_array
from scribe.api.renderers import MULTIPART_OR_JSON
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import StartRequest
from scribe.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotConfigured,
    NotFound,
    TooLarge,
    UnsupportedMedia,
    UpstreamFailed,
    UpstreamTimeout,
)
from scribe.models import Job

KINDS: dict[str, type[DomainError]] = {
    "image_too_large": TooLarge,
    "image_has_too_many_pixels": TooLarge,
    "image_type_not_supported": UnsupportedMedia,
    "image_broken": InvalidInput,
    "image_has_foreign_data": InvalidInput,
    "address_not_allowed": InvalidInput,
    "image_refused": InvalidInput,
    "provider_not_configured": NotConfigured,
    "not_found": NotFound,
}


def failure(job: Job) -> DomainError:
    """The error to answer when a job failed: the request's fault if its code is in `KINDS`, else the third party's."""
    if kind := KINDS.get(job.error_code):
        return kind(job.error, code=job.error_code)
    return upstream_failure(job) or UpstreamFailed(job.error, code=job.error_code)


def render(job: Job) -> Response:
    """201 with the finished image, or the job's failure. A job that has not ended is cancelled and answered by 504."""
    if not job.ended:
        try:
            job = jobs.cancel(job)
        except Conflict:
            job.refresh_from_db()
    if job.status == Job.Status.COMPLETED:
        image = BlogImage.objects.get(pk=job.result["image_id"])
        return Response({**shown(image), "xct_used": job.result["xct_used"]}, status=201)
    if job.status == Job.Status.FAILED:
        raise failure(job)
    raise UpstreamTimeout("The image was not ready in time. Nothing was stored or charged.")


def render_alt_text(job: Job) -> Response:
    if not job.ended:
        try:
            job = jobs.cancel(job)
        except Conflict:
            job.refresh_from_db()
    if job.status == Job.Status.FAILED:
        raise failure(job)
    if job.status != Job.Status.COMPLETED:
        raise UpstreamTimeout("The model did not answer in time. Nothing was charged.")
    return Response({"job_id": str(job.pk), **{k: job.result[k] for k in ("alt_text", "xct_used")}})


class BlogImageViewSet(PostViewSet):
    parser_classes = MULTIPART_OR_JSON

    def image_row(self) -> BlogImage:
        return self.row(BlogImage.objects.filter(post=self.post_row()), self.kwargs["image_id"])

    @operation(
        tag="blog",
        scope="posts:read",
        summary="List blog post images",
        responses={200: ListOf(ImageReply)},
        errors=(400, 404),
    )
    def list_images(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        rows = BlogImage.objects.visible_to(request.user).filter(post=self.post_row())
        return bare_array(request, rows.order_by("id"), shown)

    @operation(
        tag="blog",
        scope="posts:write",
        support=True,
        summary="Upload image",
        description="Up to 15 MB and 50 megapixels: JPEG, PNG, WebP or GIF, judged by content, re-encoded without metadata.",
        request={"multipart/form-data": ImageUpload},
        parameters=[UploadQuery],
        responses={201: ImageReply},
        errors=(400, 404, 413, 415),
    )
    def upload_image(self, request: Any, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        query = self.query(UploadQuery)
        file = self.body(ImageUpload)["file"]
        if file.size > MAX_BYTES:
            raise TooLarge("An image can have up to 15 MB.", code="image_too_large")
        image = post_images.add(
            post=post,
            data=file.read(),
            source=BlogImage.Source.UPLOAD,
            last=lambda image: idempotency.keep(Response(shown(image), status=201)),
            alt_text=query.get("alt_text", ""),
        )
        return Response(shown(image), status=201)

    @operation(
        tag="blog",
        scope="posts:write",
        live=True,
        support=True,
        summary="Add image from stock photo",
        description="Fetches a photo of https://images.pexels.com in the worker, re-encodes it and attaches it, with its credit.",
        request=StockImage,
        responses={201: MadeImageReply},
        errors=(400, 404, 413, 415, 502, 504),
    )
    def image_from_stock(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post = self.post_row()
        body = {key: value or "" for key, value in self.body(StockImage).items()}
        job = image_jobs.from_stock(post=post, by=request.user, **body)
        return JobReply(job, render=render, seconds=image_jobs.SECONDS)

    @operation(
        tag="blog",
        scope="posts:write",
        live=True,
        support=True,
        summary="Generate image with AI",
        description="Has OpenAI's current image model make an image. `size`, `quality` and `style` are mapped to what it takes. "
        "A failure stores and charges nothing.",
        request=ImageGeneration,
        responses={201: MadeImageReply},
        errors=(400, 402, 404, 409, 502, 503, 504),
    )
    def generate_image(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post = self.post_row()
        job = image_jobs.by_model(post=post, by=request.user, **self.body(ImageGeneration))
        return JobReply(job, render=render, seconds=image_jobs.SECONDS)

    estimate_generate_image = estimate_of(generate_image)

    @operation(
        tag="blog",
        scope="posts:write",
        support=True,
        summary="Change an image's alternative text",
        request=ImageUpdate,
        responses={200: ImageReply},
        errors=(400, 404),
    )
    def describe_image(self, request: Any, project_id: str, post_id: str, image_id: str) -> Response:
        image = self.image_row()
        return Response(shown(post_images.describe(image=image, alt_text=self.body(ImageUpdate)["alt_text"])))

    @operation(
        tag="blog",
        scope="posts:write",
        live=True,
        support=True,
        summary="Suggest an image's alternative text",
        description="By the post's model, which looks at the image if it can see. Nothing is stored: set what you like.",
        request=StartRequest,
        responses={200: AltTextReply},
        errors=(400, 402, 404, 409, 502, 503, 504),
    )
    def suggest_alt_text(self, request: Any, project_id: str, post_id: str, image_id: str) -> HttpResponse:
        post = self.post_row()
        image = self.row(BlogImage.objects.filter(post=post), image_id)
        self.body(StartRequest)
        job = alt_texts.suggest(image=image, post=post, by=request.user)
        return JobReply(job, render=render_alt_text, seconds=alt_texts.SECONDS)

    estimate_suggest_alt_text = estimate_of(suggest_alt_text)

    @operation(
        tag="blog",
        scope="posts:write",
        summary="Delete blog image",
        description="Removes the image and all its files.",
        responses={204: None},
    )
    def delete_image(self, request: Any, project_id: str, post_id: str, image_id: str) -> Response:
        post_images.remove(image=self.image_row())
        return Response(status=204)
