"""A post as a site takes it: its text with our images moved into the site's library, and the marker of the attempt."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet

from blog import post_images, provenance
from blog.images import encoding
from blog.models import BlogImage, BlogPost, MediaUpload, Publication
from blog.publishing.targets import PublicationTarget
from integrations.models import Provenance
from integrations.stores.posts import MediaLibrary, PostDraft, Publisher
from scribe import storage
from scribe.errors import DomainError
from scribe.messages import _
from writing.slugs import slugify

LIGHT = 4 * 1024 * 1024  # bytes of an image that every host takes


def comment(marker: str) -> str:
    """The marker as an HTML comment. Readers don't see it; the site keeps it in the text, where a search finds it."""
    return f"<!-- {marker} -->"


def slug_of(post: BlogPost) -> str:
    return post.slug or slugify(post.title or post.topic, post.language, limit=200) or f"post-{post.pk.hex[-12:]}"


def words(post: BlogPost) -> PostDraft:
    """The post's own texts alone."""
    meta = post.seo_meta or {}
    return PostDraft(
        title=post.title or post.topic,
        content=post.content,
        excerpt=post.excerpt,
        slug=slug_of(post),
        seo_title=str(meta.get("title") or ""),
        seo_description=str(meta.get("description") or ""),
        focus_keyword=str(meta.get("focus_keyword") or ""),
    )


def create(publication: Publication, target: PublicationTarget, publisher: Publisher) -> PostDraft:
    """The draft to send. Images are uploaded on the way, each once per site."""
    post = publication.post
    whole = _whole(post, target, status=str(publication.options.get("wp_status") or "publish"))
    draft = replace(whole, content=f"{whole.content}\n{comment(publication.marker)}")
    if link := publication.options.get("link"):
        draft = replace(
            draft,
            language=link["language"],
            original_id=link["original"],
            original_language=link["original_language"],
        )
    media = publisher.library
    return _with_images(draft, post, None if media is None else Library(target, media, post))


def without_uploads(post: BlogPost, target: PublicationTarget, publisher: Publisher, *, status: str) -> PostDraft:
    """The draft as far as it is known without uploading an image. It is made to be compared, not to be sent."""
    media = publisher.library
    return _with_images(
        _whole(post, target, status=status), post, None if media is None else KnownUploads(target, media, post)
    )


def _whole(post: BlogPost, target: PublicationTarget, *, status: str) -> PostDraft:
    told = provenance.disclosure_of(post) if target.provenance == Provenance.MARK else None
    return replace(
        words(post),
        content=told.in_html(post.content) if told else post.content,
        status=status,
        category_ids=tuple(int(pk) for pk in post.wp_category_ids or []),
        tags=tuple(str(tag) for tag in post.tags or []),
        author=post.organization.name,
    )


def _with_images(draft: PostDraft, post: BlogPost, library: "Library | None") -> PostDraft:
    # A translation shows its original's images, besides those of its own.
    images = list(BlogImage.objects.filter(post_id__in=[pk for pk in (post.pk, post.original_id) if pk]))
    if library is not None:
        return _with_media(draft, images, library)
    featured = post.featured_image_url
    alt = next((image.alt_text for image in images if image.url == featured), "")
    return replace(draft, featured_image_url=featured, featured_image_alt=alt)


def _with_media(draft: PostDraft, images: list[BlogImage], library: "Library") -> PostDraft:
    library.check(images)
    text = draft.content
    for image in images:
        shown = [url for key in image.keys if (url := storage.url(key)) in text]
        there = library.of_ours(image) if shown else None
        if there is not None and there.url:
            for url in shown:
                text = text.replace(url, there.url)
    featured = library.post.featured_image_url
    if not featured:
        return replace(draft, content=text)
    ours = next((image for image in images if image.url == featured), None)
    try:
        media = library.of_ours(ours) if ours else library.of_address(featured)
        why = "" if media else _("Upload the image first.")
    except DomainError as error:  # a dead image must not stop the post; its owner is told of it
        media, why = None, _("The image could not be downloaded: {reason}", reason=error.detail)
    if media is None:
        return replace(draft, content=text, lacking={**draft.lacking, "featured_image": why})
    return replace(draft, content=text, featured_media_id=media.media_id)


class Library:
    """A site's media library. Our uploads are known by the digest of their bytes."""

    def __init__(self, target: PublicationTarget, media: MediaLibrary, post: BlogPost) -> None:
        self.target, self.media, self.post = target, media, post

    def check(self, images: list[BlogImage]) -> None:
        """Forget uploads that the merchant has removed from the library, so that they are made again."""
        digests = [image.sha256 for image in images]
        self._forget_lost(MediaUpload.objects.filter(site=self.target.site, sha256__in=digests))

    def _forget_lost(self, uploads: QuerySet[MediaUpload]) -> None:
        ids = set(uploads.values_list("media_id", flat=True))
        if lost := ids - self.media.media_there(ids):
            self.forget(lost)

    def of_ours(self, image: BlogImage) -> MediaUpload | None:
        if known := self._known(image.sha256):
            return known
        key, media_type = image.s3_key, image.media_type
        jpegs = image.files.get("jpeg") or {}
        if jpegs and (image.file_size > LIGHT or media_type == "image/webp"):
            key, media_type = jpegs[max(jpegs, key=int)], "image/jpeg"
        with storage.open(key) as file:
            data = file.read()
        return self._put(image.sha256, data, media_type, alt=image.alt_text)

    def of_address(self, url: str) -> MediaUpload | None:
        """Fetch, judge, re-encode and upload a featured image from another address. Raises DomainError when that
        fails."""
        image = encoding.process(post_images.fetch(url))
        small = [v for v in image.variants if v.format == "JPEG"]
        chosen = max(small, key=lambda v: v.width) if small else image.original
        digest = hashlib.sha256(image.original.data).hexdigest()
        self._forget_lost(MediaUpload.objects.filter(site=self.target.site, sha256=digest))
        return self._known(digest) or self._put(digest, chosen.data, encoding.MEDIA_TYPES[chosen.format], alt="")

    def forget(self, media_ids: Iterable[int]) -> None:
        """Forget uploads that the site no longer has, so that they are made again."""
        MediaUpload.objects.filter(site=self.target.site, media_id__in=media_ids).delete()

    def _known(self, digest: str) -> MediaUpload | None:
        return MediaUpload.objects.filter(site=self.target.site, sha256=digest).first()

    def _put(self, digest: str, data: bytes, media_type: str, *, alt: str) -> MediaUpload:
        """Upload under a name with the digest in it. Reuses a file of that name: the answer to its upload was lost."""
        stem = f"{slugify(alt or self.post.title or self.post.topic, self.post.language, limit=50) or 'image'}-{digest[:12]}"
        media = self.media.find_media(stem) or self.media.upload_media(
            filename=f"{stem}.{media_type.rsplit('/', 1)[-1].replace('jpeg', 'jpg')}",
            content=data,
            content_type=media_type,
            alt=alt,
            title=alt,
        )
        row, _ = MediaUpload.objects.get_or_create(
            site=self.target.site,
            sha256=digest,
            defaults={"organization_id": self.post.organization_id, "media_id": media.id, "url": media.url},
        )
        return row


class KnownUploads(Library):
    """The same without asking the site or sending it anything: only what it is known to have."""

    def check(self, images: list[BlogImage]) -> None:
        pass

    def of_ours(self, image: BlogImage) -> MediaUpload | None:
        return self._known(image.sha256)

    def of_address(self, url: str) -> MediaUpload | None:
        return None
