"""Admin pages of the blog. They show posts, and why one was not published."""

from django.contrib import admin

from blog.models import BlogImage, BlogPost, BlogTemplate, PostEvent, Publication, StockPhotoKey
from scribe.admin import OrganizationRowAdmin


class BlogRowAdmin(OrganizationRowAdmin):
    linked_by = ("organization__id__exact", "project__id__exact", "post__id__exact")


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
    search_fields = ["title", "topic", "organization__name", "=id"]
    date_hierarchy = "created_at"


@admin.register(PostEvent)
class PostEventAdmin(BlogRowAdmin):
    list_display = ["created_at", "of", "post", "kind", "person_id"]
    list_filter = ["kind"]
    search_fields = ["=post__id", "=person_id", "organization__name"]


@admin.register(Publication)
class PublicationAdmin(BlogRowAdmin):
    list_display = ["post", "of", "action", "state", "tries", "remote_url", "error_code", "created_at"]
    list_filter = ["state", "action"]
    search_fields = ["marker", "organization__name", "post__title"]


@admin.register(BlogImage)
class BlogImageAdmin(BlogRowAdmin):
    list_display = ["__str__", "of", "post", "source", "width", "height", "file_size", "created_at"]
    list_filter = ["source"]


@admin.register(BlogTemplate)
class BlogTemplateAdmin(BlogRowAdmin):
    list_display = ["name", "of", "tone", "is_default", "created_at"]
    search_fields = ["name", "organization__name"]


@admin.register(StockPhotoKey)
class StockPhotoKeyAdmin(BlogRowAdmin):
    list_display = ["provider", "of", "is_active", "created_at"]
    list_filter = ["provider", "is_active"]
