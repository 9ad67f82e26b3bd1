"""Request and reply bodies of images, stock photos and their keys. A reply never holds a key itself."""

from rest_framework import serializers

from blog.models import StockPhotoKey
from integrations.photos.pexels import ORIENTATIONS
from scribe.api.fields import Choice, DecimalString, FreeObject, UtcDateTime
from scribe.api.serializers import Reply, Request, StartRequest
from scribe.types import Json

OPTIONAL: Json = {"required": False, "allow_blank": True, "allow_null": True}


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
    blog_post_id = serializers.CharField(source="post_id")
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
    xct_used = DecimalString(help_text="The price of generating the image.")


class AltTextReply(Reply):
    alt_text = serializers.CharField()
    job_id = serializers.CharField()
    xct_used = serializers.CharField()


class PhotoQuery(Request):
    q = serializers.CharField(min_length=1, max_length=200, help_text="Search query")
    page = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    per_page = serializers.IntegerField(min_value=1, max_value=80, default=20)
    orientation = Choice(choices=ORIENTATIONS, required=False)


class PhotoReply(Reply):
    id = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.CharField(help_text="The photo's page at Pexels, which a credit must link to.")
    photographer = serializers.CharField()
    photographer_url = serializers.CharField()
    avg_color = serializers.CharField()
    alt = serializers.CharField()
    src = FreeObject()


class PhotoSearchReply(Reply):
    total_results = serializers.IntegerField()
    page = serializers.IntegerField()
    per_page = serializers.IntegerField()
    photos = PhotoReply(many=True)


class KeyCreation(Request):
    provider = Choice(choices=StockPhotoKey.Provider.choices, required=False)
    api_key = serializers.CharField(max_length=500)
    is_active = serializers.BooleanField(required=False)


class KeyUpdate(Request):
    api_key = serializers.CharField(max_length=500, required=False)
    is_active = serializers.BooleanField(required=False)


class KeyReply(Reply):
    id = serializers.CharField()
    organization_id = serializers.CharField()
    provider = serializers.CharField()
    is_active = serializers.BooleanField()
    created_at = UtcDateTime()
    updated_at = UtcDateTime()
