"""The score of a stored post, for the editor and for analytics."""

from urllib.parse import urlsplit

from django.conf import settings

from blog import seo
from blog.models import BlogPost
from scribe.types import Json


def score_post(post: BlogPost, *, focus_keyword: str | None = None) -> Json:
    """The full score, as `seo.score` returns it. A given `focus_keyword` replaces the post's own."""
    meta = post.seo_meta if isinstance(post.seo_meta, dict) else {}
    keyword = focus_keyword if focus_keyword is not None else str(meta.get("focus_keyword") or "")
    return seo.score(
        content=post.content,
        title=str(meta.get("title") or post.title),
        description=str(meta.get("description") or ""),
        slug=post.slug,
        focus_keyword=keyword,
        language=post.language,
        own_hosts=_own_hosts(post),
    )


def remember(post: BlogPost) -> None:
    """Set score and word count on the row, without saving. To be repeated whenever the post's texts change."""
    found = score_post(post)
    post.word_count = found["readability"]["words"]
    post.seo_score = found["score"] if post.word_count else None


def _own_hosts(post: BlogPost) -> set[str]:
    addresses = [settings.PUBLIC_URL, post.published_url, *map(str, (post.product_links or {}).values())]
    if post.blog_connection_id and post.blog_connection:
        addresses.append(post.blog_connection.site_url)
    addresses += [c.base_url for c in (post.store_connection, post.project.store_connection) if c]
    return {host for address in addresses if (host := _host(address))}


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
