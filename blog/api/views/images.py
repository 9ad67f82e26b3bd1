"""Images of a post: uploaded, from stock, generated."""

from functools import partial

from django.http import HttpResponse
from rest_framework.response import Response

from blog import alt_texts, image_jobs, post_images
from blog.api.base import PostViewSet
from blog.api.serializers import images as shapes
from blog.images.container import MAX_BYTES
from blog.models import BlogImage
from scribe import errors, jobs
from scribe.api import idempotency
from scribe.api.estimates import estimate_of
from scribe.api.job_reply import JobBegun, JobReply, render_begun, upstream_failure
from scribe.api.pagination import bare_array
from scribe.api.renderers import MULTIPART_OR_JSON
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import StartRequest
from scribe.api.views import SignedInRequest
from scribe.messages import _
from scribe.models import Job

writes_live = partial(operation, scope="posts:write", support=True, live=True)

KINDS: dict[str, type[errors.DomainError]] = {
    "image_too_large": errors.TooLarge,
    "image_has_too_many_pixels": errors.TooLarge,
    "image_type_not_supported": errors.UnsupportedMedia,
    "image_broken": errors.InvalidInput,
    "image_has_foreign_data": errors.InvalidInput,
    "address_not_allowed": errors.InvalidInput,
    "image_refused": errors.InvalidInput,
    "provider_not_configured": errors.NotConfigured,
    "not_found": errors.NotFound,
}


def failure(job: Job) -> errors.DomainError:
    """The error to answer when a job failed: the request's fault if its code is in `KINDS`, else the third party's."""
    if kind := KINDS.get(job.error_code):
        return kind(job.error, code=job.error_code)
    return upstream_failure(job) or errors.UpstreamFailed(job.error, code=job.error_code)


def render(job: Job) -> Response:
    """201 with the finished image, or the job's failure. A job that has not ended is cancelled and answered by 504."""
    job = end_in_time(job)
    if job.status == Job.Status.COMPLETED:
        image = BlogImage.objects.get(pk=job.result["image_id"])
        return Response({**shapes.ImageReply.of(image), "xct_used": job.result["xct_used"]}, status=201)
    if job.status == Job.Status.FAILED:
        raise failure(job)
    raise errors.UpstreamTimeout(_("The image was not ready in time. Nothing was saved or charged. Please try again."))


def end_in_time(job: Job) -> Job:
    """The job, which is cancelled if it has not ended in time."""
    if not job.ended:
        try:
            job = jobs.cancel(job)
        except errors.Conflict:
            job.refresh_from_db()
    return job


def render_alt_text(job: Job) -> Response:
    job = end_in_time(job)
    if job.status == Job.Status.FAILED:
        raise failure(job)
    if job.status != Job.Status.COMPLETED:
        raise errors.UpstreamTimeout(_("The AI did not answer in time. Nothing was charged. Please try again."))
    return Response({"job_id": str(job.pk), **{k: job.result[k] for k in ("alt_text", "xct_used")}})


class BlogImageViewSet(PostViewSet):
    tag = "blog"
    parser_classes = MULTIPART_OR_JSON

    def image_row(self) -> BlogImage:
        return self.row(BlogImage.objects.filter(post=self.post_row()), self.kwargs["image_id"])

    @operation(
        scope="posts:read",
        summary="List blog post images",
        responses={200: ListOf(shapes.ImageReply)},
    )
    def list_images(self, request: SignedInRequest, project_id: str, post_id: str) -> HttpResponse:
        rows = BlogImage.objects.visible_to(request.user).filter(post=self.post_row())
        return bare_array(request, rows.order_by("id"), shapes.ImageReply.of)

    @operation(
        scope="posts:write",
        support=True,
        summary="Upload image",
        description="Uploads a JPEG, PNG, WebP or GIF image of up to 15 MB and 50 megapixels. The type is detected "
        "from the content; the image is re-encoded without metadata.",
        request={"multipart/form-data": shapes.ImageUpload},
        parameters=[shapes.UploadQuery],
        responses={201: shapes.ImageReply},
    )
    def upload_image(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        query = self.query(shapes.UploadQuery)
        file = self.body(shapes.ImageUpload)["file"]
        if file.size > MAX_BYTES:
            raise errors.TooLarge(_("The image is larger than 15 MB. Choose a smaller one."), code="image_too_large")
        image = post_images.add(
            post=post,
            data=file.read(),
            source=BlogImage.Source.UPLOAD,
            last=lambda image: idempotency.keep(Response(shapes.ImageReply.of(image), status=201)),
            alt_text=query.get("alt_text", ""),
        )
        return Response(shapes.ImageReply.of(image), status=201)

    @writes_live(
        summary="Add image from stock photo",
        description="Starts a job that downloads a photo from https://images.pexels.com, re-encodes it and adds it "
        "to the post with its credit.",
        request=shapes.StockImage,
        waits=True,
        responses={201: shapes.MadeImageReply, 202: JobBegun},
        errors=(400, 404, 413, 415, 502, 504),
    )
    def image_from_stock(self, request: SignedInRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.post_row()
        body = {key: value or "" for key, value in self.body(shapes.StockImage).items()}
        job = image_jobs.from_stock(post=post, by=request.user, **body)
        return JobReply(job, render=render, seconds=image_jobs.SECONDS, early=render_begun)

    @writes_live(
        summary="Generate image with AI",
        description="Generates an image with OpenAI's current image model. `size`, `quality` and `style` are mapped "
        "to the values the model supports. If it fails, nothing is saved or charged.",
        request=shapes.ImageGeneration,
        waits=True,
        responses={201: shapes.MadeImageReply, 202: JobBegun},
        errors=(400, 402, 404, 409, 502, 503, 504),
    )
    def generate_image(self, request: SignedInRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.post_row()
        job = image_jobs.by_model(post=post, by=request.user, **self.body(shapes.ImageGeneration))
        return JobReply(job, render=render, seconds=image_jobs.SECONDS, early=render_begun)

    estimate_generate_image = estimate_of(generate_image)

    @operation(
        scope="posts:write",
        support=True,
        summary="Change an image's alternative text",
        request=shapes.ImageUpdate,
        responses={200: shapes.ImageReply},
    )
    def describe_image(self, request: SignedInRequest, project_id: str, post_id: str, image_id: str) -> Response:
        image = self.image_row()
        return Response(
            shapes.ImageReply.of(post_images.describe(image=image, alt_text=self.body(shapes.ImageUpdate)["alt_text"]))
        )

    @writes_live(
        summary="Suggest an image's alternative text",
        description="Asks the post's AI model for an alternative text; a model with vision looks at the image. "
        "Nothing is saved: set the text yourself if you like it.",
        request=StartRequest,
        waits=True,
        responses={200: shapes.AltTextReply, 202: JobBegun},
        errors=(400, 402, 404, 409, 502, 503, 504),
    )
    def suggest_alt_text(self, request: SignedInRequest, project_id: str, post_id: str, image_id: str) -> HttpResponse:
        post = self.post_row()
        image = self.row(BlogImage.objects.filter(post=post), image_id)
        self.body(StartRequest)
        job = alt_texts.suggest(image=image, post=post, by=request.user)
        return JobReply(job, render=render_alt_text, seconds=alt_texts.SECONDS, early=render_begun)

    estimate_suggest_alt_text = estimate_of(suggest_alt_text)

    @operation(
        scope="posts:write",
        summary="Delete blog image",
        description="Deletes the image and all its files.",
        responses={204: None},
    )
    def delete_image(self, request: SignedInRequest, project_id: str, post_id: str, image_id: str) -> Response:
        post_images.remove(image=self.image_row())
        return Response(status=204)
