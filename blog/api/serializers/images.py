"""Request and reply bodies of the image operations."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from blog.models import BlogImage
from scribe.api.fields import DecimalString, FreeObject, UtcDateTime, utc
from scribe.api.serializers import Reply, Request, StartRequest

OPTIONAL: dict[str, Any] = {"required": False, "allow_blank": True, "allow_null": True}


class StockImage(Request):
    photo_url = serializers.CharField(max_length=2048)
    alt_text = serializers.CharField(**OPTIONAL, max_length=500)
    photographer = serializers.CharField(**OPTIONAL, max_length=255)
    original_url = serializers.CharField(**OPTIONAL, max_length=2048, help_text="The photo's page at its provider.")


class ImageGeneration(StartRequest):
    prompt = serializers.CharField(max_length=4000)
    size = serializers.CharField(max_length=20, default="1024x1024")
    quality = serializers.CharField(max_length=20, default="standard")
    style = serializers.CharField(max_length=40, default="natural")  # type: ignore[assignment]


class ImageUpload(Request):
    file = serializers.FileField(allow_empty_file=True)


class UploadQuery(Request):
    alt_text = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ImageUpdate(Request):
    alt_text = serializers.CharField(allow_blank=True, max_length=500)


class ImageReply(Reply):
    id = serializers.CharField()
    blog_post_id = serializers.CharField()
    s3_key = serializers.CharField()
    url = serializers.CharField()
    original_url = serializers.CharField(allow_null=True)
    source = serializers.CharField(help_text="`upload`, `pexels` or `ai`.")  # type: ignore[assignment]
    alt_text = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    file_size = serializers.IntegerField()
    variants = FreeObject(help_text='`{"webp": {"320": url, …}, "jpeg": {…}}`, never wider than the original.')
    photographer = serializers.CharField()
    license = serializers.CharField()
    created_at = UtcDateTime()
    updated_at = UtcDateTime()


class MadeImageReply(ImageReply):
    xct_used = DecimalString(help_text="What making the image cost.")


class AltTextReply(Reply):
    alt_text = serializers.CharField()
    job_id = serializers.CharField()
    xct_used = serializers.CharField()


def shown(image: BlogImage) -> dict[str, Any]:
    return {
        "id": str(image.pk),
        "blog_post_id": str(image.post_id),
        "s3_key": image.s3_key,
        "url": image.url,
        "original_url": image.original_url or None,
        "source": image.source,
        "alt_text": image.alt_text,
        "width": image.width,
        "height": image.height,
        "file_size": image.file_size,
        "variants": image.variants,
        "photographer": image.photographer,
        "license": image.license,
        "created_at": utc(image.created_at),
        "updated_at": utc(image.updated_at),
    }
