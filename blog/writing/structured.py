"""schema.org data of a post, built from its row and never asked of a model. It has neither ratings nor prices."""

from __future__ import annotations

from typing import Any

from blog.models import BlogPost
from scribe.api.fields import utc


def of(post: BlogPost, *, products: list[dict[str, str]]) -> dict[str, Any]:
    """Article JSON-LD (BlogPosting, or NewsArticle for news). `products`: `{name, url}` of each product of the post."""
    meta = post.seo_meta or {}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if post.post_type == "news" else "BlogPosting",
        "headline": post.title[:110],
        "description": meta.get("description") or post.excerpt,
        "inLanguage": post.language,
        "wordCount": post.word_count,
        "keywords": ", ".join(post.tags) if post.tags else meta.get("focus_keyword"),
        "image": [post.featured_image_url] if post.featured_image_url else None,
        "author": {"@type": "Organization", "name": post.organization.name},
        "publisher": {"@type": "Organization", "name": post.organization.name},
        "datePublished": utc(post.published_at),
        "dateModified": utc(post.updated_at),
        "mainEntityOfPage": post.published_url or None,
        "mentions": [
            {"@type": "Product", "name": row["name"], **({"url": row["url"]} if row.get("url") else {})}
            for row in products
        ],
    }
    return {key: value for key, value in data.items() if value not in (None, "", [], 0)}
