"""Pictures of a post: taken in, stored in every width, and gone without a trace."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction

from blog.images import encoding
from blog.images.container import MAX_BYTES
from blog.images.encoding import Encoded, Picture
from blog.models import BlogImage, BlogPost
from integrations.photos import pexels
from projects.writing.slugs import slugify
from scribe import storage
from scribe.api.errors import InvalidInput, TooLarge, UpstreamFailed, UpstreamTimeout
from scribe.http import client
from scribe.http import errors as http
from scribe.logs import get_logger

log = get_logger(__name__)

SECONDS = 30.0


def add(*, post: BlogPost, data: bytes, source: str, **facts: Any) -> BlogImage:
    """Judge, re-encode, store and attach a picture. Raises for a bad one, and then nothing stays behind."""
    picture = encoding.process(data)
    return attach(post=post, picture=picture, source=source, **facts)


def attach(*, post: BlogPost, picture: Picture, source: str, **facts: Any) -> BlogImage:
    """Store every encoding and then the row. A post that is deleted meanwhile takes the files along."""
    stored: list[str] = []
    name = slugify(facts.get("alt_text") or post.slug or post.title or post.topic, post.language, limit=60) or "image"

    def save(encoded: Encoded, suffix: str) -> str:
        file = f"{name}{suffix}.{encoded.extension}"
        stored.append(storage.save(post.organization_id, storage.PUBLIC_KIND, file, encoded.data))
        return stored[-1]

    try:
        key = save(picture.original, "")
        files: dict[str, dict[str, str]] = {"webp": {}, "jpeg": {}}
        for variant in picture.variants:
            files[variant.format.lower()][str(variant.width)] = save(variant, f"-{variant.width}")
        ordered = {kind: dict(sorted(by.items(), key=lambda entry: int(entry[0]))) for kind, by in files.items()}
        with transaction.atomic():
            # Against a deletion of the post right now: its row is held until the picture's row is there.
            BlogPost.objects.select_for_update(no_key=True).get(pk=post.pk)
            return BlogImage.objects.create(
                organization_id=post.organization_id,
                post=post,
                s3_key=key,
                source=source,
                width=picture.original.width,
                height=picture.original.height,
                file_size=len(picture.original.data),
                media_type=encoding.MEDIA_TYPES[picture.original.format],
                sha256=hashlib.sha256(picture.original.data).hexdigest(),
                files=ordered,
                **facts,
            )
    except BaseException:
        forget_files(stored)
        raise


@transaction.atomic
def remove(*, image: BlogImage) -> None:
    """Delete a picture; its files go when that is committed. A post that features it features nothing."""
    BlogPost.objects.filter(pk=image.post_id, featured_image_url=image.url).update(featured_image_url="")
    keys = image.keys
    image.delete()
    transaction.on_commit(partial(forget_files, keys))


def keys_of(images: Iterable[BlogImage]) -> list[str]:
    return [key for image in images for key in image.keys]


def forget_files(keys: Iterable[str]) -> None:
    for key in keys:
        try:
            storage.delete(key)
        except OSError as error:
            log.warning("a file could not be deleted", key=key, error=str(error))


def fetch(url: str, *, party: str = "image host") -> bytes:
    """The bytes behind a picture's address, through the guarded client. Raises UpstreamFailed, UpstreamTimeout,
    TooLarge, or InvalidInput for an address that may not be called."""
    try:
        response = client.request("GET", url, timeout=SECONDS, max_bytes=MAX_BYTES, public_image=True)
    except http.BlockedAddress as error:
        raise InvalidInput(str(error), code="address_not_allowed") from None
    except http.BodyTooLarge:
        raise TooLarge("An image can have up to 15 MB.", code="image_too_large") from None
    except http.TimedOut:
        raise UpstreamTimeout("The image did not arrive in time.", party=party) from None
    except http.OutboundError:
        raise UpstreamFailed("The image can't be reached.", party=party) from None
    if not response.ok:
        raise UpstreamFailed(f"The image's address answers with status {response.status}.", party=party)
    return response.body


def check_stock_address(url: str, pointer: str = "#/photo_url") -> None:
    """Stock photos come from the provider's own image host and from nowhere else."""
    if not pexels.is_image_address(url):
        raise InvalidInput.at(
            pointer, "Stock photos are taken from https://images.pexels.com only.", "host_not_allowed"
        )
