"""The blog's rows and files that belong to an organization's export and are deleted on erasure."""

from __future__ import annotations

from blog.models import BlogImage, BlogPost, BlogTemplate, MediaUpload, Publication, PublishedText, StockPhotoKey
from scribe import gdpr


def register() -> None:
    gdpr.register(
        BlogPost,
        export=[
            "id",
            "project_id",
            "status",
            "post_type",
            "topic",
            "title",
            "content",
            "excerpt",
            "slug",
            "language",
            "original_id",
            "edited_at",
            "tags",
            "seo_meta",
            "structured_data",
            "featured_image_url",
            "source_item_ids",
            "product_links",
            "ai_settings",
            "published_url",
            "published_at",
            "scheduled_at",
            "created_at",
            "updated_at",
        ],
    )
    gdpr.register(
        BlogImage,
        export=[
            "id",
            "post_id",
            "s3_key",
            "source",
            "alt_text",
            "original_url",
            "photographer",
            "license",
            "created_at",
        ],
        files=("s3_key",),
    )
    gdpr.register(
        BlogTemplate, export=["id", "name", "description", "tone", "structure", "custom_instructions", "created_at"]
    )
    gdpr.register(
        Publication,
        export=["id", "post_id", "action", "state", "remote_id", "remote_url", "error", "sent_at", "confirmed_at"],
    )
    gdpr.register(PublishedText, export=["id", "post_id", "site", "remote_id", "held", "updated_at"])
    gdpr.register(MediaUpload, export=["id", "site", "media_id", "url", "created_at"])
    gdpr.register(StockPhotoKey, export=["id", "provider", "is_active", "created_at"])
