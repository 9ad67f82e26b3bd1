"""The routes of the blog, grouped by noun."""

from django.urls import path

from blog.api.views.images import BlogImageViewSet
from blog.api.views.plugin import PluginBlogViewSet
from blog.api.views.posts import BlogPostViewSet, BlogTranslationViewSet
from blog.api.views.publications import BlogPublishingViewSet, BlogSchedulingViewSet
from blog.api.views.stock_photos import StockPhotoKeyViewSet, StockPhotoViewSet
from blog.api.views.templates import BlogTemplateViewSet
from blog.api.views.verification import VerificationViewSet

POSTS = "projects/<str:project_id>/blog-posts"
POST = f"{POSTS}/<str:post_id>"

posts = [
    path(POSTS, BlogPostViewSet.as_view({"get": "list", "post": "create"})),
    path(f"{POSTS}/estimate", BlogPostViewSet.as_view({"post": "estimate_create"})),
    path(f"{POSTS}/analytics", BlogPostViewSet.as_view({"get": "analytics"})),
    path(POST, BlogPostViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"})),
    path(f"{POST}/regenerate", BlogPostViewSet.as_view({"post": "regenerate"})),
    path(f"{POST}/regenerate/estimate", BlogPostViewSet.as_view({"post": "estimate_regenerate"})),
    path(f"{POST}/translations", BlogTranslationViewSet.as_view({"get": "list_translations", "post": "translate"})),
    path(f"{POST}/translations/estimate", BlogTranslationViewSet.as_view({"post": "estimate_translations"})),
    path(f"{POST}/provenance", BlogPostViewSet.as_view({"get": "provenance"})),
    path(f"{POST}/seo-score", BlogPostViewSet.as_view({"get": "seo_score"})),
    path(f"{POST}/publish", BlogPublishingViewSet.as_view({"post": "publish"})),
    path(f"{POST}/publish/undo", BlogPublishingViewSet.as_view({"post": "undo"})),
    path(f"{POST}/unpublish", BlogPublishingViewSet.as_view({"post": "unpublish"})),
    path(f"{POST}/schedule", BlogSchedulingViewSet.as_view({"post": "schedule"})),
    path(f"{POST}/unschedule", BlogSchedulingViewSet.as_view({"post": "unschedule"})),
]

images = [
    path(f"{POST}/images", BlogImageViewSet.as_view({"get": "list_images"})),
    path(f"{POST}/images/upload", BlogImageViewSet.as_view({"post": "upload_image"})),
    path(f"{POST}/images/from-stock", BlogImageViewSet.as_view({"post": "image_from_stock"})),
    path(f"{POST}/images/ai-generate", BlogImageViewSet.as_view({"post": "generate_image"})),
    path(f"{POST}/images/ai-generate/estimate", BlogImageViewSet.as_view({"post": "estimate_generate_image"})),
    path(
        f"{POST}/images/<str:image_id>", BlogImageViewSet.as_view({"patch": "describe_image", "delete": "delete_image"})
    ),
    path(f"{POST}/images/<str:image_id>/alt-text", BlogImageViewSet.as_view({"post": "suggest_alt_text"})),
    path(
        f"{POST}/images/<str:image_id>/alt-text/estimate",
        BlogImageViewSet.as_view({"post": "estimate_suggest_alt_text"}),
    ),
]

templates = [
    path("blog-templates", BlogTemplateViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "blog-templates/<str:template_id>",
        BlogTemplateViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
]

stock_photos = [
    path("stock-photos/search", StockPhotoViewSet.as_view({"get": "search"})),
    path("stock-photo-keys", StockPhotoKeyViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "stock-photo-keys/<str:key_id>",
        StockPhotoKeyViewSet.as_view({"patch": "partial_update", "delete": "destroy"}),
    ),
]

plugin = [
    path("plugin/generate-blog", PluginBlogViewSet.as_view({"post": "generate_blog"})),
    path("plugin/generate-blog/estimate", PluginBlogViewSet.as_view({"post": "estimate_generate_blog"})),
    path("plugin/generate-blog-async", PluginBlogViewSet.as_view({"post": "generate_blog_async"})),
]

verification = [path("provenance/verify", VerificationViewSet.as_view({"post": "verify"}))]

urlpatterns = [*verification, *posts, *images, *templates, *stock_photos, *plugin]
