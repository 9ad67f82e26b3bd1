"""Images of a post: take them in, store them in every width, and delete them with all their files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from billing import access
from blog.images import encoding
from blog.images.container import MAX_BYTES
from blog.images.encoding import Encoded, EncodedImage
from blog.models import BlogImage, BlogPost
from integrations.photos import pexels
from projects.models import Project
from scribe import storage
from scribe.errors import InvalidInput, NotFound, TooLarge, UpstreamFailed, UpstreamTimeout
from scribe.http import client
from scribe.http import errors as http
from scribe.logs import get_logger
from writing.slugs import slugify

log = get_logger(__name__)

SECONDS = 30.0


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
    *, post: BlogPost, data: bytes, source: str, last: Callable[[BlogImage], Any] | None = None, **facts: Any
) -> BlogImage:
    """Judge, re-encode, store and attach an image. `last` is called with the row at the end of its transaction. Raises
    what `encoding.process` and `record` raise; then nothing stays in storage. A suspended organization uploads none."""
    if source == BlogImage.Source.UPLOAD:
        access.check_not_suspended(post.organization)
    stored = store(post=post, image=encoding.process(data), name=facts.get("alt_text", ""))
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


def record(*, post: BlogPost, stored: Stored, source: str, **facts: Any) -> BlogImage:
    """Write the row of a stored image, in the caller's transaction. Raises NotFound when the post was deleted."""
    # The lock keeps a concurrent deletion of the post from missing this image's files.
    if not BlogPost.objects.select_for_update(no_key=True).filter(pk=post.pk).exists():
        raise NotFound("The post was deleted.")
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


@transaction.atomic
def remove(*, image: BlogImage) -> None:
    """Delete an image, and its files after the commit. A post with this featured image no longer has one."""
    BlogPost.objects.filter(pk=image.post_id, featured_image_url=image.url).update(featured_image_url="")
    keys = image.keys
    image.delete()
    transaction.on_commit(partial(storage.delete_all, keys))


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
        raise TooLarge("An image can have up to 15 MB.", code="image_too_large") from None
    except http.TimedOut:
        raise UpstreamTimeout("The image did not arrive in time.", party=party, code="upstream_timeout") from None
    except http.OutboundError:
        raise UpstreamFailed("The image can't be reached.", party=party) from None
    if not response.ok:
        raise UpstreamFailed(f"The image's address answers with status {response.status}.", party=party)
    return response.body


def check_stock_address(url: str, pointer: str = "#/photo_url") -> None:
    """Raise InvalidInput unless `url` is on the provider's own image host."""
    if not pexels.is_image_address(url):
        raise InvalidInput.at(
            pointer, "Stock photos are taken from https://images.pexels.com only.", "host_not_allowed"
        )


def describe(*, image: BlogImage, alt_text: str) -> BlogImage:
    image.alt_text = alt_text
    image.save(update_fields=["alt_text", "updated_at"])
    return image
