"""Publishing articles: the same values for a WordPress site and a Shopify blog."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class PostDraft:
    """An article to publish. `status` is publish, draft, pending or private (Shopify knows only the first two).

    The featured image is an id of the site's media library (WordPress) or a public address (Shopify).
    """

    title: str
    content: str
    excerpt: str = ""
    slug: str = ""
    status: str = "publish"
    category_ids: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    author: str = ""
    featured_media_id: int | None = None
    featured_image_url: str = ""
    featured_image_alt: str = ""
    seo_title: str = ""
    seo_description: str = ""
    focus_keyword: str = ""
    #: What of the article could not be made ready, and why: `{field: one sentence}`.
    lacking: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RemotePost:
    """An article as the site has it. `status` is publish, draft, pending, private or future; `skipped` names what of the
    draft the site did not take, and why."""

    id: str
    url: str
    status: str
    slug: str
    title: str = ""
    content: str = ""
    skipped: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Media:
    id: int
    url: str


@dataclass(frozen=True)
class Category:
    id: int
    name: str
    slug: str
    count: int
    parent: int


class Publisher(Protocol):
    """What WordPress' and Shopify's publishers share. A create is never sent twice by itself: on LostAnswer the caller
    looks the article up by its slug (`find_post`) before it tries again."""

    def create_post(self, draft: PostDraft) -> RemotePost: ...
    def update_post(self, post_id: str, draft: PostDraft) -> RemotePost: ...
    def set_status(self, post_id: str, status: str) -> RemotePost: ...
    def get_post(self, post_id: str) -> RemotePost: ...
    def find_post(self, slug: str) -> RemotePost | None: ...
    def delete_post(self, post_id: str) -> None: ...
