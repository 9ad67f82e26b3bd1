"""WordPress: a CSV of posts and pages, as we export it. What WordPress itself exports is WXR, which `files.wxr` reads."""

from __future__ import annotations

from typing import ClassVar

from projects.files.adapters.base import Identity, number
from projects.files.adapters.generic import Generic


class WordPress(Generic):
    name = "wordpress"
    headers: ClassVar = {
        "name": "title",
        "short_description": "excerpt",
        "description": "content",
        "tags": "tags",
        "seo.title": "meta_title",
        "seo.description": "meta_description",
        "seo.slug": "slug",
        "seo.focus_keyword": "",
        "bullet_points": "",
        "attributes": "",
        "structured_data": "",
    }
    identity = (Identity("id", number), Identity("post_type", lambda row: row["item_type"]))
    name_is_html = True
