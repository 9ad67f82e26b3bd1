"""Images of a post: take them in, store them in every width, and delete them with all their files."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from billing import access
from blog import content, scores
from blog.images import encoding
from blog.images.container import MAX_BYTES
from blog.images.encoding import Encoded, EncodedImage
from blog.models import BlogImage, BlogPost
from blog.writing import article
from integrations.photos import pexels
from projects.models import Project
from scribe import storage
from scribe.errors import InvalidInput, NotFound, TooLarge, UpstreamFailed, UpstreamTimeout
from scribe.http import client
from scribe.http import errors as http
from scribe.logs import get_logger
from scribe.messages import _
from writing.slugs import slugify

log = get_logger(__name__)

SECONDS = 30.0
#: What a copy of an image has of it.
COPIED = (
    "original_url", "source", "alt_text", "width", "height", "file_size", "media_type", "sha256", "photographer",
    "license", "product_name",
)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """An image with its files in storage and its row not yet written."""

    image: EncodedImage
    key: str
    files: dict[str, dict[str, str]]

    @property
    def keys(self) -> list[str]:
        return [self.key, *(key for by in self.files.values() for key in by.values())]


def add(
    *, post: BlogPost, data: bytes, source: str, last: Callable[[BlogImage], object] | None = None, **facts: object
) -> BlogImage:
    """Judge, re-encode, store and attach an image. `last` is called with the row at the end of its transaction. Raises
    what `encoding.process` and `record` raise; then nothing stays in storage. A suspended organization uploads none."""
    if source == BlogImage.Source.UPLOAD:
        access.check_not_suspended(post.organization)
    stored = store(post=post, image=encoding.process(data), name=str(facts.get("alt_text", "")))
    with kept_only_if_recorded(stored), transaction.atomic():
        image = record(post=post, stored=stored, source=source, **facts)
        if last:
            last(image)
        return image


def store(*, post: BlogPost, image: EncodedImage, name: str = "") -> Stored:
    """Save every encoding to storage. An error deletes the files saved so far."""
    stem = slugify(name or post.slug or post.title or post.topic, post.language, limit=60) or "image"
    saved: list[str] = []

    def save(encoded: Encoded, suffix: str) -> str:
        file = f"{stem}{suffix}.{encoded.extension}"
        saved.append(storage.save(post.organization_id, storage.PUBLIC_KIND, file, encoded.data))
        return saved[-1]

    try:
        key = save(image.original, "")
        files: dict[str, dict[str, str]] = {"webp": {}, "jpeg": {}}
        for variant in sorted(image.variants, key=lambda v: v.width):
            files[variant.format.lower()][str(variant.width)] = save(variant, f"-{variant.width}")
    except BaseException:
        storage.delete_all(saved)
        raise
    return Stored(image, key, files)


@contextmanager
def kept_only_if_recorded(stored: Stored) -> Iterator[None]:
    """Delete the stored files if the block raises, since their row was not written."""
    try:
        yield
    except BaseException:
        storage.delete_all(stored.keys)
        raise


def record(*, post: BlogPost, stored: Stored, source: str, **facts: object) -> BlogImage:
    """Write the row of a stored image, in the caller's transaction. Raises NotFound when the post was deleted."""
    _hold(post)
    original = stored.image.original
    return BlogImage.objects.create(
        organization_id=post.organization_id,
        post=post,
        s3_key=stored.key,
        source=source,
        width=original.width,
        height=original.height,
        file_size=len(original.data),
        media_type=encoding.MEDIA_TYPES[original.format],
        sha256=hashlib.sha256(original.data).hexdigest(),
        files=stored.files,
        **facts,
    )


def _hold(post: BlogPost) -> None:
    """Lock the post, so that a concurrent deletion of it can't miss a new image's files. Raises NotFound when it was
    deleted."""
    if not BlogPost.objects.select_for_update(no_key=True).filter(pk=post.pk).exists():
        raise NotFound(_("The post was deleted."))


def copy(*, image: BlogImage, post: BlogPost) -> BlogImage:
    """`image` as one of `post`, with files of its own: they stay when the post that it was made for goes. An image that
    the post has already is answered as it is. Raises NotFound when a file or the post is gone."""
    access.check_not_suspended(post.organization)
    if found := post.images.filter(sha256=image.sha256).first():
        return found
    saved: list[str] = []

    def save(key: str) -> str:
        with storage.open(key) as file:
            saved.append(storage.save(post.organization_id, storage.PUBLIC_KIND, key.rpartition("/")[2], file))
        return saved[-1]

    made = BlogImage(post=post, organization_id=post.organization_id, **{name: getattr(image, name) for name in COPIED})
    try:
        made.s3_key = save(image.s3_key)
        made.files = {kind: {width: save(key) for width, key in by.items()} for kind, by in image.files.items()}
        with transaction.atomic():
            _hold(post)
            made.save()
    except FileNotFoundError:
        storage.delete_all(saved)
        raise NotFound(_("The image's file is gone.")) from None
    except BaseException:
        storage.delete_all(saved)
        raise
    return made


@transaction.atomic
def remove(*, image: BlogImage) -> None:
    """Delete an image, and its files after the commit. The post and its translations no longer show it, in any width,
    neither in their texts nor as their featured image. An image that was chosen with the post is not fetched again."""
    keys = image.keys
    # A job that writes a post saves either before this or without the image.
    shown_by = Q(pk=image.post_id) | Q(original=image.post_id)
    found = list(BlogPost.objects.select_for_update(no_key=True).filter(shown_by).order_by("pk"))
    if all(post.pk != image.post_id for post in found):
        raise NotFound(_("The post was deleted."))
    urls = [url for key in keys for url in (storage.url(key), storage.url(key).removeprefix(settings.PUBLIC_URL))]
    for post in found:
        _take_out(post, image, urls)
    image.delete()
    transaction.on_commit(partial(storage.delete_all, keys))


def _take_out(post: BlogPost, image: BlogImage, urls: Sequence[str]) -> None:
    text = content.without_images(post.content, urls)
    featured = "" if post.featured_image_url in urls else post.featured_image_url
    chosen = [one for one in post.selected_images if not image.original_url or one["url"] != image.original_url]
    shown = (text, featured) != (post.content, post.featured_image_url)
    if not shown and chosen == post.selected_images:
        return
    post.content, post.featured_image_url, post.selected_images = text, featured, chosen
    post.unpublished_changes = post.unpublished_changes or (shown and post.is_remote)
    scores.remember(post)
    article.remember_structured_data(post)
    post.save()


def keys_of(images: Iterable[BlogImage]) -> list[str]:
    return [key for image in images for key in image.keys]


def keys_of_project(project: Project) -> list[str]:
    """The storage keys of the images of a project's posts, to be deleted with the project."""
    return keys_of(BlogImage.objects.of(project.organization_id).filter(post__project=project))


def keys_of_organization(organization_id: UUID) -> Iterator[str]:
    for image in BlogImage.objects.of(organization_id).iterator():
        yield from image.keys


def fetch(url: str, *, party: str = "image host") -> bytes:
    """Fetch an image's bytes through the guarded client. Raises UpstreamFailed, UpstreamTimeout, TooLarge, or
    InvalidInput for an address that may not be called."""
    try:
        response = client.request("GET", url, timeout=SECONDS, max_bytes=MAX_BYTES, public_image=True)
    except http.BlockedAddress as error:
        raise InvalidInput(str(error), code="address_not_allowed") from None
    except http.BodyTooLarge:
        raise TooLarge(_("The image is larger than 15 MB. Choose a smaller one."), code="image_too_large") from None
    except http.TimedOut:
        raise UpstreamTimeout(_("The image took too long to download."), party=party, code="upstream_timeout") from None
    except http.OutboundError:
        raise UpstreamFailed(_("The image can't be downloaded. Check its address."), party=party) from None
    if not response.ok:
        raise UpstreamFailed(_("The image can't be downloaded (status {status}).", status=response.status), party=party)
    return response.body


def check_stock_address(url: str) -> None:
    """Raise InvalidInput unless `url` is on the provider's own image host."""
    if not pexels.is_image_address(url):
        sentence = _("Only stock photos from https://images.pexels.com can be used.")
        raise InvalidInput.at("#/photo_url", sentence, "host_not_allowed")


def describe(*, image: BlogImage, alt_text: str) -> BlogImage:
    image.alt_text = alt_text
    image.save(update_fields=["alt_text", "updated_at"])
    return image
