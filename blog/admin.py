"""Admin pages of the blog. They show posts, and why one was not published."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from unfold.decorators import display

from blog.models import BlogImage, BlogPost, BlogTemplate, Publication, StockPhotoKey
from scribe.admin import ReadOnlyAdmin, link


class BlogRowAdmin(ReadOnlyAdmin):
    list_select_related = ["organization"]
    search_fields = ["organization__name"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        known = ("organization__id__exact", "project__id__exact", "post__id__exact")
        return lookup in known or super().lookup_allowed(lookup, value, request)

    @display(description="Organization", ordering="organization__name")
    def of(self, row: Any) -> str:
        return link(row.organization)


@admin.register(BlogPost)
class BlogPostAdmin(BlogRowAdmin):
    list_display = [
        "title",
        "of",
        "project",
        "status",
        "post_type",
        "seo_score",
        "scheduled_at",
        "published_at",
        "created_at",
    ]
    list_filter = ["status", "post_type"]
    list_select_related = ["organization", "project"]
    search_fields = ["title", "topic", "organization__name", "=id"]
    date_hierarchy = "created_at"


@admin.register(Publication)
class PublicationAdmin(BlogRowAdmin):
    list_display = ["post", "of", "action", "state", "tries", "remote_url", "error_code", "created_at"]
    list_filter = ["state", "action"]
    list_select_related = ["organization", "post"]
    search_fields = ["marker", "organization__name", "post__title"]


@admin.register(BlogImage)
class BlogImageAdmin(BlogRowAdmin):
    list_display = ["__str__", "of", "post", "source", "width", "height", "file_size", "created_at"]
    list_filter = ["source"]
    list_select_related = ["organization", "post"]


@admin.register(BlogTemplate)
class BlogTemplateAdmin(BlogRowAdmin):
    list_display = ["name", "of", "tone", "is_default", "created_at"]
    search_fields = ["name", "organization__name"]


@admin.register(StockPhotoKey)
class StockPhotoKeyAdmin(BlogRowAdmin):
    list_display = ["provider", "of", "is_active", "created_at"]
    list_filter = ["provider", "is_active"]
