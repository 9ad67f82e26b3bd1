"""An image of a post, as we re-encoded and stored it, and the key of a stock photo provider."""

from django.db import models

from scribe import gdpr, storage
from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationRow


class BlogImage(OrganizationRow):
    """`files` names the stored variants: `{"webp": {"320": key, …}, "jpeg": {…}}`. The file behind `s3_key` is the
    image at its own size. `product_name` is the product that an image shows, if the image was chosen with its post."""

    class Source(models.TextChoices):
        UPLOAD = "upload", "Upload"
        PEXELS = "pexels", "Pexels"
        AI = "ai", "AI"

    post = models.ForeignKey("blog.BlogPost", on_delete=models.CASCADE, related_name="images")
    s3_key = models.CharField(max_length=300)
    original_url = models.CharField(max_length=2048, blank=True, default="")
    source = models.CharField(max_length=10, choices=Source)
    alt_text = models.CharField(max_length=500, blank=True, default="")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file_size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    files = models.JSONField(default=dict)
    photographer = models.CharField(max_length=255, blank=True, default="")
    license = models.CharField(max_length=255, blank=True, default="")
    product_name = models.CharField(max_length=255, blank=True, default="")
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(
        export="id post_id s3_key source alt_text original_url photographer license created_at"
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["post", "id"], name="blog_image_by_post")]

    def __str__(self) -> str:
        return self.alt_text or self.s3_key

    @property
    def url(self) -> str:
        return storage.url(self.s3_key)

    @property
    def variants(self) -> dict[str, dict[str, str]]:
        return {kind: {width: storage.url(key) for width, key in by.items()} for kind, by in self.files.items()}

    @property
    def keys(self) -> list[str]:
        """Every stored file of the image."""
        return [self.s3_key, *(key for by in self.files.values() for key in by.values())]


class StockPhotoKey(OrganizationRow):
    class Provider(models.TextChoices):
        PEXELS = "pexels", "Pexels"

    provider = models.CharField(max_length=20, choices=Provider, default=Provider.PEXELS)
    api_key = EncryptedTextField()
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(export="id provider is_active created_at")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "provider"], name="stock_photo_key_one_per_provider"),
        ]

    def __str__(self) -> str:
        return self.get_provider_display()
